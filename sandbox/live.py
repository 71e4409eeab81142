"""The page's open sockets: who watches as whom, and what they are told."""

import asyncio
import json
from collections.abc import Iterable

from aiohttp import WSCloseCode, web

from sandbox.errors import Json

# Events that come in a burst leave together: at once after a pause, else so long after the last ones.
_GATHER_SECONDS = 0.04
_MOST_UNSENT_BYTES = 8 * 1024 * 1024
_TEXT, _CLOSE = 0x81, 0x88
_SHORT, _MEDIUM = 126, 1 << 16

Readers = frozenset[str] | None


class Watcher:
    """One open page. A page that does not keep up is cut off; it reloads the state when it returns."""

    def __init__(self, user_id: str, transport: asyncio.Transport) -> None:
        self.user_id = user_id
        self.transport = transport

    def send(self, frames: bytes) -> None:
        """Send whole frames, unless too much waits already."""
        if self.transport.get_write_buffer_size() > _MOST_UNSENT_BYTES:
            self.transport.abort()
        elif not self.transport.is_closing():
            self.transport.write(frames)

    def stop(self) -> None:
        """Say goodbye; what is on its way still arrives."""
        self.send(_frame(_CLOSE, WSCloseCode.GOING_AWAY.to_bytes(2, "big")))
        self.transport.close()


class LiveHub:
    """Sends events to the pages of the people concerned.

    An event looks the same to every page, so each is put into a WebSocket frame once, and each page gets all frames
    of a burst in one write.
    """

    def __init__(self) -> None:
        self._watchers: set[Watcher] = set()
        self._waiting: list[tuple[Readers, bytes]] = []
        self._timer: asyncio.TimerHandle | None = None
        self._sent_at = 0.0

    async def serve(self, user_id: str, request: web.Request) -> web.WebSocketResponse:
        """Keep one page informed until it leaves."""
        # Compression would be done anew for each page, and nothing is saved between two programs on one machine.
        socket = web.WebSocketResponse(heartbeat=30, timeout=1, compress=False)
        await socket.prepare(request)
        transport = request.transport
        if transport is None:
            return socket
        self._flush()  # what was told before this page came is not for it
        watcher = Watcher(user_id, transport)
        self._watchers.add(watcher)
        try:
            async for _message in socket:
                pass  # the page says nothing here; reading notices when it leaves
        finally:
            self._watchers.discard(watcher)
        return socket

    def tell(self, event: Json, people: Iterable[str] | None = None) -> None:
        """Tell these people's pages, or all pages."""
        if not self._watchers:
            return
        readers = None if people is None else frozenset(people)
        self._waiting.append((readers, _frame(_TEXT, json.dumps(event).encode())))
        if self._timer is None:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_at(max(self._sent_at + _GATHER_SECONDS, loop.time()), self._flush)

    def _flush(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        told, self._waiting = self._waiting, []
        if not told:
            return
        self._sent_at = asyncio.get_running_loop().time()
        groups = {readers for readers, _ in told}
        joined: dict[frozenset[Readers], bytes] = {}
        for watcher in list(self._watchers):
            mine = frozenset(readers for readers in groups if readers is None or watcher.user_id in readers)
            if mine not in joined:
                joined[mine] = b"".join(frame for readers, frame in told if readers in mine)
            if mine:
                watcher.send(joined[mine])

    def stop(self) -> None:
        """Close every page's socket."""
        self._flush()
        for watcher in list(self._watchers):
            watcher.stop()


def _frame(kind: int, content: bytes) -> bytes:
    """Return one whole WebSocket frame, as a server sends it (RFC 6455, 5.2)."""
    length = len(content)
    if length < _SHORT:
        return bytes((kind, length)) + content
    if length < _MEDIUM:
        return bytes((kind, _SHORT)) + length.to_bytes(2, "big") + content
    return bytes((kind, _SHORT + 1)) + length.to_bytes(8, "big") + content
