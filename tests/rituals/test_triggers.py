"""Triggers fire once a run, and a period without a value neither counts nor resets (M15, F58)."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.ids import new_id
from rituals import triggers as rules
from rituals.kpis import Filed
from rituals.kpis_periods import Period, Span
from rituals.triggers import Comparison, Firing, Started, Trigger
from tests import factories
from tests.factories import NOW, WORKSPACE

KPI = new_id()
JANUARY = Period(date(2026, 1, 1), Span.MONTH)
LATER = date(2027, 6, 1)


def trigger(**facts: Any) -> Trigger:
    return factories.trigger(KPI, new_id(), **facts)


def filed(*months: str | None) -> list[Filed]:
    """Values from January on, None where nothing was filed."""
    return [
        factories.filed(KPI, value, period=JANUARY.shifted(n).first)
        for n, value in enumerate(months)
        if value is not None
    ]


def firing(one: Trigger, since: date, period: date) -> Firing:
    return Firing(new_id(), WORKSPACE, one.id, since, period, NOW, Started.OPEN, None, None, None)


def fires(one: Trigger, values: list[Filed], known: list[Firing] | None = None, today: date = LATER) -> list[str]:
    return [f"{period:%b}" for _, period in rules.to_fire(one, values, Span.MONTH, today, known or [])]


def test_it_fires_on_the_second_month_and_only_there() -> None:
    assert fires(trigger(), filed("95", "80", "80", "80", "80")) == ["Mar"]


def test_a_good_month_ends_a_run_and_the_next_run_fires_anew() -> None:
    assert fires(trigger(), filed("80", "80", "95", "80", "80")) == ["Feb", "May"]
    assert fires(trigger(), filed("80", "95", "80", "95", "80")) == []


def test_a_grey_month_neither_counts_nor_resets() -> None:
    assert fires(trigger(), filed("80", None, "80")) == ["Mar"]
    assert fires(trigger(), filed("80", None, None)) == []
    assert fires(trigger(periods=3), filed("80", None, "80", None, "80")) == ["May"]


def test_a_value_taken_back_is_grey() -> None:
    back = factories.filed(KPI, None, period=JANUARY.shifted(1).first, revision=2)

    assert fires(trigger(), [*filed("80", "80"), back]) == []


def test_the_bound_itself_is_not_on_the_wrong_side() -> None:
    assert fires(trigger(), filed("90", "90")) == []
    assert fires(trigger(comparison=Comparison.ABOVE), filed("90", "90.01", "91")) == ["Mar"]


def test_what_fired_for_a_run_does_not_fire_again_however_the_run_is_corrected() -> None:
    one = trigger()
    known = [firing(one, date(2026, 2, 1), date(2026, 3, 1))]

    assert fires(one, filed("95", "80", "80"), known) == []
    assert fires(one, filed("80", "80", "80", "80"), known) == []  # January was corrected: the run began earlier
    assert fires(one, filed("95", "80", "80", "95", "80", "80"), known) == ["Jun"]
    assert fires(trigger(), filed("95", "80", "80"), known) == ["Mar"]  # another trigger's firing


def test_a_month_that_still_runs_does_not_count() -> None:
    assert fires(trigger(), filed("80", "80"), today=date(2026, 2, 28)) == []
    assert fires(trigger(), filed("80", "80"), today=date(2026, 3, 1)) == ["Feb"]


def test_a_run_from_before_it_was_agreed_fires_in_the_first_month_after() -> None:
    agreed_in_may = trigger(since=date(2026, 5, 10))

    assert fires(agreed_in_may, filed("80", "80", "80", "80")) == []
    assert fires(agreed_in_may, filed("80", "80", "80", "80", "80")) == ["May"]


@given(st.lists(st.sampled_from(["80", "95", None]), max_size=14), st.integers(1, 4))
def test_looking_every_month_fires_as_often_as_looking_once(months: list[str | None], periods: int) -> None:
    one = trigger(periods=periods)
    values = filed(*months)
    known: list[Firing] = []
    for n in range(len(months)):
        today = JANUARY.shifted(n + 1).first
        so_far = [value for value in values if value.period < today]
        known += [firing(one, since, period) for since, period in rules.to_fire(one, so_far, Span.MONTH, today, known)]

    assert [(each.since, each.period) for each in known] == list(rules.to_fire(one, values, Span.MONTH, LATER, []))


@given(st.lists(st.sampled_from(["80", "95"]), max_size=10), st.lists(st.integers(0, 10), max_size=5))
def test_grey_months_anywhere_change_nothing(months: list[str], greys: list[int]) -> None:
    with_grey: list[str | None] = [*months]
    for at in greys:
        with_grey.insert(at, None)

    assert len(fires(trigger(), filed(*months))) == len(fires(trigger(), filed(*with_grey)))


@pytest.mark.parametrize("periods", [0, -1, 13])
def test_a_trigger_waits_for_one_to_twelve_periods(periods: int) -> None:
    with pytest.raises(rules.PeriodsUnclear):
        rules.checked(trigger(periods=periods))


def test_a_trigger_has_an_action_agreed_beforehand() -> None:
    with pytest.raises(rules.NothingAgreed):
        rules.checked(trigger(action="  "))
    assert rules.checked(trigger(action=" Freeze hiring ")).action == "Freeze hiring"


def test_it_is_answered_once_and_overruled_only_with_a_reason() -> None:
    one = firing(trigger(), date(2026, 2, 1), date(2026, 3, 1))

    with pytest.raises(rules.WhyOverruled):
        rules.answer(one, Started.OVERRULED, KPI, NOW, " ")
    started = rules.answer(one, Started.STARTED, KPI, NOW)
    assert (started.answer, started.reason) == (Started.STARTED, None)
    with pytest.raises(rules.FiringAnswered):
        rules.answer(started, Started.OVERRULED, KPI, NOW, "The market turned")
    assert rules.answer(one, Started.OVERRULED, KPI, NOW, "The market turned").reason == "The market turned"


def test_any_number_of_digits_is_compared_exactly() -> None:
    assert fires(trigger(bound=Decimal("90.00000001")), filed("90", "90.00000001", "90")) == []
