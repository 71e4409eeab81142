"""The weekly: when it collects, looks for themes, sends its agenda and meets, and what it ends with (W1-W9)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from uuid import UUID

from rituals import calendar, hours
from rituals.calendar import DaysOff
from rituals.due import Due
from rituals.meetings import LONGEST_LINE
from rituals.people import Person, Team, chain_above, first_present
from rituals.refusals import Refusal
from rituals.writing import worded

LONGEST_MEETING = 60
"""Minutes: a weekly takes no more (W1)."""
SHORTEST_MEETING = 15
AGENDA_AHEAD = timedelta(hours=2)
"""How long before the meeting its agenda is there (F39)."""
THEMES_AT = time(15)
"""When the themes of a week are proposed, on the working day before the meeting."""
MOST_DAYS_BEFORE = 4
ACTION_DAYS = 7
"""By when an action is due unless somebody says otherwise: the next weekly (W3)."""

PAUSED = "the weekly is paused"
NO_MANAGER = "nobody manages this team"
TEAM_OFF = "the whole team is off"
NOTHING_RECURS = "nothing recurs"
CLOSED = "it was closed already"
LEADS = "leads it, and has the agenda"
OUTSIDE = "outside their working hours until it closes"


class WeeklyOrder(Refusal):
    """`field` of a weekly's times comes too early or too late: collect, close, and two hours later meet."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


class Slot(StrEnum):
    """What a weekly does at a minute."""

    COLLECT = "weekly.collect"
    THEMES = "weekly.themes"
    AGENDA = "weekly.agenda"
    MEET = "weekly.meet"


@dataclass(frozen=True, slots=True)
class Weekly:
    """A team's weekly, by the wall clock of its manager: days are ISO weekdays.

    It collects on `asks_on` from `asks_at` to `closes_at`, and meets on `meets_on` at `meets_at` for `minutes`.
    `question` is what everybody is asked. Nothing is due before `since`. `version` counts the edits in forms.
    """

    id: UUID
    workspace: str
    team_id: UUID
    asks_on: int
    asks_at: time
    closes_at: time
    meets_on: int
    meets_at: time
    minutes: int
    question: str
    since: datetime
    paused: bool
    version: int


def first_weekly(new_id: UUID, team: Team, now: datetime) -> Weekly:
    """The weekly that a team begins with: collected on Thursday 10:00 to 14:00, held at 16:00 for an hour (F38)."""
    return Weekly(
        id=new_id,
        workspace=team.workspace,
        team_id=team.id,
        asks_on=4,
        asks_at=time(10),
        closes_at=time(14),
        meets_on=4,
        meets_at=time(16),
        minutes=LONGEST_MEETING,
        question="What should the team talk about?",
        since=now,
        paused=False,
        version=0,
    )


def require_order(weekly: Weekly) -> Weekly:
    """What is collected must be there when the agenda is written; raises WeeklyOrder or NothingWritten."""
    if weekly.asks_at >= weekly.closes_at:
        raise WeeklyOrder("closes_at")
    midnight = datetime.combine(date(2000, 1, 1), time(0))
    agenda, closes_at = (datetime.combine(midnight, wall) for wall in (weekly.meets_at, weekly.closes_at))
    if weekly.asks_on == weekly.meets_on and agenda - AGENDA_AHEAD < closes_at:
        raise WeeklyOrder("meets_at")
    if not SHORTEST_MEETING <= weekly.minutes <= LONGEST_MEETING:
        raise WeeklyOrder("minutes")
    return replace(weekly, question=worded(weekly.question, LONGEST_LINE))


def asks_day(weekly: Weekly, day: date) -> date:
    """On which date the meeting of `day` collects: that of its week or the one before it, never after."""
    return day - timedelta(days=(weekly.meets_on - weekly.asks_on) % 7)


def closes(weekly: Weekly, day: date, zone: str) -> datetime | None:
    """When the collection for the meeting of `day` closes, in the team's zone (F38)."""
    return calendar.instant(asks_day(weekly, day), weekly.closes_at, zone)


def meetings(weekly: Weekly, zone: str, now: datetime, until: datetime) -> list[date]:
    """The dates of the meetings of which something may be due between two instants."""
    first, last = calendar.local_day(now, zone), calendar.local_day(until, zone) + timedelta(days=7)
    return [day for day in calendar.days_between(first, last) if day.isoweekday() == weekly.meets_on]


def for_person(weekly: Weekly, person: Person, day: date, zone: str) -> list[Due]:
    """The one question to a person for the meeting of `day` (F38)."""
    at = calendar.instant(asks_day(weekly, day), weekly.asks_at, zone)
    until = closes(weekly, day, zone)
    if at is None or until is None or not weekly.since <= at < until:
        return []
    return [Due(Slot.COLLECT, person.id, day, at, until, zone)]


def for_team(weekly: Weekly, manager: Person | None, day: date, zone: str, days_off: DaysOff) -> list[Due]:
    """Themes, agenda and meeting of `day`; the themes on the manager's last working day before it."""
    starts = calendar.instant(day, weekly.meets_at, zone)
    if starts is None:
        return []
    ends = starts + timedelta(minutes=weekly.minutes)
    themes = calendar.instant(_day_before(manager, day, days_off), THEMES_AT, zone)
    times = ((Slot.THEMES, themes, starts), (Slot.AGENDA, starts - AGENDA_AHEAD, ends), (Slot.MEET, starts, ends))
    found = [Due(slot, weekly.team_id, day, at, until, zone) for slot, at, until in times if at is not None]
    return [due for due in found if weekly.since <= due.due_at < due.expires_at]


def _day_before(manager: Person | None, day: date, days_off: DaysOff) -> date:
    before = [day - timedelta(days=back) for back in range(1, MOST_DAYS_BEFORE + 1)]
    if manager is None:
        return before[0]
    return next((each for each in before if days_off.on(manager, each, THEMES_AT) is None), before[0])


def why_not_asked(weekly: Weekly, person: Person | None, day: date, days_off: DaysOff, zone: str) -> str | None:
    """Why somebody is not asked for the meeting of `day`, in the ledger's words; None when they are."""
    if weekly.paused:
        return PAUSED
    if person is None or not person.active or person.team_id != weekly.team_id:
        return "left the team"
    asked = asks_day(weekly, day)
    off = days_off.on(person, asked, weekly.asks_at)
    if off is not None:
        return off.reason
    at, until = calendar.instant(asked, weekly.asks_at, zone), closes(weekly, day, zone)
    late = at is not None and until is not None and hours.opens(person, at) >= until
    return OUTSIDE if late else None


def why_no_meeting(weekly: Weekly, team: Team, roster: Sequence[Person], day: date, days_off: DaysOff) -> str | None:
    """Why the meeting of `day` does not take place, in the ledger's words; None when it does."""
    if weekly.paused:
        return PAUSED
    if team.manager_id is None:
        return NO_MANAGER
    if roster and all(days_off.on(person, day, weekly.meets_at) for person in roster):
        return TEAM_OFF
    return None


def lead(team: Team, line: Mapping[UUID, Person], day: date, at: time, days_off: DaysOff) -> Person | None:
    """Who leads: the manager, or while they are off their deputy, or the nearest one above who is not (F90).

    `line` holds the manager, everybody above and their deputies. When all are off the nearest keeps it.
    """
    manager = None if team.manager_id is None else line.get(team.manager_id)
    if manager is None:
        return None
    chain = [person for person in (manager, *chain_above(manager, line)) if person.active]
    off = {person.id for person in line.values() if days_off.on(person, day, at) is not None}
    return first_present(chain, line, off) or next(iter(chain), manager)
