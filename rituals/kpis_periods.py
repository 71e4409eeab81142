"""Weeks, months, quarters and years: which one a value is for, and how much of a goal's time has gone by (M11)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction

from rituals.cadence import MONTHS
from rituals.refusals import Refusal

SHORTEST = 3
"""A month may be cut to three letters: "nov"."""
MONTHS_OF_QUARTER = 3
LEN_OF_YEAR = 12

_ISO_MONTH = re.compile(r"(\d{4})-(\d{1,2})")
_ISO_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_QUARTER = re.compile(r"q([1-4])(?:\s+(\d{4}))?|(\d{4})-?q([1-4])")
_WEEK = re.compile(r"(?:week|w)\s*(\d{1,2})(?:\s+(\d{4}))?|(\d{4})-?w(\d{1,2})")
_YEAR = re.compile(r"\d{4}")
_NAMED = re.compile(r"([a-z]{3,9})\.?(?:\s+(\d{4}))?")
_RELATIVE = re.compile(r"(this|last)(?:\s+(week|month|quarter|year))?")


class Span(StrEnum):
    """How long a period is. Quarters and years are the calendar's."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


LENGTH = {Span.MONTH: 1, Span.QUARTER: MONTHS_OF_QUARTER, Span.YEAR: LEN_OF_YEAR}
"""Months in a span that is made of months."""
GRACE = {Span.WEEK: 2, Span.MONTH: 10, Span.QUARTER: 15, Span.YEAR: 31}
"""For how many days of a period a value without a period is still meant for the one before (M6)."""
SHARES = {Span.WEEK: (), Span.MONTH: (), Span.QUARTER: (3,), Span.YEAR: (4, 12)}
"""Into how many parts a profile may divide a goal's span."""


class PeriodUnclear(Refusal):
    """`text` names no period of `span` that has begun by today."""

    def __init__(self, text: str, span: Span) -> None:
        super().__init__(text, span)
        self.text = text
        self.span = span


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """One week (from Monday), month, quarter or year, known by its first date."""

    first: date
    span: Span

    @property
    def last(self) -> date:
        """The last date in it."""
        return self.shifted(1).first - timedelta(days=1)

    @property
    def label(self) -> str:
        """As people say it: "November 2026", "Q4 2026", "week 47 of 2026", "2026"."""
        if self.span is Span.WEEK:
            year, week, _ = self.first.isocalendar()
            return f"week {week} of {year}"
        if self.span is Span.MONTH:
            return f"{MONTHS[self.first.month - 1]} {self.first.year}"
        if self.span is Span.QUARTER:
            return f"Q{(self.first.month - 1) // MONTHS_OF_QUARTER + 1} {self.first.year}"
        return str(self.first.year)

    def shifted(self, by: int) -> "Period":
        """The period that many later; earlier for a negative number."""
        if self.span is Span.WEEK:
            return Period(self.first + timedelta(weeks=by), self.span)
        month = self.first.year * LEN_OF_YEAR + self.first.month - 1 + by * LENGTH[self.span]
        return Period(date(month // LEN_OF_YEAR, month % LEN_OF_YEAR + 1, 1), self.span)

    def parts(self, count: int) -> list["Period"]:
        """The equal parts of a quarter or year: months of a quarter, quarters or months of a year."""
        if count == 1:
            return [self]
        months = LENGTH[self.span] // count
        span = next(span for span, length in LENGTH.items() if length == months)
        start = Period(self.first, span)
        return [start.shifted(n) for n in range(count)]


def period_of(span: Span, day: date) -> Period:
    """The period of that span that holds a date."""
    if span is Span.WEEK:
        return Period(day - timedelta(days=day.weekday()), span)
    length = LENGTH[span]
    return Period(date(day.year, (day.month - 1) // length * length + 1, 1), span)


def asked_for(span: Span, today: date) -> Period:
    """The period that people mean who name none: the one before for its first days (GRACE), then the running one.

    The first days are those in which last month's values are collected (M6).
    """
    running = period_of(span, today)
    return running.shifted(-1) if (today - running.first).days < GRACE[span] else running


def as_of(period: Period, today: date) -> date:
    """Up to which date a value filed today for `period` counts: today, or the period's end when it is over."""
    return min(today, period.last)


def elapsed(goal: Span, day: date, shares: Sequence[Fraction] = ()) -> Fraction:
    """How much of a goal is expected by the end of `day`: a fraction of 1 (F51, M11).

    The months of a quarter or year count alike, however long they are; `shares` weighs a profile's parts instead.
    Within a month, quarter or week the days count alike. The last day of the span gives 1.
    """
    whole = period_of(goal, day)
    weights = shares or [Fraction(1)] * LENGTH.get(goal, 1)
    done = Fraction(0)
    for part, weight in zip(whole.parts(len(weights)), weights, strict=True):
        if part.last <= day:
            done += weight
        elif part.first <= day:
            done += weight * Fraction((day - part.first).days + 1, (part.last - part.first).days + 1)
    return done / sum(weights)


def read_period(text: str, span: Span, today: date) -> Period:
    """The period that somebody names: "november", "nov 2025", "2026-11", "Q3", "week 47", "last month".

    Without a year it is the newest one that has begun. Raises PeriodUnclear, also for one that has not begun.
    """
    word = " ".join(text.lower().split())
    found = _relative(word, span, today) or _written(word, span, today)
    if found is None or found.first > today:
        raise PeriodUnclear(text, span)
    return found


def _relative(word: str, span: Span, today: date) -> Period | None:
    match = _RELATIVE.fullmatch(word)
    if match is None or match[2] not in {None, span.value}:
        return None
    running = period_of(span, today)
    return running if match[1] == "this" else running.shifted(-1)


def _written(word: str, span: Span, today: date) -> Period | None:
    try:
        if match := _ISO_DAY.fullmatch(word):
            return _starting(date(int(match[1]), int(match[2]), int(match[3])), span)
        return {Span.WEEK: _week, Span.MONTH: _month, Span.QUARTER: _quarter, Span.YEAR: _year}[span](word, today)
    except (ValueError, OverflowError):
        return None


def _starting(day: date, span: Span) -> Period | None:
    period = period_of(span, day)
    return period if period.first == day else None


def _week(word: str, today: date) -> Period | None:
    match = _WEEK.fullmatch(word)
    if match is None:
        return None
    number = int(match[1] or match[4])
    years = [int(match[2] or match[3])] if match[2] or match[3] else [today.year + 1, today.year, today.year - 1]
    return _newest([_iso_week(year, number) for year in years], today, alone=len(years) == 1)


def _iso_week(year: int, number: int) -> Period | None:
    try:
        return Period(date.fromisocalendar(year, number, 1), Span.WEEK)
    except ValueError:
        return None


def _month(word: str, today: date) -> Period | None:
    if match := _ISO_MONTH.fullmatch(word):
        return Period(date(int(match[1]), int(match[2]), 1), Span.MONTH)
    match = _NAMED.fullmatch(word)
    numbers = [n for n, name in enumerate(MONTHS, 1) if match and name.lower().startswith(match[1])]
    if match is None or len(numbers) != 1:
        return None
    years = [int(match[2])] if match[2] else [today.year, today.year - 1]
    return _newest([Period(date(year, numbers[0], 1), Span.MONTH) for year in years], today, alone=len(years) == 1)


def _quarter(word: str, today: date) -> Period | None:
    match = _QUARTER.fullmatch(word)
    if match is None:
        return None
    month = (int(match[1] or match[4]) - 1) * MONTHS_OF_QUARTER + 1
    years = [int(match[2] or match[3])] if match[2] or match[3] else [today.year, today.year - 1]
    return _newest([Period(date(year, month, 1), Span.QUARTER) for year in years], today, alone=len(years) == 1)


def _year(word: str, today: date) -> Period | None:  # noqa: ARG001 - one signature for all
    return Period(date(int(word), 1, 1), Span.YEAR) if _YEAR.fullmatch(word) else None


def _newest(found: Sequence[Period | None], today: date, *, alone: bool) -> Period | None:
    begun = [period for period in found if period is not None and (alone or period.first <= today)]
    return max(begun, default=None)
