"""The seven-day rule: what is undecided for a week gets an owner in writing, or is killed (C1, F69).

Its days are 24 hours each, counted from the capture, weekends and holidays included: a decision does not rest while
people do. A message that falls on its reader's day off, or outside their working hours, waits for them; where a leader
is away, their deputy gets it. Naming an owner moves the clock, so that the seventh day ends with the day on which the
owner said to decide.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from rituals import calendar
from rituals.decisions import UNDECIDED, Decision, OwnerApproves, Settled, State
from rituals.people import Person, Role
from rituals.refusals import Refusal

DAY = timedelta(hours=24)
WARNED, CARDED, LEADERS = 5 * DAY, 7 * DAY, 9 * DAY
LONGEST_PROMISE = timedelta(days=30)
"""Who is named owner decides within this time; longer is no decision."""
WAITS = timedelta(days=30)
"""How late the leader's card, and the question about the outcome, may still go out after the bot was down."""
REVIEW_AT = time(9)


class Slot(StrEnum):
    """What is due of a decision."""

    WARN = "decide_warn"
    CARD = "decide_card"
    LEADER = "decide_leader"
    REVIEW = "decide_review"


class ByWhenUnclear(Refusal):
    """The owner decides from today on, within thirty days."""


@dataclass(frozen=True, slots=True)
class Due:
    """One thing due: at an instant, on that date of the owner's calendar; after `expires_at` it is too late for it."""

    slot: Slot
    day: date
    due_at: datetime
    expires_at: datetime


def dues(decision: Decision, zone: str) -> list[Due]:
    """What the clock owes a decision, earliest first; once it is decided, the review of its outcome (F75)."""
    start = decision.clock_from
    if decision.state in UNDECIDED:
        marks = (
            (Slot.WARN, WARNED, CARDED),
            (Slot.CARD, CARDED, LEADERS),
            (Slot.LEADER, LEADERS, LEADERS + WAITS),
        )
        return [
            Due(slot, calendar.local_day(start + after, zone), start + after, start + until)
            for slot, after, until in marks
        ]
    if decision.review_on is None or decision.outcome is not None or decision.state is State.KILLED:
        return []
    asked = calendar.instant(decision.review_on, REVIEW_AT, zone) or calendar.end_of(decision.review_on, zone)
    return [Due(Slot.REVIEW, decision.review_on, asked, asked + WAITS)]


def name_owner(decision: Decision, owner: Person, by_when: date, today: date, now: datetime) -> Decision:
    """Somebody decides, by a day, in writing: the seventh day ends with it.

    Raises Settled, ByWhenUnclear, or OwnerApproves when the owner would approve their own.
    """
    if decision.state not in UNDECIDED:
        raise Settled(decision)
    if not today <= by_when <= today + LONGEST_PROMISE:
        raise ByWhenUnclear
    if owner.id == decision.approver_id:
        raise OwnerApproves
    begins = calendar.end_of(by_when, owner.zone) - CARDED
    return replace(decision, owner_id=owner.id, owner_named_at=now, decide_by=by_when, clock_from=begins)


def days_undecided(decision: Decision, now: datetime) -> int:
    """Whole days of 24 hours since its capture."""
    return max(0, (now - decision.captured_at) // DAY)


def answerers(owner: Person, above: Sequence[Person], leaders: Sequence[Person]) -> tuple[Person, Person | None]:
    """Who gets the card on day 7, and who on day 9: the manager (whoever is above nobody answers themselves), a leader.

    The leader is the nearest above the manager who leads, else whoever is next above, else any leader.
    """
    manager = above[0] if above else owner
    further = [person for person in above[1:] if person.id != manager.id]
    candidates = [
        *(person for person in further if person.has(Role.LEADER)),
        *further,
        *(person for person in leaders if person.id not in {owner.id, manager.id}),
    ]
    return manager, next(iter(candidates), None)
