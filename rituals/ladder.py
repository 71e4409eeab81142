"""The ladder: who must act on a blocker, and what happens next when nobody does (F29-F31).

At any instant a blocker has at most one next step. Whose it is and when follows from the blocker, from the people above
its reporter, and from their calendars; so a change of any of these only needs the step to be worked out again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from uuid import UUID

from rituals import calendar, working_time
from rituals.blockers import Blocker, BlockerState
from rituals.calendar import DaysOff
from rituals.people import Person, Role, chain_above, first_present
from rituals.refusals import Refusal

LEVELS = (2, 4)
"""Working days without an ack after which a blocker is at level 1, and at level 2, unless its team says otherwise."""
ACK_DAYS = 3
"""Working days that an ack lasts without progress (F30)."""
PARKED_DAYS = 5
"""Working days that the weekly may leave a blocker alone: one meeting of the week has passed."""
WARNED_BEFORE = timedelta(hours=4)
"""Working hours before it climbs, whoever must act is warned."""
STALE = timedelta(days=7)
"""A step that was missed for so long is not made up for: whoever must act is warned anew."""


class NobodyAbove(Refusal):
    """It can't climb: nobody stands above whoever has it."""


class Step(StrEnum):
    """What falls due: a warning, a climb, the end of an ack or of its time in the weekly, the end of a snooze.

    Slots that are due at once are opened in the order of their names: a huddle's card is there before a warning goes
    into its thread.
    """

    WARN = "ladder.warn"
    CLIMB = "ladder.climb"
    LAPSE = "ladder.lapse"
    WAKE = "ladder.wake"


@dataclass(frozen=True, slots=True)
class Line:
    """Who stands around a blocker: its reporter, all above and their deputies, whoever acked, owns or snoozed it.

    `away` are those who are off now; `levels` the working days after which it climbs.
    """

    reporter: Person
    people: Mapping[UUID, Person]
    away: frozenset[UUID]
    days_off: DaysOff
    levels: tuple[int, int] = LEVELS

    @property
    def rungs(self) -> Sequence[Person]:
        """Who has it at level 0, 1 and 2, as far as there is anybody: manager, their manager, the leader (F29)."""
        chain = chain_above(self.reporter, self.people)
        above = chain[len(LEVELS) :]
        leader = next((person for person in above if person.has(Role.LEADER)), None) or next(iter(above), None)
        return [*chain[: len(LEVELS)], *([leader] if leader is not None else [])]

    def holder(self, level: int) -> Person | None:
        """Who must act at a level: whoever stands there, their deputy, or the next one up who is here (F90)."""
        rungs = self.rungs
        chain = rungs[min(level, len(rungs) - 1) :] if rungs else []
        return first_present(chain, self.people, self.away, self.reporter.id) or next(iter(chain), None)

    def above(self, level: int) -> tuple[int, Person] | None:
        """The next level up that somebody else holds, and who."""
        holder = self.holder(level)
        for higher in range(level + 1, len(self.rungs)):
            found = self.holder(higher)
            if found is not None and holder is not None and found.id != holder.id:
                return higher, found
        return None


@dataclass(frozen=True, slots=True)
class Next:
    """The one pending step of a blocker. `climbs_at` and `to` say when it goes to whom, unless somebody acts."""

    step: Step
    at: datetime
    holder: Person
    level: int = 0
    to: Person | None = None
    climbs_at: datetime | None = None


def next_step(blocker: Blocker, line: Line, now: datetime) -> Next | None:
    """What happens to a blocker next by itself; None for a closed one, and when nobody is left to climb to."""
    if not blocker.live:
        return None
    if blocker.snoozed:
        return _waking(blocker, line, now)
    if blocker.state is not BlockerState.OPEN:
        return _lapsing(blocker, line, now)
    return _climbing(blocker, line, now)


def _waking(blocker: Blocker, line: Line, now: datetime) -> Next:
    asked = line.people.get(blocker.snoozed_by_id) if blocker.snoozed_by_id else None
    holder = asked if asked is not None and asked.active else line.holder(blocker.level) or line.reporter
    first = working_time.hours_of(holder)[0]
    day = blocker.snoozed_until or calendar.local_day(now, holder.zone)
    at = calendar.instant(day, first, holder.zone) or calendar.end_of(day, holder.zone)
    return Next(Step.WAKE, working_time.begins(holder, at, line.days_off) or at, holder, blocker.level)


def ack_ends(blocker: Blocker, line: Line) -> datetime | None:
    """When an ack, or the time in the weekly, runs out if nothing moves; None when nobody who works has it.

    It counts the working days of whoever acked; who was given it by a later date has until the end of that date.
    """
    acker = line.people.get(blocker.acked_by_id) if blocker.acked_by_id else None
    if acker is None or not acker.active or blocker.moved_at is None:
        return None
    days = PARKED_DAYS if blocker.state is BlockerState.PARKED else ACK_DAYS
    ends = working_time.after_days(acker, blocker.moved_at, days, line.days_off)
    owner = line.people.get(blocker.owner_id) if blocker.owner_id else None
    if ends is None or owner is None or blocker.due_on is None:
        return ends
    return max(ends, _end_of_work(owner, blocker))


def _end_of_work(owner: Person, blocker: Blocker) -> datetime:
    day = blocker.due_on or blocker.opened_on
    last: time = working_time.hours_of(owner)[1]
    return calendar.instant(day, last, owner.zone) or calendar.end_of(day, owner.zone)


def _lapsing(blocker: Blocker, line: Line, now: datetime) -> Next | None:
    holder = line.holder(blocker.level)
    acker = line.people.get(blocker.acked_by_id) if blocker.acked_by_id else None
    here = acker is not None and acker.active
    ends = ack_ends(blocker, line) if here else now
    if ends is None:
        return None
    return Next(Step.LAPSE, ends, acker if acker is not None and here else holder or line.reporter, blocker.level)


def _climbing(blocker: Blocker, line: Line, now: datetime) -> Next | None:
    holder, above = line.holder(blocker.level), line.above(blocker.level)
    if holder is None or above is None:
        return None
    level, to = above
    days = line.levels[level - 1] - (line.levels[blocker.level - 1] if blocker.level else 0)
    climbs = working_time.after_days(holder, blocker.since, days, line.days_off)
    if climbs is None:
        return None
    if blocker.warned_id == holder.id and blocker.warned_at is not None:
        at = _after_warning(holder, blocker.warned_at, climbs, line)
        if at is None or at > now - STALE:
            return None if at is None else Next(Step.CLIMB, at, holder, level, to, at)
    warns = working_time.before(holder, climbs, WARNED_BEFORE, line.days_off) or now
    # Who is warned late, because it came to them late, has four hours all the same.
    warns = working_time.begins(holder, max(warns, blocker.since, now), line.days_off) or now
    at = _after_warning(holder, warns, climbs, line)
    return None if at is None else Next(Step.WARN, warns, holder, level, to, at)


def _after_warning(holder: Person, warned_at: datetime, climbs: datetime, line: Line) -> datetime | None:
    earliest = working_time.after(holder, warned_at, WARNED_BEFORE, line.days_off)
    return None if earliest is None else max(climbs, earliest)
