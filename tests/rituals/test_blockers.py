"""What stops somebody, from open to closed."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rituals import blockers
from rituals import blockers_life as life
from rituals.blockers import (
    LIVE,
    AlreadyAcked,
    BadSnooze,
    Blocker,
    BlockerState,
    ChangedMeanwhile,
    Closed,
    DueInThePast,
    NeedsOwner,
    SameBlocker,
)
from rituals.writing import NothingWritten
from tests import factories
from tests.factories import DAY, NOW

DANA, LEE, ANA = (factories.person(name) for name in ("Dana Weiss", "Lee Chan", "Ana Torres"))
LATER = NOW + timedelta(hours=3)


def stuck(number: int = 42, **facts: object) -> Blocker:
    return factories.blocker(ANA.id, number, **facts)


def test_a_blocker_is_called_by_its_letter_and_number() -> None:
    assert stuck(42).label == "B-42"


def test_whoever_acks_has_it_and_owns_it_when_nobody_did() -> None:
    acked = life.ack(stuck(), DANA, NOW)

    assert (acked.state, acked.owner_id, acked.acked_by_id) == (BlockerState.ACKED, DANA.id, DANA.id)
    assert life.ack(stuck(owner_id=LEE.id), DANA, NOW).owner_id == LEE.id
    with pytest.raises(AlreadyAcked):
        life.ack(acked, LEE, LATER)


def test_whoever_takes_it_owns_it_whoever_had_it() -> None:
    taken = life.take(life.ack(stuck(), DANA, NOW), LEE, LATER)

    assert (taken.owner_id, taken.acked_by_id, taken.moved_at) == (LEE.id, LEE.id, LATER)
    with pytest.raises(AlreadyAcked):
        life.take(taken, LEE, LATER)


def test_it_is_given_to_somebody_by_a_date_that_is_not_over() -> None:
    given_away = life.assign(stuck(), DANA, LEE, DAY, DAY, NOW)

    assert (given_away.owner_id, given_away.acked_by_id, given_away.due_on) == (LEE.id, DANA.id, DAY)
    with pytest.raises(DueInThePast):
        life.assign(stuck(), DANA, LEE, DAY - timedelta(days=1), DAY, NOW)


@given(st.integers(-2, 40), st.sampled_from(["", "  ", "waiting for audit"]))
def test_a_snooze_has_a_reason_and_ends_within_thirty_days(days: int, reason: str) -> None:
    until = DAY + timedelta(days=days)
    if not 0 < days <= 30:
        with pytest.raises(BadSnooze):
            life.snooze(stuck(), DANA, until, reason, DAY)
    elif not reason.strip():
        with pytest.raises(NothingWritten):
            life.snooze(stuck(), DANA, until, reason, DAY)
    else:
        slept = life.snooze(stuck(), DANA, until, reason, DAY)
        assert slept.snoozed
        woken = life.wake(slept, LATER)
        assert (woken.snoozed, woken.state, woken.since) == (False, BlockerState.OPEN, LATER)


@pytest.mark.parametrize("state", [BlockerState.RESOLVED, BlockerState.DROPPED])
def test_what_is_closed_is_acted_on_no_more(state: BlockerState) -> None:
    closed = stuck(state=state)
    acts = (
        lambda: life.ack(closed, DANA, NOW),
        lambda: life.take(closed, DANA, NOW),
        lambda: life.assign(closed, DANA, LEE, None, DAY, NOW),
        lambda: life.park(closed, DANA, NOW),
        lambda: life.snooze(closed, DANA, DAY + timedelta(days=1), "audit", DAY),
        lambda: life.asked(closed, DANA, "help", None),
        lambda: life.resolve(closed, DANA, None, NOW),
        lambda: life.drop(closed, DANA, "no", NOW),
        lambda: life.merge(closed, stuck(43), DANA, NOW),
        lambda: life.merge(stuck(43), closed, DANA, NOW),
        lambda: life.require_unchanged(closed, 0),
    )
    for act in acts:
        with pytest.raises(Closed):
            act()


def test_after_the_weekly_it_is_theirs_who_took_an_action_and_else_waits_again() -> None:
    parked = life.park(stuck(level=1), DANA, NOW)
    taken = factories.action(LEE.id, due=DAY)

    given_away = life.met(parked, DANA, taken, LATER)
    assert (given_away.state, given_away.owner_id, given_away.due_on) == (BlockerState.ACKED, LEE.id, DAY)
    waits = life.met(parked, DANA, None, LATER)
    assert (waits.state, waits.level, waits.since, waits.climb) == (BlockerState.OPEN, 1, LATER, parked.climb + 1)
    assert waits.version == given_away.version == parked.version + 1


def test_parking_and_any_other_act_ends_a_snooze() -> None:
    slept = life.snooze(stuck(), DANA, DAY + timedelta(days=3), "audit", DAY)
    parked = life.park(slept, DANA, NOW)

    assert (parked.state, parked.snoozed, parked.owner_id) == (BlockerState.PARKED, False, DANA.id)
    with pytest.raises(AlreadyAcked):
        life.park(parked, LEE, LATER)


def test_a_press_on_what_somebody_changed_meanwhile_changes_nothing() -> None:
    seen = stuck()
    life.require_unchanged(life.climbed(seen, 1, NOW, by_clock=True), seen.version)
    with pytest.raises(ChangedMeanwhile):
        life.require_unchanged(life.ack(seen, LEE, NOW), seen.version)


def test_resolving_keeps_who_and_how_and_can_be_taken_back() -> None:
    acked = life.ack(stuck(), DANA, NOW)
    resolved = life.resolve(acked, LEE, "  They signed ", LATER)

    assert (resolved.state, resolved.closed_by_id, resolved.closing) == (BlockerState.RESOLVED, LEE.id, "They signed")
    assert replace(life.take_back(resolved, acked.state), version=acked.version) == acked


def test_reopening_begins_a_new_climb_where_the_last_one_stood() -> None:
    high = stuck(level=1, climb=1)
    again = life.reopen(life.resolve(high, DANA, None, NOW), LATER)

    assert (again.state, again.level, again.climb, again.since) == (BlockerState.OPEN, 1, 2, LATER)
    assert again.acked_by_id is None


def test_dropping_needs_a_reason() -> None:
    with pytest.raises(NothingWritten):
        life.drop(stuck(), DANA, " ", NOW)
    assert life.drop(stuck(), DANA, "They bought elsewhere", NOW).closing == "They bought elsewhere"


@given(st.integers(-3, 3), st.integers(0, 2), st.integers(0, 2))
def test_of_two_that_are_merged_the_older_stays_with_its_clock(days: int, one: int, other: int) -> None:
    here = stuck(42, level=one)
    there = stuck(47, level=other, opened_at=NOW + timedelta(days=days), opened_on=DAY + timedelta(days=days))
    kept, gone = life.merge(there, here, DANA, LATER)

    assert kept.opened_at == min(here.opened_at, there.opened_at)
    assert kept.level == max(one, other)
    assert (gone.state, gone.merged_into_id) == (BlockerState.DROPPED, kept.id)
    assert {kept.number, gone.number} == {42, 47}


def test_what_is_merged_keeps_what_is_known_of_either_and_whoever_has_it() -> None:
    acked = life.ack(stuck(47, opened_at=LATER, impact="Today", tags="legal nda", worth="120k"), LEE, LATER)
    kept, gone = life.merge(stuck(42, tags="legal"), acked, DANA, LATER)

    assert (kept.number, gone.number, kept.tags, kept.impact, kept.worth) == (42, 47, "legal nda", "Today", "120k")
    assert (kept.state, kept.owner_id, kept.acked_by_id, kept.moved_at) == (BlockerState.ACKED, LEE.id, LEE.id, LATER)
    parked = life.park(stuck(42), DANA, NOW)
    assert life.merge(parked, acked, DANA, LATER)[0].acked_by_id == DANA.id
    assert life.merge(stuck(42), stuck(47, opened_at=LATER), DANA, LATER)[0].state is BlockerState.OPEN


def test_a_blocker_is_not_merged_with_itself() -> None:
    one = stuck()
    with pytest.raises(SameBlocker):
        life.merge(one, one, DANA, NOW)


@given(st.integers(0, 6))
def test_the_same_blocker_is_restated_three_times_and_not_again(times: int) -> None:
    here = stuck(restated=times)
    if times < 3:
        assert life.restate(here).restated == times + 1
    else:
        with pytest.raises(NeedsOwner):
            life.restate(here)
        for cure in ({"owner_id": LEE.id}, {"level": 1}, {"decision_id": LEE.id}):
            assert life.restate(replace(here, **cure)).restated == times + 1


def test_an_update_lets_the_time_of_an_ack_run_anew_and_wakes_nobody_else() -> None:
    assert life.moved(life.ack(stuck(), DANA, NOW), LATER).moved_at == LATER
    waiting = stuck()
    assert life.moved(waiting, LATER) == waiting


def test_others_are_involved_once_somebody_else_has_done_something() -> None:
    assert not stuck().shared
    assert life.ack(stuck(), DANA, NOW).shared
    assert stuck(level=1).shared


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("Legal sits on the NDA", ""),
        ("#Legal, again #pricing", "legal pricing"),
        ("# nothing", ""),
        ("#legal #LEGAL", "legal"),
    ],
)
def test_tags_stand_behind_a_hash(text: str, tags: str) -> None:
    assert blockers.tags_of(text) == tags


def test_what_is_asked_goes_with_it_and_the_clock_asks_nothing() -> None:
    told = life.asked(stuck(), DANA, "get Legal to commit", "120k")
    up = life.climbed(told, 1, NOW, by_clock=False)

    assert (up.ask, up.ask_by_id, up.worth, up.level) == ("get Legal to commit", DANA.id, "120k", 1)
    assert life.climbed(told, 1, NOW, by_clock=True).ask is None


def test_only_what_lives_is_snoozed() -> None:
    until = date(2026, 12, 1)
    for state in BlockerState:
        assert stuck(state=state, snoozed_until=until).snoozed == (state in LIVE)
