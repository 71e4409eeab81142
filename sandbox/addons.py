"""What a host program adds to the page: a script and the routes that it calls."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web


@dataclass(frozen=True)
class Addon:
    """One script that the page imports, and routes served under `/addon/`.

    The script exports `mount(slot, api)`. Route paths are given without the prefix, like `/clock`.
    """

    script: Path
    routes: Sequence[web.RouteDef] = ()

    @property
    def script_url(self) -> str:
        """Where the page finds the script."""
        return f"/addon/{self.script.name}"

    def add_to(self, application: web.Application) -> None:
        """Serve the script and the routes."""

        async def send_script(_request: web.Request) -> web.FileResponse:
            return web.FileResponse(self.script, headers={"Cache-Control": "no-store"})

        application.router.add_get(self.script_url, send_script)
        for route in self.routes:
            application.router.add_route(route.method, f"/addon{route.path}", route.handler)
