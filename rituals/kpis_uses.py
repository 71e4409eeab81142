"""What a number is for: once a quarter its owner names a decision that it informed, else it may go (M14)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from rituals.kpis_periods import Period, Span, period_of


@dataclass(frozen=True, slots=True)
class Informed:
    """A KPI informed a decision: its owner says so."""

    id: UUID
    workspace: str
    kpi_id: UUID
    decision_id: UUID
    by_id: UUID
    at: datetime


def quarter_ended(month: Period) -> Period | None:
    """The quarter that ends with a month, in whose review it is asked what a number was for; None in the others."""
    quarter = period_of(Span.QUARTER, month.last)
    return quarter if quarter.last == month.last else None
