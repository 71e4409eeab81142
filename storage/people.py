"""People and teams."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from rituals.people import Person, Role, Team
from storage import huddles
from storage.tables import People, Teams
from storage.values import TABLES, add, by_id, fetch, find_by, found, save, selecting

_PEOPLE = TABLES[Person].c


def find(tx: Session, person_id: UUID) -> Person | None:
    """The person with this id."""
    return find_by(tx, Person, id=person_id)


def change(tx: Session, person: Person, now: datetime) -> None:
    """Save a person, new or known, and have all that their zone or place decides planned again at once.

    That is the huddle of their team, of the one they leave, and of those they manage, whose card goes by their clock.
    """
    before = find(tx, person.id)
    (add if before is None else save)(tx, person)
    managed = tx.execute(select(Teams.id).where(Teams.manager_id == person.id)).scalars()
    concerned = {person.team_id, None if before is None else before.team_id, *managed} - {None}
    # In one order for everybody: two changes at once must not wait for each other.
    for team_id in sorted(filter(None, concerned)):
        huddles.plan_again(tx, team_id, now)


def find_by_slack(tx: Session, workspace: str, slack_id: str) -> Person | None:
    """The active person behind a Slack id in a workspace."""
    return find_by(tx, Person, workspace=workspace, slack_id=slack_id, active=True)


def roster(tx: Session, team_id: UUID) -> list[Person]:
    """Who writes plans in a team, by name."""
    people = fetch(tx, Person, People.team_id == team_id, People.active.is_(True), order=[People.name])
    return [person for person in people if person.plans]


def roster_after(tx: Session, team_id: UUID, cursor: UUID | None, limit: int) -> list[Person]:
    """The next `limit` people who write plans in a team, by id, after `cursor`."""
    after = [] if cursor is None else [People.id > cursor]
    mine = (People.team_id == team_id, People.active.is_(True), People.role == Role.REP)
    query = selecting(Person).where(*mine, *after).order_by(People.id).limit(limit)
    return [Person(*row) for row in tx.execute(query)]


_SOME = selecting(Person).where(_PEOPLE.id.in_(bindparam("ids", expanding=True)))


def some(tx: Session, ids: Iterable[UUID]) -> Mapping[UUID, Person]:
    """The people with these ids, by id."""
    return by_id(found(tx, Person, _SOME, ids=list(ids)))


_LINE = select(_PEOPLE.id, _PEOPLE.manager_id).where(_PEOPLE.id.in_(bindparam("ids", expanding=True)))
_LINE_CTE = _LINE.cte("line", recursive=True)
# UNION, not UNION ALL: a loop in the data ends.
_ABOVE = _LINE_CTE.union(select(_PEOPLE.id, _PEOPLE.manager_id).where(_PEOPLE.id == _LINE_CTE.c.manager_id))
_LINES_ABOVE = selecting(Person).join(_ABOVE, _ABOVE.c.id == _PEOPLE.id)


def lines_above(tx: Session, people: Iterable[Person]) -> Mapping[UUID, Person]:
    """Everybody above any of these people, by id."""
    first = {person.manager_id for person in people if person.manager_id is not None}
    return by_id(found(tx, Person, _LINES_ABOVE, ids=list(first))) if first else {}


def everybody(tx: Session, workspace: str) -> Mapping[UUID, Person]:
    """All people of a workspace by id, leavers included."""
    return by_id(fetch(tx, Person, People.workspace == workspace))


def team(tx: Session, team_id: UUID) -> Team | None:
    """The team with this id."""
    return find_by(tx, Team, id=team_id)


def teams(tx: Session, workspace: str) -> list[Team]:
    """Every team of a workspace, by name."""
    return fetch(tx, Team, Teams.workspace == workspace, order=[Teams.name])


def workspaces(tx: Session) -> list[str]:
    """Every workspace that has a person."""
    return list(tx.execute(select(People.workspace).distinct()).scalars())
