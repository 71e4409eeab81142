"""The ledger: what was due, opened, skipped and why."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.orm import Session

from rituals.due import Due
from storage.tables import Occurrences
from storage.values import add_new, to_columns


class State(StrEnum):
    """The life of an occurrence."""

    PLANNED = "planned"
    OPENED = "opened"
    SKIPPED = "skipped"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One thing due: `ritual` is the huddle's id, `subject` a person's or a team's, `slot` what is done."""

    id: UUID
    workspace: str
    ritual: UUID
    subject: UUID
    day: date
    slot: str
    due_at: datetime
    expires_at: datetime
    zone: str
    state: str
    reason: str | None


def planned(new_id: UUID, workspace: str, ritual: UUID, due: Due) -> Occurrence:
    """What is due as a row of the ledger that waits for its time."""
    return Occurrence(
        id=new_id,
        workspace=workspace,
        ritual=ritual,
        subject=due.subject,
        day=due.day,
        slot=due.slot,
        due_at=due.due_at,
        expires_at=due.expires_at,
        zone=due.zone,
        state=State.PLANNED,
        reason=None,
    )


_ALL = select(*(Occurrences.__table__.c[name] for name in Occurrence.__slots__))


def known(
    tx: Session, ritual: UUID, subjects: Collection[UUID], days: Collection[date]
) -> Mapping[tuple[UUID, date, str], Occurrence]:
    """What the ledger holds of a ritual for these subjects and dates, by (subject, day, slot)."""
    rows = tx.execute(
        _ALL.where(Occurrences.ritual == ritual, Occurrences.subject.in_(subjects), Occurrences.day.in_(days))
    )
    found = (Occurrence(*row) for row in rows)
    return {(one.subject, one.day, one.slot): one for one in found}


def of_ritual(tx: Session, ritual: UUID, first: date, last: date) -> list[Occurrence]:
    """All that the ledger holds of a ritual from one date to another, both included."""
    within = (Occurrences.ritual == ritual, Occurrences.day >= first, Occurrences.day <= last)
    return [Occurrence(*row) for row in tx.execute(_ALL.where(*within).order_by(Occurrences.day, Occurrences.id))]


def of_subject(tx: Session, workspace: str, ritual: UUID, subject: UUID) -> list[Occurrence]:
    """All that the ledger holds of one subject of a ritual, by date."""
    mine = (Occurrences.workspace == workspace, Occurrences.ritual == ritual, Occurrences.subject == subject)
    return [Occurrence(*row) for row in tx.execute(_ALL.where(*mine).order_by(Occurrences.day, Occurrences.id))]


def coming(tx: Session, slots: Collection[str], until: datetime) -> list[Occurrence]:
    """All that is planned for these slots until an instant, earliest first."""
    waiting = (Occurrences.state == State.PLANNED, Occurrences.due_at <= until, Occurrences.slot.in_(slots))
    return [Occurrence(*row) for row in tx.execute(_ALL.where(*waiting).order_by(Occurrences.due_at, Occurrences.id))]


def plan(tx: Session, occurrences: Iterable[Occurrence]) -> int:
    """Write those that are not in the ledger yet; return how many went in. Two planners write each once."""
    rows = [to_columns(occurrence) for occurrence in occurrences]
    batches = (rows[start : start + 500] for start in range(0, len(rows), 500))
    return sum(len(add_new(tx, Occurrences.metadata.tables["occurrences"], batch)) for batch in batches)


CHANGED = "the schedule changed"


def subjects(tx: Session, ritual: UUID, days: Collection[date]) -> set[UUID]:
    """Everybody and every team that the ledger holds something planned for, on these dates."""
    planned = (Occurrences.ritual == ritual, Occurrences.day.in_(days), Occurrences.state == State.PLANNED)
    return set(tx.execute(select(Occurrences.subject).where(*planned).distinct()).scalars())


def agree(
    tx: Session,
    ritual: UUID,
    wanted: Collection[Occurrence],
    about: Collection[UUID],
    days: Collection[date],
    now: datetime,
    *,
    but: Collection[str] = (),
) -> None:
    """Have the ledger hold what a ritual wants about these subjects on these dates, and nothing else that is planned.

    New rows go in, planned ones get their new time, and planned ones that nothing asks for are cancelled. What was
    opened or skipped stays as it is, and so does the slots `but`. A row whose time has passed is left to expire, and is
    counted: it was missed.
    """
    standing = {key: row for key, row in known(tx, ritual, about, days).items() if row.slot not in but}
    keyed = {(one.subject, one.day, one.slot): one for one in wanted}
    plan(tx, [one for key, one in keyed.items() if key not in standing])
    cancelled: dict[UUID, tuple[State, str | None]] = {}
    for key, row in standing.items():
        due = keyed.get(key)
        if due is not None and _moves(row, due, now):
            move(tx, replace(row, due_at=due.due_at, expires_at=due.expires_at, zone=due.zone))
        elif due is None and row.state == State.PLANNED and row.expires_at > now:
            cancelled[row.id] = (State.CANCELLED, CHANGED)
    close(tx, cancelled)


def _moves(row: Occurrence, due: Occurrence, now: datetime) -> bool:
    if row.state == State.CANCELLED:
        # Taken back and wanted again, as when somebody returns to a team: but not for a time that is over.
        return due.expires_at > now
    times = (row.due_at, row.expires_at, row.zone)
    return row.state == State.PLANNED and (due.due_at, due.expires_at, due.zone) != times


def move(tx: Session, occurrence: Occurrence) -> None:
    """Write a row's new time, and plan it again when it was cancelled; one that was opened or skipped stays."""
    tx.execute(
        update(Occurrences)
        .where(Occurrences.id == occurrence.id, Occurrences.state.in_((State.PLANNED, State.CANCELLED)))
        .values(
            due_at=occurrence.due_at,
            expires_at=occurrence.expires_at,
            zone=occurrence.zone,
            state=State.PLANNED,
            reason=None,
        )
    )


def due(tx: Session, now: datetime, limit: int) -> list[Occurrence]:
    """Planned occurrences whose time has come, earliest first, locked for this transaction."""
    rows = tx.execute(
        _ALL.where(Occurrences.state == State.PLANNED, Occurrences.due_at <= now)
        .order_by(Occurrences.due_at, Occurrences.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return [Occurrence(*row) for row in rows.all()]


_TABLE = Occurrences.metadata.tables["occurrences"]
# Row by row: of many ids at once a database would rather read everything that is planned.
_CLOSE = (
    update(_TABLE)
    .where(_TABLE.c.id == bindparam("its_id"), _TABLE.c.state == State.PLANNED)
    .values(state=bindparam("becomes"), reason=bindparam("reason"))
)


def close(tx: Session, outcomes: Mapping[UUID, tuple[State, str | None]]) -> None:
    """Write what became of occurrences: their state, and for a skip the reason."""
    rows = [{"its_id": one, "becomes": state, "reason": reason} for one, (state, reason) in outcomes.items()]
    if rows:
        tx.execute(_CLOSE, rows)


def cancel(tx: Session, subject: UUID, reason: str) -> None:
    """Take back all that is planned for a person: nobody asks somebody who has left (F91)."""
    planned = (Occurrences.subject == subject, Occurrences.state == State.PLANNED)
    tx.execute(update(Occurrences).where(*planned).values(state=State.CANCELLED, reason=reason))


def some(tx: Session, ids: Collection[UUID]) -> Mapping[UUID, Occurrence]:
    """These entries, by id."""
    found = (Occurrence(*row) for row in tx.execute(_ALL.where(Occurrences.id.in_(ids))))
    return {one.id: one for one in found}


def upcoming(tx: Session, after: datetime) -> list[Occurrence]:
    """All that is planned for the next instant at which anything is."""
    planned = (Occurrences.state == State.PLANNED, Occurrences.due_at > after)
    earliest = select(func.min(Occurrences.due_at)).where(*planned).scalar_subquery()
    return [Occurrence(*row) for row in tx.execute(_ALL.where(*planned, Occurrences.due_at == earliest))]


def find(tx: Session, ritual: UUID, subject: UUID, day: date, slot: str) -> Occurrence | None:
    """One entry by its key: why somebody did or did not get something."""
    row = tx.execute(
        _ALL.where(
            Occurrences.ritual == ritual,
            Occurrences.subject == subject,
            Occurrences.day == day,
            Occurrences.slot == slot,
        )
    ).one_or_none()
    return None if row is None else Occurrence(*row)
