"""The life of a decision: no way to approved but by somebody else's word, no way back from killed but a new one."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from itertools import pairwise
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.ids import new_id
from rituals import decisions as rules
from rituals.decisions import (
    IN_FORCE,
    UNDECIDED,
    AlreadyReviewed,
    Decision,
    Idea,
    Lane,
    NoLane,
    Outcome,
    OwnerApproves,
    ReasonMissing,
    SameDecision,
    Settled,
    State,
)
from rituals.decisions_clock import ByWhenUnclear, name_owner
from rituals.decisions_lanes import laned
from rituals.people import Person
from tests.factories import DAY, NOW
from tests.rituals.test_decisions import ANA, DANA, LIMIT, PRIYA, TOM, draft, proposed

EVERYBODY = (PRIYA, DANA, ANA, TOM)
REFUSALS = (Settled, NoLane, OwnerApproves, ReasonMissing, SameDecision, AlreadyReviewed, ByWhenUnclear)


def moves(one: Decision) -> Iterator[tuple[bool, str, Callable[[], Decision]]]:
    """All that anybody might try with a decision, and whether it may be done, by the rules as people say them."""
    undecided = one.state in {State.DRAFT, State.PROPOSED}
    in_force = one.state in {State.APPROVED, State.RECORDED}
    waits = one.lane is Lane.COMMITMENT and one.approver_id not in {None, one.owner_id}
    free = one.lane in {Lane.GUARDRAIL, Lane.AUTONOMY}
    for by in EVERYBODY:
        may = one.state is State.DRAFT and (waits or free)
        yield may, "propose", partial(rules.record_or_propose, one, by, NOW)
        may = one.state is State.PROPOSED and by.id != one.owner_id
        yield may, "approve", partial(rules.approve, one, by, NOW)
        yield undecided, "kill", partial(rules.kill, one, "No money", by, NOW)
        yield True, "hand on", partial(handed_on, one, by)
        for days in (-1, 0, 30, 31):
            may = undecided and days in {0, 30} and by.id != one.approver_id
            yield may, "name", partial(name_owner, one, by, DAY + timedelta(days=days), DAY, NOW)
    yield False, "kill without a word", partial(rules.kill, one, " ", DANA, NOW)
    yield False, "return without a word", partial(rules.send_back, one, " ")
    yield one.state is State.PROPOSED, "return", partial(rules.send_back, one, "Which customers?")
    decided = in_force or one.state is State.SUPERSEDED
    for outcome in Outcome:
        for words in ("", "Slower"):
            may = decided and one.outcome is None and (outcome is Outcome.YES or bool(words))
            yield may, "review", partial(rules.review, one, outcome, words, NOW)
    waiting = proposed()
    others = {
        "approved": rules.approve(waiting, PRIYA, NOW),
        "waiting": waiting,
        "killed": rules.kill(waiting, "No money", DANA, NOW),
    }
    for end, other in others.items():
        linked = replace(other, supersedes_id=one.id)
        yield in_force and end == "approved", "give way", partial(rules.supersede, one, linked)
        yield False, "give way unlinked", partial(rules.supersede, one, other)
        yield in_force and end != "killed", "be replaced", partial(replaced, one, other)
    yield one.state is State.KILLED, "come back", partial(taken_up, one)


def handed_on(one: Decision, to: Person) -> Decision:
    """It with another owner; only a proposal that they were to approve becomes a draft again."""
    after = rules.hand_on(one, to, NOW)
    cleared = one.state in {State.DRAFT, State.PROPOSED} and one.approver_id == to.id
    assert (after.owner_id, after.state) == (to.id, State.DRAFT if cleared else one.state)
    assert after.approver_id == (None if cleared else one.approver_id)
    return after


def replaced(old: Decision, new: Decision) -> Decision:
    """The one that is meant to be replaced, which that leaves as it was."""
    assert rules.replaces(new, old).supersedes_id == old.id
    return old


def taken_up(killed: Decision) -> Decision:
    """The killed one, which another one takes up: it stays killed, and the other links to it."""
    again = rules.capture(Idea(title="Again", revives=killed), 2, TOM, new_id(), NOW)
    assert (again.revives_id, again.state) == (killed.id, State.DRAFT)
    return killed


class Life(RuleBasedStateMachine):
    """A decision in any state that it can come to: at each step all that may be done can be, and nothing else."""

    def __init__(self) -> None:
        super().__init__()
        self.one = draft()
        self.history = [self.one]

    @initialize(waits=st.booleans())
    def begins(self, waits: bool) -> None:
        """Half of them as a commitment that waits: from there most ways lead on."""
        self.one = proposed() if waits else draft()
        self.history = [self.one]

    def become(self, one: Decision) -> None:
        self.one = one
        self.history.append(one)

    @precondition(lambda self: self.one.state is State.DRAFT)
    @rule(touches=st.booleans(), limited=st.booleans(), approver=st.sampled_from([None, *EVERYBODY]))
    def writes(self, touches: bool, limited: bool, approver: Any) -> None:
        given = laned(self.one, touches=touches, guardrail_id=LIMIT.id if limited else None)
        approver_id = None if approver is None or given.lane is not Lane.COMMITMENT else approver.id
        self.become(replace(given, approver_id=approver_id))

    @rule(data=st.data())
    def goes_on(self, data: st.DataObject) -> None:
        done = {f"{n} {name}": change for n, (may, name, change) in enumerate(moves(self.one)) if may}
        self.become(done[data.draw(st.sampled_from(sorted(done)))]())

    @invariant()
    def what_may_be_done_can_be_and_nothing_else(self) -> None:
        for may, name, change in moves(self.one):
            try:
                after = change()
            except REFUSALS as refusal:
                assert not may, (name, refusal)  # noqa: PT017 - most are refused
            else:
                assert may, (name, after)

    @invariant()
    def nobody_approves_their_own(self) -> None:
        for was, now in pairwise(self.history):
            if now.state is State.APPROVED and was.state is not State.APPROVED:
                assert was.state is State.PROPOSED
                assert now.lane is Lane.COMMITMENT
                assert now.settled_by_id not in {None, now.owner_id}
            if now.state is State.PROPOSED:
                assert now.approver_id not in {None, now.owner_id}

    @invariant()
    def a_commitment_is_never_just_recorded(self) -> None:
        assert self.one.state is not State.RECORDED or self.one.lane is not Lane.COMMITMENT

    @invariant()
    def nothing_leaves_killed_and_no_end_is_undecided_again(self) -> None:
        ends = {State.KILLED, State.SUPERSEDED}
        for was, now in pairwise(self.history):
            assert was.state not in ends or now.state is was.state
            assert was.state not in IN_FORCE or now.state not in UNDECIDED
            assert now.state is not State.KILLED or (now.killed_because and now.settled_by_id)
            assert now.state is not State.SUPERSEDED or now.superseded_by_id
            assert was.outcome is None or now.outcome is was.outcome


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=25, stateful_step_count=10, deadline=None)
