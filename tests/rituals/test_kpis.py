"""A KPI's colour is computed, exactly, and nobody picks it."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rituals.kpis import Colour, Direction, Kpi, badness, colour, gap
from tests import factories

numbers = st.decimals(min_value=-(10**9), max_value=10**9, places=8)
targets = st.decimals(min_value=Decimal("0.00000001"), max_value=10**9, places=8)
directions = st.sampled_from(Direction)


def higher(target: str, value: str | None) -> Kpi:
    return factories.kpi(target=Decimal(target), value=None if value is None else Decimal(value))


def lower(target: str, value: str | None) -> Kpi:
    return replace(higher(target, value), direction=Direction.LOWER)


def exactly_behind(kpi: Kpi) -> Fraction:
    """The gap in percent, in fractions: the oracle."""
    assert kpi.value is not None
    target, value = Fraction(kpi.target), Fraction(kpi.value)
    return ((target - value) if kpi.direction is Direction.HIGHER else (value - target)) * 100 / target


@pytest.mark.parametrize(
    ("expected", "value"),
    [
        (Colour.GREEN, "250"),
        (Colour.GREEN, "100.01"),
        (Colour.GREEN, "100"),
        (Colour.SLIPPING, "99.99999999"),
        (Colour.SLIPPING, "90.01"),
        (Colour.SLIPPING, "90.00000001"),
        (Colour.YELLOW, "90"),
        (Colour.YELLOW, "85"),
        (Colour.RED, "84.99999999"),
        (Colour.RED, "84.99"),
        (Colour.RED, "0"),
        (Colour.RED, "-5"),
        (Colour.GREY, None),
    ],
)
def test_higher_is_better_against_a_target_of_100(expected: Colour, value: str | None) -> None:
    assert colour(higher("100", value)) is expected


@pytest.mark.parametrize(
    ("expected", "value"),
    [
        (Colour.GREEN, "0"),
        (Colour.GREEN, "8"),
        (Colour.SLIPPING, "8.01"),
        (Colour.SLIPPING, "8.79"),
        (Colour.YELLOW, "8.8"),
        (Colour.YELLOW, "9.2"),
        (Colour.RED, "9.21"),
        (Colour.GREY, None),
    ],
)
def test_lower_is_better_against_a_target_of_8(expected: Colour, value: str | None) -> None:
    assert colour(lower("8", value)) is expected


@pytest.mark.parametrize(
    ("expected", "kpi"),
    [
        (Colour.YELLOW, higher("0.3", "0.27")),  # floats: 9.999999999999996 % behind
        (Colour.YELLOW, higher("1.1", "0.99")),  # floats: 10.000000000000009
        (Colour.YELLOW, higher("0.7", "0.595")),  # floats: 15.000000000000002
        (Colour.YELLOW, lower("0.1", "0.115")),  # floats: 15.000000000000002
        (Colour.YELLOW, lower("0.6", "0.66")),  # floats: 10.000000000000009
    ],
)
def test_the_edges_of_yellow_are_yellow_where_floats_would_slip(expected: Colour, kpi: Kpi) -> None:
    assert colour(kpi) is expected


def test_half_of_a_quarters_goal_after_two_of_three_months_is_red() -> None:
    assert colour(higher("66.66666667", "50")) is Colour.RED


@pytest.mark.parametrize(
    ("expected", "kpi"),
    [(Decimal(12), higher("50", "44")), (Decimal(-10), higher("50", "55")), (Decimal(25), lower("8", "10"))],
)
def test_the_gap_is_in_percent_behind_and_negative_when_ahead(expected: Decimal, kpi: Kpi) -> None:
    assert gap(kpi) == expected


def test_without_a_value_there_is_no_gap() -> None:
    assert gap(higher("100", None)) is None


@pytest.mark.parametrize("target", ["0", "-1"])
def test_a_target_that_is_not_positive_has_no_percentage(target: str) -> None:
    with pytest.raises(ValueError, match="not positive"):
        gap(higher(target, "5"))


@given(target=targets, value=numbers, direction=directions)
def test_the_colour_is_that_of_exact_fractions(target: Decimal, value: Decimal, direction: Direction) -> None:
    kpi = factories.kpi(target=target, value=value, direction=direction)
    behind = exactly_behind(kpi)

    assert (colour(kpi) is Colour.GREEN) == (behind <= 0)
    assert (colour(kpi) is Colour.SLIPPING) == (0 < behind < 10)
    assert (colour(kpi) is Colour.YELLOW) == (10 <= behind <= 15)
    assert (colour(kpi) is Colour.RED) == (behind > 15)


@given(target=targets, percent=st.sampled_from([10, 15]), nudge=st.integers(-2, 2), direction=directions)
def test_one_step_beside_an_edge_is_beside_it(target: Decimal, percent: int, nudge: int, direction: Direction) -> None:
    behind = (target * percent / 100).quantize(Decimal("0.00000001")) + nudge * Decimal("0.00000001")
    value = target - behind if direction is Direction.HIGHER else target + behind
    kpi = factories.kpi(target=target, value=value, direction=direction)
    exact = exactly_behind(kpi)

    assert (colour(kpi) is Colour.YELLOW) == (10 <= exact <= 15)


def test_the_worst_is_read_first_and_the_widest_gap_of_a_colour_before_the_others() -> None:
    expected = ["far red", "red", "wide yellow", "yellow", "grey", "slipping", "green", "far green"]
    values = [None, "90", "84", "100", "20", "85", "99", "130"]
    names = ["grey", "yellow", "red", "green", "far red", "wide yellow", "slipping", "far green"]
    mixed = [replace(higher("100", value), name=name) for name, value in zip(names, values, strict=True)]

    assert [kpi.name for kpi in sorted(mixed, key=badness)] == expected


@given(st.lists(st.tuples(targets, st.none() | numbers, directions), min_size=2, max_size=8))
def test_no_kpi_is_read_before_a_worse_one_of_its_colour(
    facts: list[tuple[Decimal, Decimal | None, Direction]],
) -> None:
    kpis = [factories.kpi(target=target, value=value, direction=direction) for target, value, direction in facts]
    order = [Colour.RED, Colour.YELLOW, Colour.GREY, Colour.SLIPPING, Colour.GREEN]

    ranked = sorted(kpis, key=badness)
    ranks = [order.index(colour(kpi)) for kpi in ranked]
    assert ranks == sorted(ranks)
    for first, second in pairwise(ranked):
        if colour(first) is colour(second) is not Colour.GREY:
            assert (gap(first) or 0) >= (gap(second) or 0)
