"""Who changed what, when, by which door: written beside every change, and never again (F119).

`values.add`, `values.save` and `values.remove` write it by themselves for a transaction that has begun an act. The
database refuses to change or delete what stands here, whoever asks (migration 0005).
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Table, insert, select
from sqlalchemy.orm import Session

from storage.tables import Audit

Facts = Mapping[str, Any]

_ACT, _CHANGES = "act", "changes"
_TABLE = Audit.metadata.tables["audit"]
_INSERT = insert(_TABLE)


@dataclass(frozen=True, slots=True)
class Act:
    """One press, form, command or tick. `actor_id` is None for the clock and for Slack; `at` is ritual time.

    `via` names the door: a button's or a form's id, a command's name, "clock", "slack".
    """

    id: UUID
    workspace: str
    actor_id: UUID | None
    via: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """One change of one row of the table `kind`. A new row has no `before`, one that is gone no `after`."""

    act: Act
    kind: str
    subject: UUID
    before: Facts | None
    after: Facts | None


def begin(tx: Session, act: Act) -> None:
    """From here on, what this transaction changes is recorded as this act."""
    tx.info[_ACT] = act


@contextmanager
def within(tx: Session, act: Act) -> Iterator[None]:
    """What this transaction changes inside the block is recorded as this act; after it as before."""
    before = tx.info.get(_ACT)
    tx.info[_ACT] = act
    try:
        yield
    finally:
        if before is None:
            del tx.info[_ACT]
        else:
            tx.info[_ACT] = before


def current(tx: Session) -> UUID | None:
    """The id of the act that is recorded now."""
    act: Act | None = tx.info.get(_ACT)
    return None if act is None else act.id


def underway(tx: Session) -> bool:
    """Whether changes of this transaction are recorded."""
    return _ACT in tx.info


def record(tx: Session, table: Table, changes: Collection[tuple[UUID, Facts | None, Facts | None]]) -> None:
    """Note changes, each a row's id with what it said before and says now; what stayed the same is left out.

    They are written with one statement when the transaction ends, or before it reads its record.
    """
    act: Act = tx.info[_ACT]
    heading = {"act": act.id, "workspace": act.workspace, "actor_id": act.actor_id, "via": act.via, "at": act.at}
    rows = [
        heading
        | {
            "kind": table.name,
            "subject": subject,
            "before": differing(before, after),
            "after": differing(after, before),
        }
        for subject, before, after in changes
        if before != after
    ]
    tx.info.setdefault(_CHANGES, []).extend(rows)


def write(tx: Session) -> None:
    """Write down what has been noted."""
    if rows := tx.info.pop(_CHANGES, None):
        tx.execute(_INSERT, rows)


def differing(facts: Facts | None, others: Facts | None) -> dict[str, Any] | None:
    """What `facts` say otherwise than `others`, as JSON; all of them when there are no others."""
    if facts is None:
        return None
    return {name: plain(fact) for name, fact in facts.items() if others is None or others[name] != fact}


def plain(fact: Any) -> Any:
    """A field as JSON keeps it: an id, a date or an exact decimal as its text."""
    if isinstance(fact, datetime | date | time):
        return fact.isoformat()
    if isinstance(fact, frozenset | tuple | list):
        return sorted(plain(one) for one in fact) if isinstance(fact, frozenset) else [plain(one) for one in fact]
    return str(fact) if isinstance(fact, UUID | Decimal) else fact


def latest(
    tx: Session, workspace: str, limit: int, *, before: int | None = None, without: Collection[str] = ()
) -> Sequence[tuple[int, Entry]]:
    """The newest changes of a workspace, newest first, each with its number; `before` continues after a number.

    `without` names tables whose changes are left out.
    """
    older = () if before is None else (_TABLE.c.seq < before,)
    query = (
        select(_TABLE)
        .where(_TABLE.c.workspace == workspace, _TABLE.c.kind.not_in(without), *older)
        .order_by(_TABLE.c.seq.desc())
        .limit(limit)
    )
    return [(row.seq, _entry(row)) for row in _read(tx, query)]


def of(tx: Session, subjects: Collection[UUID], *, since: datetime | None = None) -> Sequence[Entry]:
    """The changes of some rows, oldest first."""
    newer = () if since is None else (_TABLE.c.at >= since,)
    query = select(_TABLE).where(_TABLE.c.subject.in_(subjects), *newer).order_by(_TABLE.c.seq)
    return [_entry(row) for row in _read(tx, query)]


def of_act(tx: Session, workspace: str, act_id: UUID) -> Sequence[Entry]:
    """What one act of a workspace changed."""
    query = select(_TABLE).where(_TABLE.c.act == act_id, _TABLE.c.workspace == workspace).order_by(_TABLE.c.seq)
    return [_entry(row) for row in _read(tx, query)]


def by_actor(tx: Session, workspace: str, actor_id: UUID, via: Sequence[str], since: datetime) -> Sequence[Entry]:
    """What a person has changed since an instant, by one of these doors, oldest first."""
    mine = (_TABLE.c.workspace == workspace, _TABLE.c.actor_id == actor_id, _TABLE.c.at >= since)
    query = select(_TABLE).where(*mine, _TABLE.c.via.in_(via)).order_by(_TABLE.c.seq)
    return [_entry(row) for row in _read(tx, query)]


def _read(tx: Session, query: Select[Any]) -> Iterable[Any]:
    write(tx)
    return tx.execute(query)


def _entry(row: Any) -> Entry:
    act = Act(row.act, row.workspace, row.actor_id, row.via, row.at)
    return Entry(act, row.kind, row.subject, row.before, row.after)
