"""Triggers and what they fired."""

from collections.abc import Collection, Iterable
from datetime import date
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from rituals.triggers import Firing, Started, Trigger
from storage import audit
from storage.tables import Firings, Reviews, Triggers
from storage.values import TABLES, add_new, columns_of, cut, fetch, find_by, selecting, to_columns

_ACTIVE = Triggers.ended_on.is_(None)


def of_kpi(tx: Session, kpi_id: UUID) -> list[Trigger]:
    """The triggers of a KPI that have not ended, oldest first."""
    return fetch(tx, Trigger, Triggers.kpi_id == kpi_id, _ACTIVE, order=[Triggers.at])


def active(tx: Session, workspace: str) -> list[Trigger]:
    """Every trigger of a workspace that has not ended."""
    return fetch(tx, Trigger, Triggers.workspace == workspace, _ACTIVE)


def find(tx: Session, trigger_id: UUID) -> Trigger | None:
    """The trigger with this id."""
    return find_by(tx, Trigger, id=trigger_id)


def firings(tx: Session, triggers: Collection[UUID]) -> list[Firing]:
    """Every time that these triggers fired, oldest first."""
    return fetch(tx, Firing, Firings.trigger_id.in_(triggers), order=[Firings.period])


def fire(tx: Session, new: Iterable[Firing]) -> set[UUID]:
    """Keep new firings, each run's once; return the ids of those that are new."""
    rows = {firing.id: to_columns(firing) for firing in new}
    kept = add_new(tx, TABLES[Firing], list(rows.values()))
    if kept and audit.underway(tx):
        audit.record(tx, TABLES[Firing], [(one, None, rows[one]) for one in kept])
    return kept


def firing(tx: Session, firing_id: UUID, *, lock: bool = False) -> Firing | None:
    """The firing with this id; `lock` makes a second answer wait for the first."""
    query = selecting(Firing).where(Firings.id == firing_id)
    row = tx.execute(query.with_for_update() if lock else query).one_or_none()
    return None if row is None else Firing(*row)


_FIRED = (
    select(*columns_of(Firing), *columns_of(Trigger), Reviews.leader_id)
    .join(Triggers, Triggers.id == Firings.trigger_id)
    .join(Reviews, Reviews.kpi_id == Triggers.kpi_id)
    .where(
        Reviews.workspace == bindparam("workspace"),
        Reviews.month == bindparam("month"),
        Reviews.leader_id.in_(bindparam("leaders", expanding=True)),
        (Firings.answer == Started.OPEN) | (Firings.period >= bindparam("month")),
    )
    .order_by(Firings.at, Firings.id)
)


def fired_for(
    tx: Session, workspace: str, month: date, leaders: Collection[UUID]
) -> list[tuple[UUID, Firing, Trigger]]:
    """What fired and waits for these leaders, or was answered since that month's review began, with whose it is."""
    rows = tx.execute(_FIRED, {"workspace": workspace, "month": month, "leaders": list(leaders)})
    return [(row[-1], *cut(row, Firing, Trigger)) for row in rows]
