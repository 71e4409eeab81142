"""Numbers that turned green: noticed when the value comes in, told where their team reads (M10, F55)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from rituals.kpis import Colour, Filed, Kpi, Reading, Terms, colour, terms_on
from rituals.kpis_periods import Period

A_DAY = timedelta(days=1)
"""How far apart the dates of two places on earth can be."""


@dataclass(frozen=True, slots=True)
class TurnedGreen:
    """A KPI whose value for the period that begins on `period` made it green after `before`; known once a period.

    `channel` heard of it on `told_on`; None while nobody has.
    """

    id: UUID
    workspace: str
    kpi_id: UUID
    period: date
    before: Colour
    at: datetime
    told_at: datetime | None
    told_on: date | None
    channel: str | None


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody who is to be named where the program itself tells of a number that turned green."""

    id: UUID
    workspace: str
    person_id: UUID


def turned_from(kpi: Kpi, terms: Sequence[Terms], filed: Iterable[Filed], period: Period, today: date) -> Colour | None:
    """Which colour a KPI had before the value of `period` made it green; None when it did not turn green.

    Only the newest value speaks, and only of the period that is just over: neither a table of old numbers nor a good
    start of a period is news. Periods without a value are passed over.
    """
    newest: dict[date, Filed] = {}
    for one in sorted(filed, key=lambda one: one.revision):
        newest[one.period] = one
    known = sorted(first for first, one in newest.items() if one.value is not None)
    if not known[:-1] or known[-1] != period.first or newest[period.first].as_of < period.last:
        return None
    if period.shifted(1).last < today - A_DAY:
        return None
    before, now = (_colour(kpi, terms, newest[first]) for first in known[-2:])
    return before if now is Colour.GREEN and before is not Colour.GREEN else None


def _colour(kpi: Kpi, terms: Sequence[Terms], filed: Filed) -> Colour:
    applies = terms_on(terms, filed.period)
    return Colour.GREY if applies is None else colour(Reading(kpi, applies, filed))
