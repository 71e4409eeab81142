"""Working days, public holidays, company days and absences: when somebody is not asked, and what the ledger says."""

import os
import subprocess
import sys
from dataclasses import replace
from datetime import date, time, timedelta
from uuid import uuid4

import pytest
from holidays import list_supported_countries
from hypothesis import given
from hypothesis import strategies as st

from rituals.calendar import (
    LEDGER,
    MIDDAY,
    CompanyDay,
    DayOff,
    Off,
    UnknownCalendar,
    Works,
    closed,
    day_off,
    days_between,
    is_calendar,
    next_working_day,
    nth_working_day,
    public_holidays,
    working_days_before_end,
    working_days_passed,
    working_days_since,
)
from rituals.people import Absence, Part
from tests import factories

LABOUR_DAY = date(2026, 5, 1)
THURSDAY = date(2026, 11, 26)
COUNTRIES = list_supported_countries(include_aliases=False)
CODES = [*COUNTRIES, *(f"{country}-{part}" for country, parts in COUNTRIES.items() for part in parts)]
ANA = factories.person(holidays="DE-BE")

weekdays = st.sets(st.sampled_from("1234567")).map(lambda some: "".join(sorted(some)))
days = st.dates(date(2020, 1, 1), date(2031, 12, 31))
near = st.integers(-3, 3).map(lambda offset: THURSDAY + timedelta(days=offset))
parts = st.sampled_from(Part)
absences = st.builds(
    factories.absence, st.sampled_from([ANA.id, uuid4()]), near, near, st.sampled_from(["leave", "course"]), parts
)
company_days = st.builds(
    lambda day, code, working, name: factories.company_day(day, name, calendar=code, working=working),
    near,
    st.sampled_from([None, "DE", "DE-BE", "DE-BY", "US"]),
    st.booleans(),
    st.sampled_from(["summer party", "stocktaking"]),
)


def holiday(name: str) -> DayOff:
    return DayOff(Off.HOLIDAY, name)


# Public holidays


@pytest.mark.parametrize(
    ("code", "day", "name"),
    [
        ("DE", LABOUR_DAY, "Labor Day"),
        ("DE-BE", LABOUR_DAY, "Labor Day"),
        ("DE-BE", date(2026, 3, 8), "Women's Day"),
        ("DE-BE", date(2028, 6, 17), "75th anniversary of the East German uprising of 1953"),
        ("US-CA", date(2026, 3, 31), "Cesar Chavez Day"),
        # Observed in the year before the one that it belongs to.
        ("US", date(2021, 12, 31), "New Year's Day (observed)"),
    ],
)
def test_a_holiday_has_its_name(code: str, day: date, name: str) -> None:
    assert public_holidays(code, [day.year])[day] == name


@pytest.mark.parametrize(
    ("code", "day"), [("DE", date(2026, 3, 8)), ("DE-BY", date(2026, 3, 8)), ("US", LABOUR_DAY), ("DE", THURSDAY)]
)
def test_a_region_keeps_its_own_holidays(code: str, day: date) -> None:
    assert day not in public_holidays(code, [day.year])


@pytest.mark.parametrize(
    "code", ["", "XX", "de", "DEU", "DE-", "DE-ZZ", "DE-be", "-BE", "DE-BE-BE", "Germany", "DE-Berlin"]
)
def test_a_code_without_a_calendar_is_refused(code: str) -> None:
    with pytest.raises(UnknownCalendar) as refused:
        public_holidays(code, [2026])

    assert not is_calendar(code)
    assert refused.value.code == code


def test_every_calendar_opens_without_a_warning_and_keeps_to_the_years_asked_for() -> None:
    for code in CODES:
        assert is_calendar(code)
        assert {day.year for day in public_holidays(code, [2026])} <= {2026}, code


def test_every_code_fits_its_column() -> None:
    assert max(map(len, CODES)) <= 32


@given(st.sampled_from(CODES), st.lists(st.integers(2020, 2031), max_size=3))
def test_several_years_are_each_of_them(code: str, years: list[int]) -> None:
    expected = {day for year in years for day in public_holidays(code, [year])}

    assert set(public_holidays(code, years)) == expected


def test_nobody_can_write_into_the_cached_holidays() -> None:
    with pytest.raises(TypeError):
        public_holidays("DE", [2026])[THURSDAY] = "mine"  # type: ignore[index]


def test_names_do_not_follow_the_language_of_the_machine() -> None:
    asked = "from rituals.calendar import public_holidays; print(*public_holidays('DE', [2026]).values(), sep=';')"
    german = os.environ | {"LANG": "de_DE.UTF-8", "LANGUAGE": "de"}
    told = subprocess.run([sys.executable, "-c", asked], env=german, capture_output=True, text=True, check=True)  # noqa: S603 - our own interpreter

    assert told.stdout.split(";")[:2] == ["New Year's Day", "Good Friday"]


# Working days


def naively_passed(start: date, end: date, working_days: str) -> int:
    passed, day = 0, start
    while day < end:
        day += timedelta(days=1)
        passed += str(day.isoweekday()) in working_days
    return passed


@given(days, st.integers(-10, 60), weekdays)
def test_working_days_since_counts_the_days_after_the_first(start: date, length: int, working_days: str) -> None:
    end = start + timedelta(days=length)

    assert working_days_since(start, end, working_days) == naively_passed(start, end, working_days)


def test_a_holiday_does_not_age_a_blocker() -> None:
    """F28: from Thursday, over Labor Day and a weekend, to Monday is one working day, not two."""
    thursday, monday = date(2026, 4, 30), date(2026, 5, 4)

    assert working_days_passed(thursday, monday, in_germany) == 1
    assert working_days_since(thursday, monday, "12345") == 2


def in_germany(day: date) -> bool:
    return day.isoweekday() <= 5 and closed("DE", day, ()) is None


@given(days, weekdays.filter(bool))
def test_the_next_working_day_is_the_first_after(day: date, working_days: str) -> None:
    found = next_working_day(day, lambda each: str(each.isoweekday()) in working_days)

    assert found is not None
    assert naively_passed(day, found, working_days) == 1
    assert str(found.isoweekday()) in working_days


def test_there_is_no_next_working_day_where_nobody_ever_works() -> None:
    assert next_working_day(THURSDAY, lambda _: False) is None
    assert next_working_day(THURSDAY, lambda day: day == date(2027, 11, 27)) == date(2027, 11, 27)
    assert next_working_day(THURSDAY, lambda day: day == date(2027, 11, 28)) is None


@given(st.integers(2020, 2031), st.integers(1, 12), st.integers(-2, 70), weekdays, st.integers(1, 12))
def test_nth_and_last_working_days_are_counted_from_both_ends(
    year: int, month: int, n: int, working_days: str, months: int
) -> None:
    def works(day: date) -> bool:
        return str(day.isoweekday()) in working_days

    def inside(day: date) -> bool:
        return 0 <= (day.year - year) * 12 + day.month - month < months

    worked = [day for day in days_between(date(2019, 1, 1), date(2033, 1, 31)) if inside(day) and works(day)]
    nth = nth_working_day(year, month, n, works, months)
    before = working_days_before_end(year, month, n, works, months)

    assert (None if nth is None else worked.index(nth) + 1) == (n if 1 <= n <= len(worked) else None)
    assert (None if before is None else len(worked) - 1 - worked.index(before)) == (n if 0 <= n < len(worked) else None)


# Company days


@pytest.mark.parametrize(
    ("calendar", "code", "concerned"),
    [
        (None, None, True),
        (None, "DE", True),
        ("DE", "DE", True),
        ("DE", "DE-BE", True),
        ("DE-BE", "DE", False),
        ("DE-BE", "DE-BY", False),
        ("D", "DE", False),
        ("DE", None, False),
    ],
)
def test_a_company_day_concerns_a_country_and_its_parts(
    calendar: str | None, code: str | None, concerned: bool
) -> None:
    assert factories.company_day(THURSDAY, calendar=calendar).concerns(code) is concerned


def test_the_company_closes_a_day() -> None:
    party = factories.company_day(THURSDAY)

    assert closed("DE", THURSDAY, [party]) == DayOff(Off.COMPANY, "summer party")
    assert closed(None, THURSDAY, [party]) == DayOff(Off.COMPANY, "summer party")
    assert closed("DE", THURSDAY + timedelta(days=1), [party]) is None


def test_the_company_works_on_a_public_holiday() -> None:
    worked = factories.company_day(LABOUR_DAY, "launch", calendar="DE-BE", working=True)

    assert closed("DE-BE", LABOUR_DAY, [worked]) is None
    assert closed("DE-BY", LABOUR_DAY, [worked]) == holiday("Labor Day")


def test_the_closest_word_is_heard() -> None:
    everybody = factories.company_day(LABOUR_DAY, "launch", working=True)
    germany = factories.company_day(LABOUR_DAY, "bridge day", calendar="DE")
    berlin = factories.company_day(LABOUR_DAY, "fair", calendar="DE-BE", working=True)
    said = [germany, berlin, everybody]

    assert closed("DE-BE", LABOUR_DAY, said) is None
    assert closed("DE-BY", LABOUR_DAY, said) == DayOff(Off.COMPANY, "bridge day")
    assert closed("PL", LABOUR_DAY, said) is None


def test_of_two_words_equally_close_the_free_day_is_heard() -> None:
    said = [factories.company_day(THURSDAY, working=working) for working in (True, False, True)]

    assert closed("DE", THURSDAY, said) == DayOff(Off.COMPANY, "summer party")


@pytest.mark.parametrize("code", [None, "XX", "DE-ZZ"])
def test_people_on_no_known_calendar_are_asked_on_holidays(code: str | None) -> None:
    assert closed(code, LABOUR_DAY, ()) is None


@given(st.lists(company_days, max_size=5), near, st.randoms())
def test_the_order_of_company_days_does_not_matter(said: list[CompanyDay], day: date, dice: object) -> None:
    shuffled = list(said)
    dice.shuffle(shuffled)  # type: ignore[attr-defined]

    assert closed("DE-BE", day, said) == closed("DE-BE", day, shuffled)


# Days off


def test_a_person_has_their_own_working_days() -> None:
    """F86: who works Tuesday to Saturday is asked on Saturday and not on Monday."""
    late_week = factories.person(working_days="23456")

    assert day_off(late_week, date(2026, 11, 28), (), ()) is None
    assert day_off(late_week, date(2026, 11, 23), (), ()) == DayOff(Off.WEEKDAY, None)


def test_a_holiday_excuses_only_those_assigned_to_its_calendar() -> None:
    """F89."""
    assert day_off(replace(ANA, holidays="DE"), LABOUR_DAY, (), ()) == holiday("Labor Day")
    assert day_off(replace(ANA, holidays="US"), LABOUR_DAY, (), ()) is None
    assert day_off(replace(ANA, holidays=None), LABOUR_DAY, (), ()) is None


def test_a_worked_holiday_is_still_no_workday_for_whoever_never_works_then() -> None:
    worked = factories.company_day(LABOUR_DAY, working=True)

    assert day_off(replace(ANA, working_days="1234"), LABOUR_DAY, (), [worked]) == DayOff(Off.WEEKDAY, None)


@pytest.mark.parametrize(
    ("off", "reason"),
    [
        (DayOff(Off.WEEKDAY, None), "not one of their working days"),
        (DayOff(Off.HOLIDAY, "Labor Day"), "holiday: Labor Day"),
        (DayOff(Off.COMPANY, "summer party"), "company day: summer party"),
        (DayOff(Off.AWAY, "parental leave"), "away: parental leave"),
        (DayOff(Off.AWAY, "x" * 194), f"away: {'x' * 194}"),
        (DayOff(Off.AWAY, "x" * 195), f"away: {'x' * 193}…"),
    ],
)
def test_the_reason_fits_the_ledger(off: DayOff, reason: str) -> None:
    assert off.reason == reason
    assert len(off.reason) <= LEDGER


@pytest.mark.parametrize(
    ("taken", "at", "free"),
    [
        ([Part.WHOLE], None, True),
        ([Part.WHOLE], time(9), True),
        ([Part.WHOLE], time(15), True),
        ([Part.MORNING], None, False),
        ([Part.MORNING], time(0), True),
        ([Part.MORNING], time(12, 59), True),
        ([Part.MORNING], time(13), False),
        ([Part.AFTERNOON], None, False),
        ([Part.AFTERNOON], time(12, 59), False),
        ([Part.AFTERNOON], time(13), True),
        ([Part.AFTERNOON], time(23, 59), True),
        ([Part.AFTERNOON, Part.MORNING], None, True),
        ([Part.MORNING, Part.MORNING], None, False),
        ([], None, False),
        ([], time(9), False),
    ],
)
def test_half_a_day_off_excuses_from_its_half(taken: list[Part], at: time | None, free: bool) -> None:
    """F87."""
    away = [factories.absence(ANA.id, THURSDAY, THURSDAY, "leave", part) for part in taken]

    assert day_off(ANA, THURSDAY, away, (), at) == (DayOff(Off.AWAY, "leave") if free else None)


def test_an_absence_covers_its_ends_and_nobody_else() -> None:
    away = [factories.absence(ANA.id, THURSDAY, THURSDAY + timedelta(days=1))]
    free = [day for day in days_between(date(2026, 11, 16), date(2026, 12, 4)) if day_off(ANA, day, away, ())]

    assert [day for day in free if day.isoweekday() <= 5] == [THURSDAY, THURSDAY + timedelta(days=1)]
    assert day_off(factories.person("Tom"), THURSDAY, away, ()) is None


def test_of_two_absences_the_one_that_ends_last_is_told() -> None:
    short = factories.absence(ANA.id, THURSDAY, THURSDAY, "surgery")
    long = factories.absence(ANA.id, date(2026, 11, 1), date(2027, 2, 1), "parental leave")

    assert day_off(ANA, THURSDAY, [short, long], ()) == DayOff(Off.AWAY, "parental leave")
    assert day_off(ANA, THURSDAY, [long, short], ()) == DayOff(Off.AWAY, "parental leave")


def test_a_half_day_of_the_other_half_is_not_the_reason() -> None:
    morning = factories.absence(ANA.id, THURSDAY, THURSDAY, "dentist", Part.MORNING)
    afternoons = factories.absence(ANA.id, THURSDAY, date(2026, 12, 31), "course", Part.AFTERNOON)

    assert day_off(ANA, THURSDAY, [morning, afternoons], (), time(9)) == DayOff(Off.AWAY, "dentist")


@given(near, st.none() | st.times(), st.lists(absences, max_size=4), st.lists(company_days, max_size=3), weekdays)
def test_somebody_is_off_exactly_when_one_of_the_four_reasons_holds(
    day: date, at: time | None, away: list[Absence], said: list[CompanyDay], working_days: str
) -> None:
    """The oracle colours each half of the day by itself."""
    person = replace(ANA, working_days=working_days)
    halves = {Part.MORNING, Part.AFTERNOON}
    if at is not None:
        halves = {Part.MORNING} if at < MIDDAY else {Part.AFTERNOON}
    taken: set[Part] = set()
    for absence in away:
        if absence.person_id == person.id and day in days_between(absence.first_day, absence.last_day):
            taken |= {Part.MORNING, Part.AFTERNOON} if absence.part is Part.WHOLE else {absence.part}
    off = day_off(person, day, away, said, at)
    kind = off.kind if off is not None else None

    if str(day.isoweekday()) not in working_days:
        assert kind is Off.WEEKDAY
    elif closed("DE-BE", day, said):
        assert off == closed("DE-BE", day, said)
    else:
        assert kind is (Off.AWAY if halves <= taken else None)


def test_a_team_may_count_by_its_own_calendar() -> None:
    """`closed` and weekdays make the predicate that `nth_working_day` counts with."""
    works: Works = in_germany

    assert nth_working_day(2026, 5, 1, works) == date(2026, 5, 4)
    assert nth_working_day(2026, 5, 6, works) == date(2026, 5, 11)
