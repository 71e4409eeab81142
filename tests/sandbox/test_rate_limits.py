"""Rate limits: on by default, per method and per channel, switchable."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import Sandbox
from tests.sandbox.support import SEED, error_of, section


async def limited(sandbox: Sandbox, method: str, arguments: dict[str, object], times: int) -> int:
    """Return how many of so many calls were accepted before the first 429."""
    client = AsyncWebClient(token=SEED.app.bot_token, base_url=sandbox.api_url)
    refusal: Any = None
    accepted = 0
    while refusal is None and accepted < times:
        try:
            await client.api_call(method, json=arguments)
        except SlackApiError as error:
            refusal = error.response
        else:
            accepted += 1
    if refusal is not None:
        assert (refusal.status_code, refusal["error"]) == (429, "ratelimited")
        assert int(refusal.headers["Retry-After"]) >= 1
    return accepted


@pytest.mark.parametrize(
    ("method", "arguments", "floor"),
    [
        ("users.list", {}, 20),
        ("conversations.info", {"channel": "C0TEAM"}, 50),
        ("users.info", {"user": "U0ANA"}, 100),
        ("views.publish", {"user_id": "U0ANA", "view": {"type": "home", "blocks": [section()]}}, 100),
    ],
)
async def test_a_method_answers_429_past_the_floor_of_its_tier(
    sandbox: Sandbox, method: str, arguments: dict[str, object], floor: int
) -> None:
    accepted = await limited(sandbox, method, arguments, floor + 20)
    assert floor <= accepted < floor + 20


async def test_one_channel_takes_a_burst_of_posts_and_then_one_a_second(sandbox: Sandbox) -> None:
    accepted = await limited(sandbox, "chat.postMessage", {"channel": "C0TEAM", "text": "x"}, 20)
    assert 10 <= accepted < 15
    client = AsyncWebClient(token=SEED.app.bot_token, base_url=sandbox.api_url)
    assert (await client.chat_postMessage(channel="U0ANA", text="Another channel still works"))["ok"]


async def test_other_methods_go_on_when_one_is_limited(sandbox: Sandbox, client: AsyncWebClient) -> None:
    await limited(sandbox, "users.list", {}, 40)
    assert (await client.users_info(user="U0ANA"))["ok"]


async def test_limits_can_be_switched_off() -> None:
    async with Sandbox(SEED, rate_limits=False) as sandbox:
        posts = [limited(sandbox, "chat.postMessage", {"channel": "C0TEAM", "text": "x"}, 20) for _ in "ab"]
        assert await asyncio.gather(*posts) == [20, 20]


async def test_history_is_limited_for_commercial_apps_outside_the_marketplace() -> None:
    seed = replace(SEED, app=replace(SEED.app, history_limited=True))
    async with Sandbox(seed) as sandbox:
        for number in range(20):
            await sandbox.person("U0ANA").say(str(number), "C0TEAM")
        client = AsyncWebClient(token=SEED.app.bot_token, base_url=sandbox.api_url)
        page = await client.conversations_history(channel="C0TEAM", limit=200)
        assert len(page["messages"]) == 15
        again = client.conversations_history(channel="C0TEAM")
        assert await error_of(again) == "ratelimited"
