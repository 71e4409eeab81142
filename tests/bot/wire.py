"""A wire between Cadence and the sandbox that fails on demand: the real client with its network end bent."""

import asyncio
from collections import defaultdict, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from aiohttp import ClientSession, web


@dataclass
class Held:
    """A call that is kept on the wire: wait for `arrived`, then set `go`."""

    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    go: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(frozen=True)
class Fault:
    """What happens to one call: `passes` says whether the sandbox takes it all the same."""

    status: int
    body: str
    headers: Mapping[str, str]
    passes: bool


class Wire:
    """Serves the Web API's addresses and passes calls on."""

    def __init__(self, api_url: str) -> None:
        self._api_url = api_url
        self._faults: defaultdict[str, deque[Fault | Held]] = defaultdict(deque)
        self.url = ""

    async def __aenter__(self) -> Self:
        """Begin to listen."""
        application = web.Application()
        application.router.add_post("/api/{method}", self._pass)
        self._runner = web.AppRunner(application, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        port = self._runner.addresses[0][1]
        self.url = f"http://127.0.0.1:{port}/api/"
        self._session = ClientSession()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        await self._session.close()
        await self._runner.cleanup()

    def refuse(self, method: str, retry_after: int) -> None:
        """Answer the next call with 429."""
        body = '{"ok": false, "error": "ratelimited"}'
        self._faults[method].append(Fault(429, body, {"Retry-After": str(retry_after)}, passes=False))

    def lose(self, method: str, body: str = "", status: int = 500) -> None:
        """Let the next call through and lose its answer."""
        self._faults[method].append(Fault(status, body, {}, passes=True))

    def hold(self, method: str) -> Held:
        """Keep the next call on the wire."""
        held = Held()
        self._faults[method].append(held)
        return held

    async def _pass(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        faults = self._faults[method]
        fault = faults.popleft() if faults else None
        body = await request.read()
        if isinstance(fault, Held):
            fault.arrived.set()
            await fault.go.wait()
        elif fault is not None and not fault.passes:
            return _json(fault.status, fault.body, fault.headers)
        headers = {name: request.headers[name] for name in ("Authorization", "Content-Type")}
        async with self._session.post(self._api_url + method, data=body, headers=headers) as answer:
            if isinstance(fault, Fault):
                return _json(fault.status, fault.body, fault.headers)
            return _json(answer.status, await answer.text(), {})


def _json(status: int, body: str, headers: Mapping[str, str]) -> web.Response:
    return web.Response(status=status, text=body, headers=dict(headers), content_type="application/json")
