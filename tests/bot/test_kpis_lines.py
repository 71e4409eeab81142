"""A KPI's line tells its colour in a word, and no rounding ever tells another one (M5, F62)."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.kpis.lines import distance, in_words, kpi_line, line, rounded, sparkline
from rituals.kpis import Bands, Direction, Pace, verdict
from rituals.kpis_periods import Span
from tests import factories

UNITS: dict[str, Any] = {"bands": Bands.ABSOLUTE, "yellow_from": Decimal(2), "yellow_until": Decimal(5)}


@pytest.mark.parametrize(
    ("value", "target", "expected"),
    [
        ("75", "100", "−25%"),
        ("104", "100", "+4%"),
        ("100", "100", "±0%"),
        ("90.04", "100", "−9.96%"),
        ("84.99", "100", "−15.01%"),
        ("84.96", "100", "−15.04%"),
        ("99.9", "100", "−0.1%"),
        ("2", "3", "−33%"),
        (None, "100", ""),
    ],
)
def test_how_far_behind_is_rounded_but_never_into_another_colour(value: str | None, target: str, expected: str) -> None:
    assert distance(factories.reading(value=value, target=Decimal(target))) == expected


@given(st.fractions(min_value=-50, max_value=50))
def test_the_rounded_gap_has_the_colour_of_the_exact_one(short: Fraction) -> None:
    terms = factories.terms(factories.kpi().id)
    sign = -1 if short < 0 else 1
    told = Fraction(rounded(terms, short)) * sign

    assert verdict(terms, told) is verdict(terms, short)


def test_what_is_to_be_near_is_off_on_either_side_and_says_on_which() -> None:
    near: dict[str, Any] = {"direction": Direction.NEAR, "yellow_from": Decimal(5), "yellow_until": Decimal(10)}
    shown = [line(factories.reading(value=value, **near)) for value in ("105", "94.99", "111")]

    assert [one.split(" ", 2)[1] for one in shown] == ["GREEN", "YELLOW", "RED"]
    assert [one.rsplit(" ", 1)[1] for one in shown] == ["+5%", "−5.01%", "+11%"]
    assert in_words(factories.terms(factories.kpi().id, **near), "%") == (
        "target 100 % as near as can be · held to ±5 %, yellow to ±10, red beyond"
    )


def test_with_bands_in_units_the_distance_is_in_units() -> None:
    found = factories.reading(value="-3", target=Decimal(0), **UNITS)

    assert distance(found) == "−3 EUR"


@pytest.mark.parametrize(
    ("past", "expected"),
    [
        ((), ""),
        ((None, Decimal(1)), ""),
        ((Decimal(80), Decimal(70), Decimal(60), Decimal(50)), "█▅▃▁"),
        ((None, Decimal(1), None, Decimal(2)), "▁·█"),
        ((Decimal(5), Decimal(5)), "▅▅"),
        ((Decimal(-5), Decimal(0), Decimal(5)), "▁▄█"),
    ],
)
def test_the_last_values_become_bars_and_missing_ones_dots(past: tuple[Decimal | None, ...], expected: str) -> None:
    assert sparkline(past) == expected


@given(st.lists(st.none() | st.decimals(min_value=-(10**12), max_value=10**12, places=8), max_size=12))
def test_no_values_are_beyond_the_bars(past: list[Decimal | None]) -> None:
    assert len(sparkline(past)) <= 12


def test_a_line_without_a_value_says_so_in_words() -> None:
    found = factories.reading("Leads", None)

    assert line(found) == "⚪ no value *Leads* – / 100"
    assert kpi_line(found) == "Leads ⚪ no value"


def test_terms_read_as_a_person_would_say_them() -> None:
    found = factories.terms(
        factories.kpi().id,
        target=Decimal(1_200_000),
        direction=Direction.LOWER,
        pace=Pace.PROFILE,
        goal=Span.QUARTER,
        profile="20/30/50",
        **UNITS,
    )

    assert in_words(found, "EUR") == (
        "target 1.2 M EUR or less · yellow from 2 to 5 EUR behind, red beyond · expected 20/30/50 % over the quarter"
    )
