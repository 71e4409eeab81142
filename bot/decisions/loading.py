"""Reading what the views of decisions show, and who stands how to one. Statements do not grow with the rows."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from bot import grammar
from bot.decisions.sentences import NoSuchDecision
from bot.decisions.views import Record
from bot.ids import new_id
from bot.standing import away_now
from rituals import calendar
from rituals.decisions import LETTER, Decision
from rituals.decisions_readers import Reader
from rituals.people import Person, Team, with_manager
from rituals.policy import About, Action, about, may, require
from storage import decision_readership, decisions, kpis, people
from storage.decisions import Act


def act(name: str, by: Person | None, now: datetime, reason: str | None = None, approver_id: UUID | None = None) -> Act:
    """What is done to a decision, as its change log keeps it."""
    return Act(new_id(), name, None if by is None else by.id, now, reason, approver_id)


def today(person: Person, now: datetime) -> date:
    """The date on a person's own calendar."""
    return calendar.local_day(now, person.zone)


def of_id(tx: Session, workspace: str, decision_id: UUID, *, lock: bool = False) -> Decision:
    """A decision of this workspace by its id; raises NoSuchDecision."""
    decision = decisions.find(tx, decision_id, lock=lock)
    if decision is None or decision.workspace != workspace:
        raise NoSuchDecision("")
    return decision


def named(tx: Session, workspace: str, text: str) -> tuple[Decision, str]:
    """The decision at the front of the text, as D-18 or 18, and the rest; raises NoSuchDecision."""
    read = grammar.ident(text, LETTER)
    decision = None if read is None else decisions.numbered(tx, workspace, read[0])
    if read is None or decision is None:
        raise NoSuchDecision(next(iter(text.split(maxsplit=1)), ""))
    return decision, read[1].strip()


def thing(tx: Session, decision: Decision, now: datetime) -> About:
    """A decision as the policy sees it: its owner and author, those above both, its approver and readers."""
    asked = decisions.readers(tx, [decision.id])
    ids = {decision.owner_id, decision.author_id, decision.approver_id, *(reader.person_id for reader in asked)}
    known = people.some(tx, filter(None, ids))
    mine = [known[one] for one in (decision.owner_id, decision.author_id)]
    lines = above(tx, mine, now)
    approver = None if decision.approver_id is None else known[decision.approver_id]
    return About(
        workspace=decision.workspace,
        owner=mine[0],
        above=tuple({person.id: person for one in mine for person in lines[one.id]}.values()),
        author=mine[1],
        approver=approver,
        readers=[known[reader.person_id] for reader in asked],
    )


def above(tx: Session, some: Collection[Person], now: datetime) -> Mapping[UUID, Sequence[Person]]:
    """Who stands above each of these people of one workspace now, nearest first, deputies included."""
    teams = {team.id: team for team in people.teams_of(tx, {person.team_id for person in some if person.team_id})}
    placed = [_placed(person, teams) for person in some]
    line = people.lines_above(tx, placed)
    away = away_now(tx, line, now)
    return {person.id: about(person, line, away).above for person in placed}


def _placed(person: Person, teams: Mapping[UUID, Team]) -> Person:
    team = None if person.team_id is None else teams.get(person.team_id)
    return person if team is None or team.manager_id == person.id else with_manager(person, team)


def require_read(tx: Session, reader: Person, decision: Decision, now: datetime) -> About:
    """Let only those go on who may read a decision; raises NotAllowed."""
    about_it = thing(tx, decision, now)
    open_to = decision.open_to_all and may(Action.DECISION_READ_OPEN, reader, about_it)
    if not open_to:
        require(Action.DECISION_READ, reader, about_it)
    return about_it


def readable(tx: Session, reader: Person, now: datetime) -> ColumnElement[bool]:
    """Which decisions somebody may read, as a condition."""
    managers = people.deputised_by(tx, reader.id)
    away = away_now(tx, {person.id: person for person in (*managers, reader)}, now)
    stands_in = set() if reader.id in away else away - {reader.id}
    return decision_readership.readable(tx, reader, stands_in)


def records(tx: Session, some: Sequence[Decision], now: datetime, viewer: Person) -> list[Record]:
    """Decisions with the names of whoever and whatever they point at."""
    ids = [decision.id for decision in some]
    asked = decisions.readers(tx, ids)
    effects = decisions.effects(tx, ids)
    linked = decisions.some(tx, filter(None, (one for d in some for one in _links(d))))
    known = people.some(tx, filter(None, {*(one for d in some for one in _people(d)), *_readers(asked)}))
    limits = {one.id: one for one in decisions.guardrails(tx, viewer.workspace, closed=True)} if _limited(some) else {}
    places = _places(tx, viewer.workspace) if effects else {}
    return [
        Record(
            decision=one,
            names={person.id: person.name for person in known.values()},
            readers=[reader for reader in asked if reader.decision_id == one.id],
            guardrail=None if one.guardrail_id is None else limits.get(one.guardrail_id),
            affects=[
                places[place]
                for effect in effects
                if effect.decision_id == one.id and (place := effect.place) in places
            ],
            labels={link.id: link.label for link in linked.values()},
            today=today(viewer, now),
            zone=viewer.zone,
            now=now,
        )
        for one in some
    ]


def _links(decision: Decision) -> Collection[UUID | None]:
    return decision.revives_id, decision.supersedes_id, decision.superseded_by_id


def _people(decision: Decision) -> Collection[UUID | None]:
    return decision.owner_id, decision.author_id, decision.approver_id, decision.settled_by_id


def _readers(asked: Sequence[Reader]) -> Iterator[UUID | None]:
    for reader in asked:
        yield reader.person_id
        yield reader.replied_by_id


def _limited(some: Sequence[Decision]) -> bool:
    return any(decision.guardrail_id is not None for decision in some)


def _places(tx: Session, workspace: str) -> Mapping[UUID, str]:
    """The names of teams and functions."""
    teams = {team.id: team.name for team in people.teams(tx, workspace)}
    return teams | {function.id: function.name for function in kpis.functions(tx, workspace)}
