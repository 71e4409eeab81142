"""Decisions, their readers, whom they affect, named limits, and the change log that nothing rewrites (F71)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, ColumnElement, and_, bindparam, exists, func, insert, or_, select
from sqlalchemy.orm import Session

from rituals.decisions import IN_FORCE, UNDECIDED, Decision, Lane, State
from rituals.decisions_lanes import Guardrail
from rituals.decisions_readers import Effect, Reader
from storage import audit, decision_search
from storage.tables import DecisionEffects, DecisionLog, DecisionReaders, Decisions, Guardrails, People
from storage.values import TABLES, add, by_id, columns_of, cut, fetch, find_by, found, save, selecting, to_columns

RETURNED = "returned"
"""What the change log calls it when an approver sends a proposal back."""
_LOG = DecisionLog.metadata.tables["decision_log"]
_WRITE = insert(_LOG)
_SEARCHED = frozenset(
    {"title", "context", "options", "chosen", "because", "consequences", "will_not", "capability", "learned"}
    | {"killed_because"}
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a decision's change log: who did what when, what it said before and after, who approved, and why.

    `before` and `after` hold the fields that differ, as JSON; a capture has no `before`.
    """

    id: UUID
    workspace: str
    decision_id: UUID
    at: datetime
    by_id: UUID | None
    act: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None
    approver_id: UUID | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class Act:
    """What is done to a decision, for its log; `by_id` is None for the clock."""

    id: UUID
    name: str
    by_id: UUID | None
    at: datetime
    reason: str | None = None
    approver_id: UUID | None = None


def write(
    tx: Session, decision: Decision, act: Act, *, was: Decision | None, saying: tuple[str, str] | None = None
) -> None:
    """Keep a decision, new or changed from `was`, its words for the search, and a line in its change log.

    `saying` is what was chosen before and is chosen now, where another decision says so.
    """
    if was is None:
        add(tx, decision)
    else:
        save(tx, decision, was=[was])
    before, after = (None if one is None else to_columns(one) for one in (was, decision))
    changed = set(fields_changed(was, decision))
    said, says = ({}, {}) if saying is None else ({"chosen": saying[0]}, {"chosen": saying[1]})
    told = None if before is None else (audit.differing(before, after) or {}) | said
    log(tx, decision, act, told, (audit.differing(after, before) or {}) | says)
    if was is None or changed & _SEARCHED:
        decision_search.index(tx, decision)


def fields_changed(was: Decision | None, now: Decision) -> list[str]:
    """The names of what differs."""
    return [one.name for one in fields(now) if was is None or getattr(was, one.name) != getattr(now, one.name)]


def log(
    tx: Session,
    decision: Decision,
    act: Act,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Add a line to a decision's change log."""
    tx.execute(
        _WRITE,
        {
            "id": act.id,
            "workspace": decision.workspace,
            "decision_id": decision.id,
            "at": act.at,
            "by_id": act.by_id,
            "act": act.name,
            "before": before,
            "after": after,
            "approver_id": act.approver_id,
            "reason": act.reason,
        },
    )


def history(tx: Session, decision_id: UUID) -> Sequence[Entry]:
    """A decision's change log, oldest first."""
    columns = [_LOG.c[one.name] for one in fields(Entry)]
    rows = tx.execute(select(*columns).where(_LOG.c.decision_id == decision_id).order_by(_LOG.c.id))
    return [Entry(*row) for row in rows]


def find(tx: Session, decision_id: UUID, *, lock: bool = False) -> Decision | None:
    """The decision with this id; `lock` holds its row until the transaction ends."""
    if not lock:
        return find_by(tx, Decision, id=decision_id)
    row = tx.execute(selecting(Decision).where(Decisions.id == decision_id).with_for_update()).one_or_none()
    return None if row is None else Decision(*row)


def numbered(tx: Session, workspace: str, number: int) -> Decision | None:
    """The decision that people call by this number."""
    return find_by(tx, Decision, workspace=workspace, number=number)


_SOME = selecting(Decision).where(TABLES[Decision].c.id.in_(bindparam("ids", expanding=True)))


def some(tx: Session, ids: Iterable[UUID]) -> Mapping[UUID, Decision]:
    """The decisions with these ids, by id."""
    return by_id(found(tx, Decision, _SOME, ids=list(ids)))


def page(tx: Session, *where: ColumnElement[bool], first: int = 0, limit: int = 10) -> list[Decision]:
    """A page of the decisions for which `where` holds, newest first."""
    query = selecting(Decision).where(*where).order_by(Decisions.captured_at.desc(), Decisions.number.desc())
    return [Decision(*row) for row in tx.execute(query.offset(first).limit(limit))]


_LEFT_OPEN = (
    selecting(Decision)
    .where(
        Decisions.owner_id == bindparam("owner"),
        or_(Decisions.state.in_(UNDECIDED), and_(Decisions.state.in_(IN_FORCE), Decisions.outcome.is_(None))),
    )
    .order_by(Decisions.number)
)


def left_open(tx: Session, owner_id: UUID) -> list[Decision]:
    """What somebody owns that is undecided, or in force with its outcome still to be reviewed."""
    return found(tx, Decision, _LEFT_OPEN, owner=owner_id)


def numbered_after(tx: Session, workspace: str, number: int, limit: int) -> list[Decision]:
    """The next decisions of a workspace after a number, by their numbers."""
    mine = (Decisions.workspace == workspace, Decisions.number > number)
    query = selecting(Decision).where(*mine).order_by(Decisions.number).limit(limit)
    return [Decision(*row) for row in tx.execute(query)]


def settled(tx: Session, *where: ColumnElement[bool]) -> list[Decision]:
    """Every decided one for which `where` holds."""
    return fetch(tx, Decision, Decisions.settled_at.is_not(None), *where)


def approvals(tx: Session, *where: ColumnElement[bool]) -> list[tuple[Decision, bool]]:
    """The commitments that were approved, newest first, each with whether it was sent back before."""
    returned = exists().where(_LOG.c.decision_id == Decisions.id, _LOG.c.act == RETURNED)
    approved = (Decisions.lane == Lane.COMMITMENT, Decisions.state.in_({State.APPROVED, State.SUPERSEDED}))
    query = select(*columns_of(Decision), returned).where(*approved, *where).order_by(Decisions.settled_at.desc())
    return [(Decision(*row[:-1]), bool(row[-1])) for row in tx.execute(query)]


def undecided_count(tx: Session, *where: ColumnElement[bool]) -> int:
    """How many are undecided."""
    query = select(func.count()).select_from(Decisions).where(Decisions.state.in_(UNDECIDED), *where)
    return int(tx.execute(query).scalar_one())


# A memo that is written on, killed or replaced asks nobody to read it, and whoever has left owes nothing.
_OWED = (
    DecisionReaders.asked_at.is_not(None),
    exists().where(People.id == DecisionReaders.person_id, People.active.is_(True)),
    DecisionReaders.response.is_(None),
    Decisions.state.in_(IN_FORCE | {State.PROPOSED}),
)


def unread_count(tx: Session, *where: ColumnElement[bool]) -> int:
    """How many responses readers owe."""
    joined = (
        select(func.count()).select_from(DecisionReaders).join(Decisions, Decisions.id == DecisionReaders.decision_id)
    )
    return int(tx.execute(joined.where(*_OWED, *where)).scalar_one())


def owed_readings(tx: Session, workspace: str, *where: ColumnElement[bool]) -> list[tuple[Decision, Reader]]:
    """Every response that readers of a workspace owe on what `where` holds for, oldest first: a leader's digest (F73).

    Which of them is overdue says `Reader.overdue` with the reader's own date.
    """
    columns = (*columns_of(Decision), *columns_of(Reader))
    query = select(*columns).join_from(Decisions, DecisionReaders, DecisionReaders.decision_id == Decisions.id)
    rows = tx.execute(query.where(*_OWED, Decisions.workspace == workspace, *where).order_by(DecisionReaders.asked_at))
    return [tuple(cut(row, Decision, Reader)) for row in rows]


def affecting(
    tx: Session, workspace: str, since: datetime, until: datetime, *where: ColumnElement[bool]
) -> list[tuple[Decision, Effect]]:
    """What affects others since an instant and until another, where that holds: the monthly forum's agenda (F72)."""
    alive = Decisions.state.in_(IN_FORCE | {State.PROPOSED})
    told = (DecisionEffects.told_at >= since, DecisionEffects.told_at <= until, alive, *where)
    columns = (*columns_of(Decision), *columns_of(Effect))
    query = select(*columns).join_from(Decisions, DecisionEffects, DecisionEffects.decision_id == Decisions.id)
    rows = tx.execute(query.where(*told, Decisions.workspace == workspace).order_by(DecisionEffects.told_at))
    return [tuple(cut(row, Decision, Effect)) for row in rows]


# Readers and effects

_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_READERS_OF = selecting(Reader).where(DecisionReaders.decision_id.in_(_IDS)).order_by(DecisionReaders.id)
_EFFECTS_OF = selecting(Effect).where(DecisionEffects.decision_id.in_(_IDS)).order_by(DecisionEffects.id)


def readers(tx: Session, decision_ids: Collection[UUID]) -> list[Reader]:
    """Who is asked to read these, in the order in which they were named."""
    return found(tx, Reader, _READERS_OF, ids=list(decision_ids))


def reader(tx: Session, decision_id: UUID, person_id: UUID) -> Reader | None:
    """Somebody's place among the readers of a decision."""
    return find_by(tx, Reader, decision_id=decision_id, person_id=person_id)


def reader_by_id(tx: Session, reader_id: UUID) -> Reader | None:
    """The reader with this id."""
    return find_by(tx, Reader, id=reader_id)


def effects(tx: Session, decision_ids: Collection[UUID]) -> list[Effect]:
    """Whom these decisions affect."""
    return found(tx, Effect, _EFFECTS_OF, ids=list(decision_ids))


# Named limits


def guardrails(tx: Session, workspace: str, *, closed: bool = False) -> list[Guardrail]:
    """The named limits of a workspace, by name; with `closed` those that apply no longer, too."""
    standing = () if closed else (Guardrails.closed_on.is_(None),)
    return fetch(tx, Guardrail, Guardrails.workspace == workspace, *standing, order=[Guardrails.name])


def guardrail(tx: Session, guardrail_id: UUID) -> Guardrail | None:
    """The named limit with this id."""
    return find_by(tx, Guardrail, id=guardrail_id)


def uses(tx: Session, ids: Collection[UUID]) -> Mapping[UUID, int]:
    """How many decisions in force were made within each limit; one that nobody used is not there."""
    made = (Decisions.guardrail_id.in_(ids), Decisions.settled_at.is_not(None), Decisions.killed_because.is_(None))
    rows = tx.execute(select(Decisions.guardrail_id, func.count()).where(*made).group_by(Decisions.guardrail_id))
    return {limit: number for limit, number in rows if limit is not None}
