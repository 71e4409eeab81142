"""Reading what the views of decisions show, and who stands how to one. Statements do not grow with the rows."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from bot import blocks, grammar
from bot.decisions.sentences import Already, NoSuchDecision
from bot.decisions.views import Record
from bot.ids import new_id
from bot.standing import away_now, placed
from rituals import calendar
from rituals.decisions import LETTER, Decision, Settled, State
from rituals.decisions_readers import Reader
from rituals.people import Person, deputy_of
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


SETTLED = frozenset({State.APPROVED, State.RECORDED, State.KILLED})
"""States in which `settled_by_id` says who brought it there."""


@contextmanager
def saying_who(tx: Session, to: Person, now: datetime) -> Iterator[None]:
    """Tell whoever comes too late who was faster, and when; raises Already for what was settled."""
    try:
        yield
    except Settled as refusal:
        one = refusal.decision
        closer = people.find(tx, one.settled_by_id) if one.settled_by_id and one.state in SETTLED else None
        if closer is None or one.settled_at is None:
            raise
        raise Already(one, closer, blocks.moment(one.settled_at, now, to.zone)) from refusal


def named(tx: Session, workspace: str, text: str) -> tuple[Decision, str]:
    """The decision at the front of the text, as D-18 or 18, and the rest; raises NoSuchDecision."""
    read = grammar.ident(text, LETTER)
    decision = None if read is None else decisions.numbered(tx, workspace, read[0])
    if read is None or decision is None:
        raise NoSuchDecision(next(iter(text.split(maxsplit=1)), ""))
    return decision, read[1].strip()


def thing(tx: Session, decision: Decision, now: datetime) -> About:
    """A decision as the policy sees it: its owner and author, those above both, its approver and readers.

    Above an owner or author who is away stands their deputy first (F90).
    """
    asked = decisions.readers(tx, [decision.id])
    ids = {decision.owner_id, decision.author_id, decision.approver_id, *(reader.person_id for reader in asked)}
    known = people.some(tx, filter(None, ids))
    mine = [known[one] for one in (decision.owner_id, decision.author_id)]
    lines = above(tx, mine, now)
    approver = None if decision.approver_id is None else known[decision.approver_id]
    return About(
        workspace=decision.workspace,
        owner=mine[0],
        above=tuple({one.id: one for one in (*_deputies(tx, mine, now), *_joined(lines, mine))}.values()),
        author=mine[1],
        approver=approver,
        readers=[known[reader.person_id] for reader in asked],
    )


def _joined(lines: Mapping[UUID, Sequence[Person]], some: Sequence[Person]) -> Iterator[Person]:
    return (person for one in some for person in lines[one.id])


def _deputies(tx: Session, some: Sequence[Person], now: datetime) -> list[Person]:
    """Who stands in for those of these people who are away now."""
    named = {one.deputy_id for one in some if one.active and one.deputy_id is not None}
    if not named:
        return []
    known = {**people.some(tx, named), **{one.id: one for one in some}}
    away = away_now(tx, known, now)
    found = (deputy_of(one, known, away) for one in some if one.active and one.id in away)
    return [deputy for deputy in found if deputy is not None]


def answering(tx: Session, about_it: About, now: datetime) -> list[Person]:
    """Who replies to a decision's readers now: its owner and author, and the next above an owner who is off or gone."""
    mine = [one for one in (about_it.owner, about_it.author) if one is not None]
    known = {one.id: one for one in (*mine, *about_it.above)}
    away = away_now(tx, known, now) | {one.id for one in known.values() if not one.active}
    present = [one for one in about_it.above if one.id not in away]
    stand_in = present[:1] if about_it.owner is not None and about_it.owner.id in away else []
    return list({one.id: one for one in (*mine, *stand_in) if one.active}.values())


def above(tx: Session, some: Collection[Person], now: datetime) -> Mapping[UUID, Sequence[Person]]:
    """Who stands above each of these people of one workspace now, nearest first, deputies included."""
    teams = {team.id: team for team in people.teams_of(tx, {person.team_id for person in some if person.team_id})}
    asked = [placed(person, None if person.team_id is None else teams.get(person.team_id)) for person in some]
    line = people.lines_above(tx, asked)
    away = away_now(tx, line, now)
    return {person.id: about(person, line, away).above for person in asked}


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
            left=[person.id for person in known.values() if not person.active],
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
