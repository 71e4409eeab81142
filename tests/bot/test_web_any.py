"""Whatever is sent to the door, it is no fault."""

import json
import re
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot import web
from tests.bot.street import (
    COMMAND,
    FORM,
    JSON,
    MARK,
    Street,
    nobody_heard,
    signed,
)

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
