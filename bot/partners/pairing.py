"""Who is whose partner: paired on Monday, and parted when the two may not, or can't, go on (F45)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from bot.ids import same_id
from bot.partners import drawing
from rituals import partners as rules
from rituals.partners import Kind, Pair
from rituals.people import Person, Team, with_manager
from storage import calendars, partners, people, values

REMEMBERED = timedelta(days=370)
LONGEST_MONTH = timedelta(days=38)
"""From the first day of a month to the end of the week of its last Monday."""


@dataclass(frozen=True, slots=True)
class Circle:
    """Whoever takes part now, and who manages whom of them."""

    people: Mapping[UUID, Person]
    managers: Mapping[UUID, UUID | None]


def circle(tx: Session, workspace: str) -> Circle:
    """Whoever takes part in a workspace."""
    wished = [one.person_id for one in partners.wishes(tx, workspace) if one.kind is Kind.PARTNER]
    some = {who: person for who, person in people.some(tx, wished).items() if person.active}
    teams: Mapping[UUID, Team] = values.by_id(people.teams(tx, workspace))
    return Circle(some, {who: _manager(person, teams) for who, person in some.items()})


def _manager(person: Person, teams: Mapping[UUID, Team]) -> UUID | None:
    team = None if person.team_id is None else teams.get(person.team_id)
    return (person if team is None or team.manager_id == person.id else with_manager(person, team)).manager_id


def pair_up(tx: Session, workspace: str, monday: date, now: datetime) -> None:
    """Pair whoever takes part and has no partner this month, once a week, whoever opens the Monday first (F45).

    Whoever is away on each Monday that the month has left is nobody's partner, and whoever was theirs gets another.
    """
    if not partners.claim_week(tx, workspace, monday):
        return
    month = rules.month_of(monday)
    past = partners.pairs(tx, workspace, month - REMEMBERED)
    takes_part = circle(tx, workspace)
    mondays = rules.mondays_from(monday)
    days_off = calendars.days_off(tx, workspace, list(takes_part.people), monday, mondays[-1])
    coming = {who: one for who, one in takes_part.people.items() if rules.comes(one, mondays, days_off)}
    standing = [one for one in past if one.month == month and one.ended_at is None]
    before: dict[date, set[frozenset[UUID]]] = {}
    for pair in past:
        before.setdefault(pair.month, set()).add(frozenset(pair.both))
    over, found = rules.regroup(standing, coming, takes_part.managers, list(before.values()))
    _part(tx, over, monday, now)
    values.add(tx, *[_pair(workspace, monday, one, other) for one, other in found])


def _pair(workspace: str, monday: date, one: Person, other: Person) -> Pair:
    made = same_id("pair", monday, one.id, other.id)
    return Pair(made, workspace, rules.month_of(monday), one.id, other.id, None)


def settle(tx: Session, workspace: str, now: datetime) -> None:
    """End each pair of which one has left, takes part no longer or manages the other now (F45)."""
    standing = [one for one in partners.pairs(tx, workspace, now.date() - LONGEST_MONTH) if one.ended_at is None]
    if standing:
        takes_part = circle(tx, workspace)
        over = [one for one in standing if not rules.goes_on(one, takes_part.people, takes_part.managers)]
        _part(tx, over, rules.monday_of(now.date()), now)


def _part(tx: Session, some: Sequence[Pair], monday: date, now: datetime) -> None:
    ended = [replace(one, ended_at=now) for one in some]
    values.save(tx, *ended, was=some)
    for one in ended:
        drawing.redraw(tx, one, monday, None, now)
