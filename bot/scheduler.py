"""APScheduler wakes the planner; the database says what is due. A tick carries no meaning and never sends."""

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby
from uuid import UUID

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from sqlalchemy.orm import Session

from bot.clock import Clock, machine_clock
from bot.delivery import Delivery, doubt, reap
from bot.ritual import Ritual
from bot.troubles.handlers import Troubles
from storage import aftermath, occurrences, pulse
from storage.database import Database
from storage.occurrences import State

log = logging.getLogger(__name__)

MOST_SKEW = timedelta(seconds=60)
BATCH = 500


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often things happen, in seconds; `silent` is how long without a tick is too long."""

    plan: float = 15
    sweep: float = 10
    watch: float = 5
    silent: float = 45


class ClockWrong(Exception):  # noqa: N818 - reads as the state it names
    """This machine's clock and the database's are too far apart to say what is due."""

    def __init__(self, skew: timedelta) -> None:
        super().__init__(
            f"the database's clock is {skew.total_seconds():.0f} s away from this machine's; nothing is planned"
        )


def open_due(tx: Session, rituals: Sequence[Ritual], now: datetime) -> int:
    """Open what is due, and count as expired what is too late; return how many were settled."""
    due = occurrences.due(tx, now, BATCH)
    openers = {slot: opener for ritual in rituals for slot, opener in ritual.openers.items()}
    outcomes: dict[UUID, tuple[State, str | None]] = {}
    in_time = []
    for item in due:
        expired = item.expires_at <= now
        outcomes[item.id] = (State.EXPIRED, "its time had passed") if expired else (State.OPENED, None)
        if not expired:
            in_time.append(item)
    in_time.sort(key=lambda item: item.slot)
    for slot, group in groupby(in_time, key=lambda item: item.slot):
        skipped = openers[slot](tx, list(group), now)
        outcomes |= {occurrence: (State.SKIPPED, why) for occurrence, why in skipped.items()}
        for moved in (occurrence for occurrence, why in skipped.items() if why is None):
            del outcomes[moved]
    occurrences.close(tx, outcomes)
    return len(due)


async def open_all(
    database: Database, rituals: Sequence[Ritual], now: datetime, opened: Callable[[], None] = lambda: None
) -> None:
    """Plan the coming days, then open all that is due, a batch a transaction; `opened` hears of each batch."""
    for ritual in rituals:
        while await database.write(ritual.plan, now):
            pass
    while await database.write(open_due, rituals, now):
        opened()


async def look_back(database: Database, rituals: Sequence[Ritual], now: datetime, leases: Clock) -> int:
    """The database was put back from a backup: have all that went out since looked for; return how much is.

    What the backup knows only as planned is opened first: then it stands in the outbox, too, and is looked for before
    it is sent.
    """
    await open_all(database, rituals, now)
    return await database.write(doubt, leases)


async def _until_stopped(job: Callable[[], Awaitable[None]]) -> None:
    # At its shutdown APScheduler cancels what runs and logs that as a fault.
    with contextlib.suppress(asyncio.CancelledError):
        await job()


class Scheduler:
    """Ticks. Zero, one or five of them, in one or five processes, write the same rows."""

    def __init__(
        self,
        database: Database,
        rituals: Sequence[Ritual],
        clock: Clock,
        delivery: Delivery,
        troubles: Troubles,
        *,
        machine: Clock = machine_clock,
        leases: Clock | None = None,
        rhythm: Rhythm = Rhythm(),
    ) -> None:
        """`clock` is ritual time; `machine` is compared with the database's clock; `leases` says when one is over."""
        self._machine = machine
        self._leases = leases or machine
        self._rhythm = rhythm
        self._database = database
        self._rituals = rituals
        self._clock = clock
        self._delivery = delivery
        self._troubles = troubles
        self._ticks = AsyncIOScheduler(timezone=UTC)
        self._ticked_at = time.monotonic()
        self._watchdog: asyncio.Task[None] | None = None
        self.healthy = True
        self.wake: Callable[[], None] = delivery.wake

    def start(self) -> None:
        """Begin to tick, at once."""
        options = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        jobs = ((self._tick_safely, self._rhythm.plan, "plan"), (self.sweep, self._rhythm.sweep, "sweep"))
        for job, seconds, name in jobs:
            self._ticks.add_job(_until_stopped, "interval", args=[job], seconds=seconds, id=name, **options)
        self._ticks.start()
        self.tick_now()
        self._watchdog = asyncio.create_task(self._watch())

    def every(self, seconds: float, job: Callable[[], Awaitable[None]], name: str) -> None:
        """Have a job run now and then, beginning at once when the ticks do."""
        options = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        soon = machine_clock()
        self._ticks.add_job(
            _until_stopped, "interval", args=[job], seconds=seconds, id=name, next_run_time=soon, **options
        )

    def tick_now(self) -> None:
        """Do not wait for the next tick."""
        self._ticks.modify_job("plan", next_run_time=machine_clock())

    async def _watch(self) -> None:
        """Wake a silent scheduler: a clock set back an hour would keep it silent for an hour."""
        while True:
            await asyncio.sleep(self._rhythm.watch)
            silent = time.monotonic() - self._ticked_at
            if silent > self._rhythm.silent:
                log.error("the scheduler has been silent for %d s; waking it", silent)
                self.healthy = False
                for job in ("plan", "sweep"):
                    self._ticks.modify_job(job, next_run_time=machine_clock())

    async def _tick_safely(self) -> None:
        try:
            await self.tick()
        except Exception:
            log.exception("a tick stumbled; the next one goes on")
            self.healthy = False
        else:
            self.healthy = True
        finally:
            self._ticked_at = time.monotonic()

    async def tick(self) -> None:
        """Plan the coming days, then open all that is due; raises ClockWrong when this machine's clock is."""
        skew = await self._database.skew(self._machine())
        if abs(skew) >= MOST_SKEW:
            raise ClockWrong(skew)
        # Below a second it is the length of the round trip, and changes nothing that anybody sees.
        now = self._clock() + (skew if abs(skew) >= timedelta(seconds=1) else timedelta(0))
        await self._database.write(pulse.beat, now)
        await open_all(self._database, self._rituals, now, self.wake)

    async def sweep(self) -> None:
        """Settle what lost its sender or its message, look for what is uncertain, ask about what is held."""
        if settled := await self._database.write(reap, self._leases):
            log.warning("%d messages were left by a lost sender", settled)
            self.wake()
        if await self._delivery.look():
            self.wake()
        if await self._database.write(aftermath.orphans, self._clock()):
            self.wake()
        await self._database.write(self._troubles.ask_about_held, self._clock())

    def stop(self) -> None:
        """Tick no more; the transaction of a running tick ends by itself, on its thread."""
        if self._watchdog is not None:
            self._watchdog.cancel()
        self._ticks.shutdown(wait=False)
