"""The company as admins look through it: pages of people, who is on no team, dotted lines, chosen words."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from rituals.absences import ExcusingWord
from rituals.handover import Handover
from rituals.people import DottedLine, Person, Role
from storage.tables import DottedLines, ExcusingWords, Handovers, People
from storage.values import add, fetch, remove, selecting


@dataclass(frozen=True, slots=True)
class Look:
    """Which people of a workspace somebody looks at: all, those of a team, or (`teamless`) those on none."""

    workspace: str
    team_id: UUID | None = None
    teamless: bool = False

    def where(self) -> list[ColumnElement[bool]]:
        """The same as conditions; leavers are left out."""
        found = [People.workspace == self.workspace, People.active.is_(True)]
        if self.team_id is not None:
            found.append(People.team_id == self.team_id)
        if self.teamless:
            # Leaders, observers and the like may well be on no team: only who writes plans needs one.
            found += [People.team_id.is_(None), People.role == Role.REP]
        return found


def how_many(tx: Session, look: Look) -> int:
    """How many people a look finds."""
    return tx.execute(select(func.count()).select_from(People).where(*look.where())).scalar_one()


def page(tx: Session, look: Look, first: int, limit: int) -> list[Person]:
    """A part of them by name, from number `first` on, counted from 0."""
    query = selecting(Person).where(*look.where()).order_by(People.name, People.id).offset(first).limit(limit)
    return [Person(*row) for row in tx.execute(query)]


def everybody(tx: Session, look: Look) -> list[Person]:
    """All people that a look finds, by id."""
    return fetch(tx, Person, *look.where(), order=[People.id])


def by_calendar(tx: Session, workspace: str) -> dict[str | None, int]:
    """How many active people follow each holiday calendar, None for none."""
    counted = select(People.holidays, func.count()).where(People.workspace == workspace, People.active.is_(True))
    return {code: number for code, number in tx.execute(counted.group_by(People.holidays))}  # noqa: C416 - rows


def with_role(tx: Session, workspace: str, role: Role) -> list[Person]:
    """Every active person who has a role, as the main one or a further one, by name."""
    named = (People.role == role) | (People.also.cast(People.name.type).contains(role.value))
    found = fetch(tx, Person, People.workspace == workspace, People.active.is_(True), named, order=[People.name])
    return [person for person in found if person.has(role)]


def dotted_from(tx: Session, person_id: UUID) -> list[DottedLine]:
    """The dotted lines of a person: who may ask them besides their manager."""
    return fetch(tx, DottedLine, DottedLines.person_id == person_id, order=[DottedLines.id])


def dotted_from_some(tx: Session, people: Collection[UUID]) -> list[DottedLine]:
    """The dotted lines of these people."""
    return fetch(tx, DottedLine, DottedLines.person_id.in_(people), order=[DottedLines.id])


def dotted_to(tx: Session, manager_id: UUID) -> list[DottedLine]:
    """The dotted lines that end at a manager: whom they may ask (F92)."""
    return fetch(tx, DottedLine, DottedLines.manager_id == manager_id, order=[DottedLines.id])


def dotted_over(tx: Session, team_id: UUID) -> list[UUID]:
    """Whom the dotted lines of a team's people end at (F92)."""
    here = (People.team_id == team_id, People.active.is_(True), People.role == Role.REP)
    query = select(DottedLines.manager_id).join(People, People.id == DottedLines.person_id).where(*here)
    return list(tx.execute(query.distinct().order_by(DottedLines.manager_id)).scalars())


def dotted_at(tx: Session, manager_ids: Collection[UUID]) -> dict[UUID, list[Person]]:
    """Who writes plans and has a dotted line to each of these, by name."""
    here = (DottedLines.manager_id.in_(manager_ids), People.active.is_(True), People.role == Role.REP)
    joined = select(DottedLines.manager_id, *selecting(Person).selected_columns).join_from(
        DottedLines, People, People.id == DottedLines.person_id
    )
    found: dict[UUID, list[Person]] = {}
    for manager_id, *row in tx.execute(joined.where(*here).order_by(People.name)):
        found.setdefault(manager_id, []).append(Person(*row))
    return found


def set_dotted(tx: Session, person_id: UUID, wanted: Iterable[DottedLine]) -> None:
    """Make these the dotted lines of a person."""
    lines = {line.manager_id: line for line in wanted}
    known = {line.manager_id: line for line in dotted_from(tx, person_id)}
    remove(tx, *(line for manager, line in known.items() if manager not in lines))
    add(tx, *(line for manager, line in lines.items() if manager not in known))


def excusing_words(tx: Session, workspace: str) -> list[ExcusingWord]:
    """The words and emoji that excuse whoever shows them in their Slack status (F88)."""
    return fetch(tx, ExcusingWord, ExcusingWords.workspace == workspace, order=[ExcusingWords.id])


def set_excusing_words(tx: Session, workspace: str, wanted: Iterable[ExcusingWord]) -> None:
    """Make these the words of a workspace."""
    words = {one.word: one for one in wanted}
    known = {one.word: one for one in excusing_words(tx, workspace)}
    remove(tx, *(one for word, one in known.items() if word not in words))
    add(tx, *(one for word, one in words.items() if word not in known))


def handovers(tx: Session, leaver_id: UUID) -> list[Handover]:
    """What of a leaver's was given to somebody, in the order it was."""
    return fetch(tx, Handover, Handovers.leaver_id == leaver_id, order=[Handovers.at, Handovers.id])


def members(tx: Session, team_id: UUID) -> list[Person]:
    """Every active person on a team, whatever their role, by name."""
    return fetch(tx, Person, People.team_id == team_id, People.active.is_(True), order=[People.name])


def placed_on(tx: Session, team_ids: Collection[UUID]) -> dict[UUID, int]:
    """How many active people are on each of these teams."""
    counted = select(People.team_id, func.count()).where(People.team_id.in_(team_ids), People.active.is_(True))
    return {team: number for team, number in tx.execute(counted.group_by(People.team_id)) if team is not None}
