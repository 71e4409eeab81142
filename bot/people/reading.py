"""The roster is read whole from Slack: at the start, every night, hourly for more than 5,000 people (F91)."""

import asyncio
import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.clock import Clock, machine_clock
from bot.people import accounts, roster
from bot.slack import Fault, Refused, Slack
from rituals import roster as rules
from rituals.roster import Profile
from storage import people
from storage import roster as kept
from storage.database import Database

log = logging.getLogger(__name__)

PAGE = 200
LEASE = timedelta(minutes=10)
"""How long one reading may take before another process reads."""
FRESH = timedelta(minutes=10)
"""A roster read this short a time ago is not read again at a start."""
LOOK_SECONDS = 60
"""How often somebody looks whether a reading is due."""
PAGE_SECONDS = 30
MOST_WAITS = 20


class Roster:
    """Reads the roster when it is due; several processes may, and each account is written by the newest word."""

    def __init__(self, database: Database, slack: Slack, workspace: str, clock: Clock) -> None:
        self._database = database
        self._slack = slack
        self._workspace = workspace
        self._clock = clock
        self._started = False

    async def look(self) -> None:
        """Read when it is due; whatever fails is logged, and the next look goes on."""
        now = self._clock()
        if not self._started:
            await self._database.write(due_at_start, self._workspace, now)
            self._started = True
        if not await self._database.write(kept.claim_reading, self._workspace, now, LEASE):
            return
        try:
            changed = await self.read()
        except Refused as refused:
            log.warning("the roster could not be read: %s", refused.why)
        else:
            log.info("the roster was read: %d changes", changed)

    async def read(self) -> int:
        """Read all of it, page by page, a transaction each; return how many people changed. Raises Refused."""
        cursor, changed = "", 0
        while True:
            asked_at = machine_clock()
            page, cursor = await self._page(cursor)
            work = (page, self._clock(), machine_clock(), asked_at)
            changed += await self._database.write(roster.take_in, self._workspace, *work)
            if not cursor:
                await self._database.write(done, self._workspace, self._clock())
                return changed

    async def _page(self, cursor: str) -> tuple[Sequence[Profile], str]:
        asked = {"limit": PAGE, "cursor": cursor, "team_id": self._workspace}
        for _ in range(MOST_WAITS):
            try:
                answer = await self._slack.read("users.list", asked, PAGE_SECONDS)
                break
            except Refused as refused:
                if refused.fault is not Fault.BUSY or refused.after is None:
                    raise
                await asyncio.sleep(refused.after.total_seconds())
        else:
            raise Refused(Fault.BUSY, "users.list is refused again and again")
        found = [accounts.profile(user, self._workspace) for user in answer["members"]]
        return found, str((answer.get("response_metadata") or {}).get("next_cursor") or "")


def due_at_start(tx: Session, workspace: str, now: datetime) -> None:
    """Have the roster read now, unless it just was."""
    last = kept.read_at(tx, workspace)
    if last is None or not now - FRESH <= last <= now:
        kept.next_reading(tx, workspace, now)


def done(tx: Session, workspace: str, now: datetime) -> None:
    """Note that it was read, and when it will be again."""
    again = rules.next_reading(people.everybody(tx, workspace).values(), now)
    kept.next_reading(tx, workspace, again, now)
