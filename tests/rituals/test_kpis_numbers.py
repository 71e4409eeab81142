"""Numbers as people type them are read exactly or refused, never guessed."""

import contextlib
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rituals.kpis_numbers import Doubt, NumberUnclear, about, editable, read_number, shown

numbers = st.decimals(min_value=-(10**15), max_value=10**15, places=8)


@pytest.mark.parametrize(
    ("typed", "unit", "expected"),
    [
        ("50", "", "50"),
        (" 50 ", "leads", "50"),
        ("-3", "", "-3"),
        ("−3", "", "-3"),
        ("+3", "", "3"),
        ("0", "", "0"),
        ("1.2M", "EUR", "1200000"),
        ("1,2M", "EUR", "1200000"),
        ("1.05 M", "EUR", "1050000"),
        ("50k", "EUR", "50000"),
        ("50 K", "EUR", "50000"),
        ("3 bn", "EUR", "3000000000"),
        ("1,5 Mio", "EUR", "1500000"),
        ("81,5", "%", "81.5"),
        ("81.5", "%", "81.5"),
        ("12 %", "%", "12"),
        ("12%", "%", "12"),
        ("12 percent", "%", "12"),
        ("€ 1.200.000", "EUR", "1200000"),
        ("€1.200.000,50", "EUR", "1200000.50"),
        ("1,200,000.50 €", "EUR", "1200000.50"),
        ("-€50", "EUR", "-50"),
        ("€-50", "EUR", "-50"),
        ("1.2M€", "EUR", "1200000"),
        ("1.2 M EUR", "EUR", "1200000"),
        ("EUR 50", "€", "50"),
        ("$1,234,567", "USD", "1234567"),
        ("1 200 000", "EUR", "1200000"),
        ("1\u202f200\u202f000", "EUR", "1200000"),
        ("1 200", "EUR", "1200"),
        ("1 200,5", "EUR", "1200.5"),
        ("1'200", "CHF", "1200"),
        ("1’200’000.25", "CHF", "1200000.25"),
        ("0.125", "", "0.125"),
        ("0,125", "", "0.125"),
        ("1234.567", "", "1234.567"),
        ("1.2345", "", "1.2345"),
        ("1.20", "", "1.2"),
        ("1.2340", "", "1.234"),
        ("8 hours", "hours", "8"),
        ("8 Hours", "hours", "8"),
        ("9999999999999999.99999999", "", "9999999999999999.99999999"),
    ],
)
def test_a_number_means_what_it_says(typed: str, unit: str, expected: str) -> None:
    assert read_number(typed, unit) == Decimal(expected)


@pytest.mark.parametrize(
    ("typed", "unit", "doubt"),
    [
        ("1.200", "EUR", Doubt.TWO_WAYS),
        ("1,200", "EUR", Doubt.TWO_WAYS),
        ("-12.345", "", Doubt.TWO_WAYS),
        ("1.200k", "EUR", Doubt.TWO_WAYS),
        ("", "", Doubt.NONE),
        ("about 50 or 60", "", Doubt.NONE),
        ("fifty", "", Doubt.NONE),
        ("1.2.3", "", Doubt.NONE),
        ("1,2,3.4", "", Doubt.NONE),
        ("1.200,000.5", "", Doubt.NONE),
        ("12 34", "", Doubt.NONE),
        ("0 123", "", Doubt.NONE),
        ("1e6", "", Doubt.NONE),
        ("=1+1", "", Doubt.NONE),
        ("\u0665\u0660", "", Doubt.NONE),
        ("1" * 80, "", Doubt.NONE),
        ("50\n60", "", Doubt.NONE),
        ("$50", "EUR", Doubt.UNIT),
        ("12 %", "EUR", Doubt.UNIT),
        ("50 USD", "EUR", Doubt.UNIT),
        ("50 leads", "EUR", Doubt.UNIT),
        ("=50", "EUR", Doubt.NONE),
        ("50 x", "", Doubt.UNIT),
        ("10000000000000000", "", Doubt.SIZE),
        ("0.123456789", "", Doubt.SIZE),
        ("99999999 bn", "", Doubt.SIZE),
    ],
)
def test_what_can_be_read_two_ways_or_not_at_all_is_refused(typed: str, unit: str, doubt: Doubt) -> None:
    with pytest.raises(NumberUnclear) as refused:
        read_number(typed, unit)

    assert refused.value.doubt is doubt


def test_a_number_of_two_meanings_is_told_with_both() -> None:
    with pytest.raises(NumberUnclear) as refused:
        read_number("1.200", "EUR")

    assert refused.value.either == ("1200", "1.2000")
    assert [read_number(way) for way in refused.value.either] == [1200, Decimal("1.2")]


@given(st.text(max_size=80))
def test_no_text_is_ever_a_fault(text: str) -> None:
    try:
        found = read_number(text, "EUR")
    except NumberUnclear:
        return
    assert found == round(found, 8)


@given(numbers)
def test_what_a_form_shows_to_type_over_is_read_back_exactly(number: Decimal) -> None:
    assert read_number(editable(number)) == number


@given(numbers)
def test_what_is_shown_is_never_read_as_another_number(number: Decimal) -> None:
    with contextlib.suppress(NumberUnclear):
        assert read_number(shown(number)) == number


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("0", "0"),
        ("-5", "-5"),
        ("1000", "1000"),
        ("12345", "12\u202f345"),
        ("-12345.5", "-12\u202f345.5"),
        ("1050000", "1.05 M"),
        ("1234567", "1\u202f234\u202f567"),
        ("1E+6", "1 M"),
        ("81.50", "81.5"),
        ("0.00000001", "0.00000001"),
    ],
)
def test_a_number_is_shown_exactly(number: str, expected: str) -> None:
    assert shown(Decimal(number)) == expected


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (Fraction(200, 3), "66.7"),
        (Fraction(20, 3), "6.67"),
        (Fraction(100), "100"),
        (Fraction(1, 4), "0.25"),
        (Fraction(-200, 3), "-66.7"),
    ],
)
def test_what_is_computed_is_shown_rounded_by_its_size(number: Fraction, expected: str) -> None:
    assert about(number) == expected
