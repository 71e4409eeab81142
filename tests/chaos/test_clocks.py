"""Clocks that step, stop or disagree; a scheduler that falls silent; a process frozen longer than its lease."""

import asyncio
import signal
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot import slack
from bot.app import RITUALS, TROUBLES
from bot.clock import machine_clock
from bot.delivery import LEASE, Delivery
from bot.scheduler import ClockWrong, Rhythm, Scheduler
from tests.chaos.town import AFTER_A_DEATH, Crew, Town, Verdict, tell, town, until

HOUR = timedelta(hours=1)
STEPS = (-HOUR, 3 * HOUR, timedelta(0), -2 * HOUR, HOUR)


class Watch:
    """A clock whose hands the test moves."""

    def __init__(self, place: Town) -> None:
        self._place = place
        self.off = timedelta(0)

    def ritual(self) -> datetime:
        return self._place.orders.clock() + self.off

    def machine(self) -> datetime:
        return machine_clock() + self.off


@asynccontextmanager
async def scheduled(place: Town, watch: Watch, rhythm: Rhythm) -> AsyncIterator[Scheduler]:
    """A scheduler that goes by the watch; it is not started."""
    async with slack.connect("xoxb-test", place.sandbox.api_url) as client:
        delivery = Delivery(place.database, client, watch.ritual, paced=False, machine=watch.machine)
        yield Scheduler(
            place.database,
            RITUALS,
            watch.ritual,
            delivery,
            TROUBLES,
            machine=watch.machine,
            rhythm=rhythm,
        )


async def test_a_clock_that_steps_back_and_ahead_asks_nobody_twice(sqlite_url_of: str) -> None:
    async with town(sqlite_url_of, 30, at="08:29") as place:
        await place.know_dms()
        watch = Watch(place)
        async with scheduled(place, watch, Rhythm()) as one:
            for step in (timedelta(minutes=2), *STEPS):
                watch.off += step
                await one.tick()
                await one.sweep()
                while await one._delivery.drain():
                    pass

        # The manager's card and the channel's line came due on the way.
        assert (await place.verdict(prompts=True)).counted() == Verdict(32, 32, 0, 0)


@pytest.mark.parametrize("step", [-HOUR, 3 * HOUR])
async def test_a_host_whose_clock_is_wrong_plans_nothing_until_it_is_right(
    postgres_url_of: str, step: timedelta
) -> None:
    async with town(postgres_url_of, 5, at="08:31") as place:
        await place.know_dms()
        watch = Watch(place)
        async with scheduled(place, watch, Rhythm()) as one:
            watch.off = step
            with pytest.raises(ClockWrong):
                await one.tick()
            assert await place.unopened() == 5

            watch.off = timedelta(0)
            await one.tick()
            await one._delivery.drain()

        assert (await place.verdict(prompts=True)).counted() == Verdict(5, 5, 0, 0)


async def silent(place: Town, rhythm: Rhythm, seconds: float) -> bool:
    """Put a running scheduler where a clock that is set back an hour leaves it; return whether it came back."""
    watch = Watch(place)
    async with scheduled(place, watch, rhythm) as one:
        one.start()
        try:
            await until(lambda: one.healthy and one._ticked_at)
            # Its next run lies an hour ahead of the machine's time: that is all that APScheduler sees of the step.
            for job in ("plan", "sweep"):
                one._ticks.modify_job(job, next_run_time=machine_clock() + HOUR)
            before = one._ticked_at
            red = asyncio.create_task(until(lambda: not one.healthy, seconds, 0.001))
            try:
                await until(lambda: one._ticked_at > before + 0.001, seconds, 0.01)
                await red
            except AssertionError:
                return False
            finally:
                red.cancel()
            await until(lambda: one.healthy)
            return True
        finally:
            one.stop()


async def test_the_watchdog_wakes_a_scheduler_that_a_clock_set_back_has_silenced(
    database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with town(database_url, 1) as place:
        assert await silent(place, Rhythm(plan=0.2, sweep=0.2, watch=0.1, silent=0.6), 20)
    assert "the scheduler has been silent" in caplog.text


async def test_without_the_watchdog_it_stays_silent(database_url: str) -> None:
    async with town(database_url, 1) as place:
        assert not await silent(place, Rhythm(plan=0.2, sweep=0.2, watch=3600, silent=0.6), 3)


@pytest.mark.chaos
async def test_a_process_frozen_for_longer_than_its_lease_doubles_at_most_what_it_had_on_the_wire(
    postgres_url_of: str, crew: Crew
) -> None:
    """The documented residue: one message per call in flight, and Slack gives no client a fencing token.

    Not on SQLite: a process that is frozen with the file's one lock stops everybody, and there is only one process.
    """
    people = 60
    async with town(postgres_url_of, people) as place:
        await place.know_dms()
        place.sandbox.faults.add("chat.postMessage", "delay", count=None, seconds=0.05)
        frozen = crew.start(place.orders)
        await until(lambda: len(place.sandbox.posts) >= 10)
        crew.send(frozen, signal.SIGSTOP)
        # The other's clock is ahead and takes the lease for over at once; the frozen one's own must have run out, too.
        over = time.monotonic() + LEASE.total_seconds() / place.orders.speed
        crew.start(replace(place.orders, ahead=AFTER_A_DEATH))
        await place.settled(people)
        await until(lambda: time.monotonic() > over)
        crew.send(frozen, signal.SIGCONT)
        crew.send(frozen, signal.SIGTERM)  # it ends when its batch is through
        await crew.gone(frozen)
        await place.settled(people)
        verdict = await place.verdict(prompts=True)
        tell(f"A sender frozen for longer than its lease: {verdict.doubled} of {people} doubled; 8 calls in flight.")

        assert verdict.lost == 0
        assert verdict.doubled <= 8


async def skewed(crew: Crew, url: str, *, shares: bool) -> Verdict:
    """Two workers whose clocks are nearly a minute apart send one fan-out, slowly."""
    async with town(url, 50) as place:
        await place.know_dms()
        place.sandbox.faults.add("chat.postMessage", "delay", count=None, seconds=0.8)
        behind = replace(place.orders, shares=shares)
        crew.start(behind)
        await until(lambda: len(place.sandbox.posts) >= 2)
        # One second more, and it would plan nothing; that is no help against its leases.
        crew.start(replace(behind, skew=59))
        await place.settled(50)
        return await place.verdict(prompts=True)


@pytest.mark.chaos
async def test_hosts_whose_clocks_are_a_minute_apart_take_no_lease_from_each_other(
    postgres_url_of: str, crew: Crew
) -> None:
    verdict = await skewed(crew, postgres_url_of, shares=True)

    assert verdict.counted() == Verdict(50, 50, 0, 0)
    assert "were left by a lost sender" not in crew.log.read_text()


@pytest.mark.chaos
async def test_leases_on_each_hosts_own_clock_double_messages(postgres_url_of: str, crew: Crew) -> None:
    verdict = await skewed(crew, postgres_url_of, shares=False)

    assert verdict.lost == 0
    assert verdict.doubled > 0
    assert "were left by a lost sender" in crew.log.read_text()


async def test_a_batch_that_outlived_its_lease_is_given_back_unsent(database_url: str) -> None:
    async with town(database_url, 10) as place, slack.connect("xoxb-test", place.sandbox.api_url) as client:
        await place.know_dms()
        await place.enqueue([f"line:{number}" for number in range(10)])
        passed = [timedelta(0)]

        def machine() -> datetime:
            passed[0] += LEASE / 8
            return machine_clock() + passed[0]

        slow = Delivery(place.database, client, place.orders.clock, paced=False, machine=machine)
        await slow.drain()
        states = Counter((await place.states()).values())

        assert states["ready"] > 0
        assert states["sent"] == len(place.sandbox.posts) == 10 - states["ready"]
