"""Socket Mode: up to ten WebSockets of the app, each payload on any one of them."""

import asyncio
import json
import time
from contextlib import suppress
from urllib.parse import urlencode

from aiohttp import WSCloseCode, WSMsgType, web

from sandbox.delivery import ACK_SECONDS, TIMED_OUT, UNREACHABLE, Answer, Envelope
from sandbox.errors import Json
from sandbox.workspace import Workspace

MOST_CONNECTIONS = 10
PATH = "/link/"
_TICKET_SECONDS = 60.0


class Connection:
    """One WebSocket of the app."""

    def __init__(self, socket: web.WebSocketResponse, request: web.Request) -> None:
        self.socket = socket
        self.request = request
        self.hung = False

    def cut(self) -> None:
        """Drop the connection below the WebSocket."""
        if self.request.transport is not None:
            self.request.transport.abort()

    async def send(self, message: Json) -> bool:
        """Send one frame; False when the socket is gone. A hung socket swallows it."""
        if self.hung:
            return True
        try:
            await self.socket.send_str(json.dumps(message))
        except (ConnectionError, RuntimeError):
            return False
        return True


class SocketMode:
    """The server's end of Socket Mode."""

    def __init__(self, workspace: Workspace, *, lifetime: float, debug_lifetime: float, warning: float) -> None:
        self._workspace = workspace
        self._lifetime = lifetime
        self._debug_lifetime = debug_lifetime
        self._warning = warning
        self._tickets: dict[str, float] = {}
        self._waiting: dict[str, asyncio.Future[Json]] = {}
        self.connections: list[Connection] = []

    @property
    def connected(self) -> bool:
        """Whether the app holds a socket open."""
        return bool(self.connections)

    def new_url(self) -> str:
        """Return the address of one connection, as `apps.connections.open` does."""
        ticket = self._workspace.ids.hexadecimal(32)
        self._tickets[ticket] = time.monotonic()
        base = self._workspace.base_url.replace("http", "ws", 1)
        return f"{base}{PATH}?{urlencode({'ticket': ticket, 'app_id': self._workspace.seed.app.id})}"

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Hold one connection until either side ends it."""
        made = self._tickets.pop(request.query.get("ticket", ""), None)
        if made is None or time.monotonic() - made > _TICKET_SECONDS:
            return web.Response(status=401, text="invalid ticket")
        # Pings are answered by hand, so that a hung socket stays silent.
        socket = web.WebSocketResponse(timeout=1, autoping=False)
        await socket.prepare(request)
        connection = Connection(socket, request)
        if len(self.connections) >= MOST_CONNECTIONS:
            await connection.send(self._disconnect("too_many_websockets"))
            await socket.close()
            return socket
        debug = request.query.get("debug_reconnects") == "true"
        lifetime = self._debug_lifetime if debug else self._lifetime
        self.connections.append(connection)
        refresher = asyncio.create_task(self._refresh(connection, lifetime))
        await connection.send(self._hello(lifetime))
        self._tell_connected()
        try:
            async for message in socket:
                if connection.hung:
                    continue
                if message.type is WSMsgType.TEXT:
                    self._ack(message.data)
                elif message.type is WSMsgType.PING:
                    await socket.pong(message.data)
        finally:
            refresher.cancel()
            self._drop(connection)
        return socket

    def _hello(self, lifetime: float) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self.connections),
            "debug_info": {
                "host": "applink-sandbox",
                "build_number": 1,
                "approximate_connection_time": int(lifetime),
            },
            "connection_info": {"app_id": self._workspace.seed.app.id},
        }

    def _disconnect(self, reason: str) -> Json:
        return {"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-sandbox"}}

    def _tell_connected(self) -> None:
        self._workspace.hub.tell({"type": "connected", "connected": self.connected})
        self._workspace.changes.ring()

    def _drop(self, connection: Connection) -> None:
        with suppress(ValueError):
            self.connections.remove(connection)
            self._tell_connected()

    async def _refresh(self, connection: Connection, lifetime: float) -> None:
        """End a connection at the end of its life, with a warning before."""
        await asyncio.sleep(max(lifetime - self._warning, 0))
        await self.retire(connection, "warning", self._warning)

    async def retire(self, connection: Connection, reason: str, grace: float) -> None:
        """Ask the app to connect anew, then close this socket after a grace."""
        await connection.send(self._disconnect(reason))
        await asyncio.sleep(grace)
        await connection.send(self._disconnect("refresh_requested"))
        await connection.socket.close(code=WSCloseCode.GOING_AWAY)

    def _ack(self, text: str) -> None:
        try:
            frame = json.loads(text)
        except ValueError:
            return
        waiting = self._waiting.get(frame.get("envelope_id", "")) if isinstance(frame, dict) else None
        if waiting is not None and not waiting.done():
            waiting.set_result(frame)

    async def deliver(self, envelope: Envelope) -> Answer:
        """Deliver on any one socket; the ack may come over another, as after a refresh."""
        envelope_id = self._new_envelope_id()
        frame: Json = {
            "envelope_id": envelope_id,
            "payload": envelope.payload,
            "type": envelope.kind,
            "accepts_response_payload": envelope.accepts_response,
        }
        if envelope.kind == "events_api":
            frame["retry_attempt"] = envelope.retry_attempt
            frame["retry_reason"] = envelope.retry_reason
        waiting: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        self._waiting[envelope_id] = waiting
        try:
            if not await self._send_on_any(frame):
                return UNREACHABLE
            async with asyncio.timeout(ACK_SECONDS):
                ack = await waiting
        except TimeoutError:
            return TIMED_OUT
        finally:
            del self._waiting[envelope_id]
        payload = ack.get("payload")
        return Answer(ok=True, payload=payload if isinstance(payload, dict) else None)

    def _new_envelope_id(self) -> str:
        return "-".join(self._workspace.ids.hexadecimal(length) for length in (8, 4, 4, 4, 12))

    async def _send_on_any(self, frame: Json) -> bool:
        """Send on a randomly chosen socket; one that turns out dead is dropped and another tried."""
        while self.connections:
            connection = self._workspace.ids.random.choice(self.connections)
            if await connection.send(frame):
                return True
            self._drop(connection)
        return False

    def drop_all(self) -> None:
        """Cut every connection without a word, as a failing network does."""
        for connection in list(self.connections):
            connection.cut()
            self._drop(connection)

    def hang_all(self) -> None:
        """Leave every connection open and silent: nothing goes out, acks and pings are not heard."""
        for connection in self.connections:
            connection.hung = True

    def refresh_all(self, *, grace: float = 0.0) -> None:
        """Ask the app to replace every connection, as Slack does every few hours."""
        for connection in list(self.connections):
            self._workspace.background(self.retire(connection, "warning", grace))

    async def stop(self) -> None:
        """Close every socket."""
        closing = [one.socket.close(code=WSCloseCode.GOING_AWAY) for one in self.connections]
        await asyncio.gather(*closing)
