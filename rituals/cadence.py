"""Recurrence: on which dates a ritual falls due. A rule is a value; its dates are a pure function of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from rituals.calendar import Works, days_between, nth_working_day, working_days_before_end
from rituals.refusals import Refusal

WEEK = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
DIGITS = "1234567"
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
LONGEST_TEXT = 32
"""Characters that a column needs for any rule."""
ENDINGS = {1: "st", 2: "nd", 3: "rd"}  # codespell:ignore nd
ELEVENTH_TO_THIRTEENTH = (11, 12, 13)


class ImpossibleRule(Refusal):
    """No date could ever fit: `part` of the rule cannot be `value`."""

    def __init__(self, part: str, value: object) -> None:
        super().__init__(part, value)
        self.part = part
        self.value = value


class UnreadableRule(Refusal):
    """`text` is not what `to_text` writes for any rule."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


@dataclass(frozen=True, slots=True)
class Month:
    """Calendar months."""

    months: ClassVar = 1
    longest: ClassVar = 31
    year_starts: ClassVar = 1


@dataclass(frozen=True, slots=True)
class Quarter:
    """Quarters of a fiscal year whose first month is `year_starts`, 1 to 12; raises ImpossibleRule."""

    months: ClassVar = 3
    longest: ClassVar = 92
    year_starts: int

    def __post_init__(self) -> None:
        _require("year_starts", self.year_starts, 1, 12)


Period = Month | Quarter


@dataclass(frozen=True, slots=True)
class EveryDay:
    """Every date."""


@dataclass(frozen=True, slots=True)
class Weekdays:
    """Chosen weekdays, as ascending ISO digits like `Person.working_days`; raises ImpossibleRule."""

    days: str

    def __post_init__(self) -> None:
        if not self.days or self.days != "".join(digit for digit in DIGITS if digit in self.days):
            raise ImpossibleRule("days", self.days)


@dataclass(frozen=True, slots=True)
class Weekly:
    """One weekday, 1 is Monday and 7 is Sunday; raises ImpossibleRule."""

    weekday: int

    def __post_init__(self) -> None:
        _require("weekday", self.weekday, 1, len(WEEK))


@dataclass(frozen=True, slots=True)
class WorkingDay:
    """Working day `n` of each period, counted from 1 (M6); a period with fewer has none. Raises ImpossibleRule."""

    n: int
    period: Period

    def __post_init__(self) -> None:
        _require("n", self.n, 1, self.period.longest)


@dataclass(frozen=True, slots=True)
class BeforeEnd:
    """The working day that `n` more follow before each period ends (F83); 0 is the last one. Raises ImpossibleRule."""

    n: int
    period: Period

    def __post_init__(self) -> None:
        _require("n", self.n, 0, self.period.longest - 1)


Rule = EveryDay | Weekdays | Weekly | WorkingDay | BeforeEnd


def _require(part: str, value: int, least: int, most: int) -> None:
    if not least <= value <= most:
        raise ImpossibleRule(part, value)


def dates(rule: Rule, first: date, last: date, works: Works) -> list[date]:
    """Return the dates of `rule` from `first` to `last`, both included, ascending.

    `works` only counts working days for the rules that count them. A Thursday that is a holiday stays in the list: its
    occurrence is planned and skipped with a reason (`calendar.day_off`), so that "why not this week" has an answer.
    """
    match rule:
        case EveryDay():
            return days_between(first, last)
        case Weekdays(days):
            return [day for day in days_between(first, last) if str(day.isoweekday()) in days]
        case Weekly(weekday):
            return [day for day in days_between(first, last) if day.isoweekday() == weekday]
        case WorkingDay():
            find = nth_working_day
        case _:
            find = working_days_before_end
    months = rule.period.months
    found = (find(year, month, rule.n, works, months) for year, month in _periods(rule.period, first, last))
    return [day for day in found if day is not None and first <= day <= last]


def _periods(period: Period, first: date, last: date) -> Iterator[tuple[int, int]]:
    """The first month of each period that has a day in the window."""
    offset = period.year_starts - 1
    began = (first.year * 12 + first.month - 1 - offset) // period.months * period.months + offset
    for month in range(began, last.year * 12 + last.month, period.months):
        yield month // 12, month % 12 + 1


def describe(rule: Rule) -> str:
    """The rule in plain words: "on the 6th working day of each month"."""
    match rule:
        case EveryDay():
            return "every day"
        case Weekdays(days):
            return _weekdays(days)
        case Weekly(weekday):
            return f"every {WEEK[weekday - 1]}"
        case WorkingDay(n, period):
            return f"on the {_ordinal(n)} working day of {_each(period)}"
        case BeforeEnd(0, period):
            return f"on the last working day of {_each(period)}"
        case _:
            return f"{rule.n} working {'day' if rule.n == 1 else 'days'} before the end of {_each(rule.period)}"


def _weekdays(days: str) -> str:
    if days == DIGITS:
        return describe(EveryDay())
    names = [WEEK[int(digit) - 1] for digit in days]
    if len(days) > 2 and days in DIGITS:  # noqa: PLR2004 - of two days in a row "and" says more than "to"
        return f"every day from {names[0]} to {names[-1]}"
    return f"every {' and '.join(filter(None, (', '.join(names[:-1]), names[-1])))}"


def _each(period: Period) -> str:
    match period:
        case Month():
            return "each month"
        case Quarter(1):
            return "each quarter"
        case _:
            return f"each quarter of the fiscal year that starts in {MONTHS[period.year_starts - 1]}"


def _ordinal(n: int) -> str:
    last = n % 10 if n % 100 not in ELEVENTH_TO_THIRTEENTH else 0
    return f"{n}{ENDINGS.get(last, 'th')}"


def to_text(rule: Rule) -> str:
    """The rule as a column keeps it, in at most LONGEST_TEXT characters: "working-day 6 month"."""
    match rule:
        case EveryDay():
            return "daily"
        case Weekdays(days):
            return f"weekdays {days}"
        case Weekly(weekday):
            return f"weekly {weekday}"
        case WorkingDay(n, period):
            return f"working-day {n} {_period_text(period)}"
        case _:
            return f"before-end {rule.n} {_period_text(rule.period)}"


def _period_text(period: Period) -> str:
    return "month" if isinstance(period, Month) else f"quarter {period.year_starts}"


def from_text(text: str) -> Rule:
    """The rule that `to_text` wrote; raises UnreadableRule for anything else, however close."""
    try:
        rule = _read(text)
    except (ValueError, ImpossibleRule) as unread:
        raise UnreadableRule(text) from unread
    # "weekly 04" or a foreign digit would read, too; but then two texts would stand for one rule.
    if to_text(rule) != text:
        raise UnreadableRule(text)
    return rule


def _read(text: str) -> Rule:
    match text.split(" "):
        case ["daily"]:
            return EveryDay()
        case ["weekdays", days]:
            return Weekdays(days)
        case ["weekly", weekday]:
            return Weekly(int(weekday))
        case ["working-day", n, *period]:
            return WorkingDay(int(n), _read_period(period))
        case ["before-end", n, *period]:
            return BeforeEnd(int(n), _read_period(period))
    raise ValueError(text)


def _read_period(words: list[str]) -> Period:
    match words:
        case ["month"]:
            return Month()
        case ["quarter", year_starts]:
            return Quarter(int(year_starts))
    raise ValueError(words)
