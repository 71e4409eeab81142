"""A fan-out in virtual time: nobody is lost, a faster Slack is not slower, and the lead that is suggested is enough."""

import time as real
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import simulate
from bot.simulate import Bucket, Crowd, Fanout, Limits, fan_out, suggest
from rituals import calendar

TUESDAY = date(2026, 11, 24)
BERLIN = {"Europe/Berlin": 1.0}
SLACK = Limits(300, 300)

rates = st.floats(20, 1000)
zones = st.dictionaries(
    st.sampled_from(["Europe/Berlin", "Europe/London", "America/New_York", "Asia/Kolkata"]),
    st.floats(0.1, 5),
    min_size=1,
)
crowds = st.builds(Crowd, st.integers(0, 900), zones, st.just(time(8, 30)), st.just(TUESDAY))


def crowd(people: int, zones: dict[str, float] | None = None, day: date = TUESDAY) -> Crowd:
    return Crowd(people, zones or BERLIN, time(8, 30), day)


@given(crowd=crowds, rate=rates, burst=st.integers(1, 400), lead=st.integers(0, 60))
@settings(max_examples=60)
def test_everybody_is_asked_once_and_never_before_the_lead_begins(
    crowd: Crowd, rate: float, burst: int, lead: int
) -> None:
    found = fan_out(crowd, Limits(rate, burst), lead)

    assert sorted(one.number for one in found.asked) == list(range(1, crowd.people + 1))
    assert all(one.sent >= one.due - timedelta(minutes=lead) for one in found.asked)
    assert [one.sent for one in found.asked] == sorted(one.sent for one in found.asked)
    shares = simulate.shared_out(crowd)
    assert {zone: len(found.of_zone(zone)) for zone in crowd.zones} == shares
    assert all(abs(n - crowd.people * crowd.zones[z] / sum(crowd.zones.values())) <= 1 for z, n in shares.items())


@given(crowd=crowds, rate=rates, burst=st.integers(1, 400))
@settings(max_examples=60)
def test_slack_is_never_sent_more_than_it_allows(crowd: Crowd, rate: float, burst: int) -> None:
    sent = [one.sent for one in fan_out(crowd, Limits(rate, burst)).asked]

    for first in range(0, len(sent), 37):
        for last in range(first, len(sent), 41):
            span = (sent[last] - sent[first]).total_seconds()
            assert last - first + 1 <= burst + span * rate / 60 + 0.01


@given(people=st.integers(1, 900), rate=rates, faster=st.floats(1, 10), burst=st.integers(1, 300))
@settings(max_examples=100)
def test_a_faster_slack_is_not_slower(people: int, rate: float, faster: float, burst: int) -> None:
    slow, fast = (fan_out(crowd(people), Limits(a_minute, burst)).took for a_minute in (rate, rate * faster))

    # A refusal costs whole seconds and comes at another moment: that is noise.
    assert fast <= slow * 1.15 + timedelta(seconds=10)


@given(crowd=crowds, rate=rates, burst=st.integers(1, 400))
@settings(max_examples=40)
def test_with_the_lead_that_is_suggested_nobody_is_late(crowd: Crowd, rate: float, burst: int) -> None:
    limits = Limits(rate, burst)
    without = fan_out(crowd, limits)
    best = suggest(crowd, limits, without)

    assert best is not None
    assert fan_out(crowd, limits, best.lead) == best
    assert not any(one.sent - one.due > timedelta(seconds=60) for one in best.asked)
    assert (best.lead == 0) == (not without.late)


@pytest.mark.parametrize("people", [1, 50, 100, 150, 200])
def test_two_hundred_people_due_at_one_minute_need_no_lead(people: int) -> None:
    found = fan_out(crowd(people), SLACK)

    assert found.late == []
    assert suggest(crowd(people), SLACK, found) == found


def test_a_thousand_people_are_late_without_a_lead_and_the_late_are_named() -> None:
    found = fan_out(crowd(1000), SLACK)
    minute = calendar.instant(TUESDAY, time(8, 31), "Europe/Berlin")

    assert minute is not None
    assert 500 < len(found.late) < 800
    assert {one.number for one in found.late} == {one.number for one in found.asked if one.sent > minute}


def test_what_slack_refuses_is_counted_and_the_pace_learns_from_it() -> None:
    found = fan_out(crowd(3000), SLACK)
    began = found.asked[0].sent

    assert len(found.refusals) > 0
    after_the_first_minute = [at for at in found.refusals if at > began + timedelta(minutes=1)]
    assert len(after_the_first_minute) <= found.took // timedelta(minutes=1)


def test_thirty_thousand_people_take_about_as_long_as_the_rate_says_and_no_time_of_ours() -> None:
    began = real.process_time()
    found = fan_out(crowd(30_000), SLACK)

    assert real.process_time() - began < 5
    assert len({one.number for one in found.asked}) == 30_000
    assert timedelta(minutes=99) <= found.took <= timedelta(minutes=110)


def test_each_zone_is_asked_at_its_own_half_past_eight() -> None:
    found = fan_out(crowd(100, {"Europe/Berlin": 3, "America/New_York": 1}), SLACK)

    assert [len(found.of_zone(zone)) for zone in ("Europe/Berlin", "America/New_York")] == [75, 25]
    assert {one.due.isoformat() for one in found.of_zone("America/New_York")} == {"2026-11-24T13:30:00+00:00"}


def test_on_a_date_that_a_zone_skipped_nobody_there_is_asked() -> None:
    found = fan_out(crowd(10, {"Pacific/Apia": 1, "Europe/Berlin": 1}, date(2011, 12, 30)), SLACK)

    assert {one.zone for one in found.asked} == {"Europe/Berlin"}
    assert any(
        "Pacific/Apia" in line and "nobody" in line
        for line in simulate.report(crowd(10, {"Pacific/Apia": 1, "Europe/Berlin": 1}, date(2011, 12, 30)), SLACK)
    )


def test_nobody_takes_no_time() -> None:
    found = fan_out(crowd(0), SLACK)

    assert found == Fanout(0, [], [])
    assert (found.took, found.refused_most, found.late) == (timedelta(0), 0, [])


def test_a_rate_at_which_no_lead_helps_is_told() -> None:
    hopeless = (crowd(1000), Limits(1, 1))

    assert suggest(*hopeless, fan_out(*hopeless)) is None
    assert simulate.report(*hopeless)[-1] == (
        "No lead of up to 720 minutes lets everybody be asked in time at this rate."
    )


def test_a_bucket_says_in_whole_seconds_how_long_to_wait() -> None:
    start = calendar.instant(TUESDAY, time(8, 30), "UTC")
    assert isinstance(start, datetime)
    bucket = Bucket(Limits(30, 2), start)

    waits = [bucket.wait(start + timedelta(seconds=after)) for after in (0, 0, 0, 1, 2)]
    assert waits == [None, None, timedelta(seconds=2), timedelta(seconds=1), None]


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        ({"Europe/Berlin": 1}, "Europe/Berlin"),
        ({"Europe/Berlin": 3, "America/New_York": 1}, "Europe/Berlin:3, America/New_York"),
        ({"UTC": 1.5}, "UTC:0.5,UTC"),
    ],
)
def test_zones_are_read_with_their_shares(expected: dict[str, float], text: str) -> None:
    assert simulate.parse_zones(text) == expected


@pytest.mark.parametrize(
    "text", ["Berlin", "", "Europe/Berlin:", "Europe/Berlin:0", "Europe/Berlin:-1", "UTC:x", "UTC:²"]
)
def test_zones_that_are_none_are_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not a (zone|share of people)\. Write "):
        simulate.parse_zones(text)


def test_a_fan_out_hours_after_another_is_no_slower_because_a_rest_is_not_taken_for_a_slow_slack() -> None:
    two = crowd(6000, {"Europe/Berlin": 1, "America/New_York": 1})
    found = fan_out(two, SLACK)
    took = [zone[-1].sent - zone[0].sent for zone in map(found.of_zone, two.zones)]

    assert found.refusals
    assert took[1] <= took[0] * 1.1
