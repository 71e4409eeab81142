"""Accountability partners, and the leader who goes first: what somebody commits to on Monday, and what became of it.

Partners are paired for a month, leaders first, never a manager with their own report, and only the two see what they
wrote (W10, F45). A leader who goes first has it posted where the leaders are (F138). Both are opt-in.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from uuid import UUID

from rituals import calendar, hours
from rituals.calendar import DaysOff
from rituals.due import Due
from rituals.people import Person, Role
from rituals.refusals import Refusal

MONDAY_AT, FRIDAY_AT = time(9, 30), time(15)
MONDAY, FRIDAY = 1, 5
LONGEST = 300
NO_PARTNER = "nobody is left to be paired with this month"
STOPPED = "opted out"
NOTHING_WRITTEN = "nothing was written"


class NoWords(Refusal):
    """A commitment, or why it was dropped, without a word in it."""


class AlreadySaid(Refusal):
    """What became of it was said before."""


class Kind(StrEnum):
    """Between two partners, or before the leaders."""

    PARTNER = "partner"
    FIRST = "first"


class Slot(StrEnum):
    """What comes on Monday and on Friday."""

    MONDAY = "partner.monday"
    FRIDAY = "partner.friday"


class PromiseState(StrEnum):
    """Asked, written, and what became of it; partners say kept or not."""

    ASKED = "asked"
    OPEN = "open"
    DONE = "done"
    MOVED = "moved"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Wish:
    """Somebody takes part; `channel` is where a leader's word is posted. `ended_at` None: still."""

    id: UUID
    workspace: str
    person_id: UUID
    kind: Kind
    channel: str | None
    since: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Pair:
    """Two partners of a month, which begins on `month`. `ended_at` None: they are until its end."""

    id: UUID
    workspace: str
    month: date
    one_id: UUID
    other_id: UUID
    ended_at: datetime | None

    def partner_of(self, person_id: UUID) -> UUID:
        """The other of the two."""
        return self.other_id if person_id == self.one_id else self.one_id

    @property
    def both(self) -> tuple[UUID, UUID]:
        """The two."""
        return self.one_id, self.other_id


@dataclass(frozen=True, slots=True)
class Promise:
    """What somebody commits to in the week of `monday`; `pair_id` says who else may read it."""

    id: UUID
    workspace: str
    person_id: UUID
    kind: Kind
    monday: date
    pair_id: UUID | None
    channel: str | None
    text: str
    state: PromiseState
    because: str | None


def monday_of(day: date) -> date:
    """The Monday of a date's week."""
    return day - timedelta(days=day.isoweekday() - MONDAY)


def month_of(day: date) -> date:
    """The month whose partners a date's week has: that of its Monday."""
    return monday_of(day).replace(day=1)


def mondays_from(monday: date) -> list[date]:
    """That Monday and the later ones of its month."""
    return [day for day in calendar.days_between(monday, until(month_of(monday))) if day.isoweekday() == MONDAY]


def until(month: date) -> date:
    """The last day of a month's pairs."""
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def coming(person: Person, since: datetime, now: datetime, end: datetime) -> list[Due]:
    """What is due for somebody who takes part, at their own wall time; a Friday's counts to the Monday before it."""
    found = []
    for day in calendar.days_between(calendar.local_day(now, person.zone), calendar.local_day(end, person.zone)):
        for weekday, wall, slot in ((MONDAY, MONDAY_AT, Slot.MONDAY), (FRIDAY, FRIDAY_AT, Slot.FRIDAY)):
            at = calendar.instant(day, wall, person.zone) if day.isoweekday() == weekday else None
            if at is not None and at >= since:
                found.append(Due(slot, person.id, day, at, calendar.end_of(day, person.zone), person.zone))
    return [due for due in found if due.due_at <= end]


def why_not(wish: Wish | None, person: Person | None, day: date, at: time, days_off: DaysOff) -> str | None:
    """Why somebody is not asked, in the ledger's words; None when they are."""
    if wish is None or wish.ended_at is not None or person is None or not person.active:
        return STOPPED
    off = days_off.on(person, day, at)
    if off is not None:
        return off.reason
    moment = calendar.instant(day, at, person.zone)
    late = moment is not None and hours.opens(person, moment) >= calendar.end_of(day, person.zone)
    return "outside their working hours" if late else None


def written(promise: Promise, text: str) -> Promise:
    """The commitment, in these words; raises NoWords, or AlreadySaid once its end is known."""
    if promise.state not in (PromiseState.ASKED, PromiseState.OPEN):
        raise AlreadySaid
    return replace(promise, text=_words(text), state=PromiseState.OPEN)


def ended(promise: Promise, state: PromiseState, because: str | None = None) -> Promise:
    """The commitment and what became of it; a dropped one says why. Raises AlreadySaid or NoWords."""
    if promise.state is not PromiseState.OPEN:
        raise AlreadySaid
    needs_why = state is PromiseState.DROPPED and promise.kind is Kind.FIRST
    return replace(promise, state=state, because=_words(because or "") if needs_why else None)


def _words(text: str) -> str:
    words = " ".join(text.split())[:LONGEST]
    if not words:
        raise NoWords
    return words


Couple = frozenset[UUID]


def pair(
    people: Iterable[Person], managers: Mapping[UUID, UUID | None], before: Sequence[Collection[Couple]]
) -> list[tuple[Person, Person]]:
    """Pair whoever takes part, leaders first and with each other where that is possible (F45).

    `managers` says who manages whom; the two never stand in one pair. `before` are the pairs of earlier months, the
    newest first: who was together longest ago, or never, is preferred, and the last month's are kept apart while
    somebody else is free. Of an odd number one is left.
    """
    left = sorted(people, key=lambda one: (not one.has(Role.LEADER), one.name, one.id))
    found: list[tuple[Person, Person]] = []
    while left:
        one = left.pop(0)
        free = [other for other in left if _may(one, other, managers)]
        if not free:
            _swap(one, left, found, managers)
            continue
        other = min(free, key=lambda each: (-_months_since(one, each, before), not _alike(one, each), each.name))
        left.remove(other)
        found.append((one, other))
    return found


def comes(person: Person, mondays: Iterable[date], days_off: DaysOff) -> bool:
    """Whether somebody is asked on one of these Mondays at least: a partner who never is leaves the other alone."""
    return any(days_off.on(person, day, MONDAY_AT) is None for day in mondays)


def goes_on(standing: Pair, takes_part: Collection[UUID], managers: Mapping[UUID, UUID | None]) -> bool:
    """Whether two stay partners within their month (F45).

    Both take part, and neither has become the other's manager.
    """
    one, other = standing.both
    return one in takes_part and other in takes_part and _apart(one, other, managers)


def regroup(
    standing: Iterable[Pair],
    coming: Mapping[UUID, Person],
    managers: Mapping[UUID, UUID | None],
    before: Sequence[Collection[Couple]],
) -> tuple[list[Pair], list[tuple[Person, Person]]]:
    """A Monday of the month: which of its pairs are over, and who is paired anew, as by `pair` (F45).

    `coming` is whoever takes part and comes on one of the Mondays left.
    """
    over: list[Pair] = []
    taken: set[UUID] = set()
    for one in standing:
        if goes_on(one, coming, managers):
            taken.update(one.both)
        else:
            over.append(one)
    return over, pair([person for who, person in coming.items() if who not in taken], managers, before)


def _alike(one: Person, other: Person) -> bool:
    return one.has(Role.LEADER) == other.has(Role.LEADER)


def _months_since(one: Person, other: Person, before: Sequence[Collection[Couple]]) -> int:
    couple = frozenset((one.id, other.id))
    return next((number for number, pairs in enumerate(before) if couple in pairs), len(before))


def _may(one: Person, other: Person, managers: Mapping[UUID, UUID | None]) -> bool:
    return _apart(one.id, other.id, managers)


def _apart(one: UUID, other: UUID, managers: Mapping[UUID, UUID | None]) -> bool:
    return managers.get(one) != other and managers.get(other) != one


def _swap(
    one: Person, left: list[Person], found: list[tuple[Person, Person]], managers: Mapping[UUID, UUID | None]
) -> None:
    """Whoever is left, and somebody else who is, may both fit into a pair that is taken apart for them."""
    for other in left:
        for number, (first, second) in enumerate(found):
            for a, b in ((first, second), (second, first)):
                if _may(one, a, managers) and _may(other, b, managers):
                    found[number] = (one, a)
                    found.append((other, b))
                    left.remove(other)
                    return
