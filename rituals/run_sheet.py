"""The twenty minutes of a huddle: what is talked about, in which order, for how long (D1, F22)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from rituals.blockers import Blocker
from rituals.people import Person
from rituals.plans import Answer, Item

LONGEST = timedelta(minutes=20)


@dataclass(frozen=True, slots=True)
class Run:
    """A huddle that somebody holds: one a team and date. `drawn_at` is when its clock was last shown."""

    id: UUID
    workspace: str
    team_id: UUID
    day: date
    by_id: UUID
    started_at: datetime
    drawn_at: datetime
    ended_at: datetime | None


class Topic(StrEnum):
    """What a point of the sheet is about, in the order in which they come."""

    REDIRECT = "redirect"
    NO_NUMBER = "no number"
    BLOCKER = "blocker"
    REST = "rest"


MINUTES: Mapping[Topic, timedelta] = {
    Topic.REDIRECT: timedelta(minutes=2),
    Topic.NO_NUMBER: timedelta(minutes=2),
    Topic.BLOCKER: timedelta(minutes=1),  # named and parked: a huddle solves no problems (D5)
    Topic.REST: timedelta(seconds=40),
}
"""How long a point may take when there is time enough."""


@dataclass(frozen=True, slots=True)
class Point:
    """One thing to talk about with one person: their items or blockers that it is about, and for how long."""

    topic: Topic
    person: Person
    items: tuple[Item, ...]
    blockers: tuple[Blocker, ...]
    time: timedelta


def points(
    order: Iterable[Person], items: Mapping[UUID, Sequence[Item]], new_blockers: Mapping[UUID, Sequence[Blocker]]
) -> list[Point]:
    """Return the sheet: redirects, then ⚠, then new blockers, then everybody else; together at most 20 minutes.

    `items` and `new_blockers` are by person. Whoever has a point above is not called again at the end.
    """
    people = list(order)
    found = [
        Point(topic, person, about, (), MINUTES[topic])
        for topic, chosen in ((Topic.REDIRECT, _redirected), (Topic.NO_NUMBER, _warned))
        for person in people
        if (about := tuple(chosen(items.get(person.id, ()))))
    ]
    found += [
        Point(Topic.BLOCKER, person, (), stuck, MINUTES[Topic.BLOCKER])
        for person in people
        if (stuck := tuple(new_blockers.get(person.id, ())))
    ]
    called = {point.person.id for point in found}
    found += [
        Point(Topic.REST, person, planned, (), MINUTES[Topic.REST])
        for person in people
        if person.id not in called and (planned := tuple(items.get(person.id, ())))
    ]
    return _fitted(found)


def _redirected(items: Iterable[Item]) -> list[Item]:
    return [item for item in items if item.answer is Answer.REDIRECTED]


def _warned(items: Iterable[Item]) -> list[Item]:
    return [item for item in items if item.warns]


def _fitted(found: Sequence[Point]) -> list[Point]:
    whole = sum((point.time for point in found), timedelta())
    if whole <= LONGEST:
        return list(found)
    # Whole seconds, rounded down: the sum must not pass twenty minutes.
    share = LONGEST / whole
    return [
        Point(p.topic, p.person, p.items, p.blockers, timedelta(seconds=int(p.time.total_seconds() * share)))
        for p in found
    ]


def length(sheet: Iterable[Point]) -> timedelta:
    """How long a sheet takes."""
    return sum((point.time for point in sheet), timedelta())


def current(sheet: Sequence[Point], started_at: datetime, now: datetime) -> int:
    """Which point the clock has come to, from 0; as many as there are when the time is over."""
    passed = timedelta()
    for number, point in enumerate(sheet):
        passed += point.time
        if now - started_at < passed:
            return number
    return len(sheet)
