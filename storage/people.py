"""People, teams, absences."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from rituals.people import Absence, Person, Role, Team
from storage.tables import Absences, People, Teams
from storage.values import UNSYNCED, by_id, fetch, fetch_one, selecting


def find(tx: Session, person_id: UUID) -> Person | None:
    """The person with this id."""
    return fetch_one(tx, Person, People.id == person_id)


def find_by_slack(tx: Session, workspace: str, slack_id: str) -> Person | None:
    """The active person behind a Slack id in a workspace."""
    return fetch_one(tx, Person, People.workspace == workspace, People.slack_id == slack_id, People.active.is_(True))


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


def some(tx: Session, ids: Iterable[UUID]) -> Mapping[UUID, Person]:
    """The people with these ids, by id."""
    return by_id(fetch(tx, Person, People.id.in_(list(ids))))


def lines_above(tx: Session, people: Iterable[Person]) -> Mapping[UUID, Person]:
    """Everybody above any of these people, by id: one query per level, and a company has few."""
    found: dict[UUID, Person] = {}
    wanted = {person.manager_id for person in people if person.manager_id is not None}
    while wanted:
        level = some(tx, wanted)
        found |= level
        wanted = {p.manager_id for p in level.values() if p.manager_id is not None and p.manager_id not in found}
    return found


def everybody(tx: Session, workspace: str) -> Mapping[UUID, Person]:
    """All people of a workspace by id, leavers included."""
    return by_id(fetch(tx, Person, People.workspace == workspace))


def team(tx: Session, team_id: UUID) -> Team | None:
    """The team with this id."""
    return fetch_one(tx, Team, Teams.id == team_id)


def teams(tx: Session, workspace: str) -> list[Team]:
    """Every team of a workspace, by name."""
    return fetch(tx, Team, Teams.workspace == workspace, order=[Teams.name])


def absences(tx: Session, people: Iterable[UUID], day: date) -> Mapping[UUID, Absence]:
    """Who of `people` is away on `day`, with the absence that ends last."""
    away = fetch(
        tx,
        Absence,
        Absences.person_id.in_(list(people)),
        Absences.first_day <= day,
        Absences.last_day >= day,
        order=[Absences.last_day],
    )
    return {absence.person_id: absence for absence in away}


def end_absences(tx: Session, person_id: UUID, today: date) -> int:
    """End the absence that covers `today` the day before, and delete those to come; return how many there were."""
    running = (Absences.person_id == person_id, Absences.last_day >= today)
    gone = tx.execute(delete(Absences).where(*running, Absences.first_day >= today).returning(Absences.id))
    ended = tx.execute(
        update(Absences).where(*running).values(last_day=today - timedelta(days=1)).returning(Absences.id), **UNSYNCED
    )
    return len(gone.scalars().all()) + len(ended.scalars().all())


def workspaces(tx: Session) -> list[str]:
    """Every workspace that has a person."""
    return list(tx.execute(select(People.workspace).distinct()).scalars())
