"""The door of the Events API by real HTTP on loopback, and who stands on either side of it."""

import asyncio
import contextlib
import io
import json
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult

from bot import web
from sandbox.signed_http import signature

HOST = "127.0.0.1"
SECRET = "a signing secret"
NOW = datetime(2026, 11, 9, 9, 0, tzinfo=UTC)
MARK = "quarterly-number"
"""Stands in every body, and so must stand in no log."""
FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
COMMAND = urlencode({"command": "/plan", "text": MARK, "team_id": "T0", "user_id": "U0ANA"}).encode()
MIB = 1024 * 1024


async def the_app_is_installed(**_: Any) -> AuthorizeResult:
    return AuthorizeResult(
        enterprise_id=None, team_id="T0", bot_id="B0", bot_user_id="U0BOT", bot_token="xoxb-0", url="", team=""
    )


@dataclass
class Street:
    """A door that is open, who stands behind it, and ways to knock."""

    base: str
    session: aiohttp.ClientSession
    heard: list[dict[str, Any]] = field(default_factory=list)
    now: datetime = NOW
    ready: bool = True

    @property
    def url(self) -> str:
        return f"{self.base}{web.PATH}"

    @property
    def port(self) -> int:
        return int(self.base.rpartition(":")[2])

    async def knock(
        self, body: bytes | AsyncIterator[bytes] = COMMAND, kind: str = FORM, headers: dict[str, str] | None = None
    ) -> tuple[int, str]:
        """POST a body, signed unless `headers` say otherwise; the status and the text of the answer."""
        if isinstance(body, bytes):
            headers = signed(body) if headers is None else headers
        data = io.BytesIO(body) if isinstance(body, bytes) else body
        async with self.session.post(self.url, data=data, headers={"Content-Type": kind} | (headers or {})) as answer:
            return answer.status, await answer.text()

    async def ask(self, path: str, method: str = "GET") -> tuple[int, str]:
        async with self.session.request(method, f"{self.base}{path}") as answer:
            return answer.status, await answer.text()

    async def send(self, *pieces: bytes) -> bytes:
        """Everything that the door says on one connection until it closes it."""
        reader, writer = await asyncio.open_connection(HOST, self.port)
        try:
            async with asyncio.timeout(10):
                with contextlib.suppress(ConnectionError):
                    for piece in pieces:
                        writer.write(piece)
                        await writer.drain()
                return await reader.read()
        finally:
            writer.close()


def signed(body: bytes, at: datetime = NOW, secret: str = SECRET) -> dict[str, str]:
    stamp = str(int(at.timestamp()))
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": signature(secret, stamp, body)}


def interaction(payload: dict[str, Any]) -> bytes:
    return urlencode({"payload": json.dumps(payload)}).encode()


@contextlib.asynccontextmanager
async def serving(asgi: Any) -> AsyncIterator[str]:
    listener = web.listen(HOST, 0)
    port = listener.getsockname()[1]
    task = asyncio.create_task(web.serve_on(asgi, listener))
    try:
        yield f"http://{HOST}:{port}"
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


def bolt(heard: list[dict[str, Any]], **settings: Any) -> AsyncApp:
    app = AsyncApp(authorize=the_app_is_installed, process_before_response=True, **settings)

    @app.command("/plan")
    async def plan(ack: Any, body: dict[str, Any]) -> None:
        heard.append(body)
        await ack("On its way.")

    @app.event("app_home_opened")
    async def opened(body: dict[str, Any]) -> None:
        heard.append(body)

    @app.view("plan.form")
    async def submitted(ack: Any, body: dict[str, Any]) -> None:
        heard.append(body)
        await ack(response_action="errors", errors={"results": "One line each."})

    return app


@contextlib.asynccontextmanager
async def street(**bolt_settings: Any) -> AsyncIterator[Street]:
    async with aiohttp.ClientSession() as session:
        here = Street("", session)
        app = bolt(here.heard, **({"request_verification_enabled": False} | bolt_settings))
        asgi = web.door(app, SECRET, lambda: here.now, lambda: here.ready)
        async with serving(asgi) as here.base:
            yield here


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.DEBUG)
    return caplog


@pytest.fixture
async def open_door(log: pytest.LogCaptureFixture) -> AsyncIterator[Street]:
    """Bolt copies the level of its loggers when an app is made, so `log` comes first."""
    async with street() as here:
        yield here
    errors = [record for record in log.records if record.levelno >= logging.ERROR]
    assert errors == []


def nobody_heard(here: Street, log: pytest.LogCaptureFixture, *secrets: str) -> None:
    assert here.heard == []
    for words in (MARK, *secrets):
        assert words not in log.text
