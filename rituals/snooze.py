"""Being asked later: a prompt comes back once, before the cut-off, and stands for the day's reminder (F11)."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from rituals import calendar, hours
from rituals.people import Person
from rituals.refusals import Refusal

LAST_CALL = timedelta(minutes=10)
"""Nobody is asked again later than this before the cut-off: a plan takes its minutes."""
LUNCH_ENDS = time(13)
"""When it is after lunch, by the person's own clock."""


class Snooze(StrEnum):
    """How long a prompt may wait."""

    HALF_AN_HOUR = "30m"
    TWO_HOURS = "2h"
    AFTER_LUNCH = "lunch"


LENGTHS = {Snooze.HALF_AN_HOUR: timedelta(minutes=30), Snooze.TWO_HOURS: timedelta(hours=2)}


@dataclass(frozen=True, slots=True)
class Return:
    """When a prompt comes back; `cut_short` says that the cut-off did not leave room for all that was asked."""

    at: datetime
    cut_short: bool


class TooLateToSnooze(Refusal):
    """The cut-off, `closes`, leaves no room to ask again before it."""

    def __init__(self, closes: datetime, zone: str) -> None:
        super().__init__(closes)
        self.closes = closes
        self.zone = zone


class NoMoreReminders(Refusal):
    """The one time that a day's plan is asked for again is over."""


def offered(person: Person, now: datetime, closes: datetime) -> list[Snooze]:
    """What somebody who is asked at `now` may choose: after lunch only where that is still to come before `closes`."""
    lunch = _after_lunch(person, now)
    if now >= closes - LAST_CALL:
        return []
    return [*LENGTHS, *([Snooze.AFTER_LUNCH] if lunch is not None and now < lunch <= closes - LAST_CALL else [])]


def comes_back(choice: Snooze, person: Person, now: datetime, closes: datetime) -> Return:
    """When a prompt that is snoozed at `now` comes back: in the person's hours, ten minutes before `closes` at last.

    Raises TooLateToSnooze.
    """
    length = LENGTHS.get(choice)
    wanted = now + length if length is not None else _after_lunch(person, now)
    latest = closes - LAST_CALL
    if wanted is None or wanted <= now or now >= latest:
        raise TooLateToSnooze(closes, person.zone)
    at = min(hours.opens(person, wanted), latest)
    if not hours.within(person, at):
        raise TooLateToSnooze(closes, person.zone)
    return Return(at, cut_short=at < wanted)


def _after_lunch(person: Person, now: datetime) -> datetime | None:
    return calendar.instant(calendar.local_day(now, person.zone), LUNCH_ENDS, person.zone)
