"""A table of values is understood line by line, or refused line by line."""

import contextlib
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rituals.kpis_csv import BadTable, Line, read_table
from rituals.kpis_periods import Period, Span
from tests import factories

TODAY = date(2026, 11, 23)
BOOKINGS = factories.kpi("New bookings", number=3)
RENEWALS = factories.kpi("Renewals", number=4, unit="%")
OLD = factories.kpi("Old", number=5, retired_on=date(2026, 1, 1))
KPIS = {kpi.number: kpi for kpi in (BOOKINGS, RENEWALS, OLD)}
OCTOBER = Period(date(2026, 10, 1), Span.MONTH)


def read(text: str) -> list[Line]:
    return read_table(text, KPIS, TODAY)


@pytest.mark.parametrize(
    "text",
    [
        "kpi;period;value;note\nK-3;2026-10;1,2M;fair\nK-4;october;81,5 %",
        "kpi,period,value,note\nK-3,2026-10,1.2M,fair\n\nk4,oct 2026,81.5%,",
        "3\tlast month\t1 200 000\tfair\n4\tOct\t81.5",
        'K-3,October,"1,200,000","fair"\r\nK-4,October,"81,5"',
    ],
)
def test_lines_are_read_with_any_usual_separator(text: str) -> None:
    bookings, renewals = read(text)

    assert (bookings.kpi, bookings.period, bookings.value, bookings.note) == (
        BOOKINGS,
        OCTOBER,
        Decimal(1200000),
        "fair",
    )
    assert (renewals.kpi, renewals.period, renewals.value, renewals.note) == (
        RENEWALS,
        OCTOBER,
        Decimal("81.5"),
        None,
    )


def test_every_bad_line_is_named_and_none_is_stored() -> None:
    with pytest.raises(BadTable) as refused:
        read(
            "K-3;2026-10;50\nK-9;2026-10;50\nK-3;2027-01;50\nK-3;2026-09;1.200\nK-3;2026-10;60\nK-3;50\n"
            "K-5;2026-10;1\n=cmd|' /C calc'!A0;2026-10;1\nK-3;2026-08;=SUM(A1:A2)\nK-3;2026-07;1;" + "x" * 301
        )

    assert [(line.line, line.column) for line in refused.value.lines] == [
        (2, "kpi"),
        (3, "period"),
        (4, "value"),
        (5, "twice"),
        (6, "cells"),
        (7, "kpi"),
        (8, "kpi"),
        (9, "value"),
        (10, "note"),
    ]


def test_what_looks_like_a_formula_is_a_notes_words() -> None:
    (line,) = read('K-3;2026-10;50;=HYPERLINK("http://evil")')

    assert line.note == '=HYPERLINK("http://evil")'


@pytest.mark.parametrize("text", ["", "\n \n", "kpi;period;value", "\n".join(["K-3;2026-10;1"] * 501)])
def test_a_table_of_nothing_or_too_much_is_refused(text: str) -> None:
    with pytest.raises(BadTable):
        read(text)


def test_a_kpi_of_weeks_takes_weeks() -> None:
    weekly = {3: replace(BOOKINGS, cadence=Span.WEEK)}

    (line,) = read_table("K-3;week 47;5", weekly, TODAY)
    assert line.period == Period(date(2026, 11, 16), Span.WEEK)


@given(st.text(max_size=200))
def test_no_text_is_ever_a_fault(text: str) -> None:
    with contextlib.suppress(BadTable):
        read(text)
