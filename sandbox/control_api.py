"""Control from outside the process: faults, sockets, the clock, counts. Loopback like everything else."""

from dataclasses import asdict
from datetime import timedelta

from aiohttp import web

from sandbox.admin import Admin
from sandbox.errors import Json
from sandbox.faults import Faults
from sandbox.rate_limits import RateLimits
from sandbox.seed import User
from sandbox.socket_mode import SocketMode
from sandbox.workspace import Workspace


class ControlApi:
    """Routes below `/control/`."""

    def __init__(
        self, workspace: Workspace, faults: Faults, sockets: SocketMode, limits: RateLimits, admin: Admin
    ) -> None:
        self._workspace = workspace
        self._admin = admin
        self._faults = faults
        self._sockets = sockets
        self._limits = limits

    def add_to(self, application: web.Application) -> None:
        """Serve everything."""
        router = application.router
        router.add_get("/control/faults", self._list_faults)
        router.add_post("/control/faults", self._add_fault)
        router.add_delete("/control/faults", self._clear_faults)
        router.add_post("/control/sockets", self._sockets_do)
        router.add_post("/control/clock", self._clock)
        router.add_post("/control/rate_limits", self._rate_limits)
        router.add_get("/control/posts", self._posts)
        router.add_post("/control/people", self._people)

    async def _list_faults(self, _request: web.Request) -> web.Response:
        return web.json_response({"faults": [asdict(rule) for rule in self._faults.rules]})

    async def _add_fault(self, request: web.Request) -> web.Response:
        try:
            rule = self._faults.add(**await request.json())
        except (TypeError, ValueError) as problem:
            return _wrong(str(problem))
        return web.json_response({"ok": True, "fault": asdict(rule)})

    async def _clear_faults(self, _request: web.Request) -> web.Response:
        self._faults.clear()
        return web.json_response({"ok": True})

    async def _sockets_do(self, request: web.Request) -> web.Response:
        """Take `{"do": "drop" | "hang" | "refresh"}`."""
        given: Json = await request.json()
        deeds = {
            "drop": self._sockets.drop_all,
            "hang": self._sockets.hang_all,
            "refresh": self._sockets.refresh_all,
        }
        deed = deeds.get(str(given.get("do")))
        if deed is None:
            return _wrong(f"do must be one of: {', '.join(deeds)}")
        deed()
        return web.json_response({"ok": True, "connections": len(self._sockets.connections)})

    async def _clock(self, request: web.Request) -> web.Response:
        """Take `{"skew_seconds": number}`."""
        given: Json = await request.json()
        try:
            self._workspace.skew = timedelta(seconds=float(given["skew_seconds"]))
        except (KeyError, TypeError, ValueError):
            return _wrong("skew_seconds must be a number")
        return web.json_response({"ok": True, "now": self._workspace.now().isoformat()})

    async def _rate_limits(self, request: web.Request) -> web.Response:
        """Take `{"enabled": true | false}`."""
        given: Json = await request.json()
        self._limits.enabled = bool(given.get("enabled"))
        self._limits.reset()
        return web.json_response({"ok": True, "enabled": self._limits.enabled})

    async def _people(self, request: web.Request) -> web.Response:
        """Take `{"join": {"id": "U0NEW", "name": "new", …}}`, or `{"change": "U0ANA", "fields": {"deleted": true}}`."""
        given: Json = await request.json()
        try:
            if "join" in given:
                self._admin.join(User(**given["join"]))
            else:
                self._admin.change(str(given["change"]), **given["fields"])
        except (KeyError, LookupError, TypeError, ValueError) as problem:
            return _wrong(str(problem))
        return web.json_response({"ok": True})

    async def _posts(self, request: web.Request) -> web.Response:
        """Count accepted posts, in all or by one key of their metadata (`?by=key`)."""
        log = self._workspace.log
        key = request.query.get("by")
        counts = {} if key is None else dict(log.count_by(key))
        return web.json_response({"total": len(log.posts), "counts": counts})


def _wrong(message: str) -> web.Response:
    return web.json_response({"ok": False, "error": "invalid_arguments", "message": message}, status=400)
