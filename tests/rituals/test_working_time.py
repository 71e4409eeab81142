"""Days and hours that somebody works, counted on their own calendar."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from rituals import calendar, working_time
from rituals.calendar import NEVER_OFF, DaysOff
from rituals.people import Part, Person
from tests import factories

DANA = factories.person("Dana Weiss")
FRIDAY = date(2026, 11, 27)
ZONES = ("Europe/Berlin", "Pacific/Auckland", "America/Los_Angeles", "Asia/Kolkata")


def at(wall: str, day: date = FRIDAY, zone: str = "Europe/Berlin") -> datetime:
    moment = calendar.instant(day, time.fromisoformat(wall), zone)
    assert moment is not None
    return moment


def days_on(days: int, day: date = FRIDAY) -> date:
    return day + timedelta(days=days)


def away(person: Person, first: date, last: date, part: Part = Part.WHOLE) -> DaysOff:
    return DaysOff({person.id: [factories.absence(person.id, first, last, part=part)]}, ())


def test_two_working_days_after_monday_morning_are_wednesday_morning() -> None:
    monday = days_on(3)
    assert working_time.after_days(DANA, at("10:30", monday), 2, NEVER_OFF) == at("10:30", days_on(5))


def test_what_comes_before_work_counts_from_when_work_begins() -> None:
    monday = days_on(3)
    assert working_time.after_days(DANA, at("08:42", monday), 2, NEVER_OFF) == at("09:00", days_on(5))
    assert working_time.after_days(DANA, at("18:00"), 1, NEVER_OFF) == at("09:00", days_on(4))


def test_weekends_holidays_and_days_away_do_not_count() -> None:
    tuesday, wednesday = days_on(4), days_on(5)
    assert working_time.after_days(DANA, at("10:00"), 1, NEVER_OFF) == at("10:00", days_on(3))
    assert working_time.after_days(DANA, at("10:00"), 2, away(DANA, tuesday, wednesday)) == at("10:00", days_on(6))
    closed = DaysOff({}, [factories.company_day(days_on(3))])
    assert working_time.after_days(DANA, at("10:00"), 1, closed) == at("10:00", tuesday)


def test_half_a_day_counts_and_what_would_come_in_the_other_half_waits() -> None:
    monday = days_on(3)
    assert working_time.after_days(DANA, at("10:00"), 1, away(DANA, monday, monday, Part.MORNING)) == at(
        "13:00", monday
    )


def test_four_hours_before_nine_are_one_in_the_afternoon_before() -> None:
    assert working_time.before(DANA, at("09:00", days_on(3)), timedelta(hours=4), NEVER_OFF) == at("13:00")
    early = replace(DANA, works_from=time(7), works_to=time(15))
    assert working_time.before(early, at("09:00", days_on(3)), timedelta(hours=4), NEVER_OFF) == at("13:00")
    assert working_time.before(DANA, at("14:00"), timedelta(hours=4), NEVER_OFF) == at("10:00")


def test_whoever_never_works_is_never_reached() -> None:
    never = replace(DANA, working_days="")
    assert working_time.begins(never, at("10:00"), NEVER_OFF) is None
    assert working_time.after_days(never, at("10:00"), 1, NEVER_OFF) is None
    assert working_time.after(never, at("10:00"), timedelta(hours=1), NEVER_OFF) is None
    assert working_time.before(never, at("10:00"), timedelta(hours=1), NEVER_OFF) is None
    gone = away(DANA, FRIDAY, days_on(300))
    assert working_time.after_days(DANA, at("10:00"), 1, gone) is None


people = st.builds(
    lambda zone, days, hours: replace(DANA, zone=zone, working_days=days, works_from=hours[0], works_to=hours[1]),
    st.sampled_from(ZONES),
    st.sampled_from(("12345", "23456", "1357", "7")),
    st.sampled_from(((None, None), (time(6), time(12)), (time(14), time(22)), (time(8, 30), time(17, 15)))),
)
moments = st.datetimes(datetime(2026, 3, 1), datetime(2026, 12, 1), timezones=st.just(UTC))  # noqa: DTZ001 - the strategy adds it
absences = st.tuples(st.integers(-3, 10), st.integers(0, 4), st.sampled_from(Part))


def off(person: Person, moment: datetime, days: tuple[int, int, Part]) -> DaysOff:
    first = moment.date() + timedelta(days=days[0])
    return away(person, first, first + timedelta(days=days[1]), days[2])


@given(people, moments, st.integers(0, 5), absences)
def test_days_that_pass_end_while_somebody_works_and_were_all_theirs(
    person: Person, moment: datetime, days: int, gone: tuple[int, int, Part]
) -> None:
    days_off = off(person, moment, gone)
    start, end = (working_time.after_days(person, moment, n, days_off) for n in (0, days))

    assert start is not None
    assert end is not None
    assert end >= start >= moment
    last = calendar.local_day(end, person.zone)
    assert any(first <= end < until for first, until in working_time.windows(person, last, days_off))
    passed = calendar.days_between(calendar.local_day(start, person.zone) + timedelta(days=1), last)
    worked = sum(bool(working_time.windows(person, day, days_off)) for day in passed)
    assert worked in (days, days + 1)  # one more where its last half is off at that time of the day


@given(people, moments, st.integers(1, 600), absences)
def test_hours_forward_and_hours_back_meet(
    person: Person, moment: datetime, minutes: int, gone: tuple[int, int, Part]
) -> None:
    days_off, span = off(person, moment, gone), timedelta(minutes=minutes)
    end = working_time.after(person, moment, span, days_off)
    assert end is not None
    back = working_time.before(person, end, span, days_off)
    assert back is not None

    assert working_time.begins(person, moment, days_off) == back
