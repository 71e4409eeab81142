"""When the month asks, reminds, closes and reports: working days 1, 4, 5 and 6, each person's own (M6, F52).

The reviewed month is the one before. Working days are those of a person's weekdays and holidays; whoever is away on the
day is asked on the first day that they are back, as long as it is not too late.
"""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from rituals import calendar
from rituals.calendar import DaysOff
from rituals.due import Due
from rituals.kpis_periods import Period, Span, period_of
from rituals.people import Person, works_on

ASKED, REMINDED, CLOSED, REPORTED = 1, 4, 5, 6
"""Working days of the month that follows the reviewed one."""
ASKS_AT = time(10)
REPORTS_AT = time(8)
REPORT_WAITS = timedelta(days=14)
"""How long a digest waits for a leader who is away; their reds climb in the meantime."""
REPORT_COUNTS = timedelta(days=7)
"""For how long after its time a digest is still sent."""
CLIMBS_AFTER = 2
"""Working days of a leader until a red that nobody acknowledged climbs (F57)."""


class Slot(StrEnum):
    """What the month does by the clock."""

    ASK = "month.ask"
    REMIND = "month.remind"
    CLOSE = "month.close"
    DIGEST = "month.digest"
    CLIMB = "month.climb"


def working_day(person: Person, month: Period, n: int, days_off: DaysOff) -> date | None:
    """Working day `n` of the month after `month`, by a person's weekdays and holidays; their absence moves nothing."""
    after = month.shifted(1).first
    return calendar.nth_working_day(after.year, after.month, n, lambda day: works(person, day, days_off))


def works(person: Person, day: date, days_off: DaysOff) -> bool:
    """Whether a date is a working day of somebody, away or not."""
    return works_on(person, day) and calendar.closed(person.holidays, day, days_off.company_days) is None


def _back(person: Person, day: date, last: date, days_off: DaysOff) -> date:
    """The first date from `day` to `last` on which somebody is there; `day` itself when they are not at all."""
    there = (one for one in calendar.days_between(day, last) if days_off.on(person, one) is None)
    return next(there, day)


def again_at(person: Person, slot: Slot, now: datetime, days_off: DaysOff) -> datetime | None:
    """When somebody gets what was missed on its day and can't be done today: on their next working day, at its hour."""
    today = calendar.local_day(now, person.zone)
    day = calendar.next_working_day(today, lambda one: days_off.on(person, one) is None)
    at = REPORTS_AT if slot is Slot.DIGEST else ASKS_AT
    return None if day is None else calendar.instant(day, at, person.zone)


def for_owner(person: Person, month: Period, days_off: DaysOff) -> list[Due]:
    """Asked, reminded, closed: what somebody who owes values of a month meets, at their own wall time."""
    days = [working_day(person, month, n, days_off) for n in (ASKED, REMINDED, CLOSED)]
    asks, reminds, last = days
    if asks is None or reminds is None or last is None:
        return []
    closes = calendar.end_of(last, person.zone)
    at = [(slot, _back(person, day, last, days_off)) for slot, day in ((Slot.ASK, asks), (Slot.REMIND, reminds))]
    found = [
        Due(slot, person.id, month.first, moment, closes, person.zone)
        for slot, day in at
        if (moment := calendar.instant(day, ASKS_AT, person.zone)) is not None
    ]
    return [*found, Due(Slot.CLOSE, person.id, month.first, closes, closes + REPORT_COUNTS, person.zone)]


def for_leader(person: Person, month: Period, days_off: DaysOff) -> list[Due]:
    """The digest, on working day 6 at 08:00 of the leader's own morning (F56)."""
    day = working_day(person, month, REPORTED, days_off)
    if day is None:
        return []
    at = calendar.instant(_back(person, day, day + REPORT_WAITS, days_off), REPORTS_AT, person.zone)
    return [] if at is None else [Due(Slot.DIGEST, person.id, month.first, at, at + REPORT_COUNTS, person.zone)]


def climbs_at(person: Person, since: datetime, days_off: DaysOff) -> datetime:
    """When a red that somebody got at `since` climbs: two of their working days later, at the digest's time (F57).

    Their absence stops nothing: that is what climbing is for.
    """
    day = calendar.local_day(since, person.zone)
    for _ in range(CLIMBS_AFTER):
        day = calendar.next_working_day(day, lambda one: works(person, one, days_off)) or day + timedelta(days=1)
    return calendar.instant(day, REPORTS_AT, person.zone) or since + timedelta(days=CLIMBS_AFTER)


def months(now: datetime, until: datetime) -> list[Period]:
    """The months that are reviewed at any time between two instants, anywhere on earth."""
    first = period_of(Span.MONTH, (now - timedelta(days=1)).date()).shifted(-1)
    last = period_of(Span.MONTH, (until + timedelta(days=1)).date()).shifted(-1)
    return [first] if first == last else [first, last]


def coming(
    owners: Iterable[tuple[Person, Period]], leaders: Iterable[tuple[Person, Period]], days_off: DaysOff
) -> list[Due]:
    """All that is due for people who owe values of a month, and for leaders who get its digest."""
    asked = (due for person, month in owners for due in for_owner(person, month, days_off))
    told = (due for person, month in leaders for due in for_leader(person, month, days_off))
    return [*asked, *told]
