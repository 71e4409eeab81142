"""What the seven-day rule does by the clock: warn, ask, climb, ask what came of it (F69, F75)."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from bot.catalogue import plain
from bot.decisions import clock, clock_views, loading
from bot.ids import new_id
from bot.landing import days_off_ahead
from bot.ritual import Foreseen, Opener, Skips
from rituals import hours
from rituals.budget import Turn
from rituals.calendar import NEVER_OFF, DaysOff
from rituals.decisions import UNDECIDED, Decision, State
from rituals.decisions_clock import Slot, answerers, days_undecided
from rituals.people import Person, Role
from storage import decisions, directory, occurrences, outbox, people, values
from storage.occurrences import Occurrence
from storage.outbox import Message, Policy, Rank

DECIDED = "it was decided"
REVIEWED = "its outcome is written down, or it was never decided"
NOBODY = "nobody stands above its owner, and nobody leads"
LEFT = "its owner has left"


@dataclass(frozen=True, slots=True)
class Case:
    """A decision with whoever the clock may turn to: its owner, its manager, a leader, its approver."""

    decision: Decision
    owner: Person
    manager: Person
    leader: Person | None
    approver: Person | None
    days_off: DaysOff
    """Of all these people."""


Tells = Callable[[Case, datetime], tuple[Person, dict[str, Any]] | str]
"""Who hears what of a case, or why nobody does."""


def _cases(tx: Session, due: Sequence[Occurrence], now: datetime) -> Mapping[UUID, Case]:
    """The decisions of what is due, by id; a number of statements that grows with the workspaces only."""
    found: dict[UUID, Case] = {}
    ordered = sorted(due, key=lambda row: row.workspace)
    for workspace, rows in groupby(ordered, key=lambda row: row.workspace):
        listed = list(rows)
        some = decisions.some(tx, [row.subject for row in listed])
        concerned = {one for decision in some.values() for one in (decision.owner_id, decision.approver_id) if one}
        known = people.some(tx, concerned)
        lines = _lines(tx, list(known.values()), now)
        leaders = directory.with_role(tx, workspace, Role.LEADER)
        everybody = values.by_id([*known.values(), *(one for line in lines.values() for one in line), *leaders])
        days_off = days_off_ahead(tx, list(everybody.values()), now, max(now, *(row.due_at for row in listed)))
        for decision in some.values():
            owner = known[decision.owner_id]
            manager, leader = answerers(owner, lines[owner.id], leaders)
            leader = _there(leader, [one for one in lines[owner.id] if one.id != manager.id], days_off, now)
            approver = None if decision.approver_id is None else known[decision.approver_id]
            found[decision.id] = Case(decision, owner, manager, leader, approver, days_off)
    return found


def _lines(tx: Session, some: Sequence[Person], now: datetime) -> Mapping[UUID, Sequence[Person]]:
    """Who stands above each, on the next of their weekdays: on a Saturday it counts who is there on Monday."""
    by_moment: dict[datetime, list[Person]] = defaultdict(list)
    for person in some:
        by_moment[hours.at_work(person, now, NEVER_OFF)].append(person)
    found = (loading.above(tx, few, moment) for moment, few in by_moment.items())
    return {person: line for lines in found for person, line in lines.items()}


def _there(leader: Person | None, above: Sequence[Person], days_off: DaysOff, now: datetime) -> Person | None:
    """A leader, or their deputy when they are off on the next of their weekdays (F90)."""
    if leader is None or days_off.at(leader, hours.at_work(leader, now, NEVER_OFF)) is None:
        return leader
    return next((one for one in above if one.id == leader.deputy_id), leader)


def _opener(tells: Tells, turn: Turn) -> Opener:
    def send(tx: Session, due: Sequence[Occurrence], now: datetime) -> Skips:
        cases = _cases(tx, due, now)
        skips: dict[UUID, str] = {}
        messages = []
        for row in due:
            case = cases[row.subject]
            told = tells(case, now)
            if isinstance(told, str):
                skips[row.id] = told
            else:
                to, body = told
                messages.append((_message(row, body, turn, hours.at_work(to, now, case.days_off)), to.slack_id))
        outbox.post_many(tx, messages)
        return skips

    return send


def _message(row: Occurrence, body: dict[str, Any], turn: Turn, at: datetime) -> Message:
    """What was warned of is no news once it has come."""
    until = row.expires_at if row.slot == Slot.WARN else None
    return Message(new_id(), row.workspace, clock.card_key(row.id), Policy.RESEND, Rank.DIGEST, body, at, until, turn)


def warn(case: Case, now: datetime) -> tuple[Person, dict[str, Any]] | str:  # noqa: ARG001 - one signature for all
    """Day 5: whoever owes the next step."""
    one = case.decision
    if one.state not in UNDECIDED:
        return DECIDED
    to = case.approver if one.state is State.PROPOSED and case.approver is not None else case.owner
    return (to, clock_views.warning(one, case.manager)) if to.active else LEFT


def ask(case: Case, now: datetime) -> tuple[Person, dict[str, Any]] | str:
    """Day 7: the manager, with two buttons only."""
    one = case.decision
    if one.state not in UNDECIDED:
        return DECIDED
    last = clock_views.no_answer(case.leader)
    return case.manager, clock_views.card(one, days_undecided(one, now), last)


def climb(case: Case, now: datetime) -> tuple[Person, dict[str, Any]] | str:
    """Day 9: a leader, with the same card."""
    one = case.decision
    if one.state not in UNDECIDED:
        return DECIDED
    if case.leader is None:
        return NOBODY
    last = clock_views.climbed(case.manager)
    return case.leader, clock_views.card(one, days_undecided(one, now), last)


def review(case: Case, now: datetime) -> tuple[Person, dict[str, Any]] | str:  # noqa: ARG001 - one signature for all
    """The review date: its owner; whoever is above them when they have left."""
    one = case.decision
    if one.outcome is not None or one.state in UNDECIDED | {State.KILLED}:
        return REVIEWED
    to = case.owner if case.owner.active else case.manager
    return (to, clock_views.review_request(one)) if to.active else LEFT


TELLS: Mapping[Slot, Tells] = {Slot.WARN: warn, Slot.CARD: ask, Slot.LEADER: climb, Slot.REVIEW: review}
OPENERS: Mapping[str, Opener] = {
    slot: _opener(tells, Turn.FREE if slot is Slot.LEADER else Turn.REST) for slot, tells in TELLS.items()
}
WHAT = {
    Slot.WARN: "the warning that a decision is five days old",
    Slot.CARD: "the card: name the owner, or kill it",
    Slot.LEADER: "the same card, because nobody answered",
    Slot.REVIEW: "the question what came of a decision",
}


def foresee(tx: Session, now: datetime, until: datetime) -> Sequence[Foreseen]:
    """Every message due in that time, and those that will be left out with the reason; writes nothing."""
    rows = [row for row in occurrences.coming(tx, list(TELLS), until) if row.expires_at > now]
    return list(_foreseen(_cases(tx, rows, now), rows))


def _foreseen(cases: Mapping[UUID, Case], rows: Sequence[Occurrence]) -> Iterator[Foreseen]:
    for row in rows:
        case = cases[row.subject]
        told = TELLS[Slot(row.slot)](case, row.due_at)
        to = case.owner if isinstance(told, str) else told[0]
        yield Foreseen(
            workspace=row.workspace,
            ritual="decisions",
            slot=row.slot,
            team=case.decision.label,
            to=to.name,
            zone=to.zone,
            at=hours.at_work(to, row.due_at, case.days_off),
            what=plain("{what} ({label})", what=WHAT[Slot(row.slot)], label=case.decision.label),
            skipped=told if isinstance(told, str) else None,
        )
