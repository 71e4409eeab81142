"""What a network and Slack can do to a call, behind the real SDK: each person still gets each message once."""

import asyncio
import contextlib
import time
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from bot import slack
from bot.clock import machine_clock
from bot.delivery import Delivery
from bot.slack import CALL_SECONDS, Refused
from sandbox.rate_limits import Bucket
from storage import aftermath
from storage.outbox import Policy
from tests.chaos.town import Town, Verdict, tell, town

LATER = timedelta(minutes=1)
DELAY = 1.5
"""Seconds after which a delayed call is taken, when `Hasty` has given up on it."""
FAULTS = ("refuse", "drop_reply", "error_after", "unavailable", "rate_limit", "delay")


class Hasty(slack.Slack):
    """Gives up on a call after a second instead of ten."""

    async def call(self, method: str, arguments: Any, seconds: float = CALL_SECONDS) -> dict[str, Any]:
        return await super().call(method, arguments, seconds / 10)


class Sender:
    """Delivery by hand, with a clock that the test moves."""

    def __init__(self, place: Town, client: slack.Slack, *, reconciles: bool = True) -> None:
        self.ahead = timedelta(0)
        self._reconciles = reconciles
        self._place = place
        self.delivery = Delivery(
            place.database,
            client,
            lambda: place.orders.clock() + self.ahead,
            paced=False,
            machine=lambda: machine_clock() + self.ahead,
        )

    async def to_the_end(self) -> None:
        """Send, look and wait until nothing is left to do."""
        for _ in range(40):
            while await self.delivery.drain():
                pass
            # The clock jumps, but a delayed call does not: let it arrive, as it would in that time.
            await asyncio.sleep(DELAY / 2)
            self.ahead += LATER
            if self._reconciles:
                await self.delivery.look()
            else:
                await self._forget()
            states = Counter((await self._place.states()).values())
            if not states["ready"] + states["sending"] + states["unknown"]:
                return
        raise AssertionError(states)

    async def _forget(self) -> None:
        for message in await self._place.write(aftermath.uncertain, machine_clock() + self.ahead, 500):
            await self._place.write(aftermath.unknowable, message)


async def faulty(database_url: str, people: int, *, reconciles: bool = True) -> Verdict:
    """Every fault strikes at random while everybody is written to."""
    async with town(database_url, people) as place, slack.connect("xoxb-test", place.sandbox.api_url) as plain:
        await place.know_dms()
        await place.enqueue([f"prompt:{number}" for number in range(people)])
        for kind in FAULTS:
            place.sandbox.faults.add("chat.postMessage", kind, count=people // 6, chance=0.2, seconds=DELAY)  # type: ignore[arg-type]
            place.sandbox.faults.add("conversations.history", kind, count=3, chance=0.1, seconds=DELAY)  # type: ignore[arg-type]
        client = Hasty(plain.session, "xoxb-test", place.sandbox.api_url)
        await Sender(place, client, reconciles=reconciles).to_the_end()
        return await place.verdict()


async def test_any_mix_of_faults_leaves_exactly_one_of_each(database_url: str) -> None:
    assert (await faulty(database_url, 60)).counted() == Verdict(60, 60, 0, 0)


@pytest.mark.chaos
async def test_without_reconciling_the_same_faults_double_messages(database_url: str) -> None:
    verdict = await faulty(database_url, 60, reconciles=False)

    assert verdict.lost == 0
    assert verdict.doubled > 0


@pytest.mark.parametrize(("kind", "copies"), [("refuse", 1), ("drop_reply", 1), ("error_after", 1), ("delay", 1)])
async def test_a_single_fault_leaves_one_copy(database_url: str, kind: str, copies: int) -> None:
    async with town(database_url, 1) as place, slack.connect("xoxb-test", place.sandbox.api_url) as plain:
        await place.know_dms()
        await place.enqueue(["prompt"])
        place.sandbox.faults.add("chat.postMessage", kind, seconds=DELAY)  # type: ignore[arg-type]
        client = Hasty(plain.session, "xoxb-test", place.sandbox.api_url)
        sender = Sender(place, client)
        await sender.delivery.drain()
        if kind != "refuse":
            await place.sandbox.until(lambda: place.sent()["prompt"])
        await sender.to_the_end()

        assert place.sent() == Counter({"prompt": copies})


@pytest.mark.parametrize(("policy", "copies"), [(Policy.RESEND, 2), (Policy.DROP, 1)])
async def test_the_very_first_message_to_somebody_follows_its_policy(
    database_url: str, policy: Policy, copies: int
) -> None:
    """The residue: nobody knows their DM yet, so nobody can look."""
    async with town(database_url, 1) as place, slack.connect("xoxb-test", place.sandbox.api_url) as client:
        await place.enqueue(["first"], policy)
        place.sandbox.faults.add("chat.postMessage", "drop_reply")
        await Sender(place, client).to_the_end()

        assert place.sent() == Counter({"first": copies})


class Timed(slack.Slack):
    """Notes when each post began, and until when Slack then asked to wait."""

    def __init__(self, client: slack.Slack, api_url: str) -> None:
        super().__init__(client.session, "xoxb-test", api_url)
        self.began: list[float] = []
        self.holds: list[tuple[float, float]] = []

    async def call(self, method: str, arguments: Any, seconds: float = CALL_SECONDS) -> dict[str, Any]:
        self.began.append(time.monotonic())
        try:
            return await super().call(method, arguments, seconds)
        except Refused as refused:
            if refused.after is not None:
                now = time.monotonic()
                self.holds.append((now, now + refused.after.total_seconds()))
            raise

    @property
    def too_soon(self) -> int:
        """Calls that began while Slack asked to wait."""
        return sum(any(since < at < until for since, until in self.holds) for at in self.began)


async def limited(database_url: str, people: int, bucket: tuple[float, float]) -> tuple[Verdict, Timed]:
    """Everybody at once, from a Slack that lets `bucket` (calls a minute, burst) through."""
    async with (
        town(database_url, people, rate_limits=True) as place,
        slack.connect("xoxb-test", place.sandbox.api_url) as client,
    ):
        place.sandbox.rate_limits._buckets["chat.postMessage"] = Bucket(*bucket)
        await place.know_dms()
        await place.enqueue([f"prompt:{number}" for number in range(people)])
        timed = Timed(client, place.sandbox.api_url)
        delivery = Delivery(place.database, timed, place.orders.clock)
        running = asyncio.create_task(delivery.run())
        await place.settled(people, 180)
        delivery.stop()
        await running
        return await place.verdict(), timed


@pytest.mark.chaos
async def test_a_fan_out_beyond_slacks_rate_obeys_retry_after_and_loses_and_doubles_nothing(database_url: str) -> None:
    verdict, timed = await limited(database_url, 40, (120, 8))

    assert verdict.counted() == Verdict(40, 40, 0, 0)
    assert timed.holds
    assert timed.too_soon == 0


@pytest.mark.chaos
async def test_a_sender_that_does_not_wait_is_seen_to_be_too_soon(database_url: str) -> None:
    async with (
        town(database_url, 20, rate_limits=True) as place,
        slack.connect("xoxb-test", place.sandbox.api_url) as client,
    ):
        place.sandbox.rate_limits._buckets["chat.postMessage"] = Bucket(120, 4)
        timed = Timed(client, place.sandbox.api_url)
        for person in place.people:
            with contextlib.suppress(Refused):
                await timed.call("chat.postMessage", {"channel": person.slack_id, "text": "Hello"})

        assert timed.too_soon > 0


@pytest.mark.chaos
async def test_five_hundred_prompts_in_a_minute_obey_retry_after_and_none_is_dropped_or_doubled(
    database_url: str,
) -> None:
    began = time.monotonic()
    verdict, timed = await limited(database_url, 500, (300, 100))

    assert verdict.counted() == Verdict(500, 500, 0, 0)
    assert timed.too_soon == 0
    seconds = time.monotonic() - began
    tell(f"500 prompts at 300 a minute, burst 100: {seconds:.0f} s, {len(timed.holds)} refused with Retry-After.")


async def test_an_uncertain_message_is_found_below_many_newer_ones(database_url: str) -> None:
    async with town(database_url, 1) as place, slack.connect("xoxb-test", place.sandbox.api_url) as client:
        await place.know_dms()
        await place.enqueue(["prompt"])
        place.sandbox.faults.add("chat.postMessage", "drop_reply")
        sender = Sender(place, client)
        await sender.delivery.drain()
        for number in range(30):
            await client.call("chat.postMessage", {"channel": place.people[0].slack_id, "text": f"Line {number}"})
        await sender.to_the_end()

        assert place.sent() == Counter({"prompt": 1})
