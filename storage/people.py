"""People, teams, absences."""

from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from rituals.people import Absence, Person, Team
from storage.tables import Absences, People, Teams
from storage.values import by_id, fetch, fetch_one


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


def everybody(tx: Session, workspace: str) -> Mapping[UUID, Person]:
    """All people of a workspace by id, leavers included."""
    return by_id(fetch(tx, Person, People.workspace == workspace))


def line_above(tx: Session, person: Person) -> Mapping[UUID, Person]:
    """The managers above a person, by id: one query per level, and a company has few."""
    found: dict[UUID, Person] = {}
    above = person.manager_id
    while above is not None and above not in found:
        manager = find(tx, above)
        if manager is None:
            break
        found[above] = manager
        above = manager.manager_id
    return found


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


def workspaces(tx: Session) -> list[str]:
    """Every workspace that has a person."""
    return list(tx.execute(select(People.workspace).distinct()).scalars())
