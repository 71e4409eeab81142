"""People and teams."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from rituals.people import Person, Role, Team
from storage import huddles, ladders
from storage.tables import People, Teams
from storage.values import TABLES, add, by_id, fetch, find_by, found, save, selecting

_PEOPLE = TABLES[Person].c


def find(tx: Session, person_id: UUID, *, lock: bool = False) -> Person | None:
    """The person with this id; `lock` holds their row until the transaction ends."""
    if not lock:
        return find_by(tx, Person, id=person_id)
    row = tx.execute(selecting(Person).where(People.id == person_id).with_for_update()).one_or_none()
    return None if row is None else Person(*row)


def change(tx: Session, person: Person, now: datetime) -> None:
    """Save a person, new or known, and have all that their zone or place decides planned again at once.

    That is the huddle of their team, of the one they leave, and of those they manage, whose card goes by their clock.
    """
    before = find(tx, person.id)
    (add if before is None else save)(tx, person)
    ladders.plan_again_around(tx, person.id, now)
    managed = tx.execute(select(Teams.id).where(Teams.manager_id == person.id)).scalars()
    concerned = {person.team_id, None if before is None else before.team_id, *managed} - {None}
    # In one order for everybody: two changes at once must not wait for each other.
    for team_id in sorted(filter(None, concerned)):
        huddles.plan_again(tx, team_id, now)


def change_team(tx: Session, team: Team, now: datetime) -> None:
    """Save a team, new or known, and have its huddle planned again at once: its card goes by its manager's clock."""
    before = find_by(tx, Team, id=team.id)
    for manager in {team.manager_id, None if before is None else before.manager_id} - {None}:
        ladders.plan_again_around(tx, manager, now)  # type: ignore[arg-type] # None is taken out
    (add if before is None else save)(tx, team)
    huddles.plan_again(tx, team.id, now)


def find_by_slack(tx: Session, workspace: str, slack_id: str) -> Person | None:
    """The active person behind a Slack id in a workspace."""
    return find_by(tx, Person, workspace=workspace, slack_id=slack_id, active=True)


def behind(tx: Session, workspace: str, slack_ids: Iterable[str]) -> Mapping[str, Person]:
    """The people behind Slack ids of a workspace, leavers included, by Slack id."""
    found = fetch(tx, Person, People.workspace == workspace, People.slack_id.in_(list(slack_ids)))
    return {person.slack_id: person for person in found}


def roster(tx: Session, team_id: UUID) -> list[Person]:
    """Who writes plans in a team, by name."""
    people = fetch(tx, Person, People.team_id == team_id, People.active.is_(True), order=[People.name])
    return [person for person in people if person.plans]


def roster_on(tx: Session, team_id: UUID, day: date, planned: Iterable[UUID]) -> list[Person]:
    """Who counts in a team on a date, by name: its people since they are on it, and whoever has a plan of it then.

    `planned` are the people with a plan of that team and date: whoever moved away that day stays with it.
    """
    holding = set(planned)
    mine = roster(tx, team_id)
    here = [person for person in mine if person.on_team(day) or person.id in holding]
    moved = some(tx, holding - {person.id for person in mine}).values()
    return sorted([*here, *(person for person in moved if person.plans)], key=lambda person: person.name)


def watchers(tx: Session, team_id: UUID) -> list[Person]:
    """The observers of a team, by name (F92)."""
    mine = (People.team_id == team_id, People.active.is_(True), People.role == Role.OBSERVER)
    return fetch(tx, Person, *mine, order=[People.name])


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


_LINK = (_PEOPLE.id, _PEOPLE.manager_id, _PEOPLE.deputy_id)
_LINE = select(*_LINK).where(_PEOPLE.id.in_(bindparam("ids", expanding=True)))
_LINE_CTE = _LINE.cte("line", recursive=True)
# UNION, not UNION ALL: a loop in the data ends.
_ABOVE = _LINE_CTE.union(select(*_LINK).where(_PEOPLE.id == _LINE_CTE.c.manager_id))
_LINES_ABOVE = selecting(Person).where(
    _PEOPLE.id.in_(select(_ABOVE.c.id).union(select(_ABOVE.c.deputy_id).where(_ABOVE.c.deputy_id.is_not(None))))
)


def lines_above(tx: Session, people: Iterable[Person]) -> Mapping[UUID, Person]:
    """Everybody above any of these people, and the deputies of those, by id."""
    first = {person.manager_id for person in people if person.manager_id is not None}
    return by_id(found(tx, Person, _LINES_ABOVE, ids=list(first))) if first else {}


def everybody(tx: Session, workspace: str) -> Mapping[UUID, Person]:
    """All people of a workspace by id, leavers included."""
    return by_id(fetch(tx, Person, People.workspace == workspace))


def team(tx: Session, team_id: UUID, *, lock: bool = False) -> Team | None:
    """The team with this id; `lock` holds its row until the transaction ends."""
    if not lock:
        return find_by(tx, Team, id=team_id)
    row = tx.execute(selecting(Team).where(Teams.id == team_id).with_for_update()).one_or_none()
    return None if row is None else Team(*row)


def some_teams(tx: Session, ids: Iterable[UUID]) -> Mapping[UUID, Team]:
    """The teams with these ids, by id."""
    return by_id(fetch(tx, Team, Teams.id.in_(list(ids))))


def teams(tx: Session, workspace: str) -> list[Team]:
    """Every team of a workspace, by name, archived ones included."""
    return fetch(tx, Team, Teams.workspace == workspace, order=[Teams.name])


def teams_of(tx: Session, ids: Iterable[UUID]) -> list[Team]:
    """The teams with these ids."""
    return fetch(tx, Team, Teams.id.in_(list(ids)))


def managed_by(tx: Session, managers: Collection[UUID]) -> list[Team]:
    """The teams that some people manage, by name."""
    return fetch(tx, Team, Teams.manager_id.in_(managers), Teams.archived.is_(False), order=[Teams.name])


def reports_of(tx: Session, person_id: UUID) -> list[Person]:
    """Who answers to somebody by their own line, active ones, by name."""
    return fetch(tx, Person, People.manager_id == person_id, People.active.is_(True), order=[People.name])


_DEPUTISED = (
    selecting(Person).where(_PEOPLE.deputy_id == bindparam("deputy"), _PEOPLE.active.is_(True)).order_by(_PEOPLE.name)
)


def deputised_by(tx: Session, person_id: UUID) -> list[Person]:
    """The active managers whose deputy somebody is (F90)."""
    return found(tx, Person, _DEPUTISED, deputy=person_id)


def workspaces(tx: Session) -> list[str]:
    """Every workspace that has a person."""
    return list(tx.execute(select(People.workspace).distinct()).scalars())
