"""What the month's planner looks at, and whose message about a month no longer shows the truth."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import delete, literal, select, union, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from rituals.kpis_periods import Span
from storage.tables import Functions, Kpis, MonthPlans, StaleMonths, UtcDateTime
from storage.values import UNSYNCED

_ACTIVE = Kpis.retired_on.is_(None)


@dataclass(frozen=True, slots=True)
class ToPlan:
    """A workspace whose month must be looked at, from the person after `cursor` on."""

    workspace: str
    since: datetime
    cursor: UUID | None


def next_to_plan(tx: Session, now: datetime) -> ToPlan | None:
    """One workspace with KPIs whose month is due for a look, locked; None when all are up to date."""
    dialect = sqlite if tx.get_bind().dialect.name == "sqlite" else postgresql
    instant = literal(now, UtcDateTime)
    unseen = (
        select(Kpis.workspace, instant, instant)
        .where(_ACTIVE, Kpis.workspace.not_in(select(MonthPlans.workspace)))
        .distinct()
    )
    columns = ["workspace", "since", "again_at"]
    tx.execute(dialect.insert(MonthPlans).from_select(columns, unseen).on_conflict_do_nothing())
    row = tx.execute(
        select(MonthPlans.workspace, MonthPlans.since, MonthPlans.cursor)
        .where(MonthPlans.again_at <= now)
        .order_by(MonthPlans.again_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    ).one_or_none()
    return None if row is None else ToPlan(*row)


def planned_to(tx: Session, workspace: str, cursor: UUID | None, again_at: datetime) -> None:
    """Note how far the planner got: to an owner, or (None) through, with the instant of its next look."""
    row = update(MonthPlans).where(MonthPlans.workspace == workspace)
    tx.execute(row.values(cursor=cursor, again_at=again_at), **UNSYNCED)


def owing_after(
    tx: Session, workspace: str, cursor: UUID | None = None, limit: int | None = None
) -> Mapping[UUID, frozenset[Span]]:
    """The next people who owe something for a month, by id after `cursor`, each with how often it is due.

    That are the owners of KPIs, and the heads of open functions: they tell every month how it went (F64).
    """
    heads = (Functions.workspace == workspace, Functions.closed_on.is_(None), Functions.head_id.is_not(None))
    pairs = union(
        select(Kpis.owner_id.label("person"), Kpis.cadence.label("span")).where(
            Kpis.workspace == workspace, _ACTIVE, Kpis.owner_id.is_not(None)
        ),
        select(Functions.head_id, literal(Span.MONTH, Kpis.cadence.type)).where(*heads),
    ).subquery()
    after = [] if cursor is None else [pairs.c.person > cursor]
    first = select(pairs.c.person).where(*after).distinct().order_by(pairs.c.person).limit(limit).subquery()
    spans: dict[UUID, set[Span]] = {}
    for person, span in tx.execute(select(pairs).join(first, first.c.person == pairs.c.person)):
        spans.setdefault(person, set()).add(span)
    return {person: frozenset(found) for person, found in spans.items()}


# Messages that no longer show the truth


def mark_stale(tx: Session, workspace: str, month: date, people: Iterable[UUID | None], now: datetime) -> None:
    """Have the messages of these people about a month drawn again; None among them is nobody."""
    rows = [
        {"workspace": workspace, "month": month, "person_id": one, "since": now}
        for one in sorted({*people} - {None})  # type: ignore[type-var]
    ]
    if rows:
        dialect = sqlite if tx.get_bind().dialect.name == "sqlite" else postgresql
        tx.execute(dialect.insert(StaleMonths).on_conflict_do_nothing(), rows)


def take_stale(tx: Session, before: datetime, limit: int) -> list[tuple[str, date, UUID]]:
    """Whose message about which month has been stale since `before`, as (workspace, month, person); taken off."""
    rows = tx.execute(
        select(StaleMonths.workspace, StaleMonths.month, StaleMonths.person_id)
        .where(StaleMonths.since <= before)
        .order_by(StaleMonths.since)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    for workspace, month, person in rows:
        key = (StaleMonths.workspace == workspace, StaleMonths.month == month, StaleMonths.person_id == person)
        tx.execute(delete(StaleMonths).where(*key), **UNSYNCED)
    return [(workspace, month, person) for workspace, month, person in rows]


def workspaces(tx: Session) -> list[str]:
    """Every workspace with a KPI that is not retired."""
    return list(tx.execute(select(Kpis.workspace).where(_ACTIVE).distinct().order_by(Kpis.workspace)).scalars())
