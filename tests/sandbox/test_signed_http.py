"""Signed HTTP: the same app behind a request URL."""

import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import web
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import Sandbox, Seed
from tests.sandbox.support import SEED, Json, field, modal


def seed_for(port: int) -> Seed:
    return replace(SEED, app=replace(SEED.app, request_url=f"http://127.0.0.1:{port}/slack/events"))


@asynccontextmanager
async def serving(application: web.Application, listener: socket.socket) -> AsyncIterator[None]:
    runner = web.AppRunner(application)
    await runner.setup()
    await web.SockSite(runner, listener).start()
    try:
        yield
    finally:
        await runner.cleanup()


async def test_a_bolt_app_behind_http_is_walked_from_command_to_submit() -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    async with Sandbox(seed_for(listener.getsockname()[1])) as sandbox:
        client = AsyncWebClient(token=SEED.app.bot_token, base_url=sandbox.api_url)
        app = AsyncApp(client=client, signing_secret=SEED.app.signing_secret)

        @app.command("/plan")
        async def plan(ack: Any, body: Json, client: AsyncWebClient) -> None:
            await ack("Opening")
            await client.views_open(trigger_id=body["trigger_id"], view=modal(field(), callback_id="form"))

        @app.view("form")
        async def saved(ack: Any, view: Json) -> None:
            typed = view["state"]["values"]["line"]["line_value"]["value"]
            await (ack(response_action="errors", errors={"line": "No."}) if typed == "no" else ack())

        async with serving(app.web_app(path="/slack/events"), listener):
            assert await sandbox.verify_request_url()
            ana = sandbox.person("U0ANA")
            assert (await ana.command("/plan", channel="C0TEAM")).ok
            assert ana.ephemerals("C0TEAM")[0]["text"] == "Opening"
            await sandbox.until(lambda: ana.view)
            assert (await ana.submit(values={"line": "no"})).errors == {"line": "No."}
            assert (await ana.submit(values={"line": "yes"})).ok
            assert ana.view is None


Handler = Callable[[web.Request], Awaitable[web.Response]]


class Door:
    """An HTTP app that keeps what it got and answers as it is told."""

    def __init__(self) -> None:
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.answers: list[web.Response] = []

    async def handle(self, request: web.Request) -> web.Response:
        self.got.append(({key.lower(): value for key, value in request.headers.items()}, await request.read()))
        return self.answers.pop(0) if self.answers else web.Response()


@pytest.fixture
async def door() -> AsyncIterator[tuple[Sandbox, Door]]:
    door = Door()
    application = web.Application()
    application.router.add_post("/slack/events", door.handle)
    listener = socket.create_server(("127.0.0.1", 0))
    pauses = (0.01, 0.01, 0.01)
    async with (
        Sandbox(seed_for(listener.getsockname()[1]), event_retry_pauses=pauses) as sandbox,
        serving(application, listener),
    ):
        yield sandbox, door


async def test_every_request_is_signed_over_its_raw_body(door: tuple[Sandbox, Door]) -> None:
    sandbox, app = door
    await sandbox.person("U0ANA").command("/plan", "today & tomorrow")
    await sandbox.person("U0ANA").shortcut("start")
    verifier = SignatureVerifier(SEED.app.signing_secret)
    for headers, body in app.got:
        assert verifier.is_valid_request(body, headers)
        assert not verifier.is_valid_request(body + b" ", headers)
        assert headers["content-type"] == "application/x-www-form-urlencoded"
    assert app.got[0][1].startswith(b"token=")
    assert b"text=today+%26+tomorrow" in app.got[0][1]
    assert app.got[1][1].startswith(b"payload=%7B")


async def test_a_skewed_clock_makes_signatures_too_old(door: tuple[Sandbox, Door]) -> None:
    sandbox, app = door
    sandbox.skew_clock(timedelta(minutes=-6))
    await sandbox.person("U0ANA").command("/plan")
    headers, body = app.got[0]
    assert not SignatureVerifier(SEED.app.signing_secret).is_valid_request(body, headers)


async def test_a_failed_event_is_tried_again_with_headers(door: tuple[Sandbox, Door]) -> None:
    sandbox, app = door
    app.answers = [web.Response(status=500), web.Response(status=500)]
    await sandbox.person("U0ANA").say("Hello")
    await sandbox.until(lambda: len(sandbox.deliveries) == 3)
    tries = [(head.get("x-slack-retry-num"), head.get("x-slack-retry-reason")) for head, _ in app.got]
    assert tries == [(None, None), ("1", "http_error"), ("2", "http_error")]


async def test_an_app_can_ask_for_no_retry(door: tuple[Sandbox, Door]) -> None:
    sandbox, app = door
    app.answers = [web.Response(status=500, headers={"X-Slack-No-Retry": "1"})]
    ana = sandbox.person("U0ANA")
    await ana.say("Hello")
    await sandbox.until(lambda: len(sandbox.deliveries) == 1)
    await ana.say("Again")
    await sandbox.until(lambda: len(sandbox.deliveries) == 2)
    assert [one.retry_attempt for one in sandbox.deliveries] == [0, 0]


async def test_an_interaction_is_never_tried_again(door: tuple[Sandbox, Door]) -> None:
    sandbox, app = door
    app.answers = [web.Response(status=500)]
    assert (await sandbox.person("U0ANA").shortcut("start")).error == "dispatch_failed"
    assert (await sandbox.person("U0ANA").shortcut("start")).ok
    assert len(app.got) == 2


async def test_two_redirects_are_followed_and_a_third_is_not(door: tuple[Sandbox, Door]) -> None:
    sandbox, app = door
    away = {"Location": "/slack/events"}
    app.answers = [web.Response(status=307, headers=away) for _ in range(2)]
    assert (await sandbox.person("U0ANA").shortcut("start")).ok
    app.answers = [web.Response(status=307, headers=away) for _ in range(3)]
    assert not (await sandbox.person("U0ANA").shortcut("start")).ok
