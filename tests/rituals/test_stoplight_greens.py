"""When a number turned green: only the newest value of the period that is just over says so (F55)."""

from datetime import date

import pytest

from rituals.kpis import Colour
from rituals.kpis_periods import Period, Span
from rituals.stoplight_greens import turned_from
from tests import factories

KPI = factories.kpi()
TERMS = [factories.terms(KPI.id)]
NOVEMBER = Period(date(2026, 11, 1), Span.MONTH)
TODAY = date(2026, 12, 1)


def turned(
    *values: str | None, period: Period = NOVEMBER, today: date = TODAY, as_of: date | None = None
) -> Colour | None:
    """What it turned from, with these values of the months up to November, of which the last is November's."""
    filed = []
    for back, value in enumerate(reversed(values)):
        month = NOVEMBER.shifted(-back)
        day = as_of if as_of is not None and back == 0 else month.last
        filed.append(factories.filed(KPI.id, value, period=month.first, as_of=day))
    return turned_from(KPI, TERMS, filed, period, today)


@pytest.mark.parametrize(
    ("values", "before"),
    [
        (("70", "104"), Colour.RED),
        (("88", "100"), Colour.YELLOW),
        (("95", "100"), Colour.SLIPPING),
        (("70", None, "104"), Colour.RED),  # a month without a value says nothing
        (("100", "104"), None),
        (("104", None, "104"), None),
        (("70", "99"), None),
        (("104",), None),
        ((None, "104"), None),
        (("70", "104", None), None),
    ],
)
def test_it_turned_green_when_it_is_green_and_was_not(values: tuple[str | None, ...], before: Colour | None) -> None:
    assert turned(*values) is before


def test_a_good_start_a_correction_of_long_ago_and_an_old_table_are_no_news() -> None:
    assert turned("70", "104", as_of=date(2026, 11, 20), today=date(2026, 11, 20)) is None
    assert turned("70", "104", "70", period=NOVEMBER.shifted(-1)) is None
    assert turned("70", "104", today=date(2027, 1, 1)) is Colour.RED  # a day of grace for the far side of the earth
    assert turned("70", "104", today=date(2027, 1, 2)) is None
