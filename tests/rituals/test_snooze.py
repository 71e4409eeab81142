"""Being asked later, and never too late to answer."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rituals import hours
from rituals.snooze import LAST_CALL, Return, Snooze, TooLateToSnooze, comes_back, offered
from tests import factories

ANA = factories.person("Ana Torres", zone="Europe/Berlin")
DAY = datetime(2026, 11, 23, tzinfo=UTC)


def at(wall: str) -> datetime:
    """A wall time in Berlin, an hour ahead of UTC, on a Monday."""
    hour, minute = map(int, wall.split(":"))
    return DAY + timedelta(hours=hour - 1, minutes=minute)


def test_half_an_hour_and_two_hours_are_what_they_say() -> None:
    assert comes_back(Snooze.HALF_AN_HOUR, ANA, at("08:30"), at("17:00")) == Return(at("09:00"), cut_short=False)
    assert comes_back(Snooze.TWO_HOURS, ANA, at("08:30"), at("17:00")) == Return(at("10:30"), cut_short=False)
    assert comes_back(Snooze.AFTER_LUNCH, ANA, at("08:30"), at("17:00")) == Return(at("13:00"), cut_short=False)


def test_a_snooze_past_the_cut_off_comes_back_ten_minutes_before_it() -> None:
    assert comes_back(Snooze.TWO_HOURS, ANA, at("08:30"), at("09:00")) == Return(at("08:50"), cut_short=True)


@pytest.mark.parametrize("now", ["08:50", "08:59", "09:00", "11:00"])
def test_nobody_snoozes_in_the_last_ten_minutes(now: str) -> None:
    with pytest.raises(TooLateToSnooze):
        comes_back(Snooze.HALF_AN_HOUR, ANA, at(now), at("09:00"))
    assert offered(ANA, at(now), at("09:00")) == []


def test_after_lunch_is_offered_only_while_lunch_lies_between_now_and_the_cut_off() -> None:
    both = [Snooze.HALF_AN_HOUR, Snooze.TWO_HOURS]

    assert offered(ANA, at("08:30"), at("09:00")) == both
    assert offered(ANA, at("08:30"), at("17:00")) == [*both, Snooze.AFTER_LUNCH]
    assert offered(ANA, at("13:00"), at("17:00")) == both


def test_an_evening_s_prompt_comes_back_in_the_morning_when_the_person_s_hours_begin() -> None:
    ana = factories.person("Ana Torres", works_from=time(8), works_to=time(18))
    returns = comes_back(Snooze.TWO_HOURS, ana, at("17:30"), at("09:00") + timedelta(days=1))

    assert returns == Return(at("08:00") + timedelta(days=1), cut_short=False)


def test_who_begins_to_work_after_the_last_call_is_told_that_it_is_too_late() -> None:
    ana = factories.person("Ana Torres", works_from=time(8, 55), works_to=time(18))

    with pytest.raises(TooLateToSnooze):
        comes_back(Snooze.HALF_AN_HOUR, ana, at("17:45"), at("09:00") + timedelta(days=1))


@given(
    choice=st.sampled_from(Snooze),
    now=st.datetimes(datetime(2026, 3, 20), datetime(2026, 4, 5), timezones=st.just(UTC)),  # noqa: DTZ001 - st adds it
    length=st.timedeltas(timedelta(0), timedelta(hours=30)),
    hour=st.integers(0, 20),
    zone=st.sampled_from(["Europe/Berlin", "Pacific/Auckland", "America/Los_Angeles"]),
)
def test_a_prompt_comes_back_later_than_now_within_hours_and_with_time_left_to_answer(
    choice: Snooze, now: datetime, length: timedelta, hour: int, zone: str
) -> None:
    ana = factories.person("Ana Torres", zone=zone, works_from=time(hour), works_to=time(hour + 3))
    closes = now + length
    try:
        returns = comes_back(choice, ana, now, closes)
    except TooLateToSnooze:
        return

    assert now < returns.at <= closes - LAST_CALL
    assert hours.within(ana, returns.at)
