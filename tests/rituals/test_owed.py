"""Which plans a manager hears of, and why (D6)."""

from collections.abc import Mapping
from datetime import date, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from bot.ids import new_id
from rituals import calendar
from rituals.owed import LOOK_BACK, PATIENCE, Why, unanswered, waiting
from rituals.plans import Answer, Plan
from tests import factories

MONDAY = date(2026, 11, 23)
HELD = timedelta(hours=2)


def met(day: date) -> object:
    """Every huddle is held two hours after the factories' plans are filed, on its own date."""
    return factories.NOW + (day - MONDAY) + HELD


def filed(day: date, after_huddle: timedelta = -HELD) -> Plan:
    return factories.plan(new_id(), new_id(), day=day, filed_at=factories.NOW + (day - MONDAY) + HELD + after_huddle)


def named(plans: list[Plan], today: date, told: Mapping[UUID, frozenset[Why]] | None = None) -> list[tuple[date, Why]]:
    found = waiting(plans, told or {}, met, today, lambda day: day.isoweekday() < 6)  # type: ignore[arg-type]
    return [(plan.day, why) for plan, why in found]


def test_a_plan_that_came_in_time_waits_for_its_card_and_one_after_the_huddle_is_named() -> None:
    in_time, late = filed(MONDAY), filed(MONDAY, timedelta(minutes=1))

    assert named([in_time], MONDAY) == []
    assert named([in_time, late], MONDAY) == [(MONDAY, Why.LATE)]


def test_a_plan_is_overdue_after_two_working_days_and_a_weekend_is_none() -> None:
    friday = MONDAY - timedelta(days=3)
    plan = filed(friday)

    assert [named([plan], friday + timedelta(days=late)) for late in (0, 1, 2, 3)] == [[], [], [], []]
    assert named([plan], friday + timedelta(days=4)) == [(friday, Why.OVERDUE)]


def test_each_reason_is_given_once_and_a_nudge_that_could_not_be_sent_comes_later() -> None:
    plan = filed(MONDAY, HELD)

    assert named([plan], MONDAY, {plan.id: frozenset({Why.LATE})}) == []
    assert named([plan], MONDAY + timedelta(days=2), {plan.id: frozenset({Why.LATE})}) == [(MONDAY, Why.OVERDUE)]
    assert named([plan], MONDAY + timedelta(days=3), {plan.id: frozenset({Why.OVERDUE})}) == []
    assert named([plan], MONDAY + timedelta(days=4)) == [(MONDAY, Why.OVERDUE)]


def test_a_plan_filed_ahead_is_not_owed_before_its_day() -> None:
    assert named([filed(MONDAY + timedelta(days=1), -4 * HELD)], MONDAY) == []


def test_a_plan_waits_while_any_result_has_no_answer() -> None:
    plan = filed(MONDAY)
    agreed = factories.item(plan.id, answer=Answer.AGREED)

    assert unanswered([agreed, factories.item(plan.id)])
    assert not unanswered([agreed, factories.item(plan.id, answer=Answer.KEPT)])


@given(
    st.lists(st.integers(0, LOOK_BACK.days), min_size=1, max_size=6),
    st.sets(st.integers(0, LOOK_BACK.days + 7), max_size=12),
    st.integers(-3, 3),
)
def test_whoever_looks_every_working_day_hears_of_each_plan_once_overdue(
    days: list[int], off: set[int], minutes: int
) -> None:
    """Whatever days the manager is off: nudged exactly once, never before two of their working days have passed."""
    plans = [filed(MONDAY + timedelta(days=day), timedelta(minutes=minutes)) for day in days]

    def works(day: date) -> bool:
        return day.isoweekday() < 6 and (day - MONDAY).days not in off

    told: dict[UUID, frozenset[Why]] = {}
    nudged: dict[UUID, date] = {}
    for ahead in range(LOOK_BACK.days * 2 + 14):
        today = MONDAY + timedelta(days=ahead)
        if not works(today):
            continue
        for plan, why in waiting(plans, told, met, today, works):  # type: ignore[arg-type]
            assert why not in told.get(plan.id, frozenset())
            told[plan.id] = told.get(plan.id, frozenset()) | {why}
            if why is Why.OVERDUE:
                nudged[plan.id] = today

    assert set(nudged) == {plan.id for plan in plans}
    for plan in plans:
        assert calendar.working_days_passed(plan.day, nudged[plan.id], works) == PATIENCE
