"""Days away: how they join, and what a Slack status says (F87, F88)."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from rituals import calendar
from rituals.calendar import DaysOff, Off
from rituals.people import Absence, Part, Person
from rituals.refusals import Refusal

LONGEST = 366
"""Days that one absence may take."""


LOOK_BACK = timedelta(days=14)
"""How far back a date off is looked for by which an absence and a first day back are joined."""


class AlreadyAway(Refusal):
    """`person` is away then already: `absence` holds all of it."""

    def __init__(self, person: Person, absence: Absence) -> None:
        super().__init__(absence.id)
        self.person = person
        self.absence = absence


class BadDays(Refusal):
    """Days that end before they begin, are over already, or are more than a year."""

    def __init__(self, first: date, last: date) -> None:
        super().__init__(first, last)
        self.first = first
        self.last = last


def require_days(first: date, last: date, today: date) -> None:
    """An absence begins today or later and takes at most a year; raises BadDays."""
    if not today <= first <= last or (last - first).days >= LONGEST:
        raise BadDays(first, last)


@dataclass(frozen=True, slots=True)
class Joined:
    """What becomes of an absence that is added: the one to keep, and those that it takes in."""

    kept: Absence
    gone: tuple[Absence, ...]


def join(person: Person, known: Iterable[Absence], new: Absence) -> Joined:
    """Add an absence to those a person has; raises AlreadyAway when one of them holds all of it.

    Those of the same part that overlap or touch become one, with the newer reason; whole days take in the halves that
    lie among them. What a Slack status says stays apart.
    """
    dated = [each for each in known if each.until is None]
    holding = (each for each in dated if each.part in (Part.WHOLE, new.part) and _holds(each, new))
    if (found := next(holding, None)) is not None:
        raise AlreadyAway(person, found)
    day = timedelta(days=1)
    gone: list[Absence] = []
    first, last = new.first_day, new.last_day
    # One that is taken in may make the next one touch.
    for each in sorted(dated, key=lambda one: one.first_day):
        touches = each.part is new.part and each.first_day <= last + day and each.last_day >= first - day
        if touches or (new.part is Part.WHOLE and first <= each.first_day and each.last_day <= last):
            first, last = min(first, each.first_day), max(last, each.last_day)
            gone.append(each)
    return Joined(replace(new, first_day=first, last_day=last), tuple(gone))


def _holds(one: Absence, other: Absence) -> bool:
    return one.first_day <= other.first_day and other.last_day <= one.last_day


@dataclass(frozen=True, slots=True)
class Status:
    """What somebody shows beside their name in Slack: words, an emoji like ":palm_tree:", and until when."""

    words: str
    emoji: str
    until: datetime | None


@dataclass(frozen=True, slots=True)
class ExcusingWord:
    """A word or an emoji that an admin chose: whoever shows it with an end is excused until then (F88)."""

    id: UUID
    workspace: str
    word: str


def excuses(status: Status, words: Iterable[str], now: datetime) -> bool:
    """Whether a status excuses whoever shows it: it has an end ahead, and one of the chosen words or emoji."""
    if status.until is None or status.until <= now:
        return False
    return any(_says(status, word.strip()) for word in words)


def _says(status: Status, word: str) -> bool:
    if word.startswith(":"):
        return status.emoji.casefold() == word.casefold()
    # A whole word: "ill" is not in "skill-building".
    return word != "" and re.search(rf"(?<!\w){re.escape(word)}(?!\w)", status.words, re.IGNORECASE) is not None


def by_status(
    person: Person, known: Sequence[Absence], status: Status, words: Iterable[str], now: datetime, new_id: UUID
) -> list[Absence]:
    """What a person's status changes among their absences: a new one, one that ends early, one that lasts longer.

    `known` are theirs. One that they ended by hand while it is still shown does not begin again.
    """
    shown = next((each for each in known if each.shown_until is not None), None)
    if status.until is None or not excuses(status, words, now):
        if shown is None or shown.until is None:
            return []
        return [_lasting(replace(shown, shown_until=None), person, min(shown.until, now))]
    if shown is None:
        begun = Absence(
            id=new_id,
            workspace=person.workspace,
            person_id=person.id,
            first_day=calendar.local_day(now, person.zone),
            last_day=calendar.local_day(now, person.zone),
            reason=said(status),
            part=Part.WHOLE,
            since=now,
            until=status.until,
            shown_until=status.until,
        )
        return [_lasting(begun, person, status.until)]
    if shown.shown_until == status.until:
        return []
    ended_by_hand = shown.until != shown.shown_until
    moved = replace(shown, shown_until=status.until, reason=said(status))
    return [moved if ended_by_hand else _lasting(moved, person, status.until)]


def _lasting(absence: Absence, person: Person, until: datetime) -> Absence:
    last = calendar.local_day(until, person.zone)
    return replace(absence, until=until, last_day=max(absence.first_day, last))


def said(status: Status) -> str:
    """A status as the reason of an absence, in at most 150 characters."""
    return (status.words or status.emoji.strip(":").replace("_", " "))[:150]


def back_from(person: Person, day: date, days_off: DaysOff) -> Absence | None:
    """The absence after which `day` is a person's first to work: only weekends and holidays may lie between."""
    if person.id not in days_off.absences:
        return None
    for back in range(1, LOOK_BACK.days + 1):
        before = day - timedelta(days=back)
        off = days_off.on(person, before)
        if off is None:
            return None
        if off.kind is Off.AWAY:
            mine = days_off.absences.get(person.id, ())
            return max((one for one in mine if one.first_day <= before <= one.last_day), key=lambda one: one.last_day)
    return None
