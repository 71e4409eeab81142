"""The month's rules: grey is never green, what a leader meets first, what closes a month (M6-M9, F53-F61, F135)."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.ids import new_id
from rituals import stoplight as rules
from rituals import stoplight_digest as digests
from rituals.actions import Action, ActionState, Source
from rituals.kpis import Bands, Colour, Filed, Pace, colour
from rituals.kpis_periods import Period, Span
from rituals.people import Role
from rituals.stoplight import Answered, Explanation, Review
from rituals.stoplight_digest import Digest
from rituals.undo import NothingToUndo, TooLateToUndo
from tests import factories
from tests.factories import NOW, WORKSPACE

NOVEMBER = Period(date(2026, 11, 1), Span.MONTH)
LEADER = new_id()


def review(colour: Colour = Colour.RED, behind: str | None = "25", **facts: Any) -> Review:
    given: dict[str, Any] = {
        "id": new_id(),
        "workspace": WORKSPACE,
        "kpi_id": new_id(),
        "month": NOVEMBER.first,
        "colour": colour,
        "behind": None if behind is None else Decimal(behind),
        "leader_id": LEADER,
        "answer": Answered.NONE,
        "answered_by_id": None,
        "answered_at": None,
        "climbed_to_id": None,
        "climbed_at": None,
    }
    return Review(**(given | facts))


def action(about: Review, helper: bool = True) -> Action:
    given: dict[str, Any] = {
        "id": new_id(),
        "workspace": WORKSPACE,
        "source": Source.STOPLIGHT,
        "subject_id": about.id,
        "team_id": None,
        "kpi_id": about.kpi_id,
        "text": "Ten calls a day",
        "owner_id": new_id(),
        "helper_id": new_id() if helper else None,
        "due": date(2026, 12, 20),
        "promised": date(2026, 12, 20),
        "state": ActionState.OPEN,
        "obstacle": None,
        "by_id": LEADER,
        "made_at": NOW,
        "settled_at": None,
    }
    return Action(**given)


# How a KPI stood


def stood(filed: list[Filed], month: Period = NOVEMBER, **facts: Any) -> Colour:
    kpi = factories.kpi("Leads", **facts)
    found = rules.standing(kpi, [factories.terms(kpi.id)], filed, month)
    assert found is not None
    return colour(found)


def test_a_month_without_a_value_is_grey_however_green_the_one_before_was() -> None:
    before = factories.filed(new_id(), "120", period=date(2026, 10, 1))

    assert stood([before]) is Colour.GREY


def test_a_value_of_the_month_that_runs_already_does_not_speak_for_the_one_under_review() -> None:
    kpi = new_id()
    november = factories.filed(kpi, "70", period=date(2026, 11, 1))
    december = factories.filed(kpi, "130", period=date(2026, 12, 1))

    assert stood([november, december]) is Colour.RED


def test_without_terms_a_kpi_does_not_stand_at_all() -> None:
    assert rules.standing(factories.kpi(), [], [], NOVEMBER) is None


def test_a_value_that_was_taken_back_is_grey_and_a_correction_counts() -> None:
    kpi = new_id()
    first = factories.filed(kpi, "70")

    assert stood([first, factories.filed(kpi, None, revision=2)]) is Colour.GREY
    assert stood([first, factories.filed(kpi, "101", revision=2)]) is Colour.GREEN


@pytest.mark.parametrize(
    ("month", "expected"),
    [
        ("2026-09-01", Colour.GREEN),
        ("2026-10-01", Colour.GREEN),
        ("2026-11-01", Colour.GREEN),
        ("2026-12-01", Colour.GREY),
    ],
)
def test_a_quarter_speaks_until_the_next_one_is_due(month: str, expected: Colour) -> None:
    third = factories.filed(new_id(), "100", period=date(2026, 7, 1))

    assert stood([third], Period(date.fromisoformat(month), Span.MONTH), cadence=Span.QUARTER) is expected


def test_of_weeks_the_newest_that_began_in_the_month_speaks() -> None:
    kpi = new_id()
    weeks = [("80", date(2026, 11, 16)), ("99", date(2026, 11, 23)), ("120", date(2026, 12, 7))]
    filed = [factories.filed(kpi, value, period=first) for value, first in weeks]

    assert stood(filed, cadence=Span.WEEK) is Colour.SLIPPING
    assert stood(filed[2:], cadence=Span.WEEK) is Colour.GREY


@pytest.mark.parametrize(
    ("span", "month", "expected"),
    [
        (Span.MONTH, 11, date(2026, 11, 1)),
        (Span.QUARTER, 11, None),
        (Span.QUARTER, 12, date(2026, 10, 1)),
        (Span.YEAR, 12, date(2026, 1, 1)),
        (Span.WEEK, 11, None),
    ],
)
def test_a_month_asks_for_what_ended_with_it(span: Span, month: int, expected: date | None) -> None:
    asked = rules.asked(factories.kpi(cadence=span), Period(date(2026, month, 1), Span.MONTH))

    assert (asked.first if asked else None) == expected


def test_a_gap_in_units_is_put_on_the_scale_of_percent() -> None:
    facts: dict[str, Any] = {"bands": Bands.ABSOLUTE, "yellow_from": Decimal(2), "yellow_until": Decimal(5)}

    assert rules.scale(factories.reading(value="90", **facts)) == Decimal(30)
    assert rules.scale(factories.reading(value="75")) == Decimal(25)
    assert rules.scale(factories.reading(value=None)) is None


def test_a_pace_is_judged_by_the_date_of_the_value() -> None:
    kpi = factories.kpi("Leads")
    terms = factories.terms(kpi.id, pace=Pace.LINEAR, goal=Span.QUARTER)
    filed = factories.filed(kpi.id, "50", as_of=date(2026, 11, 30))

    found = rules.standing(kpi, [terms], [filed], NOVEMBER)
    assert found is not None
    assert (colour(found), rules.scale(found)) == (Colour.RED, Decimal(25))


# Who owes, what is answered


def test_the_nearest_leader_above_owes_the_answer() -> None:
    omar = factories.person("Omar Haddad", role=Role.LEADER)
    priya = factories.person("Priya Raman", role=Role.LEADER, manager_id=omar.id)
    dana = factories.person("Dana Weiss", role=Role.MANAGER)
    ana = factories.person("Ana Torres")

    assert rules.owes(ana, [dana, priya, omar], None, [omar, priya]) == priya.id
    assert rules.owes(priya, [omar], None, [omar, priya]) == omar.id
    assert rules.owes(omar, [], None, [omar, priya]) == omar.id
    assert rules.owes(None, [], priya, [omar, priya]) == priya.id
    assert rules.owes(ana, [dana], None, [priya, omar]) == omar.id
    assert rules.owes(ana, [], None, []) is None


@pytest.mark.parametrize("shown", list(Colour))
@pytest.mark.parametrize("how", [one for one in Answered if one is not Answered.NONE])
def test_each_colour_takes_its_own_answers_once(shown: Colour, how: Answered) -> None:
    fits = {(Colour.RED, Answered.ACK), (Colour.YELLOW, Answered.ACT), (Colour.YELLOW, Answered.WATCH)}
    one = review(shown)
    if (shown, how) not in fits | {(Colour.GREEN, Answered.THANKED)}:
        with pytest.raises(rules.WrongColour):
            rules.answer(one, how, LEADER, NOW)
        return
    after = rules.answer(one, how, LEADER, NOW)
    assert (after.answer, after.answered_by_id, after.answered_at) == (how, LEADER, NOW)
    with pytest.raises(rules.AnsweredAlready):
        rules.answer(after, how, LEADER, NOW)


def test_an_answer_is_taken_back_for_ten_minutes_by_whoever_gave_it() -> None:
    one = review()
    acked = rules.answer(one, Answered.ACK, LEADER, NOW)

    assert rules.take_back(acked, LEADER, NOW + timedelta(minutes=10)) == one
    with pytest.raises(TooLateToUndo):
        rules.take_back(acked, LEADER, NOW + timedelta(minutes=10, seconds=1))
    with pytest.raises(NothingToUndo):
        rules.take_back(acked, new_id(), NOW)
    with pytest.raises(NothingToUndo):
        rules.take_back(one, LEADER, NOW)


def test_a_corrected_value_keeps_the_answer_only_while_the_colour_stays() -> None:
    acked = rules.answer(review(), Answered.ACK, LEADER, NOW)

    assert rules.reviewed(acked, Colour.RED, Decimal(30)) == replace(acked, behind=Decimal(30))
    assert rules.reviewed(acked, Colour.YELLOW, Decimal(12)).answer is Answered.NONE


# Yellows


def test_a_watched_yellow_comes_back_only_when_it_got_worse() -> None:
    watched = review(Colour.YELLOW, "12", answer=Answered.WATCH)

    for behind, asks in (("11", False), ("12", False), ("12.00000001", True)):
        now = review(Colour.YELLOW, behind)
        assert rules.worsened(now, watched) is asks
        assert rules.still_watched(now, watched) is not asks


def test_watching_goes_on_with_its_author_until_it_gets_worse() -> None:
    watched = rules.answer(review(Colour.YELLOW, "12"), Answered.WATCH, LEADER, NOW)
    better, worse = review(Colour.YELLOW, "11"), review(Colour.YELLOW, "13")

    on = rules.carried(better, watched)
    assert (on.answer, on.answered_by_id, on.answered_at) == (Answered.WATCH, LEADER, NOW)
    assert rules.is_carried(on, watched)
    assert rules.carried(worse, watched) == worse
    assert not rules.is_carried(worse, watched)
    assert rules.carried(better, None) == better


def test_nothing_but_a_watched_yellow_is_still_watched() -> None:
    now = review(Colour.YELLOW, "11")

    assert not rules.still_watched(now, None)
    assert not rules.still_watched(now, review(Colour.YELLOW, "12", answer=Answered.ACT))
    assert not rules.still_watched(now, review(Colour.RED, "30", answer=Answered.ACK))
    assert not rules.still_watched(review(Colour.RED, "11"), review(Colour.YELLOW, "12", answer=Answered.WATCH))
    assert not rules.worsened(review(Colour.GREY, None), review(Colour.YELLOW, "12", answer=Answered.WATCH))


# Two months without improvement


@pytest.mark.parametrize(
    ("gaps", "expected"),
    [
        ([10, 10, 10], True),
        ([5, 10, 20], True),
        ([20, 10, 11], False),
        ([None, 10, 11], False),
        ([10, None, 11, 12], True),
        ([30, 5, None, 6, 7], True),
        ([-3, -2, -1], False),
        ([], False),
    ],
)
def test_two_months_without_improvement_ask_and_grey_says_nothing(gaps: list[int | None], expected: bool) -> None:
    assert rules.stuck([None if gap is None else Fraction(gap) for gap in gaps]) is expected


@given(st.lists(st.none() | st.integers(-20, 60), max_size=8))
def test_grey_months_never_change_whether_it_is_stuck(gaps: list[int | None]) -> None:
    known = [None if gap is None else Fraction(gap) for gap in gaps]

    assert rules.stuck(known) is rules.stuck([gap for gap in known if gap is not None])


def test_gaps_are_those_of_the_last_three_periods_by_the_terms_of_each() -> None:
    kpi = factories.kpi()
    terms = [
        factories.terms(kpi.id),
        factories.terms(kpi.id, version=2, target=Decimal(200), effective_from=date(2026, 11, 1)),
    ]
    filed = [factories.filed(kpi.id, "90", period=date(2026, 9, 1)), factories.filed(kpi.id, "150")]

    assert rules.gaps(kpi, terms, filed, NOVEMBER) == [Fraction(10), None, Fraction(25)]


# Order, minutes, close


def test_reds_without_cause_and_proposal_come_first_then_the_widest_gap() -> None:
    bare, wide, narrow, mild = (
        review(behind="16"),
        review(behind="40"),
        review(behind="20"),
        review(Colour.YELLOW, "14"),
    )
    grey = review(Colour.GREY, None)

    found = rules.worst_first([grey, mild, narrow, wide, bare], {wide.kpi_id: True, narrow.kpi_id: True})

    assert found == [bare, wide, narrow, mild, grey]


def test_cause_and_proposal_both_make_a_red_prepared() -> None:
    facts: dict[str, Any] = dict.fromkeys(("help", "people", "money", "time"), "")
    ids: dict[str, Any] = {"id": new_id(), "workspace": WORKSPACE, "kpi_id": new_id(), "period": NOVEMBER.first}

    for cause, proposal in (("", ""), ("Fair cancelled", ""), ("", "Another fair"), ("Fair cancelled", "Another fair")):
        one = Explanation(**ids, cause=cause, proposal=proposal, by_id=LEADER, at=NOW, **facts)
        assert one.prepared is bool(cause and proposal)


def test_only_a_red_or_a_yellow_without_an_answer_waits() -> None:
    assert [one for one in Colour if review(one).waits] == [Colour.YELLOW, Colour.RED]
    assert not review(answer=Answered.ACK).waits


def test_a_month_closes_once_each_red_has_an_action_with_a_helper() -> None:
    digest = Digest(new_id(), WORKSPACE, NOVEMBER.first, LEADER, NOW, None, "")
    red, other, yellow = review(), review(), review(Colour.YELLOW, "12")

    with pytest.raises(digests.MonthOpen) as refused:
        digests.close(digest, [red, other, yellow], [action(red), action(other, helper=False)], "", NOW)
    assert refused.value.kpis == [other.kpi_id]

    closed = digests.close(digest, [red, other, yellow], [action(red), action(other)], " Discount 10 → 15 % ", NOW)
    assert (closed.closed_at, closed.guardrails) == (NOW, "Discount 10 → 15 %")
    with pytest.raises(digests.MonthClosed):
        digests.close(closed, [], [], "", NOW)


def test_minutes_grow_with_what_must_be_answered() -> None:
    assert digests.minutes(0, 0, 0, 0) == 1
    assert digests.minutes(2, 3, 1, 9) == 6
    assert digests.minutes(30, 0, 0, 0) > digests.minutes(3, 0, 0, 0)


def test_the_month_under_review_is_the_one_before() -> None:
    assert rules.month_before(date(2026, 12, 1)) == NOVEMBER
    assert rules.month_before(date(2026, 1, 31)).first == date(2025, 12, 1)
