"""Slack's requests over HTTP: a guard that trusts nothing, then Bolt; and whether this process is alive and ready."""

import asyncio
import contextlib
import errno
import hashlib
import hmac
import json
import logging
import re
import socket
from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import Any
from urllib.parse import parse_qsl

import uvicorn
from fastapi import FastAPI, HTTPException, Request
from fastapi.responses import PlainTextResponse, Response
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from starlette.requests import ClientDisconnect

from bot.clock import Clock

log = logging.getLogger(__name__)

PATH = "/slack/events"
MOST_BYTES = 1024 * 1024
"""Slack's largest request carries a view (250 kB) or a message; this is ample."""
WINDOW_SECONDS = 5 * 60
"""How far Slack's clock and ours may be apart, either way; it is also how long a stolen request could be replayed."""
KEEP_ALIVE_SECONDS = 75
"""Longer than a load balancer's usual 60 s: whoever closes first must not be us, or its next request is lost."""
GRACE_SECONDS = 5
"""How long a request in flight may still take once we are asked to stop; Slack itself waits for 3 s."""

_WHOLE_NUMBER = re.compile(r"[0-9]{1,20}")
_SHAPES = (ValueError, LookupError, TypeError, AttributeError, RecursionError)
"""What parsing raises for bytes, JSON or keys that Slack never sends (a UnicodeError is a ValueError)."""


class PortTaken(Exception):  # noqa: N818 - reads as what happened
    """Another program listens on this port already."""

    def __init__(self, host: str, port: int) -> None:
        super().__init__(host, port)
        self.host = host
        self.port = port


def door(app: AsyncApp, signing_secret: str, clock: Clock, ready: Callable[[], bool]) -> FastAPI:
    """The ASGI app: `POST /slack/events` for Slack, `GET /healthz` (alive) and `GET /readyz` (200, 503 until `ready`).

    `clock` is machine time. A request reaches `app` only after its size, age, signature and syntax were found good;
    it is refused with 413, 400 or 401 otherwise, and what it said is neither logged nor answered. Bolt does not verify
    again, whatever its settings. Raises ValueError without a secret: everybody could sign with an empty one.
    """
    if not signing_secret:
        raise ValueError("a door needs a signing secret")
    # Told to a collector, a fault would carry its message and stack out of the process; our own log is the place.
    silent: Any = {"tracing": False, "metrics": False, "logs": False, "auto_configure": False}
    # A redirect would be built from the Host header, which may be anything.
    web = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False, telemetry=silent)

    @web.post(PATH)
    async def events(request: Request) -> Response:
        body = await _read(request)
        _check_age(request, clock().timestamp())
        _check_signature(request, signing_secret, body)
        return await _dispatch(app, _parsed(request, body))

    @web.api_route("/healthz", methods=["GET", "HEAD"])
    async def healthz() -> Response:
        return PlainTextResponse("alive\n")

    @web.api_route("/readyz", methods=["GET", "HEAD"])
    async def readyz() -> Response:
        return PlainTextResponse("ready\n") if ready() else PlainTextResponse("not ready\n", 503)

    return web


def _refusal(status: int, why: str, headers: dict[str, str] | None = None) -> HTTPException:
    log.warning("refused a request to %s: %s", PATH, why)
    return HTTPException(status, why, headers)


async def _read(request: Request) -> bytes:
    """The raw body, which never grows past the cap, whatever Content-Length says."""
    # What was not read must not be read on for the next request, so the connection ends here.
    too_large = (413, f"more than {MOST_BYTES} bytes", {"Connection": "close"})
    declared = request.headers.get("content-length", "")
    if _WHOLE_NUMBER.fullmatch(declared) and int(declared) > MOST_BYTES:
        raise _refusal(*too_large)
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > MOST_BYTES:
                raise _refusal(*too_large)
    except ClientDisconnect:
        raise _refusal(400, "the sender hung up") from None
    return bytes(body)


def _check_age(request: Request, now: float) -> None:
    stated = request.headers.get("x-slack-request-timestamp", "")
    if not _WHOLE_NUMBER.fullmatch(stated):
        raise _refusal(400, "X-Slack-Request-Timestamp is missing or not a number")
    age = now - int(stated)
    if abs(age) > WINDOW_SECONDS:
        raise _refusal(401, f"its time is {age:.0f} s from ours; more than {WINDOW_SECONDS} s is not accepted")


def _check_signature(request: Request, secret: str, body: bytes) -> None:
    signed = b"v0:" + request.headers["x-slack-request-timestamp"].encode() + b":" + body
    expected = "v0=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    # As bytes: compare_digest raises for text that is not ASCII. Headers are Latin-1 by their nature.
    given = request.headers.get("x-slack-signature", "").encode("latin-1")
    if not hmac.compare_digest(expected.encode(), given):
        raise _refusal(401, "the signature does not match; is the signing secret this app's?")


def _parsed(request: Request, body: bytes) -> AsyncBoltRequest:
    """Parse what Slack signed.

    Not by Bolt, which takes a form for an interaction, and so for empty, as soon as the word `payload` stands anywhere
    in it. Bolt accepts a parsed body only in what it calls socket mode; that mode differs in nothing else but that the
    signature is not verified again, and a failed verification is what Bolt would log with the whole body.
    """
    # A header is not signed: Bolt's own would make it skip listeners.
    headers: dict[str, str | Sequence[str]] = {
        name: value for name, value in request.headers.items() if not name.startswith("x-slack-bolt-")
    }
    try:
        said = _said(request.headers.get("content-type", ""), body.decode())
        return AsyncBoltRequest(body=said, query=dict(request.query_params), headers=headers, mode="socket_mode")
    except _SHAPES:
        # From None: the fault quotes the body.
        raise _refusal(400, "the body is not what Slack sends") from None


def _said(content_type: str, text: str) -> dict[str, Any]:
    """What the body says: JSON, JSON in a form field, or a form; raises one of _SHAPES for anything else."""
    if content_type.partition(";")[0].strip().lower() == "application/json" or text.startswith("{"):
        said = json.loads(text)
    else:
        form = dict(parse_qsl(text, keep_blank_values=True))
        said = json.loads(form["payload"]) if "payload" in form else form
    if not isinstance(said, dict) or not said or not _shaped(said):
        raise TypeError
    return said


def _shaped(said: dict[str, Any]) -> bool:
    """Whether the parts that Bolt looks into without asking what they are have the shape that it takes for granted."""
    actions = said.get("actions", [{}])
    return (
        isinstance(said.get("event", {}), dict)
        and isinstance(said.get("view", {}), dict)
        and isinstance(actions, list)
        and len(actions) > 0
        and all(isinstance(action, dict) for action in actions)
    )


async def _dispatch(app: AsyncApp, request: AsyncBoltRequest) -> Response:
    answer = await app.async_dispatch(request)
    response = Response(answer.body, answer.status)
    for name, values in answer.headers.items():
        for value in values:
            response.headers.append(name, value)
    return response


class _Server(uvicorn.Server):
    """Leaves the signals to whoever runs the event loop."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens already; port 0 takes any free one. Raises PortTaken, or OSError for a host not ours."""
    try:
        return socket.create_server(
            (host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET, backlog=512
        )
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise PortTaken(host, port) from None
        raise


async def serve(asgi: Callable[..., Awaitable[None]], host: str, port: int) -> None:
    """Serve until cancelled; requests in flight are answered first. Raises PortTaken."""
    await serve_on(asgi, listen(host, port))


async def serve_on(asgi: Callable[..., Awaitable[None]], listener: socket.socket) -> None:
    """Serve on a socket from `listen` until cancelled, and close it; requests in flight are answered first."""
    server = _Server(
        uvicorn.Config(
            asgi,
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            lifespan="off",
            ws="none",
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
    )
    running = asyncio.create_task(server.serve([listener]))
    try:
        await asyncio.shield(running)
    except asyncio.CancelledError:
        server.should_exit = True
        await running
        raise
