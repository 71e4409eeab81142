"""A wire between Cadence and the sandbox, for what the sandbox's own faults can't do: hold a call, spoil an answer."""

import asyncio
from collections import defaultdict, deque
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from aiohttp import ClientSession, web


@dataclass
class Held:
    """A call that is kept on the wire, before the sandbox has it: wait for `arrived`, then set `go`."""

    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    go: asyncio.Event = field(default_factory=asyncio.Event)


class Wire:
    """Serves the Web API's addresses at `url` and passes calls on."""

    def __init__(self, api_url: str) -> None:
        self._api_url = api_url
        self._troubles: defaultdict[str, deque[Held | str]] = defaultdict(deque)
        self.url = ""

    async def __aenter__(self) -> Self:
        application = web.Application()
        application.router.add_post("/api/{method}", self._pass)
        self._runner = web.AppRunner(application, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/api/"
        self._session = ClientSession()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._session.close()
        await self._runner.cleanup()

    def spoil(self, method: str, body: str) -> None:
        """Let the next call through and answer it with `body`, called JSON."""
        self._troubles[method].append(body)

    def hold(self, method: str) -> Held:
        """Keep the next call on the wire."""
        held = Held()
        self._troubles[method].append(held)
        return held

    async def _pass(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        waiting = self._troubles[method]
        trouble = waiting.popleft() if waiting else None
        body = await request.read()
        if isinstance(trouble, Held):
            trouble.arrived.set()
            await trouble.go.wait()
        headers = {name: request.headers[name] for name in ("Authorization", "Content-Type")}
        async with self._session.post(self._api_url + method, data=body, headers=headers) as answer:
            said = await answer.text()
            status = answer.status
        return web.Response(
            status=status, text=trouble if isinstance(trouble, str) else said, content_type="application/json"
        )
