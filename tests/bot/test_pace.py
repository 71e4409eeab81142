"""The pace that is learnt from Slack: slow growth, a measured ceiling, no collapse after a rest."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.pace import FASTEST, FLOOR, START, Pace, Turnstile

NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
SECOND = timedelta(seconds=1)


class Bucket:
    """Slack, as far as anybody knows it: an allowance that refills evenly."""

    def __init__(self, a_second: float, burst: float) -> None:
        self.a_second, self.burst, self.level, self.at = a_second, burst, burst, NOW

    def takes(self, now: datetime) -> bool:
        """Whether a call at `now` is accepted."""
        self.level = min(self.burst, self.level + (now - self.at).total_seconds() * self.a_second)
        self.at = now
        accepted = self.level >= 1
        self.level -= accepted
        return accepted


def drive(bucket: Bucket, stile: Turnstile, start: datetime, seconds: float) -> tuple[int, list[datetime]]:
    """Call as fast as the pace allows for a while: how many were accepted, and when it was refused."""
    accepted, refusals, now = 0, [], start
    while (now := now + stile.enter(now)) < start + timedelta(seconds=seconds):
        if bucket.takes(now):
            accepted += 1
            stile.pace = stile.pace.accepted(now)
        else:
            refusals.append(now)
            stile.pace = stile.pace.refused(now, SECOND)
    return accepted, refusals


def test_it_starts_slowly_and_doubles_within_a_minute_while_nothing_is_refused() -> None:
    stile = Turnstile()
    drive(Bucket(1000, 1000), stile, NOW, 60)

    assert 2 * START < stile.pace.rate < 4 * START


def test_a_refusal_halves_it_and_holds_as_long_as_slack_says() -> None:
    stile = Turnstile(Pace(rate=10))
    stile.pace = stile.pace.refused(NOW, 7 * SECOND)

    assert stile.pace.rate == 5
    assert stile.enter(NOW) == 7 * SECOND


def test_a_refusal_of_a_call_that_was_on_its_way_says_nothing_new() -> None:
    held = Pace(rate=10).refused(NOW, 2 * SECOND)

    assert held.refused(NOW + SECOND, SECOND).rate == held.rate
    assert held.refused(NOW + SECOND, 5 * SECOND).held_until == NOW + 6 * SECOND


@pytest.mark.parametrize(("a_second", "burst"), [(5, 300), (5, 10), (10, 60), (20, 20), (2, 60)])
def test_it_settles_just_below_what_slack_sustains(a_second: float, burst: float) -> None:
    bucket, stile = Bucket(a_second, burst), Turnstile()
    _, refusals = drive(bucket, stile, NOW, 900)
    settled = NOW + timedelta(seconds=900)
    accepted, later = drive(bucket, stile, settled, 300)

    assert accepted >= 0.95 * a_second * 300
    assert later == []
    minutes = [int((moment - refusals[0]).total_seconds() // 60) for moment in refusals[1:]]
    assert all(minutes.count(minute) <= 1 for minute in minutes)


def test_a_rest_between_two_refusals_is_not_taken_for_slowness() -> None:
    bucket, stile = Bucket(5, 300), Turnstile()
    drive(bucket, stile, NOW, 300)
    accepted, _ = drive(bucket, stile, NOW + timedelta(hours=6), 300)

    assert accepted >= 0.95 * 5 * 300


@given(st.floats(0.5, 40), st.floats(1, 600), st.integers(1, 4))
def test_it_is_never_slower_than_its_floor_nor_faster_than_its_top(a_second: float, burst: float, days: int) -> None:
    bucket, stile = Bucket(a_second, burst), Turnstile()
    for day in range(days):
        drive(bucket, stile, NOW + timedelta(days=day), 60)
        assert FLOOR <= stile.pace.rate <= FASTEST
