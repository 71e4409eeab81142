"""The page's open sockets: who watches as whom, and what they are told."""

import asyncio
import json
from collections.abc import Iterable

from aiohttp import WSCloseCode, web

from sandbox.errors import Json

_MOST_WAITING = 5_000


class Watcher:
    """One open page. A page that does not keep up is cut off; it reloads the state when it returns."""

    def __init__(self, user_id: str, socket: web.WebSocketResponse) -> None:
        self.user_id = user_id
        self.socket = socket
        self.waiting: asyncio.Queue[str | None] = asyncio.Queue(_MOST_WAITING)

    def tell(self, text: str) -> None:
        """Queue one event."""
        try:
            self.waiting.put_nowait(text)
        except asyncio.QueueFull:
            self.stop()

    def stop(self) -> None:
        """End the sending after what could still be said."""
        while self.waiting.full():
            self.waiting.get_nowait()
        self.waiting.put_nowait(None)

    async def run(self) -> None:
        """Send until told to stop."""
        while (text := await self.waiting.get()) is not None:
            await self.socket.send_str(text)
        await self.socket.close(code=WSCloseCode.GOING_AWAY)


class LiveHub:
    """Sends events to the pages of the people concerned."""

    def __init__(self) -> None:
        self._watchers: set[Watcher] = set()

    async def serve(self, user_id: str, request: web.Request) -> web.WebSocketResponse:
        """Keep one page informed until it leaves."""
        socket = web.WebSocketResponse(heartbeat=30, timeout=1)
        await socket.prepare(request)
        watcher = Watcher(user_id, socket)
        self._watchers.add(watcher)
        sender = asyncio.create_task(watcher.run())
        try:
            async for _message in socket:
                pass  # the page says nothing here; reading notices when it leaves
        finally:
            self._watchers.discard(watcher)
            sender.cancel()
            await asyncio.gather(sender, return_exceptions=True)
        return socket

    def tell(self, event: Json, people: Iterable[str] | None = None) -> None:
        """Tell these people's pages, or all pages."""
        if not self._watchers:
            return
        wanted = None if people is None else set(people)
        text = json.dumps(event)
        for watcher in self._watchers:
            if wanted is None or watcher.user_id in wanted:
                watcher.tell(text)

    def stop(self) -> None:
        """Close every page's socket."""
        for watcher in self._watchers:
            watcher.stop()
