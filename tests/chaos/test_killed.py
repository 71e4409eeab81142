"""Workers killed with SIGKILL, at every named point and at random instants (F101)."""

import asyncio
import contextlib
import random
from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.chaos.town import AFTER_A_DEATH, Crew, Town, Verdict, tell, town, until

POINTS = (
    ("plan:before", 1),
    ("plan:after", 1),
    ("open_due:before", 1),
    ("open_due:after", 1),
    ("take:before", 1),
    ("take:after", 1),
    ("chat.postMessage:before", 3),
    ("chat.postMessage:after", 3),
    ("_keep:before", 1),
    ("_keep:after", 1),
    ("reap:before", 1),
    ("conversations.history:after", 2),
    ("looked:before", 1),
    ("looked:after", 3),
)
"""Before and after every commit and every call between a minute that comes and a message that is recorded."""
DICE = 20261123


def calls_exceed(place: Town, count: int) -> Callable[[], bool]:
    """Whether Slack was called more often than this."""
    return lambda: len(place.sandbox.calls) > count


async def killed(
    crew: Crew,
    database_url: str,
    people: int,
    kills: int,
    *,
    role: str = "loop",
    reconciles: bool = True,
    patience: float = 1.0,
    workers: int = 1,
    more: int = 0,
) -> Verdict:
    """Ask everybody while a worker is killed at random instants, then let one live to the end.

    `more` is how many messages come due for each kill, so that there is always something to interrupt.
    """
    dice = random.Random(DICE)  # noqa: S311 - repeatable
    # Workers that live at once must agree on the time: for them it runs faster instead of leaping at a death.
    speed, leap = (5.0, AFTER_A_DEATH) if workers == 1 else (20.0, 0.0)
    async with town(database_url, people, speed=speed) as place:
        await place.know_dms()
        orders = replace(place.orders, role=role, reconciles=reconciles)
        pids: list[int] = []
        interrupted = 0
        for death in range(kills):
            place.sandbox.faults.add("chat.postMessage", "delay", count=None, seconds=0.05)
            await place.enqueue([f"line:{death}:{number}" for number in range(more)])
            before = len(place.sandbox.calls)
            left = people + (death + 1) * more - len(place.sent())
            last = before + dice.randint(1, min(left, 2 * people // 3) + 2)
            pids += [crew.start(replace(orders, ahead=death * leap)) for _ in range(workers - len(pids))]
            await until(calls_exceed(place, before), pause=0.002)
            with contextlib.suppress(AssertionError):  # it has nothing left to do until its next look
                await until(calls_exceed(place, last - 1), patience, 0.002)
            await asyncio.sleep(dice.uniform(0, 0.05))
            await crew.kill(pids.pop(dice.randrange(workers)))
            interrupted += len(place.sent()) < people + (death + 1) * more
            place.sandbox.faults.clear()
        pids.append(crew.start(replace(orders, ahead=kills * leap)))
        await place.settled(people + kills * more)
        for pid in pids:
            await crew.kill(pid)
        verdict = await place.verdict(prompts=True)
        who = "the worker" if workers == 1 else f"one of {workers} workers"
        tell(f"{kills} kills of {who}, {interrupted} of them before all was out: {verdict}.")
        return verdict


async def test_ten_random_kills_lose_and_double_nothing(database_url: str, crew: Crew) -> None:
    verdict = (await killed(crew, database_url, people=60, kills=10, more=3)).counted()

    assert verdict == Verdict(90, 90, 0, 0)


@pytest.mark.chaos
async def test_without_reconciling_the_same_kills_double_messages(database_url: str, crew: Crew) -> None:
    verdict = await killed(crew, database_url, people=60, kills=2, reconciles=False, patience=30)

    assert verdict.lost == 0
    assert verdict.doubled > 0
    tell(f"So it is with reconciling switched off: {verdict.doubled} of {verdict.due} doubled.")


async def test_a_kill_at_each_named_point_loses_and_doubles_nothing(database_url: str, crew: Crew) -> None:
    async with town(database_url, 24) as place:
        await place.know_dms()
        for death, (point, visit) in enumerate(POINTS):
            orders = replace(place.orders, ahead=death * AFTER_A_DEATH, kill_at=point, kill_on=visit)
            await crew.gone(crew.start(orders))
            await place.enqueue([f"{point}:{number}" for number in range(4)])
        crew.start(replace(place.orders, ahead=len(POINTS) * AFTER_A_DEATH))
        await place.settled(24 + 4 * len(POINTS))

        assert (await place.verdict(prompts=True)).counted() == Verdict(80, 80, 0, 0)


@pytest.mark.chaos
async def test_fifty_kills_in_a_fan_out_of_a_hundred_leave_each_person_with_exactly_one(
    database_url: str, crew: Crew
) -> None:
    verdict = (await killed(crew, database_url, people=100, kills=50, more=2)).counted()

    assert verdict == Verdict(200, 200, 0, 0)


@pytest.mark.chaos
async def test_two_hundred_random_kills_lose_and_double_nothing(database_url: str, crew: Crew) -> None:
    """Of one of two workers on PostgreSQL; SQLite is only ever given one."""
    workers = 1 if database_url.startswith("sqlite") else 2
    verdict = (await killed(crew, database_url, people=400, kills=200, workers=workers, more=4)).counted()

    assert verdict == Verdict(1200, 1200, 0, 0)
