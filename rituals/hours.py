"""A person's working hours: when something may land (F86)."""

from datetime import datetime, time, timedelta

from rituals import calendar
from rituals.calendar import DaysOff
from rituals.people import Person, works_on
from rituals.refusals import Refusal

MORNING = time(9)
"""When something lands after a day off, on whoever set no hours."""
LONGEST_OFF = timedelta(days=30)
LOOK_AHEAD = 8
"""Days in which everybody who works at all works once."""


class BackwardHours(Refusal):
    """Working hours that end before they begin."""


def require_hours(first: time | None, last: time | None) -> None:
    """Both ends or none, the first before the last; raises BackwardHours."""
    if (first is None) != (last is None) or (first is not None and last is not None and first >= last):
        raise BackwardHours


def within(person: Person, moment: datetime) -> bool:
    """Whether something may land on a person at an instant; always, for whoever set no hours."""
    return opens(person, moment) == moment


def opens(person: Person, moment: datetime) -> datetime:
    """The first instant from `moment` on that lies in the person's hours of one of their weekdays (F86).

    Days off are not looked at. Whoever set no hours, or works on no weekday, is reached at any time.
    """
    first, last = person.works_from, person.works_to
    if first is None or last is None:
        return moment
    today = calendar.local_day(moment, person.zone)
    for day in calendar.days_between(today, today + timedelta(days=LOOK_AHEAD)):
        begins, ends = (calendar.instant(day, wall, person.zone) for wall in (first, last))
        if works_on(person, day) and begins is not None and ends is not None and moment < ends:
            return max(begins, moment)
    return moment


def at_work(person: Person, moment: datetime, days_off: DaysOff) -> datetime:
    """The first instant from `moment` on that lies in their hours and on no day, or half of one, that they are off.

    After a day off that is when their hours begin, or nine; after a morning off it is 13:00. Whoever is off for longer
    than `LONGEST_OFF` is reached when that has passed.
    """
    today = calendar.local_day(moment, person.zone)
    walls = sorted({person.works_from or MORNING, calendar.MIDDAY})
    found = moment
    for day in calendar.days_between(today, today + LONGEST_OFF):
        begins = [at for wall in walls if (at := calendar.instant(day, wall, person.zone)) is not None]
        for at in ([moment] if day == today else []) + begins:
            if at < moment:
                continue
            found = opens(person, at)
            if days_off.at(person, found) is None:
                return found
    return found
