"""Decisions, their readers, whom they affect, named limits, and the change log that nothing rewrites (F71)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, insert, select
from sqlalchemy.orm import Session

from rituals.decisions import UNDECIDED, Decision
from rituals.decisions_lanes import Guardrail
from rituals.decisions_readers import Effect, Reader
from storage import audit, decision_search
from storage.tables import DecisionEffects, DecisionLog, DecisionReaders, Decisions, Guardrails
from storage.values import TABLES, add, by_id, fetch, find_by, found, save, selecting, to_columns

_LOG = DecisionLog.metadata.tables["decision_log"]
_WRITE = insert(_LOG)
_SEARCHED = frozenset(
    {"title", "context", "options", "chosen", "because", "consequences", "will_not", "learned", "killed_because"}
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


def write(tx: Session, decision: Decision, act: Act, *, was: Decision | None) -> None:
    """Keep a decision, new or changed from `was`, its words for the search, and a line in its change log."""
    if was is None:
        add(tx, decision)
    else:
        save(tx, decision, was=[was])
    before, after = (None if one is None else to_columns(one) for one in (was, decision))
    changed = set(fields_changed(was, decision))
    log(tx, decision, act, audit.differing(before, after or {}), audit.differing(after, before))
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


def undecided(tx: Session) -> list[Decision]:
    """Every decision that the seven-day clock runs for, oldest first."""
    return fetch(tx, Decision, Decisions.state.in_(UNDECIDED), order=[Decisions.clock_from, Decisions.number])


# Readers and effects

_READERS = TABLES[Reader].c


def readers(tx: Session, decision_ids: Collection[UUID]) -> list[Reader]:
    """Who is asked to read these, in the order in which they were named."""
    return fetch(tx, Reader, DecisionReaders.decision_id.in_(decision_ids), order=[DecisionReaders.id])


def reader(tx: Session, decision_id: UUID, person_id: UUID) -> Reader | None:
    """Somebody's place among the readers of a decision."""
    return find_by(tx, Reader, decision_id=decision_id, person_id=person_id)


def effects(tx: Session, decision_ids: Collection[UUID]) -> list[Effect]:
    """Whom these decisions affect."""
    return fetch(tx, Effect, DecisionEffects.decision_id.in_(decision_ids), order=[DecisionEffects.id])


# Named limits


def guardrails(tx: Session, workspace: str, *, closed: bool = False) -> list[Guardrail]:
    """The named limits of a workspace, by name; with `closed` those that apply no longer, too."""
    standing = () if closed else (Guardrails.closed_on.is_(None),)
    return fetch(tx, Guardrail, Guardrails.workspace == workspace, *standing, order=[Guardrails.name])


def guardrail(tx: Session, guardrail_id: UUID) -> Guardrail | None:
    """The named limit with this id."""
    return find_by(tx, Guardrail, id=guardrail_id)
