"""When something may land on somebody: in their hours, and not while they are off."""

from datetime import datetime

from sqlalchemy.orm import Session

from rituals import calendar, hours
from rituals.people import Person
from storage import calendars


def lands(tx: Session, person: Person, now: datetime) -> datetime:
    """The first instant from `now` on at which a message about their work may reach a person (F86, F87)."""
    today = calendar.local_day(now, person.zone)
    days_off = calendars.days_off(tx, person.workspace, [person.id], today, today + hours.LONGEST_OFF)
    return hours.at_work(person, now, days_off)
