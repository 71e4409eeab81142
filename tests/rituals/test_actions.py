"""An action has an owner and a date, and leaves the agenda only done or dropped."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rituals.actions import (
    LONGEST,
    Action,
    ActionState,
    AlreadySettled,
    NoDate,
    NoOwner,
    NothingToDo,
    WhyNotDone,
    by_owner,
    done,
    dropped,
    due_by,
    handed_on,
    moved,
    owner_of,
    worded,
)
from tests import factories
from tests.factories import DAY, NOW

ANA, TOM = factories.person("Ana Torres"), factories.person("Tom Becker")
GONE = factories.person("Mia Keller", active=False)
MINE = factories.action(ANA.id)


def test_an_action_says_something_in_one_line() -> None:
    assert worded("  ask Legal \n for a date ") == "ask Legal for a date"
    assert len(worded("x" * 1000)) == LONGEST
    with pytest.raises(NothingToDo):
        worded(" \n ")


@pytest.mark.parametrize("owner", [None, GONE])
def test_nobody_and_whoever_has_left_own_nothing(owner: Any) -> None:
    with pytest.raises(NoOwner):
        owner_of(owner)


def test_a_date_that_is_over_is_no_date() -> None:
    assert due_by(DAY, DAY) == DAY
    for due in (None, DAY - timedelta(days=1)):
        with pytest.raises(NoDate) as refused:
            due_by(due, DAY)
        assert refused.value.today == DAY


def test_moving_keeps_the_first_date_and_asks_what_stood_in_the_way() -> None:
    later = MINE.due + timedelta(days=7)
    found = moved(MINE, later, " Legal  is ill ", DAY)

    assert (found.state, found.due, found.promised, found.obstacle) == (
        ActionState.MOVED,
        later,
        MINE.promised,
        "Legal is ill",
    )
    assert found.owed
    with pytest.raises(WhyNotDone):
        moved(MINE, later, " ", DAY)


def test_dropping_asks_why_and_handing_on_keeps_the_date() -> None:
    with pytest.raises(WhyNotDone):
        dropped(MINE, "", NOW)
    assert handed_on(MINE, TOM).owner_id == TOM.id
    with pytest.raises(NoOwner):
        handed_on(MINE, GONE)


def step(action: Action, name: str, now: datetime) -> Action:
    match name:
        case "done":
            return done(action, now)
        case "dropped":
            return dropped(action, "no budget", now)
        case "moved":
            return moved(action, now.date() + timedelta(days=7), "ill", now.date())
    return handed_on(action, TOM)


@given(st.lists(st.sampled_from(["done", "dropped", "moved", "handed on"]), max_size=8))
def test_whatever_is_pressed_an_action_is_settled_once_and_for_good(steps: list[str]) -> None:
    action, settled = MINE, False
    for days, name in enumerate(steps):
        now = NOW + timedelta(days=days)
        if settled:
            with pytest.raises(AlreadySettled):
                step(action, name, now)
            continue
        action = step(action, name, now)
        settled = name in {"done", "dropped"}
        assert action.owed is not settled
        assert (action.settled_at == now) is settled
    assert action.promised == MINE.promised


def test_actions_are_read_out_by_owner_settled_ones_first_then_by_date() -> None:
    late, soon, ready = (
        factories.action(ANA.id, text, due=date(2026, 12, day), made_at=NOW)
        for text, day in (("late", 9), ("soon", 1), ("ready", 11))
    )
    ready, toms = done(ready, NOW), factories.action(TOM.id, "Tom's")

    found = by_owner([toms, late, ready, soon], {one.id: one for one in (ANA, TOM)})

    assert [(owner.given_name, [one.text for one in pile]) for owner, pile in found] == [
        ("Ana", ["ready", "soon", "late"]),
        ("Tom", ["Tom's"]),
    ]
