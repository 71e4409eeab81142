"""APScheduler wakes the planner; the database says what is due. A tick carries no meaning and never sends."""

import logging
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import groupby
from uuid import UUID

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from sqlalchemy.orm import Session

from bot.clock import Clock, machine_clock
from bot.delivery import Delivery
from bot.ritual import Ritual
from bot.troubles.handlers import Troubles
from storage import occurrences, sending
from storage.database import Database
from storage.occurrences import State

log = logging.getLogger(__name__)

PLAN_SECONDS = 15
SWEEP_SECONDS = 10
BATCH = 500


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
    occurrences.close(tx, outcomes)
    return len(due)


class Scheduler:
    """Ticks. Zero, one or five of them, in one or five processes, write the same rows."""

    def __init__(
        self, database: Database, rituals: Sequence[Ritual], clock: Clock, delivery: Delivery, troubles: Troubles
    ) -> None:
        self._database = database
        self._rituals = rituals
        self._clock = clock
        self._delivery = delivery
        self._troubles = troubles
        self._ticks = AsyncIOScheduler(timezone=UTC)

    def start(self) -> None:
        """Begin to tick, at once."""
        options = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        self._ticks.add_job(self.tick, "interval", seconds=PLAN_SECONDS, id="plan", **options)
        self._ticks.add_job(self.sweep, "interval", seconds=SWEEP_SECONDS, id="sweep", **options)
        self._ticks.start()
        self.tick_now()

    def tick_now(self) -> None:
        """Do not wait for the next tick: the demo's clock has jumped."""
        self._ticks.modify_job("plan", next_run_time=machine_clock())

    async def tick(self) -> None:
        """Plan the coming days, then open all that is due."""
        now = self._clock()
        for ritual in self._rituals:
            while await self._database.write(ritual.plan, now):
                pass
        while await self._database.write(open_due, self._rituals, now):
            self._delivery.wake()

    async def sweep(self) -> None:
        """Settle messages whose sender is gone."""
        if settled := await self._database.write(sending.reap, machine_clock()):
            log.warning("%d messages were left by a lost sender", settled)
            self._delivery.wake()
        await self._delivery.look()
        await self._database.write(self._troubles.ask_about_held, self._clock())

    def stop(self) -> None:
        """Tick no more; a running tick ends by itself."""
        self._ticks.shutdown(wait=False)
