"""What comes on Monday and on Friday: planned, opened, and told beforehand."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from bot.catalogue import plain
from bot.huddle.planning import OFFSET
from bot.ids import new_id, same_id
from bot.partners import drawing, pairing, views
from bot.ritual import Foreseen, Opener, Skips
from rituals import calendar, hours
from rituals import partners as rules
from rituals.budget import Turn
from rituals.due import Due
from rituals.partners import Kind, Promise, PromiseState, Slot, Wish
from storage import calendars, occurrences, outbox, partners, people
from storage.occurrences import Occurrence
from storage.outbox import Message, Policy, Rank

AHEAD = timedelta(days=8)
LOOK_AGAIN = timedelta(hours=1)
WALLS: Mapping[str, time] = {Slot.MONDAY: rules.MONDAY_AT, Slot.FRIDAY: rules.FRIDAY_AT}
WHAT: Mapping[str, str] = {Slot.MONDAY: "what they commit to this week", Slot.FRIDAY: "whether they kept it"}


def ritual_of(workspace: str) -> UUID:
    """What stands for partners in the ledger of a workspace."""
    return same_id("partners", workspace)


def channel_key(promise: Promise) -> str:
    """Outbox key of a leader's word in the channel."""
    return f"first:{promise.id}"


def plan(tx: Session, now: datetime) -> int:
    """Bring the ledger up to date for one workspace; return 0 when every one is."""
    workspace = partners.next_to_plan(tx, now)
    if workspace is None:
        return 0
    pairing.settle(tx, workspace, now)
    ritual = ritual_of(workspace)
    days = calendar.days_between((now - OFFSET).date(), (now + AHEAD + OFFSET).date())
    dues = _coming(tx, workspace, now, now + AHEAD)
    wanted = [occurrences.planned(new_id(), workspace, ritual, due) for due in dues]
    subjects = {one.subject for one in wanted} | occurrences.subjects(tx, ritual, days)
    occurrences.agree(tx, ritual, wanted, subjects, days, now)
    partners.plan_again(tx, workspace, now + LOOK_AGAIN)
    return 1


def _coming(tx: Session, workspace: str, now: datetime, end: datetime) -> list[Due]:
    """What is due for whoever takes part, once a person however many ways they do."""
    since: dict[UUID, datetime] = {}
    for wish in partners.wishes(tx, workspace):
        since[wish.person_id] = min(wish.since, since.get(wish.person_id, wish.since))
    known = people.some(tx, since)
    return [due for who, began in since.items() for due in rules.coming(known[who], began, now, end)]


def open_slot(tx: Session, due: Sequence[Occurrence], now: datetime) -> Skips:
    """Ask what somebody commits to, or what became of it, in each way that they take part."""
    skips: dict[UUID, str] = {}
    for workspace, day, slot in sorted({(row.workspace, row.day, row.slot) for row in due}):
        rows = [row for row in due if (row.workspace, row.day, row.slot) == (workspace, day, slot)]
        skips |= _open(tx, workspace, day, Slot(slot), rows, now)
    return skips


def _open(
    tx: Session, workspace: str, day: date, slot: Slot, rows: Sequence[Occurrence], now: datetime
) -> dict[UUID, str]:
    monday = rules.monday_of(day)
    if slot is Slot.MONDAY:
        pairing.pair_up(tx, workspace, monday, now)
    subjects = [row.subject for row in rows]
    known = people.some(tx, subjects)
    wished: dict[UUID, list[Wish]] = {}
    for wish in partners.of_people(tx, subjects):
        if wish.ended_at is None:
            wished.setdefault(wish.person_id, []).append(wish)
    days_off = calendars.days_off(tx, workspace, subjects, day, day)
    why: dict[UUID, str] = {}
    asked: dict[UUID, Occurrence] = {}
    for row in rows:
        mine = wished.get(row.subject, [])
        no = rules.why_not(next(iter(mine), None), known.get(row.subject), day, WALLS[slot], days_off)
        if no is None:
            asked[row.subject] = row
        else:
            why[row.id] = no
    promises = _promises(tx, workspace, monday, slot, {who: wished[who] for who in asked})
    got = {promise.person_id for promise in promises}
    nothing = rules.NO_PARTNER if slot is Slot.MONDAY else rules.NOTHING_WRITTEN
    why |= {row.id: nothing for who, row in asked.items() if who not in got}
    if slot is Slot.MONDAY:
        told = drawing.mondays(tx, workspace, promises)
    else:
        told = {one.id: views.friday(one) for one in promises}
    messages = []
    for promise in promises:
        person, row = known[promise.person_id], asked[promise.person_id]
        at, turn = hours.opens(person, max(now, row.due_at)), Turn.REST
        key = drawing.key_of(promise, slot)
        message = Message(
            new_id(), workspace, key, Policy.RESEND, Rank.DIGEST, told[promise.id], at, row.expires_at, turn
        )
        messages.append((message, person.slack_id))
    outbox.post_many(tx, messages)
    return why


def _promises(
    tx: Session, workspace: str, monday: date, slot: Slot, wished: Mapping[UUID, Sequence[Wish]]
) -> list[Promise]:
    standing = partners.of_week(tx, list(wished), monday)
    if slot is Slot.FRIDAY:
        return [one for one in standing if one.state is PromiseState.OPEN]
    month = rules.month_of(monday)
    standing_pairs = [one for one in partners.pairs(tx, workspace, month) if one.ended_at is None]
    pairs = {who: one for one in standing_pairs for who in one.both}
    made = []
    for who, mine in wished.items():
        for wish in mine:
            pair = pairs.get(who) if wish.kind is Kind.PARTNER else None
            if wish.kind is Kind.PARTNER and pair is None:
                continue
            blank = Promise(
                id=same_id("promise", who, wish.kind, monday),
                workspace=workspace,
                person_id=who,
                kind=wish.kind,
                monday=monday,
                pair_id=None if pair is None else pair.id,
                channel=wish.channel,
                text="",
                state=PromiseState.ASKED,
                because=None,
            )
            made.append(blank)
    partners.ask(tx, made)
    return partners.of_week(tx, list(wished), monday)


def foresee(tx: Session, now: datetime, until: datetime) -> Sequence[Foreseen]:
    """Every message due in that time, and every one that will be left out with the reason; writes nothing."""
    found: list[Foreseen] = []
    for workspace in people.workspaces(tx):
        dues = [due for due in _coming(tx, workspace, now, until) if due.due_at > now]
        subjects = {due.subject for due in dues}
        known = people.some(tx, subjects)
        wished = {one.person_id: replace(one) for one in partners.wishes(tx, workspace)}
        days_off = calendars.days_off(tx, workspace, subjects, (now - OFFSET).date(), (until + OFFSET).date())
        for due in dues:
            person = known[due.subject]
            why = rules.why_not(wished.get(due.subject), person, due.day, WALLS[due.slot], days_off)
            at, what = hours.opens(person, due.due_at), plain(WHAT[due.slot])
            found.append(Foreseen(workspace, "partners", due.slot, "", person.name, person.zone, at, what, why))
    return found


OPENERS: Mapping[str, Opener] = {Slot.MONDAY: open_slot, Slot.FRIDAY: open_slot}
