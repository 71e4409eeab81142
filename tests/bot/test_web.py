"""The door by real HTTP on loopback: what it refuses, and what reaches Bolt."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from datetime import timedelta
from urllib.parse import urlencode

import pytest

from bot import web
from bot.clock import machine_clock
from sandbox.signed_http import signature
from tests.bot.street import (
    COMMAND,
    FORM,
    HOST,
    JSON,
    MARK,
    MIB,
    NOW,
    SECRET,
    Street,
    bolt,
    interaction,
    nobody_heard,
    signed,
    street,
)

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
