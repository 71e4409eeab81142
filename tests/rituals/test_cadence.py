"""Recurrence rules: their dates against a plain recount, their words, their text."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import date, timedelta
from itertools import groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rituals import cadence
from rituals.cadence import (
    BeforeEnd,
    EveryDay,
    ImpossibleRule,
    Month,
    Period,
    Quarter,
    Rule,
    UnreadableRule,
    Weekdays,
    Weekly,
    WorkingDay,
    dates,
    describe,
    from_text,
    to_text,
)
from rituals.calendar import Works, closed, days_between

LONG_AGO, FAR_OFF = date(2019, 1, 1), date(2032, 12, 31)

months = st.builds(Month)
quarters = st.builds(Quarter, st.integers(1, 12))


def counted(period: st.SearchStrategy[Period], longest: int) -> st.SearchStrategy[Rule]:
    # Mostly numbers that a ritual would use, some that no month reaches.
    first = st.builds(WorkingDay, st.integers(1, 8) | st.integers(1, longest), period)
    last = st.builds(BeforeEnd, st.integers(0, 8) | st.integers(0, longest - 1), period)
    return first | last


counting = counted(months, 31) | counted(quarters, 92)
plain: st.SearchStrategy[Rule] = st.one_of(
    st.builds(EveryDay),
    st.builds(Weekdays, st.sets(st.sampled_from("1234567"), min_size=1).map(lambda some: "".join(sorted(some)))),
    st.builds(Weekly, st.integers(1, 7)),
)
rules = plain | counting
days = st.dates(date(2020, 1, 1), date(2031, 12, 31))


@st.composite
def windows(draw: st.DrawFn) -> tuple[date, date]:
    first = draw(days)
    return first, first + timedelta(days=draw(st.integers(-3, 500)))


@st.composite
def calendars(draw: st.DrawFn) -> Works:
    """Weekdays that are worked, some single free days, and at times a closed month."""
    weekdays = draw(st.sampled_from(["12345", "23456", "7", "1234567", ""]))
    free = draw(st.frozensets(days, max_size=20))
    holidays = draw(st.frozensets(st.tuples(st.integers(1, 12), st.integers(1, 31)), max_size=40))
    shut = draw(st.none() | st.integers(1, 12))

    def works(day: date) -> bool:
        free_day = day in free or (day.month, day.day) in holidays or day.month == shut
        return str(day.isoweekday()) in weekdays and not free_day

    return works


def monday_to_friday(day: date) -> bool:
    return day.isoweekday() <= 5


def always(_day: date) -> bool:
    return True


def period_of(day: date, period: Period) -> tuple[int, int]:
    """Which period a date is in: the year in which its fiscal year began, and its number there."""
    if isinstance(period, Month):
        return day.year, day.month
    year = day.year if day.month >= period.year_starts else day.year - 1
    return year, ((day.month - period.year_starts) % 12) // 3


def recounted(rule: Rule, first: date, last: date, works: Works) -> list[date]:
    """The oracle: go through all days of many years one by one and count."""
    found: Iterable[date]
    every = days_between(LONG_AGO, FAR_OFF)
    match rule:
        case EveryDay():
            found = every
        case Weekdays(chosen):
            found = (day for day in every if day.strftime("%u") in set(chosen))
        case Weekly(weekday):
            found = (day for day in every if day.isocalendar().weekday == weekday)
        case WorkingDay(n, period):
            found = nth_of_each(every, period, works, n - 1)
        case BeforeEnd(n, period):
            found = nth_of_each(reversed(every), period, works, n)
    return sorted(day for day in found if first <= day <= last)


def nth_of_each(every: Iterable[date], period: Period, works: Works, skipped: int) -> Iterable[date]:
    for _, inside in groupby(every, key=lambda day: period_of(day, period)):
        worked = [day for day in inside if works(day)]
        yield from worked[skipped : skipped + 1]


@given(rules, windows(), calendars())
def test_the_dates_are_those_of_a_plain_recount(rule: Rule, window: tuple[date, date], works: Works) -> None:
    assert dates(rule, *window, works) == recounted(rule, *window, works)


@given(rules, windows(), calendars())
def test_dates_ascend_once_each_inside_the_window(rule: Rule, window: tuple[date, date], works: Works) -> None:
    first, last = window
    found = dates(rule, first, last, works)

    assert found == sorted(set(found))
    assert all(first <= day <= last for day in found)


@given(rules, windows(), st.integers(0, 500), calendars())
def test_a_window_in_two_pieces_has_the_same_dates(
    rule: Rule, window: tuple[date, date], cut: int, works: Works
) -> None:
    first, last = window
    middle = min(first + timedelta(days=cut), last)
    pieces = dates(rule, first, middle, works) + dates(rule, middle + timedelta(days=1), last, works)

    assert pieces == dates(rule, first, last, works)


@given(counting, windows(), calendars())
def test_a_rule_that_counts_working_days_falls_on_one(rule: Rule, window: tuple[date, date], works: Works) -> None:
    assert all(map(works, dates(rule, *window, works)))


@given(plain, windows(), calendars())
def test_a_plain_rule_keeps_its_holidays_so_that_the_skip_can_be_told(
    rule: Rule, window: tuple[date, date], works: Works
) -> None:
    assert dates(rule, *window, works) == dates(rule, *window, always)


@given(st.integers(1, 12), st.integers(1, 12), windows())
def test_only_the_month_of_three_matters_to_a_quarter(start: int, other: int, window: tuple[date, date]) -> None:
    same = dates(WorkingDay(1, Quarter(start)), *window, always) == dates(
        WorkingDay(1, Quarter(other)), *window, always
    )

    assert same or start % 3 != other % 3


def test_the_month_asks_on_working_day_one_and_reports_on_six() -> None:
    """M6 in May 2026 in Germany, whose first is a holiday."""

    def works(day: date) -> bool:
        return monday_to_friday(day) and closed("DE", day, ()) is None

    may = date(2026, 5, 1), date(2026, 5, 31)

    assert dates(WorkingDay(1, Month()), *may, works) == [date(2026, 5, 4)]
    assert dates(WorkingDay(6, Month()), *may, works) == [date(2026, 5, 11)]


def test_the_quarterly_pack_comes_five_working_days_before_the_end() -> None:
    """F83: after Wednesday 23 September 2026 come the 24th, 25th, 28th, 29th and 30th."""
    year = date(2026, 1, 1), date(2026, 12, 31)

    assert dates(BeforeEnd(5, Quarter(1)), *year, monday_to_friday) == [
        date(2026, 3, 24),
        date(2026, 6, 23),
        date(2026, 9, 23),
        date(2026, 12, 24),
    ]


def test_quarters_follow_the_fiscal_year() -> None:
    year = date(2026, 1, 1), date(2026, 12, 31)

    assert dates(WorkingDay(1, Quarter(2)), *year, monday_to_friday) == [
        date(2026, 2, 2),
        date(2026, 5, 1),
        date(2026, 8, 3),
        date(2026, 11, 2),
    ]


def test_a_month_without_that_many_working_days_has_no_date() -> None:
    year = date(2026, 1, 1), date(2026, 12, 31)

    assert [day.month for day in dates(WorkingDay(23, Month()), *year, monday_to_friday)] == [7, 12]
    assert dates(WorkingDay(1, Month()), *year, lambda _: False) == []


@pytest.mark.parametrize(
    ("rule", "words", "text"),
    [
        (EveryDay(), "every day", "daily"),
        (Weekdays("1234567"), "every day", "weekdays 1234567"),
        (Weekdays("12345"), "every day from Monday to Friday", "weekdays 12345"),
        (Weekdays("23456"), "every day from Tuesday to Saturday", "weekdays 23456"),
        (Weekdays("135"), "every Monday, Wednesday and Friday", "weekdays 135"),
        (Weekdays("67"), "every Saturday and Sunday", "weekdays 67"),
        (Weekdays("4"), "every Thursday", "weekdays 4"),
        (Weekly(4), "every Thursday", "weekly 4"),
        (WorkingDay(1, Month()), "on the 1st working day of each month", "working-day 1 month"),
        (WorkingDay(2, Month()), "on the 2nd working day of each month", "working-day 2 month"),
        (WorkingDay(3, Month()), "on the 3rd working day of each month", "working-day 3 month"),
        (WorkingDay(6, Month()), "on the 6th working day of each month", "working-day 6 month"),
        (WorkingDay(11, Month()), "on the 11th working day of each month", "working-day 11 month"),
        (WorkingDay(12, Month()), "on the 12th working day of each month", "working-day 12 month"),
        (WorkingDay(13, Month()), "on the 13th working day of each month", "working-day 13 month"),
        (WorkingDay(21, Month()), "on the 21st working day of each month", "working-day 21 month"),
        (WorkingDay(22, Quarter(1)), "on the 22nd working day of each quarter", "working-day 22 quarter 1"),
        (
            WorkingDay(10, Quarter(2)),
            "on the 10th working day of each quarter of the fiscal year that starts in February",
            "working-day 10 quarter 2",
        ),
        (BeforeEnd(0, Month()), "on the last working day of each month", "before-end 0 month"),
        (BeforeEnd(1, Month()), "1 working day before the end of each month", "before-end 1 month"),
        (BeforeEnd(5, Quarter(1)), "5 working days before the end of each quarter", "before-end 5 quarter 1"),
    ],
)
def test_a_rule_in_plain_words_and_in_a_column(rule: Rule, words: str, text: str) -> None:
    assert describe(rule) == words
    assert to_text(rule) == text


@given(rules)
def test_a_rule_comes_back_from_its_text_as_it_was(rule: Rule) -> None:
    assert from_text(to_text(rule)) == rule


@given(rules, rules)
def test_two_rules_never_share_a_text(one: Rule, other: Rule) -> None:
    assert (to_text(one) == to_text(other)) == (one == other)


@given(rules)
def test_every_text_fits_its_column(rule: Rule) -> None:
    assert len(to_text(rule)) <= cadence.LONGEST_TEXT


@given(st.text(max_size=20) | rules.map(to_text).flatmap(lambda text: st.permutations(text).map("".join)))
def test_a_text_that_reads_is_the_text_that_is_written(text: str) -> None:
    with suppress(UnreadableRule):
        assert to_text(from_text(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Daily",
        "daily ",
        "daily 1",
        "weekdays",
        "weekdays 531",
        "weekdays 11",
        "weekdays 08",
        "weekly",
        "weekly 0",
        "weekly 8",
        "weekly 04",
        "weekly +4",
        "weekly ٤",
        "weekly four",
        "working-day 6",
        "working-day 0 month",
        "working-day 32 month",
        "working-day -1 month",
        "working-day 6 month 1",
        "working-day 6 quarter",
        "working-day 6 quarter 13",
        "working-day 6  month",
        "before-end -1 month",
        "before-end 31 month",
        "before-end 92 quarter 1",
        "yearly",
    ],
)
def test_any_other_text_is_refused_with_the_text(text: str) -> None:
    with pytest.raises(UnreadableRule) as refused:
        from_text(text)

    assert refused.value.text == text


@pytest.mark.parametrize(
    ("kind", "given_", "part", "value"),
    [
        (Weekdays, [""], "days", ""),
        (Weekdays, ["21"], "days", "21"),
        (Weekdays, ["11"], "days", "11"),
        (Weekdays, ["8"], "days", "8"),
        (Weekly, [0], "weekday", 0),
        (Weekly, [8], "weekday", 8),
        (Quarter, [0], "year_starts", 0),
        (Quarter, [13], "year_starts", 13),
        (WorkingDay, [0, Month()], "n", 0),
        (WorkingDay, [32, Month()], "n", 32),
        (WorkingDay, [93, Quarter(1)], "n", 93),
        (BeforeEnd, [-1, Month()], "n", -1),
        (BeforeEnd, [31, Month()], "n", 31),
        (BeforeEnd, [92, Quarter(1)], "n", 92),
    ],
)
def test_a_rule_that_no_date_could_fit_is_refused(kind: type, given_: list[object], part: str, value: object) -> None:
    with pytest.raises(ImpossibleRule) as refused:
        kind(*given_)

    assert (refused.value.part, refused.value.value) == (part, value)
