"""Nominal date + wall time + zone → instant, over every zone of the tzdata package (F102).

The oracle never asks what a wall time means. It only asks what a clock shows at an instant of UTC, which no zone leaves
open, and looks for the wall time among the answers.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import groupby, pairwise
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rituals import calendar, huddle
from rituals.calendar import instant
from tests import factories

FIRST, LAST = datetime(2021, 1, 1, tzinfo=UTC), datetime(2031, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)
HALF_HOUR = timedelta(minutes=30)
QUARTER_HOUR = timedelta(minutes=15)
NOT_YET = timedelta(hours=27)
"""No zone is further from UTC, and none ever jumped further, than this."""

Resolver = Callable[[date, time, str], datetime | None]


def area_of(name: str) -> str:
    return name.split("/", maxsplit=1)[0] if "/" in name else "-"


EVERY_ZONE = sorted(calendar.zones(), key=lambda name: (area_of(name), name))
ZONES = {area: list(names) for area, names in groupby(EVERY_ZONE, key=area_of)}
"""Every zone by its first word, which is how the long tests are shared out."""
by_area = pytest.mark.parametrize("area", ZONES)


def shown(at: datetime, zone: ZoneInfo) -> datetime:
    """What a clock on the wall shows at an instant, as a naive date and time."""
    return at.astimezone(zone).replace(tzinfo=None)


def found_by_looking(target: datetime, clock: list[tuple[datetime, datetime]]) -> datetime | None:
    """The oracle: `clock` holds instants and what the wall showed at them, in order, well around `target`."""
    if all(wall.date() != target.date() for _, wall in clock):
        return None
    first = next((at for at, wall in clock if wall == target), None)
    if first is not None:
        return first
    return next(at + (target - wall) for (at, wall), (_, then) in pairwise(clock) if wall < target < then)


def looking_around(target: datetime, zone: ZoneInfo, step: timedelta) -> datetime | None:
    around = target.replace(tzinfo=UTC)
    count = 2 * NOT_YET // step
    clock = [(at, shown(at, zone)) for at in (around - NOT_YET + step * i for i in range(count + 1))]
    return found_by_looking(target, clock)


def transitions(zone: ZoneInfo, first: datetime = FIRST, last: datetime = LAST) -> Iterator[datetime]:
    """Each minute at which the distance to UTC changes, by bisection between one day and the next."""
    for days in range((last - first) // DAY):
        before, after = first + DAY * days, first + DAY * (days + 1)
        was = before.astimezone(zone).utcoffset()
        if after.astimezone(zone).utcoffset() == was:
            continue
        while after - before > timedelta(minutes=1):
            middle = before + (after - before) / 2
            middle = middle.replace(second=0, microsecond=0)
            if middle.astimezone(zone).utcoffset() == was:
                before = middle
            else:
                after = middle
        yield after


@cache
def changes(name: str) -> tuple[datetime, ...]:
    return tuple(transitions(calendar.zone(name)))


def wrong_around(change: datetime, name: str, resolver: Resolver = instant) -> list[tuple[date, time]]:
    """The wall times, one each half-hour within two days of a change, on which resolver and oracle differ."""
    zone = calendar.zone(name)
    clock = [(at, shown(at, zone)) for at in (change + QUARTER_HOUR * i for i in range(-12 * 24, 12 * 24))]
    midnight = datetime.combine(shown(change, zone), time())
    walls = [midnight + HALF_HOUR * i for i in range(-2 * 48, 3 * 48)]
    # The oracle of found_by_looking, for a whole clock at once: looking things up instead of walking each time.
    first = {wall: at for at, wall in reversed(clock)}
    return [
        (wall.date(), wall.time())
        for wall in walls
        if resolver(wall.date(), wall.time(), name) != (first.get(wall) or found_by_looking(wall, clock))
    ]


@by_area
def test_every_half_hour_around_every_change_of_ten_years_is_where_the_clocks_show_it(area: str) -> None:
    wrong = [(name, change, wrong_around(change, name)) for name in ZONES[area] for change in changes(name)]

    assert [found for found in wrong if found[2]] == []


def test_the_changes_that_the_long_test_visits_are_all_there() -> None:
    per_zone = {
        name: len(changes(name)) for name in ("Europe/Berlin", "Australia/Lord_Howe", "Antarctica/Troll", "UTC")
    }

    assert per_zone == {"Europe/Berlin": 20, "Australia/Lord_Howe": 20, "Antarctica/Troll": 20, "UTC": 0}
    # Out of Ramadan and in again, six times up to spring 2026; what comes after depends on the release of tzdata.
    assert len([change for change in changes("Africa/Casablanca") if change < utc("2026-06-01")]) == 12
    assert datetime(2026, 3, 29, 1, tzinfo=UTC) in changes("Europe/Berlin")


def last_of_two(day: date, wall: time, name: str) -> datetime | None:
    return datetime.combine(day, wall, calendar.zone(name)).replace(fold=1).astimezone(UTC)


def never_summer(day: date, wall: time, name: str) -> datetime | None:
    winter = calendar.zone(name).utcoffset(datetime(day.year, 1, 1, tzinfo=calendar.zone(name)))
    return None if winter is None else datetime.combine(day, wall, UTC) - winter


@pytest.mark.parametrize("wrong", [last_of_two, never_summer])
def test_the_oracle_catches_a_resolver_that_takes_the_other_side(wrong: Resolver) -> None:
    assert any(wrong_around(change, "Europe/Berlin", wrong) for change in changes("Europe/Berlin"))


@pytest.mark.chaos
@by_area
def test_every_day_of_ten_years_at_several_wall_times_is_where_the_clocks_show_it(area: str) -> None:
    walls = [time(0), time(0, 30), time(1, 59), time(2, 30), time(9), time(12), time(23, 30), time(23, 59, 59)]
    for name in ZONES[area]:
        zone = calendar.zone(name)
        edges = [FIRST - 3 * DAY, *changes(name), LAST + 3 * DAY]
        # A clock runs evenly between two changes, so what it shows at the start of each stretch tells the rest.
        stretches = [(start, shown(start, zone), end - start) for start, end in pairwise(edges)]
        for day in calendar.days_between(FIRST.date(), LAST.date() - 2 * DAY):
            for wall in walls:
                target = datetime.combine(day, wall)
                inside = (
                    at + (target - wall_then)
                    for at, wall_then, long in stretches
                    if wall_then <= target < wall_then + long
                )
                expected = next(inside, None) or looking_around(target, zone, timedelta(minutes=1))
                assert instant(day, wall, name) == expected, (name, day, wall)


@given(
    name=st.sampled_from(EVERY_ZONE),
    day=st.dates(date(1973, 1, 1), date(2037, 12, 31)),
    wall=st.times().map(lambda wall: wall.replace(second=0, microsecond=0)),
)
def test_any_minute_since_1973_is_where_the_clocks_show_it(name: str, day: date, wall: time) -> None:
    expected = looking_around(datetime.combine(day, wall), calendar.zone(name), timedelta(minutes=1))

    assert instant(day, wall, name) == expected


@by_area
def test_a_huddle_at_nine_rings_once_a_day_when_the_wall_shows_nine(area: str) -> None:
    """F102, for each date of 2024 to 2030."""
    nine = time(9)
    days = calendar.days_between(date(2024, 1, 1), date(2030, 12, 31))
    for name in ZONES[area]:
        zone = calendar.zone(name)
        rings = [at for day in days if (at := instant(day, nine, name)) is not None]
        assert [shown(at, zone) for at in rings] == [datetime.combine(day, nine) for day in days], name


@pytest.mark.parametrize(
    "name", ["Europe/Berlin", "Pacific/Apia", "Africa/Casablanca", "Australia/Lord_Howe", "Africa/Cairo"]
)
def test_a_rep_is_prompted_once_on_each_date_of_their_huddle(name: str) -> None:
    """F102, through the huddle itself: Monday to Friday, 2024 to 2030."""
    daily = factories.huddle(uuid4(), asks_at=time(9), closes_at=time(10), since=datetime(2023, 1, 1, tzinfo=UTC))
    rep = factories.person(zone=name)
    days = calendar.days_between(date(2024, 1, 1), date(2030, 12, 31))
    due = [each for day in days for each in huddle.for_person(daily, rep, day) if each.slot is huddle.Slot.PROMPT]
    working = [datetime.combine(day, time(9)) for day in days if day.isoweekday() <= 5]

    assert [shown(each.due_at, calendar.zone(name)) for each in due] == working


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "day", "wall", "expected"),
    [
        # Documented for 02:30 (F102): in the gap it rings at 03:30 by the wall, in the overlap at the first 02:30.
        ("Europe/Berlin", "2026-03-29", "02:30", "2026-03-29 01:30"),
        ("Europe/Berlin", "2026-10-25", "02:30", "2026-10-25 00:30"),
        ("America/New_York", "2026-03-08", "02:30", "2026-03-08 07:30"),
        ("America/New_York", "2026-11-01", "01:30", "2026-11-01 05:30"),
        # Lord Howe moves by half an hour: 02:15 does not exist and becomes 02:45.
        ("Australia/Lord_Howe", "2026-10-04", "02:15", "2026-10-03 15:45"),
        ("Australia/Lord_Howe", "2026-04-05", "01:45", "2026-04-04 14:45"),
        # Troll moves by two hours.
        ("Antarctica/Troll", "2026-03-29", "02:30", "2026-03-29 02:30"),
        ("Antarctica/Troll", "2026-10-25", "01:30", "2026-10-24 23:30"),
        # These dates begin at 01:00; midnight itself is not shown.
        ("America/Sao_Paulo", "2018-11-04", "00:00", "2018-11-04 03:00"),
        ("America/Sao_Paulo", "2018-02-17", "23:30", "2018-02-18 01:30"),
        ("Africa/Cairo", "2026-04-24", "00:30", "2026-04-23 22:30"),
        ("Africa/Cairo", "2026-10-29", "23:30", "2026-10-29 20:30"),
        ("Asia/Beirut", "2026-03-29", "00:00", "2026-03-28 22:00"),
        # Greenland's gap crosses midnight: the last hour of Saturday is the first of Sunday.
        ("America/Nuuk", "2026-03-28", "23:30", "2026-03-29 01:30"),
        # In October 2023 Greenland's clocks did not move; zoneinfo says that they did.
        ("America/Nuuk", "2023-10-28", "23:30", "2023-10-29 01:30"),
        # Ramadan: an hour back on 15 February, forward on 22 March.
        ("Africa/Casablanca", "2026-02-15", "02:30", "2026-02-15 01:30"),
        ("Africa/Casablanca", "2026-03-22", "02:30", "2026-03-22 02:30"),
        # Apia went from UTC-10 to UTC+14 over a date that never was, and so did Kwajalein.
        ("Pacific/Apia", "2011-12-29", "09:00", "2011-12-29 19:00"),
        ("Pacific/Apia", "2011-12-31", "09:00", "2011-12-30 19:00"),
        ("Pacific/Kwajalein", "1993-08-20", "09:00", "1993-08-20 21:00"),
        ("Pacific/Kwajalein", "1993-08-22", "09:00", "1993-08-21 21:00"),
    ],
)
def test_a_known_moment(name: str, day: str, wall: str, expected: str) -> None:
    assert instant(date.fromisoformat(day), time.fromisoformat(wall), name) == utc(expected)


@pytest.mark.parametrize(
    ("name", "day"), [("Pacific/Apia", date(2011, 12, 30)), ("Pacific/Kwajalein", date(1993, 8, 21))]
)
@pytest.mark.parametrize("wall", [time(0), time(9), time(12), time(23, 59)])
def test_a_date_that_a_zone_skipped_has_no_moment(name: str, day: date, wall: time) -> None:
    assert instant(day, wall, name) is None
