"""When something may land on somebody: in their hours, and not while they are off."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from rituals import calendar, hours
from rituals.calendar import DaysOff
from rituals.people import Person
from storage import calendars


def lands(tx: Session, person: Person, now: datetime) -> datetime:
    """The first instant from `now` on at which a message about their work may reach a person (F86, F87)."""
    return hours.at_work(person, now, days_off_ahead(tx, [person], now, now))


def days_off_ahead(tx: Session, some: Sequence[Person], since: datetime, until: datetime) -> DaysOff:
    """What keeps people of one workspace from working, for whoever asks when something due in that time may land."""
    first = min(calendar.local_day(since, person.zone) for person in some)
    last = max(calendar.local_day(until, person.zone) for person in some)
    return calendars.days_off(tx, some[0].workspace, [one.id for one in some], first, last + hours.LONGEST_OFF)
