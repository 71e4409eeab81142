"""The colours of twelve months, for the picture that comes with the leaders' digest (M5)."""

from collections.abc import Sequence

from rituals.kpis import Colour, Filed, Kpi, Terms, colour
from rituals.kpis_periods import Period
from rituals.stoplight import SHOWN, standing

Months = tuple[Colour | None, ...]
"""A colour a month, oldest first; None before the first value there ever was, when nobody owed one."""


def months_of(kpi: Kpi, terms: Sequence[Terms], filed: Sequence[Filed], month: Period) -> Months:
    """How a KPI stood in `month` and the months before, by what is known now: a late value counts for its month.

    After the first value a month without one is grey (M6), and so is `month` itself.
    """
    found: list[Colour | None] = []
    began = False
    for back in reversed(range(SHOWN)):
        stood = standing(kpi, terms, filed, month.shifted(-back))
        seen = None if stood is None else colour(stood)
        began = began or seen not in {None, Colour.GREY}
        found.append(seen if began or back == 0 else None)
    return tuple(found)


def run(months: Months) -> int:
    """For how many months in a row, up to the newest, it has had the colour that it has."""
    back = 0
    while back < len(months) and months[-1 - back] is months[-1]:
        back += 1
    return back
