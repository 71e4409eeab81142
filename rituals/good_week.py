"""At a week's end everybody says whether it was a good one, beside what it came to (F43, W7)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from uuid import UUID

from rituals import calendar, hours
from rituals.calendar import DaysOff
from rituals.due import Due
from rituals.huddle import PAUSED, Huddle, Slot
from rituals.people import Person
from rituals.plans import Outcome
from rituals.week import Day, Week, tally

ASKS_AT = time(16)
OUTSIDE_HOURS = "outside their working hours that day"
BEFORE_THEY_GO = 60
"""Minutes before the end of their hours at which somebody is asked whose day is over by `ASKS_AT`."""
FRIDAY = 5
LONGEST = 280
"""Characters of the line that may go with the answer."""


@dataclass(frozen=True, slots=True)
class GoodWeek:
    """One person's word on the week that ended on `day`: None until they say; `words` may go with it."""

    id: UUID
    workspace: str
    team_id: UUID
    person_id: UUID
    day: date
    good: bool | None
    words: str | None
    said_at: datetime | None


def said(week: GoodWeek, now: datetime, *, good: bool) -> GoodWeek:
    """The week with a person's word; a later one replaces an earlier."""
    return replace(week, good=good, said_at=now)


def worded(week: GoodWeek, words: str, now: datetime) -> GoodWeek:
    """The week with a line of why; an empty one takes it back."""
    return replace(week, words=words.strip()[:LONGEST] or None, said_at=now)


def closes(huddle: Huddle, person: Person, day: date) -> bool:
    """Whether `day` ends a person's week.

    That is Friday; for whoever does not work on Fridays, or whose team has no huddle then, the last day before it on
    which both is the case: Thursday from Monday to Thursday, or from Sunday to Thursday. A single Friday off, by a
    holiday or an absence, moves nothing: nobody is asked on a day off, and the ledger says why.
    """
    days = {int(digit) for digit in huddle.weekdays if digit in person.working_days}
    return day.isoweekday() == max((one for one in days if one <= FRIDAY), default=max(days, default=0))


def for_person(huddle: Huddle, person: Person, day: date) -> Due | None:
    """What is due for a person on a date: 16:00 by their own clock, or an hour before they go; void at midnight."""
    wall = ASKS_AT
    if person.works_to is not None and person.works_to <= ASKS_AT:
        wall = (datetime.combine(day, person.works_to) - timedelta(minutes=BEFORE_THEY_GO)).time()
    at = calendar.instant(day, wall, person.zone)
    if at is None or at < huddle.since or not closes(huddle, person, day) or not person.on_team(day):
        return None
    return Due(Slot.WEEK, person.id, day, at, calendar.end_of(day, person.zone), person.zone)


def coming(huddle: Huddle, people: Iterable[Person], now: datetime, until: datetime) -> list[Due]:
    """What is due for each of `people` on the dates that their calendars show from `now` to `until`."""
    found = []
    for person in people:
        first, last = (calendar.local_day(moment, person.zone) for moment in (now, until))
        found += [for_person(huddle, person, day) for day in calendar.days_between(first, last)]
    return [due for due in found if due is not None]


def why_not(
    huddle: Huddle, person: Person | None, due_at: datetime, expires: datetime, days_off: DaysOff
) -> str | None:
    """Why a person is not asked, in the ledger's words; None when they are."""
    if huddle.paused:
        return PAUSED
    if person is None or not person.plans or person.team_id != huddle.team_id:
        return "left the team"
    off = days_off.at(person, due_at)
    if off is not None:
        return off.reason
    return OUTSIDE_HOURS if hours.opens(person, due_at) >= expires else None


def monday(day: date) -> date:
    """The Monday of the week that a date is in."""
    return day - timedelta(days=day.weekday())


def so_far(days: Sequence[Day]) -> Week:
    """What a week came to, day by day: what its last plan leaves open is settled with the next one, and not counted."""
    last = max((n for n, day in enumerate(days) if day.items), default=None)
    if last is None:
        return tally(days)
    settled = tuple(item for item in days[last].items if item.outcome is not Outcome.OPEN)
    return tally([*days[:last], replace(days[last], items=settled), *days[last + 1 :]])


def together(weeks: Iterable[Week]) -> Week:
    """Several people's weeks as one."""
    found = list(weeks)
    return Week(*(sum(getattr(week, name) for week in found) for name in Week.__slots__))
