"""The door by real HTTP on loopback: what it refuses, what reaches Bolt, and how it opens and closes."""

import asyncio
import contextlib
import io
import json
import logging
import re
import signal
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode

import aiohttp
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from bot import web
from bot.clock import machine_clock
from sandbox import App, Command, Sandbox, Seed
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


# What is refused.


@pytest.mark.parametrize("path", ["/", "/slack", "/slack/events/", "/slack/events/more", "/docs", "/openapi.json"])
async def test_a_path_that_is_not_slacks_is_not_found(
    open_door: Street, log: pytest.LogCaptureFixture, path: str
) -> None:
    async with open_door.session.post(f"{open_door.base}{path}", data=COMMAND, headers=signed(COMMAND)) as answer:
        assert answer.status == 404
    nobody_heard(open_door, log)


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
async def test_slacks_path_takes_nothing_but_post(
    open_door: Street, log: pytest.LogCaptureFixture, method: str
) -> None:
    request = open_door.session.request(method, open_door.url, data=COMMAND, headers=signed(COMMAND))
    async with request as answer:
        assert answer.status == 405
        assert answer.headers["Allow"] == "POST"
    nobody_heard(open_door, log)


async def test_a_body_of_the_largest_size_is_taken(open_door: Street) -> None:
    body = COMMAND + b"&more=" + b"x" * (MIB - len(COMMAND) - 6)

    assert await open_door.knock(body) == (200, "On its way.")
    assert len(open_door.heard) == 1


async def test_a_body_one_byte_larger_is_refused_although_it_is_signed(
    open_door: Street, log: pytest.LogCaptureFixture
) -> None:
    body = COMMAND + b"&more=" + b"x" * (MIB - len(COMMAND) - 5)

    assert (await open_door.knock(body))[0] == 413
    nobody_heard(open_door, log)


async def test_a_declared_size_over_the_cap_is_refused_before_a_byte_of_the_body_is_sent(
    open_door: Street, log: pytest.LogCaptureFixture
) -> None:
    head = f"POST {web.PATH} HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: {MIB + 1}\r\n\r\n"

    said = await open_door.send(head.encode())

    assert said.startswith(b"HTTP/1.1 413 ")
    nobody_heard(open_door, log)


async def test_a_chunked_body_is_cut_off_at_the_cap_while_its_sender_goes_on(
    open_door: Street, log: pytest.LogCaptureFixture
) -> None:
    head = f"POST {web.PATH} HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
    chunk = f"{MIB + 1:x}\r\n".encode() + MARK.encode() + b"x" * (MIB + 1 - len(MARK)) + b"\r\n"

    said = await open_door.send(head.encode(), chunk)  # no last chunk: this body never ends

    assert said.startswith(b"HTTP/1.1 413 ")
    assert b"connection: close" in said.lower()
    nobody_heard(open_door, log)


async def test_a_chunked_body_under_the_cap_is_taken(open_door: Street) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        yield COMMAND[:10]
        yield COMMAND[10:]

    assert await open_door.knock(pieces(), headers=signed(COMMAND)) == (200, "On its way.")


@pytest.mark.parametrize("stamp", [None, "", "soon", "1e9", "-1", "12.5", "²", "9" * 21, "9" * 5000])
async def test_a_timestamp_that_is_missing_or_no_number_is_a_bad_request(
    open_door: Street, log: pytest.LogCaptureFixture, stamp: str | None
) -> None:
    headers = signed(COMMAND)
    del headers["X-Slack-Request-Timestamp"]
    if stamp is not None:
        headers |= {"X-Slack-Request-Timestamp": stamp}
        headers |= {"X-Slack-Signature": signature(SECRET, stamp, COMMAND)}

    assert (await open_door.knock(headers=headers))[0] == 400
    nobody_heard(open_door, log, headers["X-Slack-Signature"])


@pytest.mark.parametrize("seconds", [-301, 301, -86_400, 10**12])
async def test_a_request_of_another_time_is_refused_although_it_is_signed(
    open_door: Street, log: pytest.LogCaptureFixture, seconds: int
) -> None:
    stamp = str(int(NOW.timestamp()) + seconds)
    mac = signature(SECRET, stamp, COMMAND)

    status, _ = await open_door.knock(headers={"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": mac})

    assert status == 401
    nobody_heard(open_door, log, mac)


@pytest.mark.parametrize("seconds", [-300, 300])
async def test_five_minutes_either_way_are_still_now(open_door: Street, seconds: int) -> None:
    headers = signed(COMMAND, at=NOW + timedelta(seconds=seconds))

    assert (await open_door.knock(headers=headers))[0] == 200


async def test_a_request_that_was_good_is_refused_once_it_is_old(open_door: Street) -> None:
    headers = signed(COMMAND)
    assert (await open_door.knock(headers=headers))[0] == 200

    open_door.now += timedelta(seconds=301)

    assert (await open_door.knock(headers=headers))[0] == 401
    assert len(open_door.heard) == 1


GOOD = signed(COMMAND)["X-Slack-Signature"]


@pytest.mark.parametrize(
    "given_signature",
    [
        None,
        "",
        "v0=",
        "v0=" + "0" * 64,
        GOOD.upper(),
        GOOD.removeprefix("v0="),
        GOOD.replace("v0", "v1"),
        GOOD[:-1],
        GOOD + "0",
        "v0=é" + GOOD[4:],
        "签名",
        signed(COMMAND, secret="another")["X-Slack-Signature"],
        signed(COMMAND + b"&")["X-Slack-Signature"],
        signed(COMMAND, at=NOW + timedelta(seconds=1))["X-Slack-Signature"],
    ],
)
async def test_a_signature_that_does_not_match_is_refused(
    open_door: Street, log: pytest.LogCaptureFixture, given_signature: str | None
) -> None:
    headers = signed(COMMAND)
    del headers["X-Slack-Signature"]
    if given_signature is not None:
        headers["X-Slack-Signature"] = given_signature

    status, said = await open_door.knock(headers=headers)

    assert status == 401
    assert MARK not in said
    nobody_heard(open_door, log, *filter(None, [given_signature]))


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (FORM, b""),
        (JSON, b""),
        (FORM, f"payload={MARK}".encode()),
        (FORM, b"payload="),
        (FORM, b"payload=null"),
        (FORM, b"payload=%5B1%5D"),
        (JSON, f'{{"type": "{MARK}'.encode()),
        (JSON, f'["{MARK}"]'.encode()),
        (JSON, f'"{MARK}"'.encode()),
        (JSON, b"{}"),
        (JSON, b"\xff\xfe"),
        (JSON, b"9" * 5000),
        (JSON, b'{"a":' * 100_000),
        (FORM, b"\xffpayload"),
        (FORM, f'{{"type": "{MARK}'.encode()),
        (JSON, f'{{"event": "{MARK}"}}'.encode()),
        (JSON, f'{{"view": "{MARK}"}}'.encode()),
        (JSON, f'{{"type": "block_actions", "text": "{MARK}", "actions": []}}'.encode()),
        (JSON, f'{{"user": 5, "text": "{MARK}"}}'.encode()),
        ("nonsense; charset=\xe9", f"payload={MARK}".encode()),
    ],
)
async def test_a_signed_body_that_does_not_parse_is_a_bad_request_and_not_a_fault(
    open_door: Street, log: pytest.LogCaptureFixture, kind: str, body: bytes
) -> None:
    status, said = await open_door.knock(body, kind)

    assert status == 400
    assert MARK not in said
    assert "Traceback" not in said + log.text
    nobody_heard(open_door, log, signed(body)["X-Slack-Signature"])


async def test_what_is_not_signed_is_not_parsed(open_door: Street, log: pytest.LogCaptureFixture) -> None:
    assert (await open_door.knock(b"payload={", headers=signed(b"something else")))[0] == 401
    nobody_heard(open_door, log)


async def test_the_log_says_why_a_request_was_refused(open_door: Street, log: pytest.LogCaptureFixture) -> None:
    await open_door.knock(headers=signed(COMMAND, at=NOW - timedelta(minutes=10)))

    (record,) = [record for record in log.records if record.name == "bot.web"]
    assert record.getMessage() == (
        "refused a request to /slack/events: its time is 600 s from ours; more than 300 s is not accepted"
    )


async def test_a_sender_who_hangs_up_in_the_middle_is_no_fault(log: pytest.LogCaptureFixture) -> None:
    async with street() as here:
        head = f"POST {web.PATH} HTTP/1.1\r\nHost: h\r\nContent-Length: 999\r\n\r\n{MARK}"
        _, writer = await asyncio.open_connection(HOST, here.port)
        writer.write(head.encode())
        await writer.drain()
        assert (await here.ask("/healthz"))[0] == 200
        writer.close()
        await writer.wait_closed()

    assert "the sender hung up" in log.text
    assert [record for record in log.records if record.levelno >= logging.ERROR] == []
    nobody_heard(here, log)


def test_no_door_is_built_without_a_secret() -> None:
    with pytest.raises(ValueError, match="signing secret"):
        web.door(bolt([]), "", machine_clock, lambda: True)


# What reaches Bolt.


async def test_a_signed_command_reaches_its_listener_and_its_ack_is_the_answer(open_door: Street) -> None:
    assert await open_door.knock() == (200, "On its way.")
    assert [body["text"] for body in open_door.heard] == [MARK]


async def test_a_command_that_speaks_of_a_payload_reaches_its_listener(open_door: Street) -> None:
    body = urlencode({"command": "/plan", "text": "weigh the payload", "team_id": "T0", "user_id": "U0"}).encode()

    assert (await open_door.knock(body))[0] == 200
    assert [body["text"] for body in open_door.heard] == ["weigh the payload"]


async def test_a_signed_event_reaches_its_listener(open_door: Street) -> None:
    event = {"type": "app_home_opened", "user": "U0ANA", "channel": "D0", "tab": "home"}
    body = json.dumps({"type": "event_callback", "team_id": "T0", "event_id": "Ev1", "event": event}).encode()

    assert (await open_door.knock(body, "application/json; charset=utf-8"))[0] == 200
    assert [said["event"]["tab"] for said in open_door.heard] == ["home"]


async def test_a_submission_is_answered_with_the_errors_of_its_fields(open_door: Street) -> None:
    view = {"type": "modal", "callback_id": "plan.form", "id": "V0", "state": {"values": {}}}
    user = {"id": "U0ANA", "team_id": "T0"}
    body = interaction({"type": "view_submission", "team": {"id": "T0"}, "user": user, "view": view})

    status, said = await open_door.knock(body)

    assert status == 200
    assert json.loads(said) == {"response_action": "errors", "errors": {"results": "One line each."}}


async def test_the_same_request_twice_is_heard_twice_because_keys_and_not_the_door_settle_duplicates(
    open_door: Street,
) -> None:
    headers = signed(COMMAND)

    assert (await open_door.knock(headers=headers))[0] == 200
    assert (await open_door.knock(headers=headers | {"X-Slack-Retry-Num": "1"}))[0] == 200
    assert len(open_door.heard) == 2


async def test_slacks_check_of_the_certificate_is_answered(open_door: Street) -> None:
    assert await open_door.knock(b"ssl_check=1&token=legacy") == (200, "")
    assert (await open_door.knock(b"ssl_check=1&token=legacy", headers={}))[0] == 400


async def test_slacks_check_of_the_address_is_answered_with_its_challenge(open_door: Street) -> None:
    body = json.dumps({"type": "url_verification", "token": "legacy", "challenge": "3eZbrw1a"}).encode()

    status, said = await open_door.knock(body, JSON)

    assert (status, json.loads(said)) == (200, {"challenge": "3eZbrw1a"})


async def test_bolt_does_not_verify_again_whatever_its_settings(log: pytest.LogCaptureFixture) -> None:
    async with street(request_verification_enabled=True, signing_secret="another") as here:
        assert await here.knock() == (200, "On its way.")

    assert len(here.heard) == 1
    assert "signature" not in log.text


async def test_no_header_makes_bolt_skip_a_listener(open_door: Street) -> None:
    headers = signed(COMMAND) | {"X-Slack-Bolt-Lazy-Only": "1", "X-Slack-Bolt-Lazy-Function-Name": "plan"}

    assert await open_door.knock(headers=headers) == (200, "On its way.")
    assert len(open_door.heard) == 1


# Whether the process is well.


async def test_health_is_told_without_a_signature_and_readiness_follows_the_bot(open_door: Street) -> None:
    assert await open_door.ask("/readyz") == (200, "ready\n")

    open_door.ready = False

    assert await open_door.ask("/readyz") == (503, "not ready\n")
    assert await open_door.ask("/readyz", "HEAD") == (503, "")
    assert await open_door.ask("/healthz") == (200, "alive\n")
    assert (await open_door.ask("/healthz", "POST"))[0] == 405


async def test_requests_are_taken_while_the_bot_is_not_ready(open_door: Street) -> None:
    open_door.ready = False

    assert (await open_door.knock())[0] == 200


# Whatever is sent.

same_server = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)
slacks_keys = st.sampled_from(
    [
        "type",
        "event",
        "actions",
        "view",
        "callback_id",
        "team",
        "team_id",
        "user",
        "channel",
        "message",
        "authorizations",
        "enterprise",
        "response_url",
        "response_urls",
        "command",
        "function_data",
        "subtype",
        "action_id",
        "text",
        "thread_ts",
        "id",
        "challenge",
        "ssl_check",
        "bot_id",
    ]
)
slacks_words = st.sampled_from(
    [None, "", 5, "T0", "event_callback", "block_actions", "view_submission", "message", "shortcut", "block_suggestion"]
)
slackish = st.recursive(
    slacks_words,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(slacks_keys, inner, max_size=5),
    max_leaves=12,
)
bodies = st.one_of(
    st.dictionaries(slacks_keys, slackish, max_size=6).map(lambda value: json.dumps(value).encode()),
    st.binary(max_size=300),
    st.binary(max_size=300).map(lambda rest: b"{" + rest),
    st.binary(max_size=300).map(lambda rest: b"payload=" + rest),
    json_values.map(lambda value: json.dumps(value).encode()),
    json_values.map(lambda value: b"payload=" + quote(json.dumps(value)).encode()),
)


@same_server
@given(body=bodies, kind=st.sampled_from([FORM, JSON, "text/plain"]))
async def test_no_signed_body_is_a_fault(open_door: Street, body: bytes, kind: str) -> None:
    status, said = await open_door.knock(body, kind)

    assert status < 500
    assert "Traceback" not in said


header_names = st.sampled_from(
    [
        "Accept",
        "Connection",
        "Content-Type",
        "Cookie",
        "Expect",
        "Forwarded",
        "Host",
        "Range",
        "Upgrade",
        "X-Forwarded-For",
        "X-Forwarded-Proto",
        "X-Slack-Bolt-Lazy-Only",
        "X-Slack-Request-Timestamp",
        "X-Slack-Retry-Num",
        "X-Slack-Signature",
    ]
) | st.from_regex(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,30}", fullmatch=True).filter(
    # These say where the body ends; another end than ours would leave the test waiting.
    lambda name: name.lower() not in {"content-length", "transfer-encoding"}
)
header_values = st.one_of(
    st.binary(max_size=80),
    st.sampled_from([b"websocket", b"upgrade", b"100-continue", b"[", b"a]:b", b"9" * 30, b"v0="]),
).map(lambda value: re.sub(rb"[\r\n\0]", b"", value))
header_lines = st.lists(st.tuples(header_names, header_values), max_size=8)


@same_server
@given(first=header_lines, last=header_lines)
async def test_no_header_is_a_fault(
    open_door: Street, first: list[tuple[str, bytes]], last: list[tuple[str, bytes]]
) -> None:
    signing = [(name, value.encode()) for name, value in signed(COMMAND).items()]
    ours = [*signing, ("Content-Length", str(len(COMMAND)).encode()), ("Connection", b"close")]
    lines = b"".join(name.encode() + b": " + value + b"\r\n" for name, value in [*first, *ours, *last])

    said = await open_door.send(f"POST {web.PATH} HTTP/1.1\r\n".encode() + lines + b"\r\n" + COMMAND)

    statuses = [int(status) for status in re.findall(rb"HTTP/1\.1 (\d{3}) ", said)]
    assert statuses
    assert max(statuses) < 500
    assert b"Traceback" not in said


@pytest.mark.parametrize("length", ["abc", "-1", "1e3", "0x10", "", "9" * 30, "5, 6"])
async def test_a_length_that_is_none_is_no_fault(open_door: Street, log: pytest.LogCaptureFixture, length: str) -> None:
    head = f"POST {web.PATH} HTTP/1.1\r\nHost: h\r\nContent-Length: {length}\r\n\r\n{MARK}"

    said = await open_door.send(head.encode())

    assert said.split()[1] in {b"400", b"413"}
    nobody_heard(open_door, log)


# Opening and closing.


async def test_a_port_that_is_taken_is_told_by_its_own_name() -> None:
    with socket.create_server((HOST, 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(web.PortTaken) as told:
            await web.serve(web.door(bolt([]), SECRET, machine_clock, lambda: True), HOST, port)

    assert (told.value.host, told.value.port) == (HOST, port)


async def test_a_door_opens_at_the_host_and_port_that_it_is_told() -> None:
    with web.listen(HOST, 0) as free:
        port = free.getsockname()[1]
    task = asyncio.create_task(web.serve(web.door(bolt([]), SECRET, machine_clock, lambda: True), HOST, port))
    await asyncio.wait([task], timeout=0)  # one turn of the loop: the port is bound before anything is awaited

    async with aiohttp.ClientSession() as session, session.get(f"http://{HOST}:{port}/healthz") as answer:
        assert answer.status == 200
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def nobody_opens(port: int) -> None:
    """Try until the port is closed; a caller who came too early is sent home unheard."""
    async with asyncio.timeout(10):
        while True:
            try:
                _, writer = await asyncio.open_connection(HOST, port)
            except ConnectionRefusedError:
                return
            except ConnectionResetError:
                continue  # the port was closed under this very call
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()


async def test_a_door_that_is_closed_answers_who_stands_in_it_and_lets_nobody_else_in() -> None:
    inside, leave = asyncio.Event(), asyncio.Event()
    app = AsyncApp(authorize=the_app_is_installed, process_before_response=True)

    @app.command("/plan")
    async def plan(ack: Any) -> None:
        inside.set()
        await leave.wait()
        await ack("Saved.")

    listener = web.listen(HOST, 0)
    port = listener.getsockname()[1]
    url = f"http://{HOST}:{port}{web.PATH}"
    task = asyncio.create_task(web.serve_on(web.door(app, SECRET, lambda: NOW, lambda: True), listener))
    async with aiohttp.ClientSession() as session:
        request = asyncio.create_task(session.post(url, data=COMMAND, headers=signed(COMMAND)))
        await inside.wait()

        task.cancel()
        await nobody_opens(port)
        leave.set()

        async with await request as answer:
            assert (answer.status, await answer.text()) == (200, "Saved.")
        with pytest.raises(asyncio.CancelledError):
            await task


async def test_the_signals_stay_with_whoever_runs_the_loop() -> None:
    before = signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)

    async with street() as here:
        assert (await here.ask("/healthz"))[0] == 200
        assert (signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)) == before


async def test_a_good_request_leaves_no_word_of_it_in_the_log(open_door: Street, log: pytest.LogCaptureFixture) -> None:
    assert (await open_door.knock())[0] == 200

    assert MARK not in log.text


# Slack's side, by the sandbox.

FORM_VIEW: dict[str, Any] = {
    "type": "modal",
    "callback_id": "plan.form",
    "title": {"type": "plain_text", "text": "Plan"},
    "submit": {"type": "plain_text", "text": "Save"},
    "blocks": [
        {
            "type": "input",
            "block_id": "results",
            "label": {"type": "plain_text", "text": "Today"},
            "element": {"type": "plain_text_input", "action_id": "text", "multiline": True},
        }
    ],
}
BUTTON = {"type": "button", "action_id": "write", "value": "1", "text": {"type": "plain_text", "text": "Write"}}


async def test_a_morning_passes_over_signed_http_from_command_to_button_to_form_to_receipt() -> None:
    listener = web.listen(HOST, 0)
    url = f"http://{HOST}:{listener.getsockname()[1]}{web.PATH}"
    seed = Seed(app=App(commands=[Command("/plan", "Write a plan")], request_url=url))
    async with Sandbox(seed) as sandbox:
        client = AsyncWebClient(token=seed.app.bot_token, base_url=sandbox.api_url, retry_handlers=[])
        app = AsyncApp(client=client, process_before_response=True, request_verification_enabled=False)

        @app.command("/plan")
        async def plan(ack: Any, command: dict[str, str]) -> None:
            await client.chat_postMessage(
                channel=command["user_id"], text="Good morning", blocks=[{"type": "actions", "elements": [BUTTON]}]
            )
            await ack()

        @app.action("write")
        async def write(ack: Any, body: dict[str, Any]) -> None:
            await client.views_open(trigger_id=body["trigger_id"], view=FORM_VIEW)
            await ack()

        @app.view("plan.form")
        async def save(ack: Any, body: dict[str, Any]) -> None:
            typed = body["view"]["state"]["values"]["results"]["text"]["value"]
            if typed == "bad":
                await ack(response_action="errors", errors={"results": "Not that."})
                return
            await client.chat_postMessage(channel=body["user"]["id"], text=f"Saved: {typed}")
            await ack()

        asgi = web.door(app, seed.app.signing_secret, machine_clock, lambda: True)
        task = asyncio.create_task(web.serve_on(asgi, listener))
        ana = sandbox.person("U0ANA")

        assert (await ana.command("/plan", "about the payload", channel="C0GENERAL")).ok
        assert (await ana.click(ana.dm()[-1], "write")).ok
        assert (await ana.submit(values={"results": "bad"})).errors == {"results": "Not that."}
        assert (await ana.submit(values={"results": "call five people"})).ok
        assert ana.view is None
        assert ana.dm()[-1]["text"] == "Saved: call five people"

        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert not (await ana.command("/plan", channel="C0GENERAL")).ok
