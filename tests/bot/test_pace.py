"""What the pace takes from a refusal, and what a rest does to that."""

from datetime import UTC, datetime, timedelta

from bot.pace import BELOW_REFUSED, BELOW_SUSTAINED, START, UNMEASURED, Pace, Turnstile

NOW = datetime(2026, 11, 24, 7, 30, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def busy(stile: Turnstile, calls: int, now: datetime) -> datetime:
    """So many accepted calls, each at its turn; return when the last was."""
    for _ in range(calls):
        now += stile.enter(now)
        stile.pace = stile.pace.accepted(now)
    return now


def refused(stile: Turnstile, now: datetime) -> datetime:
    """A 429 that asks for a second."""
    stile.pace = stile.pace.refused(now, SECOND)
    return now + SECOND


def test_what_passes_between_two_refusals_without_a_rest_tells_the_rate() -> None:
    stile = Turnstile()
    began = busy(stile, 100, NOW)
    ended = busy(stile, 200, refused(stile, began))
    refused(stile, ended)

    assert stile.pace.ceiling == 200 / (ended - began).total_seconds() * BELOW_SUSTAINED


def test_a_rest_between_two_refusals_tells_nothing_of_the_rate() -> None:
    stile = Turnstile()
    ended = busy(stile, 100, refused(stile, busy(stile, 100, NOW)))
    later = busy(stile, 10, ended + timedelta(minutes=30))
    assert stile.pace.passed == UNMEASURED
    before = stile.pace.rate
    refused(stile, later)

    assert stile.pace.ceiling == before * BELOW_REFUSED
    assert stile.pace.passed == 0


def test_a_hold_is_no_rest() -> None:
    stile = Turnstile()
    now = busy(stile, 10, NOW)
    stile.pace = stile.pace.refused(now, 60 * SECOND)
    busy(stile, 5, now + 60 * SECOND)

    assert stile.pace.passed == 5


def test_a_pace_begins_slowly_and_measures_from_its_first_refusal() -> None:
    assert (Pace().rate, Pace().passed) == (START, 0)
