"""A KPI's colour is computed, exactly, and nobody picks it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rituals.kpis import Bands, Colour, Direction, Pace, Reading, badness, colour, gap, reading, terms_on
from rituals.kpis_periods import Span
from tests import factories

numbers = st.decimals(min_value=-(10**9), max_value=10**9, places=8)
targets = st.decimals(min_value=Decimal("0.00000001"), max_value=10**9, places=8)
directions = st.sampled_from(Direction)

GREEN, SLIPPING, YELLOW, RED, GREY = (
    Colour.GREEN,
    Colour.SLIPPING,
    Colour.YELLOW,
    Colour.RED,
    Colour.GREY,
)
LOWER: dict[str, Any] = {"direction": Direction.LOWER}
UNITS: dict[str, Any] = {"bands": Bands.ABSOLUTE, "yellow_from": Decimal(2), "yellow_until": Decimal(5)}
NEAR: dict[str, Any] = {"direction": Direction.NEAR, "yellow_from": Decimal(5), "yellow_until": Decimal(10)}
QUARTER: dict[str, Any] = {"pace": Pace.LINEAR, "goal": Span.QUARTER}
YEAR: dict[str, Any] = {"pace": Pace.LINEAR, "goal": Span.YEAR}
RAMP: dict[str, Any] = {"pace": Pace.PROFILE, "goal": Span.QUARTER, "profile": "20/30/50"}
END_OF_NOVEMBER = date(2026, 11, 30)

CASES: list[tuple[str, str | None, dict[str, Any], Colour, str | None]] = [
    # target, value, terms, colour, gap. The bands' edges, higher is better (F49).
    ("100", "250", {}, GREEN, "-150"),
    ("100", "100.01", {}, GREEN, "-0.01"),
    ("100", "100", {}, GREEN, "0"),
    ("100", "99.99999999", {}, SLIPPING, "0.00000001"),
    ("100", "90.01", {}, SLIPPING, "9.99"),
    ("100", "90.00000001", {}, SLIPPING, "9.99999999"),
    ("100", "90", {}, YELLOW, "10"),
    ("100", "85", {}, YELLOW, "15"),
    ("100", "84.99999999", {}, RED, "15.00000001"),
    ("100", "84.99", {}, RED, "15.01"),
    ("100", "0", {}, RED, "100"),
    ("100", "-5", {}, RED, "105"),
    ("100", None, {}, GREY, None),
    # Lower is better (F50).
    ("8", "0", LOWER, GREEN, "-100"),
    ("8", "8", LOWER, GREEN, "0"),
    ("8", "8.01", LOWER, SLIPPING, "0.125"),
    ("8", "8.79", LOWER, SLIPPING, "9.875"),
    ("8", "8.8", LOWER, YELLOW, "10"),
    ("8", "9.2", LOWER, YELLOW, "15"),
    ("8", "9.21", LOWER, RED, "15.125"),
    ("8", "-1", LOWER, GREEN, "-112.5"),
    ("8", None, LOWER, GREY, None),
    # Held to ±5 %, on either side of it (M17).
    ("100", "100", NEAR, GREEN, "0"),
    ("100", "95", NEAR, GREEN, "5"),
    ("100", "105", NEAR, GREEN, "5"),
    ("100", "105.01", NEAR, YELLOW, "5.01"),
    ("100", "90", NEAR, YELLOW, "10"),
    ("100", "110.01", NEAR, RED, "10.01"),
    ("100", "0", NEAR, RED, "100"),
    # Bands of one's own, in percent.
    ("100", "94.99", {"yellow_from": Decimal(5), "yellow_until": Decimal(20)}, YELLOW, "5.01"),
    ("100", "95", {"yellow_from": Decimal(5), "yellow_until": Decimal(20)}, YELLOW, "5"),
    ("100", "80", {"yellow_from": Decimal(5), "yellow_until": Decimal(20)}, YELLOW, "20"),
    ("100", "79.99", {"yellow_from": Decimal(5), "yellow_until": Decimal(20)}, RED, "20.01"),
    ("100", "99.99", {"yellow_from": Decimal(0), "yellow_until": Decimal(0)}, RED, "0.01"),
    ("100", "100", {"yellow_from": Decimal(0), "yellow_until": Decimal(0)}, GREEN, "0"),
    # A target of zero, and negative ones: bands in units (F50).
    ("0", "0", UNITS | LOWER, GREEN, "0"),
    ("0", "1.99", UNITS | LOWER, SLIPPING, "1.99"),
    ("0", "2", UNITS | LOWER, YELLOW, "2"),
    ("0", "5", UNITS | LOWER, YELLOW, "5"),
    ("0", "5.00000001", UNITS | LOWER, RED, "5.00000001"),
    ("0", "-3", UNITS | LOWER, GREEN, "-3"),
    ("0", "-2", UNITS, YELLOW, "2"),
    ("-10", "-10", UNITS, GREEN, "0"),
    ("-10", "-9", UNITS, GREEN, "-1"),
    ("-10", "-12", UNITS, YELLOW, "2"),
    ("-10", "-15.1", UNITS, RED, "5.1"),
    ("-10", "-11", UNITS | LOWER, GREEN, "-1"),
    ("-10", "-8", UNITS | LOWER, YELLOW, "2"),
    ("0", None, UNITS, GREY, None),
    # Pace: half of a quarter's goal after two of three months is 25 % behind (F51).
    ("100", "50", QUARTER | {"as_of": END_OF_NOVEMBER}, RED, "25"),
    ("90", "60", QUARTER | {"as_of": END_OF_NOVEMBER}, GREEN, "0"),
    ("90", "54", QUARTER | {"as_of": END_OF_NOVEMBER}, YELLOW, "10"),
    ("90", "51", QUARTER | {"as_of": END_OF_NOVEMBER}, YELLOW, "15"),
    ("90", "50.99", QUARTER | {"as_of": END_OF_NOVEMBER}, RED, "15.01666666666666666666666666666666666667"),
    ("93", "1", QUARTER | {"as_of": date(2026, 10, 1)}, GREEN, "0"),  # the first day: 93/3/31
    ("93", "0.9", QUARTER | {"as_of": date(2026, 10, 1)}, YELLOW, "10"),
    ("93", "0", QUARTER | {"as_of": date(2026, 10, 1)}, RED, "100"),
    ("93", "93", QUARTER | {"as_of": date(2026, 12, 31)}, GREEN, "0"),  # the last day: all of it
    ("93", "92.99", QUARTER | {"as_of": date(2026, 12, 31)}, SLIPPING, None),
    ("93", "31", QUARTER | {"as_of": date(2026, 10, 31)}, GREEN, "0"),
    ("1200", "100", YEAR | {"as_of": date(2026, 1, 31)}, GREEN, "0"),
    ("1200", "200", YEAR | {"as_of": date(2026, 2, 28)}, GREEN, "0"),
    ("1200", "200", YEAR | {"as_of": date(2028, 2, 29)}, GREEN, "0"),
    ("1200", "550", YEAR | {"as_of": date(2026, 6, 15)}, GREEN, "0"),
    ("1200", "90", YEAR | {"as_of": date(2026, 1, 31)}, YELLOW, "10"),
    ("31", "1", {"pace": Pace.LINEAR, "as_of": date(2026, 1, 1)}, GREEN, "0"),
    ("7", "3", {"pace": Pace.LINEAR, "goal": Span.WEEK, "as_of": date(2026, 11, 25)}, GREEN, "0"),
    ("90", "66", QUARTER | LOWER | {"as_of": END_OF_NOVEMBER}, YELLOW, "10"),  # money spent too fast
    ("0", "3", QUARTER | UNITS | LOWER | {"as_of": END_OF_NOVEMBER}, YELLOW, "3"),
    ("-30", "-22", QUARTER | UNITS | {"as_of": END_OF_NOVEMBER}, YELLOW, "2"),
    # A profile: 20, then 50, then all of it.
    ("100", "20", RAMP | {"as_of": date(2026, 10, 31)}, GREEN, "0"),
    ("100", "50", RAMP | {"as_of": END_OF_NOVEMBER}, GREEN, "0"),
    ("100", "45", RAMP | {"as_of": END_OF_NOVEMBER}, YELLOW, "10"),
    ("100", "42", RAMP | {"as_of": END_OF_NOVEMBER}, RED, "16"),
    ("100", "35", RAMP | {"as_of": date(2026, 11, 15)}, GREEN, "0"),
    ("100", "100", RAMP | {"as_of": date(2026, 12, 31)}, GREEN, "0"),
    # Where floats slip: 0.1 + 0.2 is 0.30000000000000004, 0.27 of 0.3 is 9.999999999999996 % behind.
    ("0.3", str(Decimal("0.1") + Decimal("0.2")), {}, GREEN, "0"),
    ("0.3", str(Decimal("0.1") + Decimal("0.2")), LOWER, GREEN, "0"),
    ("0.3", "0.27", {}, YELLOW, "10"),
    ("1.1", "0.99", {}, YELLOW, "10"),
    ("0.7", "0.595", {}, YELLOW, "15"),
    ("0.1", "0.115", LOWER, YELLOW, "15"),
    ("0.6", "0.66", LOWER, YELLOW, "10"),
    ("9999999999999999.99999999", "9000000000000000", {}, SLIPPING, None),
    ("0.00000003", "0.00000002", {}, RED, None),
    # Money and percentages as they are.
    ("1200000", "1050000", {}, YELLOW, "12.5"),
    ("95", "81.5", {}, YELLOW, None),
    ("95", "80.75", {}, YELLOW, "15"),
    ("110", "99", {}, YELLOW, "10"),
    ("8", "8.4", LOWER, SLIPPING, "5"),
]


@pytest.mark.parametrize(("target", "value", "terms", "expected", "behind"), CASES)
def test_the_colour_and_gap_of_worked_cases(
    target: str, value: str | None, terms: dict[str, Any], expected: Colour, behind: str | None
) -> None:
    found = factories.reading(value=value, target=Decimal(target), **terms)

    assert colour(found) is expected
    if behind is not None:
        short = gap(found)
        assert short is not None
        assert abs(short - Fraction(behind)) < Fraction(1, 10**30)


def test_there_are_at_least_sixty_worked_cases() -> None:
    assert len(CASES) >= 60


def exactly_behind(found: Reading) -> Fraction:
    """The gap in percent without a pace, in fractions: the oracle."""
    assert found.value is not None
    target, value = Fraction(found.terms.target), Fraction(found.value)
    return off(target, value, found.terms.direction) * 100 / target


def off(target: Fraction, value: Fraction, direction: Direction) -> Fraction:
    """How far a value is on the wrong side."""
    return {
        Direction.HIGHER: target - value,
        Direction.LOWER: value - target,
        Direction.NEAR: abs(target - value),
    }[direction]


def bands_of(found: Reading, short: Fraction, low: Fraction, high: Fraction) -> Colour:
    """The colour for so much: what is to be near is held up to its edge, and never slips (M17)."""
    near = found.terms.direction is Direction.NEAR
    if short > high:
        return RED
    if short > low or (short == low and not near and short > 0):
        return YELLOW
    return GREEN if near or short <= 0 else SLIPPING


@given(target=targets, value=numbers, direction=directions)
def test_the_colour_is_that_of_exact_fractions(target: Decimal, value: Decimal, direction: Direction) -> None:
    found = factories.reading(value=value, target=target, direction=direction)

    assert colour(found) is bands_of(found, exactly_behind(found), Fraction(10), Fraction(15))


@given(target=targets, percent=st.sampled_from([10, 15]), nudge=st.integers(-2, 2), direction=directions)
def test_one_step_beside_an_edge_is_beside_it(target: Decimal, percent: int, nudge: int, direction: Direction) -> None:
    short = (target * percent / 100).quantize(Decimal("0.00000001")) + nudge * Decimal("0.00000001")
    value = target - short if direction is Direction.HIGHER else target + short
    found = factories.reading(value=value, target=target, direction=direction)

    assert colour(found) is bands_of(found, exactly_behind(found), Fraction(10), Fraction(15))


@given(target=numbers, value=numbers, edges=st.tuples(targets, targets), direction=directions)
def test_bands_in_units_take_any_target(
    target: Decimal, value: Decimal, edges: tuple[Decimal, Decimal], direction: Direction
) -> None:
    low, high = sorted(edges)
    bands: dict[str, Any] = {"bands": Bands.ABSOLUTE, "yellow_from": low, "yellow_until": high}
    found = factories.reading(value=value, target=target, direction=direction, **bands)
    short = off(Fraction(target), Fraction(value), direction)

    assert gap(found) == short
    assert colour(found) is bands_of(found, short, Fraction(low), Fraction(high))


@given(
    target=targets, day=st.dates(date(2024, 1, 1), date(2030, 12, 31)), goal=st.sampled_from([Span.QUARTER, Span.YEAR])
)
def test_what_is_expected_never_falls_within_a_goal_and_whoever_has_it_is_green(
    target: Decimal, day: date, goal: Span
) -> None:
    from_pace = factories.reading(value="0", target=target, pace=Pace.LINEAR, goal=goal, as_of=day)
    short = gap(from_pace)

    assert short == 100
    full = factories.reading(value=target, target=target, pace=Pace.LINEAR, goal=goal, as_of=day)
    assert colour(full) is GREEN


@pytest.mark.parametrize("target", ["0", "-1"])
def test_a_target_that_is_not_positive_has_no_percentage(target: str) -> None:
    with pytest.raises(ValueError, match="not positive"):
        gap(factories.reading(value="5", target=Decimal(target)))


def test_without_a_value_there_is_no_gap() -> None:
    assert gap(factories.reading(value=None)) is None


def test_the_worst_is_read_first_and_the_widest_gap_of_a_colour_before_the_others() -> None:
    expected = ["far red", "red", "wide yellow", "yellow", "grey", "slipping", "green", "far green"]
    values = [None, "90", "84", "100", "20", "85", "99", "130"]
    names = ["grey", "yellow", "red", "green", "far red", "wide yellow", "slipping", "far green"]
    mixed = [factories.reading(name, value) for name, value in zip(names, values, strict=True)]

    assert [one.kpi.name for one in sorted(mixed, key=badness)] == expected


def test_a_gap_in_units_ranks_among_percentages_by_its_own_edge_of_red() -> None:
    percent = factories.reading("30 %", "70")
    units = factories.reading("twice its edge and more", "11", target=Decimal(0), **UNITS, **LOWER)

    assert sorted([percent, units], key=badness) == [units, percent]


@given(st.lists(st.tuples(targets, st.none() | numbers, directions), min_size=2, max_size=8))
def test_no_kpi_is_read_before_a_worse_one_of_its_colour(
    facts: list[tuple[Decimal, Decimal | None, Direction]],
) -> None:
    found = [factories.reading(target=target, value=value, direction=direction) for target, value, direction in facts]
    order = [RED, YELLOW, GREY, SLIPPING, GREEN]

    ranked = sorted(found, key=badness)
    ranks = [order.index(colour(one)) for one in ranked]
    assert ranks == sorted(ranks)
    for first, second in pairwise(ranked):
        if colour(first) is colour(second) is not GREY:
            assert (gap(first) or 0) >= (gap(second) or 0)


# Which terms and which value speak

KPI = factories.kpi()
NOVEMBER, OCTOBER, SEPTEMBER = date(2026, 11, 1), date(2026, 10, 1), date(2026, 9, 1)


def test_a_target_changed_in_mid_year_counts_from_its_period_on_and_not_before() -> None:
    first = factories.terms(KPI.id, effective_from=date(2026, 1, 1))
    second = factories.terms(KPI.id, effective_from=date(2026, 7, 1), version=2, target=Decimal(120))
    waiting = factories.terms(KPI.id, effective_from=None, version=3, target=Decimal(1))
    known = [waiting, second, first]

    assert terms_on(known, date(2026, 6, 1)) == first
    assert terms_on(known, date(2026, 7, 1)) == second
    assert terms_on(known, date(2025, 1, 1)) == first
    assert terms_on([waiting], date(2026, 7, 1)) is None


def test_of_two_changes_for_one_period_the_later_version_counts() -> None:
    first = factories.terms(KPI.id, effective_from=date(2026, 7, 1), version=2)
    second = replace(first, version=3)

    assert terms_on([second, first], date(2026, 8, 1)) == second


def read(filed: list[tuple[date, str | None]], today: date, **facts: Any) -> Reading:
    entries = [factories.filed(KPI.id, value, period=period, as_of=period) for period, value in filed]
    found = reading(KPI, [factories.terms(KPI.id, **facts)], entries, today)
    assert found is not None
    return found


def test_the_newest_value_speaks() -> None:
    found = read([(SEPTEMBER, "70"), (NOVEMBER, "90"), (OCTOBER, "80")], date(2026, 11, 23))

    assert found.value == 90
    assert list(map(str, found.past[-3:])) == ["70", "80", "90"]
    assert len(found.past) == 12
    assert found.past[0] is None


def test_a_period_that_was_collected_without_a_value_is_grey_and_never_green() -> None:
    assert colour(read([(SEPTEMBER, "200")], date(2026, 11, 11))) is GREY
    assert colour(read([(SEPTEMBER, "200"), (OCTOBER, None)], date(2026, 11, 11))) is GREY
    assert read([(SEPTEMBER, "200")], date(2026, 11, 11)).past[-2:] == (Decimal(200), None)


def test_while_a_period_is_being_collected_the_one_before_still_speaks() -> None:
    assert colour(read([(SEPTEMBER, "200")], date(2026, 11, 10))) is GREEN


def test_a_value_that_was_taken_back_leaves_the_one_before() -> None:
    assert read([(OCTOBER, "80"), (NOVEMBER, None)], date(2026, 11, 23)).value == 80


def test_a_correction_counts_instead_of_what_it_corrects() -> None:
    entries = [factories.filed(KPI.id, "90", revision=2), factories.filed(KPI.id, "50", revision=1)]
    found = reading(KPI, [factories.terms(KPI.id)], entries, date(2026, 11, 23))

    assert found is not None
    assert found.value == 90


def test_a_kpi_without_terms_in_force_has_no_reading() -> None:
    assert reading(KPI, [factories.terms(KPI.id, effective_from=None)], [], date(2026, 11, 23)) is None
