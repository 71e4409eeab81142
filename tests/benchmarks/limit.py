"""fanout-limit: a fan-out into a Slack with limits, until the pace has found what is allowed."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack

from bot import slack as slack_api
from bot.delivery import POST, Delivery
from sandbox import Sandbox
from sandbox.seed import App, Seed, Team, User
from storage.database import Database
from tests.benchmarks import fanout
from tests.benchmarks.company import Company, slack_id
from tests.benchmarks.places import Places
from tests.benchmarks.table import Figure
from tests.factories import NOW, WORKSPACE

PER_MINUTE, BURST = 300, 30
SECONDS = 100.0
MUST = 0.95


async def fanout_limit(places: Places) -> Sequence[Figure]:
    """What got through after the first refusal against what the limit refilled in that time; and the 429s by minute."""
    people = fanout.MESSAGES
    users = tuple(User(slack_id(number), f"rep{number}", f"Rep {number}") for number in range(people))
    seed = Seed(team=Team(WORKSPACE, "Nordlicht", "nordlicht"), users=users, app=App(bot_token="xoxb-bench"))
    async with AsyncExitStack() as stack:
        (url,) = stack.enter_context(places.databases("SQLite", Company(0), 1))
        fanout.fill(url, 0)
        sandbox = await stack.enter_async_context(Sandbox(seed, posts_per_minute=(PER_MINUTE, BURST)))
        slack = await stack.enter_async_context(slack_api.connect("xoxb-bench", sandbox.api_url))
        database = Database(url)
        stack.push_async_callback(database.close)
        delivery = Delivery(database, slack, lambda: NOW)
        sending = asyncio.create_task(delivery.run())
        samples = [sample async for sample in _watched(sandbox)]
        delivery.stop()
        await sending
    return _figures(samples)


Sample = tuple[float, int, int]
"""Seconds since the start, posts accepted, posts refused."""


async def _watched(sandbox: Sandbox) -> AsyncIterator[Sample]:
    started = time.perf_counter()
    while (now := time.perf_counter() - started) < SECONDS:
        posts = [call.ok for call in sandbox.calls if call.method == POST]
        yield now, sum(posts), len(posts) - sum(posts)
        await asyncio.sleep(0.1)


def _figures(samples: Sequence[Sample]) -> Sequence[Figure]:
    since, before, _ = next(sample for sample in samples if sample[2])
    end, accepted, _ = samples[-1]
    got, allowed = (accepted - before) / (end - since), PER_MINUTE / 60
    name = f"posts a second in the {end - since:.0f} s after the first 429, of what refills"
    rate = Figure("fanout-limit", name, got, allowed, got / allowed, f"≥ {MUST:g}", got / allowed >= MUST)
    most = max(_refused_at(samples, min(at + 60, end)) - seen for at, _, seen in samples if at >= since)
    again = Figure("fanout-limit", "429s in any minute after the first", most, None, None, "≤ 1", most <= 1, "")
    return [rate, again]


def _refused_at(samples: Sequence[Sample], moment: float) -> int:
    return max(refused for at, _, refused in samples if at <= moment)
