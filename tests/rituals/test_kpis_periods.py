"""Which period a value is for, and how much of a goal's time has gone by."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rituals.kpis_periods import Period, PeriodUnclear, Span, as_of, asked_for, elapsed, period_of, read_period

TODAY = date(2026, 11, 23)
days = st.dates(date(1990, 1, 1), date(2090, 12, 31))
spans = st.sampled_from(Span)


@pytest.mark.parametrize(
    ("typed", "span", "expected"),
    [
        ("november", Span.MONTH, date(2026, 11, 1)),
        ("Nov", Span.MONTH, date(2026, 11, 1)),
        ("nov.", Span.MONTH, date(2026, 11, 1)),
        ("december", Span.MONTH, date(2025, 12, 1)),
        ("november 2024", Span.MONTH, date(2024, 11, 1)),
        ("2026-10", Span.MONTH, date(2026, 10, 1)),
        ("2026-10-01", Span.MONTH, date(2026, 10, 1)),
        ("last month", Span.MONTH, date(2026, 10, 1)),
        ("this", Span.MONTH, date(2026, 11, 1)),
        ("Q4", Span.QUARTER, date(2026, 10, 1)),
        ("q1 2026", Span.QUARTER, date(2026, 1, 1)),
        ("2025-Q3", Span.QUARTER, date(2025, 7, 1)),
        ("last quarter", Span.QUARTER, date(2026, 7, 1)),
        ("week 47", Span.WEEK, date(2026, 11, 16)),
        ("w48", Span.WEEK, date(2026, 11, 23)),
        ("2026-W01", Span.WEEK, date(2025, 12, 29)),
        ("week 52", Span.WEEK, date(2025, 12, 22)),
        ("last week", Span.WEEK, date(2026, 11, 16)),
        ("2025", Span.YEAR, date(2025, 1, 1)),
        ("this year", Span.YEAR, date(2026, 1, 1)),
    ],
)
def test_a_period_is_read_as_the_newest_that_has_begun(typed: str, span: Span, expected: date) -> None:
    assert read_period(typed, span, TODAY) == Period(expected, span)


@pytest.mark.parametrize(
    ("typed", "span"),
    [
        ("", Span.MONTH),
        ("soon", Span.MONTH),
        ("ju", Span.MONTH),
        ("2026-12", Span.MONTH),
        ("2026-13", Span.MONTH),
        ("december 2026", Span.MONTH),
        ("2026-10-05", Span.MONTH),
        ("november", Span.WEEK),
        ("last quarter", Span.MONTH),
        ("week 54", Span.WEEK),
        ("week 49 2026", Span.WEEK),
        ("Q5", Span.QUARTER),
        ("Q1 2027", Span.QUARTER),
        ("0000", Span.YEAR),
        ("2027", Span.YEAR),
    ],
)
def test_what_names_no_period_that_has_begun_is_refused(typed: str, span: Span) -> None:
    with pytest.raises(PeriodUnclear):
        read_period(typed, span, TODAY)


@given(st.text(max_size=30), spans)
def test_no_text_is_ever_a_fault(text: str, span: Span) -> None:
    try:
        found = read_period(text, span, TODAY)
    except PeriodUnclear:
        return
    assert found.first <= TODAY


@given(days, spans)
def test_a_period_holds_its_days_and_its_label_reads_back(day: date, span: Span) -> None:
    period = period_of(span, day)

    assert period.first <= day <= period.last
    assert period.shifted(1).shifted(-1) == period
    assert period.shifted(1).first > period.last
    assert read_period(period.label.replace(" of ", " "), span, day) == period


@pytest.mark.parametrize(
    ("span", "day", "expected"),
    [
        (Span.MONTH, date(2026, 12, 1), "November 2026"),
        (Span.MONTH, date(2026, 12, 10), "November 2026"),
        (Span.MONTH, date(2026, 12, 11), "December 2026"),
        (Span.WEEK, date(2026, 11, 23), "week 47 of 2026"),
        (Span.WEEK, date(2026, 11, 25), "week 48 of 2026"),
        (Span.QUARTER, date(2026, 10, 15), "Q3 2026"),
        (Span.QUARTER, date(2026, 10, 16), "Q4 2026"),
        (Span.YEAR, date(2026, 1, 31), "2025"),
        (Span.YEAR, date(2026, 2, 1), "2026"),
    ],
)
def test_without_a_period_the_first_days_mean_the_one_before(span: Span, day: date, expected: str) -> None:
    assert asked_for(span, day).label == expected


def test_a_value_counts_up_to_the_day_it_is_filed_or_the_end_of_its_period() -> None:
    november = period_of(Span.MONTH, TODAY)

    assert as_of(november, TODAY) == TODAY
    assert as_of(november, date(2026, 12, 3)) == date(2026, 11, 30)


@pytest.mark.parametrize(
    ("goal", "day", "shares", "expected"),
    [
        (Span.QUARTER, date(2026, 11, 30), (), Fraction(2, 3)),
        (Span.QUARTER, date(2026, 2, 28), (), Fraction(2, 3)),
        (Span.QUARTER, date(2026, 10, 1), (), Fraction(1, 93)),
        (Span.QUARTER, date(2026, 12, 31), (), Fraction(1)),
        (Span.YEAR, date(2026, 6, 30), (), Fraction(1, 2)),
        (Span.MONTH, date(2026, 11, 15), (), Fraction(1, 2)),
        (Span.WEEK, date(2026, 11, 29), (), Fraction(1)),
        (Span.QUARTER, date(2026, 11, 30), (20, 30, 50), Fraction(1, 2)),
        (Span.YEAR, date(2026, 6, 30), (10, 20, 30, 40), Fraction(3, 10)),
        (Span.YEAR, date(2026, 6, 30), (*[5] * 6, *[Fraction(70, 6)] * 6), Fraction(3, 10)),
    ],
)
def test_how_much_of_a_goal_is_expected(goal: Span, day: date, shares: tuple[int, ...], expected: Fraction) -> None:
    assert elapsed(goal, day, [Fraction(share) for share in shares]) == expected


@given(days, spans)
def test_what_is_expected_grows_from_day_to_day_up_to_the_whole(day: date, goal: Span) -> None:
    period = period_of(goal, day)

    assert 0 < elapsed(goal, day) <= 1
    assert elapsed(goal, period.last) == 1
    if day < period.last:
        assert elapsed(goal, day) < elapsed(
            goal, day.replace(day=day.day) + (period.last - day) / (period.last - day).days
        )
