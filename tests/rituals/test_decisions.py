"""What is captured, proposed, answered, replaced and reviewed, and the seven days (C1-C8)."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from bot.ids import new_id
from rituals import decisions as rules
from rituals.decisions import (
    LONGEST_TITLE,
    AlreadyReviewed,
    Decision,
    Idea,
    Lane,
    NoLane,
    NothingCaptured,
    Outcome,
    OwnerApproves,
    ReasonMissing,
    SameDecision,
    Settled,
    State,
    title_of,
)
from rituals.decisions_clock import CARDED, ByWhenUnclear, Slot, answerers, days_undecided, dues, name_owner
from rituals.decisions_lanes import laned
from rituals.decisions_numbers import Approval, steady, untouched
from rituals.decisions_readers import Response, SaidSince, ask, reply, require_same, respond
from rituals.people import Role
from rituals.search_words import words_of
from rituals.writing import NothingWritten
from tests import decisions, factories
from tests.factories import DAY, NOW

PRIYA = factories.person("Priya Raman", role=Role.LEADER)
DANA = factories.person("Dana Weiss", role=Role.MANAGER, manager_id=PRIYA.id)
ANA = factories.person("Ana Torres", manager_id=DANA.id)
TOM = factories.person("Tom Becker", manager_id=DANA.id)
LIMIT = decisions.guardrail()


def draft(**facts: Any) -> Decision:
    return decisions.decision(ANA.id, **facts)


def proposed(**facts: Any) -> Decision:
    commitment = draft(lane=Lane.COMMITMENT, approver_id=PRIYA.id, **facts)
    return rules.record_or_propose(commitment, ANA, NOW)


def test_a_capture_keeps_what_was_said_and_considers_both_options() -> None:
    idea = Idea(
        chosen="10 %\nfor two years", instead="15 %", because="Churn", source="https://x.slack.com/archives/C/p1"
    )

    found = rules.capture(idea, 19, ANA, new_id(), NOW)

    assert (found.label, found.title, found.state) == ("D-19", "10 %", State.DRAFT)
    assert (found.chosen, found.considered) == ("10 %\nfor two years", ("10 % for two years", "15 %"))
    assert (found.owner_id, found.owner_named_at, found.clock_from) == (ANA.id, None, NOW)
    assert not found.open_to_all


def test_something_to_decide_is_captured_by_its_title_alone_and_nothing_is_not() -> None:
    found = rules.capture(Idea(title="Who signs renewals?", owner_id=TOM.id), 1, ANA, new_id(), NOW)

    assert (found.owner_id, found.owner_named_at, found.options) == (TOM.id, NOW, "")
    with pytest.raises(NothingCaptured):
        rules.capture(Idea(title=" \n ", chosen="\n"), 1, ANA, new_id(), NOW)


def test_a_long_first_line_becomes_a_title_that_fits() -> None:
    assert len(title_of("word " * 100)) <= LONGEST_TITLE
    assert title_of("\n  Two  words\nmore") == "Two words"


@pytest.mark.parametrize(
    ("touches", "limited", "lane"),
    [
        (True, False, Lane.COMMITMENT),
        (True, True, Lane.COMMITMENT),
        (False, True, Lane.GUARDRAIL),
        (False, False, Lane.AUTONOMY),
    ],
)
def test_two_questions_set_the_lane(touches: bool, limited: bool, lane: Lane) -> None:
    found = laned(draft(approver_id=PRIYA.id), touches=touches, guardrail_id=LIMIT.id if limited else None)

    assert found.lane is lane
    assert (found.guardrail_id is not None) == (lane is Lane.GUARDRAIL)
    assert (found.approver_id is not None) == (lane is Lane.COMMITMENT)


@pytest.mark.parametrize("lane", [Lane.GUARDRAIL, Lane.AUTONOMY])
def test_what_needs_no_approval_is_decided_at_once(lane: Lane) -> None:
    found = rules.record_or_propose(draft(lane=lane), ANA, NOW)

    assert (found.state, found.settled_by_id, found.settled_at) == (State.RECORDED, ANA.id, NOW)
    assert found.open_to_all


@pytest.mark.parametrize("approver", [None, ANA])
def test_a_commitment_waits_for_somebody_who_is_not_its_owner(approver: Any) -> None:
    with pytest.raises(OwnerApproves):
        rules.record_or_propose(
            draft(lane=Lane.COMMITMENT, approver_id=None if approver is None else approver.id), ANA, NOW
        )
    with pytest.raises(OwnerApproves):
        rules.approve(proposed(), ANA, NOW)


def test_a_return_has_words_and_goes_back_to_its_desk() -> None:
    with pytest.raises(ReasonMissing):
        rules.send_back(proposed(), " ")

    back = rules.send_back(proposed(), "Which customers?")
    again = rules.record_or_propose(back, ANA, NOW)
    assert (back.state, back.returned_because) == (State.DRAFT, "Which customers?")
    assert (again.state, again.returned_because) == (State.PROPOSED, None)


def test_what_is_superseded_names_its_successor_and_both_are_linked() -> None:
    old = rules.approve(proposed(), PRIYA, NOW)
    new = rules.replaces(proposed(), old)

    with pytest.raises(Settled):
        rules.supersede(old, new)
    in_force = rules.approve(new, PRIYA, NOW)
    gone = rules.supersede(old, in_force)
    assert (gone.state, gone.superseded_by_id, in_force.supersedes_id) == (State.SUPERSEDED, new.id, old.id)
    with pytest.raises(SameDecision):
        rules.replaces(old, old)
    with pytest.raises(SameDecision):
        rules.replaces(old, in_force)
    with pytest.raises(Settled):
        rules.replaces(draft(), gone)


def test_a_review_that_disappoints_says_why_and_happens_once() -> None:
    decided = rules.approve(proposed(), PRIYA, NOW)

    for outcome in (Outcome.PARTLY, Outcome.NO):
        with pytest.raises(ReasonMissing):
            rules.review(decided, outcome, " ", NOW)
    done = rules.review(decided, Outcome.YES, "", NOW)
    assert (done.outcome, done.learned) == (Outcome.YES, None)
    with pytest.raises(AlreadyReviewed):
        rules.review(done, Outcome.YES, "", NOW)
    with pytest.raises(Settled):
        rules.review(draft(), Outcome.YES, "", NOW)


def test_readers_have_three_working_days_of_their_own() -> None:
    friday = date(2026, 11, 27)
    asked = ask(decisions.reader(new_id(), TOM.id), NOW, friday, lambda day: day.isoweekday() < 6 and day.day != 30)

    assert asked.due_on == date(2026, 12, 3)
    assert ask(asked, NOW, date(2027, 1, 1), lambda _: True) == asked
    assert not asked.overdue(date(2026, 12, 3))
    assert asked.overdue(date(2026, 12, 4))
    with pytest.raises(ReasonMissing):
        respond(asked, Response.OBJECT, " ", NOW)
    assert not respond(asked, Response.READ, "", NOW).overdue(date(2027, 1, 1))


def test_a_reply_stands_under_what_it_replies_to_until_the_reader_answers_anew() -> None:
    asked = respond(decisions.reader(new_id(), TOM.id), Response.QUESTION, "Since when?", NOW)

    with pytest.raises(NothingWritten):
        reply(asked, " ", ANA)
    told = reply(asked, " Since May ", ANA)
    assert (told.reply, told.replied_by_id, told.words) == ("Since May", ANA.id, "Since when?")
    require_same(told, asked.said)
    again = respond(told, Response.OBJECT, "Too late", NOW + timedelta(minutes=1))
    assert (again.reply, again.replied_by_id) == (None, None)
    for since in (again, respond(told, Response.READ, "", NOW)):
        with pytest.raises(SaidSince):
            require_same(since, asked.said)


# The seven days


def test_the_clock_warns_asks_and_climbs_after_whole_days_of_24_hours() -> None:
    found = dues(draft(), "Europe/Berlin")

    assert [(due.slot, due.due_at - NOW) for due in found] == [
        (Slot.WARN, timedelta(days=5)),
        (Slot.CARD, timedelta(days=7)),
        (Slot.LEADER, timedelta(days=9)),
    ]
    assert [due.expires_at for due in found[:2]] == [due.due_at for due in found[1:]]


def test_a_named_owner_has_until_the_end_of_their_day() -> None:
    named = name_owner(draft(), TOM, DAY + timedelta(days=3), DAY, NOW)

    assert (named.owner_id, named.owner_named_at, named.decide_by) == (TOM.id, NOW, DAY + timedelta(days=3))
    assert dues(named, TOM.zone)[1].due_at == datetime.fromisoformat("2026-11-27T00:00+01:00")
    for day in (DAY - timedelta(days=1), DAY + timedelta(days=31)):
        with pytest.raises(ByWhenUnclear):
            name_owner(draft(), TOM, day, DAY, NOW)
    with pytest.raises(OwnerApproves):
        name_owner(draft(approver_id=TOM.id), TOM, DAY, DAY, NOW)


def test_once_decided_only_the_review_is_due() -> None:
    decided = rules.approve(proposed(review_on=date(2027, 3, 1)), PRIYA, NOW)

    (due,) = dues(decided, "Europe/Berlin")
    assert (due.slot, due.due_at) == (Slot.REVIEW, datetime.fromisoformat("2027-03-01T09:00+01:00"))
    assert dues(rules.review(decided, Outcome.YES, "", NOW), "Europe/Berlin") == []
    assert dues(rules.kill(proposed(review_on=date(2027, 3, 1)), "No money", ANA, NOW), "Europe/Berlin") == []


def test_the_card_goes_to_the_nearest_above_and_then_to_a_leader() -> None:
    assert answerers(ANA, [DANA, PRIYA], []) == (DANA, PRIYA)
    assert answerers(ANA, [DANA], [PRIYA]) == (DANA, PRIYA)
    assert answerers(ANA, [DANA], [DANA]) == (DANA, None)
    assert answerers(PRIYA, [], [PRIYA]) == (PRIYA, None)


def test_days_are_counted_whole() -> None:
    assert days_undecided(draft(), NOW + CARDED - timedelta(seconds=1)) == 6


# Words to search by


def test_words_are_found_without_case_accents_or_punctuation() -> None:
    assert words_of("Größe: Café_2, ZÜRICH—«Прайс» שָׁלוֹם 👍") == ["grosse", "cafe", "2", "zurich", "праис", "שלום"]


def test_without_its_lane_nothing_is_proposed() -> None:
    with pytest.raises(NoLane):
        rules.record_or_propose(draft(), ANA, NOW)


def test_only_a_killed_decision_is_taken_up_again() -> None:
    with pytest.raises(Settled):
        rules.capture(Idea(title="Again", revives=draft()), 2, TOM, new_id(), NOW)


# Approvals that change nothing


def approvals(sent_back: str, **facts: Any) -> list[Approval]:
    """Commitments of Ana's that Priya approved, newest first; "x" marks what she had sent back before."""
    approved = rules.approve(proposed(**facts), PRIYA, NOW)
    return [Approval(approved, mark == "x") for mark in sent_back]


def test_ten_approvals_in_a_row_that_send_nothing_back_are_worth_a_question() -> None:
    assert untouched(approvals("." * 10 + "x")) == {PRIYA.id: 10}
    assert untouched(approvals("." * 9 + "x." + "." * 20)) == {}
    assert untouched([*approvals(".....x"), *approvals("." * 9)]) == {}


def test_an_owner_whose_last_five_were_approved_as_written_has_shown_their_judgement() -> None:
    of_toms = approvals("x....", owner_id=TOM.id)

    assert steady([*of_toms, *approvals(".....x")]) == {ANA.id: 5}
    assert steady(approvals("....")) == {}
