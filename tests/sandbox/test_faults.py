"""Faults on demand: each is visible to the real client, counted and repeatable."""

import asyncio
from typing import Any

import aiohttp
import pytest
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import Sandbox
from tests.sandbox.support import SEED, Connect, Json, error_of

KEYED = {"event_type": "sent", "event_payload": {"key": "one"}}


def post(client: AsyncWebClient, text: str = "x") -> Any:
    return client.chat_postMessage(channel="C0TEAM", text=text, metadata=KEYED)


async def test_a_refused_call_did_nothing(sandbox: Sandbox, client: AsyncWebClient) -> None:
    sandbox.faults.add("chat.postMessage", "refuse")
    with pytest.raises(aiohttp.ClientError):
        await post(client)
    assert sandbox.messages("C0TEAM") == []
    assert (await post(client))["ok"]


async def test_a_dropped_reply_hides_what_was_done(sandbox: Sandbox, client: AsyncWebClient) -> None:
    sandbox.faults.add("chat.postMessage", "drop_reply")
    with pytest.raises(aiohttp.ClientError):
        await post(client)
    assert sandbox.count_posts("key") == {"one": 1}


async def test_the_default_client_posts_twice_when_a_reply_is_dropped(sandbox: Sandbox) -> None:
    sandbox.faults.add("chat.postMessage", "drop_reply")
    client = AsyncWebClient(token=SEED.app.bot_token, base_url=sandbox.api_url)
    assert (await post(client))["ok"]
    assert sandbox.count_posts("key") == {"one": 2}


async def test_an_error_after_accepting_is_a_500_for_a_message_that_is_there(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    sandbox.faults.add("chat.*", "error_after")
    with pytest.raises(SlackApiError) as raised:
        await post(client)
    assert raised.value.response.status_code == 500
    assert len(sandbox.messages("C0TEAM")) == 1


async def test_unavailable_limited_and_failing_answers_did_nothing(sandbox: Sandbox, client: AsyncWebClient) -> None:
    sandbox.faults.add("chat.postMessage", "unavailable")
    sandbox.faults.add("chat.postMessage", "rate_limit", seconds=7)
    sandbox.faults.add("chat.postMessage", "fail", error="message_limit_exceeded")
    statuses: list[tuple[int, str | None]] = []
    for _ in range(3):
        with pytest.raises(SlackApiError) as raised:
            await post(client)
        response = raised.value.response
        statuses.append((response.status_code, response.headers.get("Retry-After")))
    assert statuses == [(503, None), (429, "7"), (200, None)]
    assert sandbox.messages("C0TEAM") == []


async def test_history_can_be_refused(sandbox: Sandbox, client: AsyncWebClient) -> None:
    sandbox.faults.add("conversations.history", "fail", error="missing_scope", count=None)
    for _ in range(2):
        assert await error_of(client.conversations_history(channel="C0TEAM")) == "missing_scope"


async def test_a_delayed_call_is_overtaken(sandbox: Sandbox, client: AsyncWebClient) -> None:
    sandbox.faults.add("chat.postMessage", "delay", seconds=0.2)
    slow = asyncio.create_task(post(client, "slow"))
    await sandbox.until(lambda: sandbox.faults.rules[0].struck)
    await post(client, "quick")
    await slow
    assert [message["text"] for message in sandbox.messages("C0TEAM")] == ["quick", "slow"]


async def test_a_fault_can_wait_and_strike_by_chance_the_same_way_for_one_seed() -> None:
    patterns: list[list[bool]] = []
    for _ in range(2):
        async with Sandbox(SEED, random_seed=7, rate_limits=False) as sandbox:
            client = AsyncWebClient(token=SEED.app.bot_token, base_url=sandbox.api_url, retry_handlers=[])
            rule = sandbox.faults.add("users.info", "fail", count=None, after=2, chance=0.5)
            pattern: list[bool] = []
            for _number in range(12):
                before = rule.struck
                try:
                    await client.users_info(user="U0ANA")
                except SlackApiError:
                    assert rule.struck == before + 1
                pattern.append(rule.struck > before)
            patterns.append(pattern)
    assert patterns[0] == patterns[1]
    assert patterns[0][:2] == [False, False]
    assert True in patterns[0]


async def test_events_can_come_twice_and_out_of_order(sandbox: Sandbox, bolt: AsyncApp, connect: Connect) -> None:
    texts: list[str] = []

    @bolt.event("message")
    async def note(event: Json) -> None:
        texts.append(event["text"])

    await connect(bolt)
    ana = sandbox.person("U0ANA")
    sandbox.faults.add("events_api:message", "duplicate")
    await ana.say("twice")
    await sandbox.until(lambda: len(sandbox.deliveries) == 1 and len(texts) == 2)
    sandbox.faults.add("events_api:message", "reorder")
    await ana.say("first")
    await ana.say("second")
    await sandbox.until(lambda: len(sandbox.deliveries) == 3 and len(texts) == 4)
    assert texts == ["twice", "twice", "second", "first"]


async def test_an_interaction_can_be_lost(sandbox: Sandbox, bolt: AsyncApp, connect: Connect) -> None:
    await connect(bolt)
    sandbox.faults.add("slash_commands:/plan", "lose")
    assert (await sandbox.person("U0ANA").command("/plan")).error == "operation_timeout"


async def control(sandbox: Sandbox, http_method: str, path: str, body: Json | None = None) -> tuple[int, Json]:
    url = f"{sandbox.url}/control/{path}"
    async with aiohttp.ClientSession() as session, session.request(http_method, url, json=body) as response:
        return response.status, await response.json()


async def test_everything_can_be_controlled_from_outside(sandbox: Sandbox, client: AsyncWebClient) -> None:
    rule = {"on": "chat.postMessage", "kind": "fail", "error": "fatal_error"}
    assert (await control(sandbox, "POST", "faults", rule))[0] == 200
    assert await error_of(post(client)) == "fatal_error"
    assert (await control(sandbox, "GET", "faults"))[1]["faults"][0]["struck"] == 1
    await control(sandbox, "DELETE", "faults")
    assert (await control(sandbox, "GET", "faults"))[1] == {"faults": []}
    await post(client)
    assert (await control(sandbox, "GET", "posts?by=key"))[1] == {"total": 1, "counts": {"one": 1}}
    skewed = (await control(sandbox, "POST", "clock", {"skew_seconds": 86400}))[1]
    assert skewed["ok"]
    assert (await control(sandbox, "POST", "rate_limits", {"enabled": False}))[1]["enabled"] is False
    assert (await control(sandbox, "POST", "sockets", {"do": "drop"}))[1]["connections"] == 0


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("faults", {"on": "x", "kind": "earthquake"}),
        ("faults", {"what": "x"}),
        ("sockets", {"do": "melt"}),
        ("clock", {"skew_seconds": "soon"}),
    ],
)
async def test_a_wrong_control_is_refused(sandbox: Sandbox, path: str, body: Json) -> None:
    assert (await control(sandbox, "POST", path, body))[0] == 400
