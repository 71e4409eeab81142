"""Working time: counting days and hours that somebody works, on their own calendar (F28, F29, F86)."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta

from rituals import calendar
from rituals.calendar import DaysOff
from rituals.people import Person

USUAL = (time(9), time(17))
"""The working day of whoever set no hours."""
HORIZON = 92
"""Days in which whoever works at all is expected to work; beyond it nothing is counted."""

Window = tuple[datetime, datetime]


def hours_of(person: Person) -> tuple[time, time]:
    """When their working day begins and ends, on their own wall."""
    if person.works_from is None or person.works_to is None:
        return USUAL
    return person.works_from, person.works_to


def windows(person: Person, day: date, days_off: DaysOff) -> Sequence[Window]:
    """When somebody works on a date, earliest first; none on a day off, the other half on half a day off (F87)."""
    first, last = hours_of(person)
    noon = calendar.MIDDAY
    parts = ((first, noon), (noon, last)) if first < noon < last else ((first, last),)
    found = []
    for begins, ends in parts:
        if days_off.on(person, day, begins) is None:
            start, end = (calendar.instant(day, wall, person.zone) for wall in (begins, ends))
            if start is not None and end is not None and start < end:
                found.append((start, end))
    return found


def _ahead(person: Person, day: date, days_off: DaysOff) -> Iterator[Window]:
    for offset in range(HORIZON):
        yield from windows(person, day + timedelta(days=offset), days_off)


def begins(person: Person, moment: datetime, days_off: DaysOff) -> datetime | None:
    """The first instant from `moment` on at which somebody works; None when none is in sight."""
    day = calendar.local_day(moment, person.zone)
    return next((max(moment, start) for start, end in _ahead(person, day, days_off) if moment < end), None)


def after_days(person: Person, since: datetime, days: int, days_off: DaysOff) -> datetime | None:
    """The instant so many working days after another, at the same time of the day; None when none is in sight.

    What begins outside somebody's hours begins when they next work. A day of which they work a part counts.
    """
    start = begins(person, since, days_off)
    if start is None or days == 0:
        return start
    local = start.astimezone(calendar.zone(person.zone))
    left = days
    for offset in range(1, HORIZON):
        day = local.date() + timedelta(days=offset)
        if windows(person, day, days_off):
            left -= 1
        if not left:
            at = calendar.instant(day, local.time(), person.zone)
            return None if at is None else begins(person, at, days_off)
    return None


def after(person: Person, since: datetime, span: timedelta, days_off: DaysOff) -> datetime | None:
    """The instant at which somebody has worked for `span` since another; None when none is in sight."""
    left = span
    for start, end in _ahead(person, calendar.local_day(since, person.zone), days_off):
        start = max(start, since)  # noqa: PLW2901 - the part of the window that is ahead
        if start < end:
            if end - start >= left:
                return start + left
            left -= end - start
    return None


def before(person: Person, until: datetime, span: timedelta, days_off: DaysOff) -> datetime | None:
    """The latest instant from which somebody works for `span` until another; None when none is in sight."""
    left = span
    last = calendar.local_day(until, person.zone)
    for offset in range(HORIZON):
        for start, end in reversed(windows(person, last - timedelta(days=offset), days_off)):
            end = min(end, until)  # noqa: PLW2901 - the part of the window that is before
            if start < end:
                if end - start >= left:
                    return end - left
                left -= end - start
    return None
