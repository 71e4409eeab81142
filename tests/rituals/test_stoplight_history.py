"""Twelve months of colours: empty before the first value, grey afterwards, and the same as each month's own colour."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rituals.kpis import Colour, colour
from rituals.kpis_periods import Period, Span
from rituals.stoplight import standing
from rituals.stoplight_history import Months, months_of, run
from tests import factories

NOVEMBER = Period(date(2026, 11, 1), Span.MONTH)
G, Y, R, S, X = Colour.GREEN, Colour.YELLOW, Colour.RED, Colour.SLIPPING, Colour.GREY
COLOURED = {None: X, 100: G, 95: S, 88: Y, 60: R}


@given(st.lists(st.sampled_from(list(COLOURED)), min_size=12, max_size=12))
def test_each_month_has_its_own_colour_and_none_before_the_first_value(values: list[int | None]) -> None:
    kpi = factories.kpi()
    terms = [factories.terms(kpi.id)]
    months = [NOVEMBER.shifted(n - 11) for n in range(12)]
    filed = [
        factories.filed(kpi.id, None if value is None else Decimal(value), period=month.first, as_of=month.last)
        for value, month in zip(values, months, strict=True)
    ]

    found = months_of(kpi, terms, filed, NOVEMBER)

    first = next((n for n, value in enumerate(values) if value is not None), 11)
    assert found == (None,) * first + tuple(COLOURED[value] for value in values[first:])
    stood = standing(kpi, terms, filed, NOVEMBER)
    assert stood is not None
    assert found[-1] is colour(stood)


def test_a_quarter_stands_until_the_next_is_due() -> None:
    kpi = factories.kpi(cadence=Span.QUARTER)
    terms = [factories.terms(kpi.id, goal=Span.QUARTER)]
    quarters = {date(2026, 1, 1): "60", date(2026, 4, 1): "100", date(2026, 7, 1): "88"}
    filed = [
        factories.filed(kpi.id, value, period=first, as_of=Period(first, Span.QUARTER).last)
        for first, value in quarters.items()
    ]

    assert months_of(kpi, terms, filed, NOVEMBER) == (None, R, R, R, G, G, G, Y, Y, Y, Y, Y)


@pytest.mark.parametrize(
    ("months", "expected"), [((G, R, R), 2), ((R, G), 1), ((R, R, R), 3), ((None, X), 1), ((R, None, R), 1)]
)
def test_a_run_counts_back_from_the_newest_month(months: Months, expected: int) -> None:
    assert run(months) == expected
