"""Wall times become instants, and working days are counted, in every zone."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfoNotFoundError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rituals import calendar

EVERY_ZONE = sorted(calendar.zones())
YEARS = 2024, 2034
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
STEP = timedelta(minutes=15)

zone_names = st.sampled_from(EVERY_ZONE)
days = st.dates(date(1994, 1, 1), date(2037, 12, 30))
walls = st.integers(0, 95).map(lambda quarter: time(quarter // 4, quarter % 4 * 15))


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type] # a zone is given by name only


def shown(zone: str, first: datetime, last: datetime) -> Iterator[tuple[datetime, datetime]]:
    """What a clock on the wall shows at every quarter of an hour: `(instant, naive wall time)`."""
    local = calendar.zone(zone)
    moment = first
    while moment < last:
        yield moment, moment.astimezone(local).replace(tzinfo=None)
        moment += STEP


def watched(zone: str, day: date, wall: time) -> datetime | None:
    """Find the instant of a wall time by watching a clock: the oracle, which knows no rule of `instant`.

    In a gap: the offset that was in force before the gap, as somebody who forgot to change their watch would read it.
    """
    wanted = datetime.combine(day, wall)
    midnight = datetime.combine(day, time(0), UTC)
    seen = list(shown(zone, midnight - 15 * HOUR, midnight + 40 * HOUR))
    if all(local.date() != day for _, local in seen):
        return None
    exact = [moment for moment, local in seen if local == wanted]
    if exact:
        return exact[0]
    before, then = next((at, local) for (at, local), (_, after) in pairwise(seen) if after > wanted)
    return before + (wanted - then)


@pytest.mark.parametrize(
    ("expected", "day", "wall", "zone"),
    [
        (utc(2026, 11, 23, 7, 30), date(2026, 11, 23), time(8, 30), "Europe/Berlin"),
        (utc(2026, 11, 22, 20, 0), date(2026, 11, 23), time(9, 0), "Pacific/Auckland"),
        (utc(2026, 11, 23, 17, 0), date(2026, 11, 23), time(9, 0), "America/Los_Angeles"),
        (utc(2026, 11, 23, 3, 15), date(2026, 11, 23), time(9, 0), "Asia/Kathmandu"),
    ],
)
def test_a_wall_time_on_a_plain_day_is_that_zones_minute(expected: datetime, day: date, wall: time, zone: str) -> None:
    assert calendar.instant(day, wall, zone) == expected


@pytest.mark.parametrize(
    ("expected", "day", "wall", "zone"),
    [
        (utc(2026, 3, 29, 1, 30), date(2026, 3, 29), time(2, 30), "Europe/Berlin"),
        (utc(2026, 3, 29, 1, 0), date(2026, 3, 29), time(2, 0), "Europe/Berlin"),
        (utc(2026, 3, 8, 10, 30), date(2026, 3, 8), time(2, 30), "America/Los_Angeles"),
        (utc(2026, 10, 3, 15, 45), date(2026, 10, 4), time(2, 15), "Australia/Lord_Howe"),
        (utc(2025, 3, 30, 1, 30), date(2025, 3, 29), time(23, 30), "America/Scoresbysund"),
    ],
)
def test_a_wall_time_inside_a_gap_shifts_forward_by_the_gap(
    expected: datetime, day: date, wall: time, zone: str
) -> None:
    assert calendar.instant(day, wall, zone) == expected


@pytest.mark.parametrize(
    ("expected", "day", "wall", "zone"),
    [
        (utc(2026, 10, 25, 0, 30), date(2026, 10, 25), time(2, 30), "Europe/Berlin"),
        (utc(2026, 11, 1, 8, 30), date(2026, 11, 1), time(1, 30), "America/Los_Angeles"),
    ],
)
def test_a_wall_time_that_comes_twice_counts_the_first_time(
    expected: datetime, day: date, wall: time, zone: str
) -> None:
    assert calendar.instant(day, wall, zone) == expected


@pytest.mark.parametrize("wall", [time(0), time(9), time(12), time(23, 59)])
def test_a_date_that_apia_skipped_has_no_minute(wall: time) -> None:
    assert calendar.instant(date(2011, 12, 30), wall, "Pacific/Apia") is None


def test_the_dates_around_a_skipped_one_are_there_in_apia() -> None:
    assert calendar.instant(date(2011, 12, 29), time(9), "Pacific/Apia") == utc(2011, 12, 29, 19)
    assert calendar.instant(date(2011, 12, 31), time(9), "Pacific/Apia") == utc(2011, 12, 30, 19)


@pytest.mark.parametrize(
    ("expected", "day"),
    [
        (utc(2026, 2, 10, 8), date(2026, 2, 10)),
        (utc(2026, 3, 10, 9), date(2026, 3, 10)),
    ],
)
def test_casablanca_leaves_its_summer_hour_in_ramadan(expected: datetime, day: date) -> None:
    assert calendar.instant(day, time(9), "Africa/Casablanca") == expected


@given(zone=zone_names, day=days, wall=walls)
def test_a_resolved_minute_is_the_one_that_a_watched_clock_shows(zone: str, day: date, wall: time) -> None:
    assert calendar.instant(day, wall, zone) == watched(zone, day, wall)


def test_nine_o_clock_is_nine_o_clock_on_every_first_of_the_month_everywhere() -> None:
    firsts = [date(year, month, 1) for year in range(*YEARS) for month in range(1, 13)]
    for zone in EVERY_ZONE:
        for day in firsts:
            moment = calendar.instant(day, time(9), zone)
            assert moment is not None
            assert moment.astimezone(calendar.zone(zone)).replace(tzinfo=None) == datetime.combine(day, time(9))


def test_a_day_ends_at_the_next_midnight() -> None:
    assert calendar.end_of(date(2026, 11, 23), "Europe/Berlin") == utc(2026, 11, 23, 23)


def test_the_day_before_a_skipped_one_ends_when_it_is_over() -> None:
    assert calendar.end_of(date(2011, 12, 29), "Pacific/Apia") == utc(2011, 12, 30, 10)


@given(zone=zone_names, day=days)
def test_at_the_end_of_a_day_its_date_is_on_no_calendar_any_more(zone: str, day: date) -> None:
    end = calendar.end_of(day, zone)

    assert calendar.local_day(end, zone) > day
    if calendar.instant(day, time(12), zone) is not None:
        assert calendar.local_day(end - timedelta(seconds=1), zone) == day


@pytest.mark.parametrize(
    ("expected", "zone"),
    [(date(2026, 11, 24), "Pacific/Auckland"), (date(2026, 11, 23), "Europe/Berlin"), (date(2026, 11, 23), "UTC")],
)
def test_the_date_is_the_one_on_the_wall_of_the_zone(expected: date, zone: str) -> None:
    assert calendar.local_day(utc(2026, 11, 23, 12), zone) == expected


def test_every_zone_of_the_package_can_be_had() -> None:
    assert {calendar.zone(name).key for name in EVERY_ZONE} == set(EVERY_ZONE)
    assert len(EVERY_ZONE) > 500


NO_ZONES = ["", "Europe", "Mars/Olympus", "../zoneinfo/UTC", "/etc/localtime", "zone.tab", "tzdata.zi", "__init__.py"]


@pytest.mark.parametrize("name", NO_ZONES)
def test_a_name_that_is_no_zone_is_refused(name: str) -> None:
    assert not calendar.is_zone(name)
    with pytest.raises(ZoneInfoNotFoundError):
        calendar.zone(name)


@given(st.text(alphabet="abcE./_\0é", max_size=300) | zone_names)
def test_asking_whether_any_text_is_a_zone_is_answered(name: str) -> None:
    assert calendar.is_zone(name) == (name in EVERY_ZONE)


@pytest.mark.parametrize(
    ("expected", "start", "end", "working_days"),
    [
        (1, date(2026, 11, 20), date(2026, 11, 23), "12345"),  # Friday to Monday (F28)
        (0, date(2026, 11, 20), date(2026, 11, 22), "12345"),
        (3, date(2026, 11, 20), date(2026, 11, 23), "1234567"),
        (0, date(2026, 11, 23), date(2026, 11, 23), "12345"),
        (0, date(2026, 11, 23), date(2026, 11, 20), "12345"),
        (0, date(2026, 11, 23), date(2026, 12, 23), ""),
        (5, date(2026, 11, 23), date(2026, 11, 30), "23456"),
    ],
)
def test_working_days_that_passed_are_counted_without_the_first(
    expected: int, start: date, end: date, working_days: str
) -> None:
    assert calendar.working_days_since(start, end, working_days) == expected


@given(start=days, weeks=st.integers(0, 60), working=st.sets(st.sampled_from("1234567")))
def test_a_week_holds_as_many_working_days_as_the_person_works(start: date, weeks: int, working: set[str]) -> None:
    end = start + timedelta(weeks=weeks)

    assert calendar.working_days_since(start, end, "".join(working)) == weeks * len(working)


@given(start=days, first=st.integers(0, 40), second=st.integers(0, 40), working=st.sets(st.sampled_from("1234567")))
def test_working_days_of_two_stretches_add_up(start: date, first: int, second: int, working: set[str]) -> None:
    middle, end = start + first * DAY, start + (first + second) * DAY
    digits = "".join(working)

    parts = calendar.working_days_since(start, middle, digits) + calendar.working_days_since(middle, end, digits)
    assert calendar.working_days_since(start, end, digits) == parts


@given(first=days, length=st.integers(-5, 60))
def test_the_days_between_include_both_ends(first: date, length: int) -> None:
    last = first + length * DAY

    found = calendar.days_between(first, last)
    assert len(found) == max(0, length + 1)
    assert found == sorted(set(found))
    if found:
        assert (found[0], found[-1]) == (first, last)
