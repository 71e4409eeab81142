"""What is expected of a KPI is checked, and changes only by somebody else's word, from the next period on (F46)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from bot.ids import new_id
from rituals.kpis import Bands, Pace
from rituals.kpis_changes import (
    AlreadyDecided,
    BandsOutOfOrder,
    Change,
    GoalTooShort,
    NeedsAbsoluteBands,
    NothingChanges,
    ProfileUnclear,
    ReasonMissing,
    State,
    check_terms,
    decide,
    effective_from,
    propose,
    read_profile,
)
from rituals.kpis_periods import Span
from tests import factories

KPI = factories.kpi()
BEFORE = factories.terms(KPI.id)


def terms(**facts: Any) -> Any:
    return replace(BEFORE, **facts)


@pytest.mark.parametrize("target", ["0", "-0.00000001", "-10"])
def test_a_target_of_zero_or_less_demands_bands_in_its_unit(target: str) -> None:
    with pytest.raises(NeedsAbsoluteBands):
        check_terms(terms(target=Decimal(target)), Span.MONTH)

    in_units = terms(target=Decimal(target), bands=Bands.ABSOLUTE)
    assert check_terms(in_units, Span.MONTH) == in_units


@pytest.mark.parametrize(("low", "high"), [("-1", "5"), ("10", "9.99")])
def test_bands_must_be_in_order(low: str, high: str) -> None:
    with pytest.raises(BandsOutOfOrder):
        check_terms(terms(yellow_from=Decimal(low), yellow_until=Decimal(high)), Span.MONTH)


def test_a_goal_is_no_shorter_than_what_is_filed_for_it() -> None:
    with pytest.raises(GoalTooShort):
        check_terms(terms(pace=Pace.LINEAR, goal=Span.MONTH), Span.QUARTER)


def test_without_a_pace_the_goal_is_the_kpis_own_period() -> None:
    found = check_terms(terms(goal=Span.YEAR, profile="1/2"), Span.MONTH)

    assert (found.goal, found.profile) == (Span.MONTH, "")


@pytest.mark.parametrize(
    ("typed", "goal", "kept"),
    [
        ("20/30/50", Span.QUARTER, "20/30/50"),
        (" 20 % / 30,5 / 49.5 ", Span.QUARTER, "20/30.5/49.5"),
        ("25 25 25 25", Span.YEAR, "25/25/25/25"),
        ("100/0/0", Span.QUARTER, "100/0/0"),
        ("/".join(["10"] * 8 + ["5"] * 4), Span.YEAR, "/".join(["10"] * 8 + ["5"] * 4)),
    ],
)
def test_a_profile_is_kept_tidily(typed: str, goal: Span, kept: str) -> None:
    assert read_profile(typed, goal) == kept


@pytest.mark.parametrize(
    ("typed", "goal"),
    [
        ("", Span.QUARTER),
        ("20/30", Span.QUARTER),
        ("20/30/51", Span.QUARTER),
        ("0/50/50", Span.QUARTER),
        ("-10/60/50", Span.QUARTER),
        ("a/b/c", Span.QUARTER),
        ("nan/50/50", Span.QUARTER),
        ("20/30/50", Span.YEAR),
        ("25/25/25/25", Span.MONTH),
    ],
)
def test_a_profile_that_is_not_whole_is_refused(typed: str, goal: Span) -> None:
    with pytest.raises(ProfileUnclear):
        check_terms(terms(pace=Pace.PROFILE, goal=goal, profile=typed), Span.WEEK)


def test_a_proposal_is_in_force_for_nobody_yet() -> None:
    found = propose(KPI, BEFORE, terms(target=Decimal(120)), "The market grew")

    assert found.target == 120
    assert found.effective_from is None


def test_a_proposal_that_changes_nothing_is_refused() -> None:
    with pytest.raises(NothingChanges):
        propose(KPI, BEFORE, terms(id=new_id(), version=2, target=Decimal("100.00")), "Because")


def test_a_proposal_without_a_reason_is_refused() -> None:
    with pytest.raises(ReasonMissing):
        propose(KPI, BEFORE, terms(target=Decimal(120)), "  ")


@pytest.mark.parametrize(
    ("cadence", "today", "expected"),
    [
        (Span.MONTH, date(2026, 11, 1), date(2026, 12, 1)),
        (Span.MONTH, date(2026, 12, 31), date(2027, 1, 1)),
        (Span.QUARTER, date(2026, 11, 23), date(2027, 1, 1)),
        (Span.WEEK, date(2026, 11, 29), date(2026, 11, 30)),
    ],
)
def test_a_change_applies_from_the_next_period(cadence: Span, today: date, expected: date) -> None:
    assert effective_from(replace(KPI, cadence=cadence), today) == expected


CHANGE = Change(
    new_id(),
    KPI.workspace,
    KPI.id,
    BEFORE.id,
    new_id(),
    "The market grew",
    new_id(),
    factories.NOW,
    State.PROPOSED,
    None,
    None,
    None,
    None,
)


def test_a_change_is_answered_once() -> None:
    by = new_id()
    approved = decide(CHANGE, by, factories.NOW, approved=True)

    assert (approved.state, approved.decided_by_id, approved.decided_at) == (State.APPROVED, by, factories.NOW)
    with pytest.raises(AlreadyDecided):
        decide(approved, new_id(), factories.NOW, approved=False, answer="No")


def test_a_return_needs_words() -> None:
    with pytest.raises(ReasonMissing):
        decide(CHANGE, new_id(), factories.NOW, approved=False, answer=" ")
    returned = decide(CHANGE, new_id(), factories.NOW, approved=False, answer=" Too late in the year ")

    assert (returned.state, returned.answer) == (State.RETURNED, "Too late in the year")
