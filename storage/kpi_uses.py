"""Which KPIs something came of."""

from collections.abc import Collection, Iterable
from datetime import UTC, datetime, time
from uuid import UUID

from sqlalchemy import select, union_all
from sqlalchemy.orm import Session

from rituals.kpis_periods import Period
from rituals.kpis_uses import Informed, quarter_ended
from storage.tables import Actions, Decisions, InformedDecisions
from storage.values import TABLES, add_new, to_columns


def idle(tx: Session, kpis: Collection[UUID], month: Period) -> set[UUID]:
    """Of these KPIs those that informed nothing in the quarter that ends with a month; none in other months.

    A decision or an action came of the others, or their owner named a decision.
    """
    quarter = quarter_ended(month)
    if quarter is None or not kpis:
        return set()
    since = datetime.combine(quarter.first, time(), UTC)
    came = (
        (Decisions.kpi_id, Decisions.captured_at),
        (Actions.kpi_id, Actions.made_at),
        (InformedDecisions.kpi_id, InformedDecisions.at),
    )
    found = union_all(*(select(kpi).where(kpi.in_(kpis), at >= since) for kpi, at in came))
    return set(kpis) - set(tx.execute(found).scalars())


def add(tx: Session, said: Iterable[Informed]) -> None:
    """Keep what KPIs informed; the same decision twice is said once."""
    add_new(tx, TABLES[Informed], [to_columns(one) for one in said])
