"""`/decide numbers`: days to decide and share by lane, memos unread, approvals that change nothing (C7, C9, C10)."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from bot import blocks
from bot.acting import actor
from bot.catalogue import Mrkdwn, count, join, say
from bot.decisions import limits, loading
from bot.decisions.views import Answer
from bot.payloads import Who
from rituals.decisions_numbers import Approval, LaneNumbers, by_lane, steady, untouched
from rituals.people import Person
from rituals.policy import About, Action, may
from storage import decisions, people
from storage.tables import Decisions

DAY_SECONDS = 86_400


def shown(tx: Session, who: Who, now: datetime) -> Answer:
    """Of the decisions that the asker may read, each figure with how many are behind it."""
    reader = actor(tx, who)
    readable = loading.readable(tx, reader, now)
    lanes = by_lane(decisions.settled(tx, readable))
    undecided, unread = decisions.undecided_count(tx, readable), decisions.unread_count(tx, readable)
    head = say("*Deciding, in numbers*")
    body = [blocks.section(join([head, *(_line(lane) for lane in lanes)], "\n"))]
    if _sets_limits(reader):
        given = [Approval(*one) for one in decisions.approvals(tx, readable)]
        rare, ready = untouched(given), steady(given)
        known = people.some(tx, {*rare, *ready}) if rare or ready else {}
        told = [*_named(rare, known, UNTOUCHED_SAYS), *_named(ready, known, STEADY_SAYS)]
        body += [blocks.section(join(told, "\n")), blocks.actions(limits.add_button())] if told else []
    owed = say("{open} undecided · {unread} owed a reading", open=undecided, unread=unread)
    return head, [*body, blocks.context(owed)]


UNTOUCHED_SAYS = "*{who}'s last {number} approvals* sent nothing back. Which of them could be a named limit instead?"
STEADY_SAYS = "*{who}'s last {number} commitments* were approved as written. A named limit lets {who} decide within it."


def _named(found: Mapping[UUID, int], known: Mapping[UUID, Person], words: str) -> list[Mrkdwn]:
    here = [(known[one].given_name, number) for one, number in found.items() if known[one].active]
    return [say(words, who=who, number=number) for who, number in here]


def _sets_limits(reader: Person) -> bool:
    return may(Action.GUARDRAIL_SET, reader, About(reader.workspace))


def less_asking(tx: Session, approver: Person, owner_id: UUID) -> list[Mrkdwn]:
    """What is said to an approver who may set limits, once an owner's commitments are approved as written (C10)."""
    if not _sets_limits(approver):
        return []
    given = decisions.approvals(tx, Decisions.owner_id == owner_id)
    found = steady([Approval(*one) for one in given])
    lines = _named(found, people.some(tx, found), STEADY_SAYS) if found else []
    return [say("{line} `/decide limits` names one.", line=line) for line in lines]


def _line(lane: LaneNumbers) -> object:
    if lane.median is None:
        return say("{lane}: none decided yet", lane=lane.lane.capitalize())
    days = lane.median.total_seconds() / DAY_SECONDS
    return say(
        "{lane}: {days} days to decide (median of {number}) · {share} % of all",
        lane=lane.lane.capitalize(),
        days=f"{days:.1f}",
        number=count(lane.decided, "decision"),
        share=round(lane.share * 100),
    )
