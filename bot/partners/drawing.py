"""What partners, and leaders who go first, have on their screens: drawn when it is sent, and again when it changes."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from bot.huddle import receipts
from bot.ids import new_id
from bot.partners import views
from bot.pressed import Pressed
from rituals import partners as rules
from rituals.partners import Pair, Promise, Slot
from rituals.people import Person
from storage import calendars, outbox, partners, people, values
from storage.outbox import Message, Policy, Rank


def key_of(promise: Promise, slot: Slot) -> str:
    """Outbox key of a Monday's or a Friday's message."""
    return f"{slot.value}:{promise.id}"


def mondays(tx: Session, workspace: str, promises: Sequence[Promise]) -> Mapping[UUID, dict[str, Any]]:
    """Monday's message of each of these promises of one week; nothing of a partner's is in it before it is asked."""
    if not promises:
        return {}
    monday = promises[0].monday
    pairs = values.by_id(partners.pairs(tx, workspace, rules.month_of(monday)))
    mine = {one.id: pairs[one.pair_id] for one in promises if one.pair_id is not None}
    known = people.some(tx, {who for pair in mine.values() for who in pair.both})
    away = _away(tx, workspace, known.values(), monday)
    return {one.id: _monday(one, mine.get(one.id), known, away, None) for one in promises}


def redraw(tx: Session, pair: Pair, monday: date, pressed: Pressed | None, now: datetime) -> None:
    """Show both partners how their week stands, in Monday's message."""
    both = partners.of_pair(tx, pair.id, monday)
    known = people.some(tx, pair.both)
    away = _away(tx, pair.workspace, known.values(), monday)
    for one in both:
        theirs = next((each for each in both if each.id != one.id), None)
        # Two messages in two DMs may bear one stamp: only their own reader's press may draw over them.
        own = pressed is not None and pressed.who.slack_id == known[one.person_id].slack_id
        edit(tx, one, Slot.MONDAY, _monday(one, pair, known, away, theirs), pressed if own else None, now)


def _monday(
    one: Promise, pair: Pair | None, known: Mapping[UUID, Person], away: set[UUID], theirs: Promise | None
) -> dict[str, Any]:
    if pair is None:
        return views.leader(one)
    partner = known[pair.partner_of(one.person_id)]
    return views.monday(one, pair, partner, theirs, away=partner.id in away)


def _away(tx: Session, workspace: str, some: Iterable[Person], monday: date) -> set[UUID]:
    """Who of them is not asked on a Monday."""
    there = list(some)
    days_off = calendars.days_off(tx, workspace, [person.id for person in there], monday, monday)
    return {person.id for person in there if not rules.comes(person, [monday], days_off)}


def edit(
    tx: Session, promise: Promise, slot: Slot, body: dict[str, Any], pressed: Pressed | None, now: datetime
) -> None:
    """Draw over a message that is out or on its way; nothing where there is none."""
    key = key_of(promise, slot)
    if outbox.state_of(tx, promise.workspace, key) is not None:
        message = Message(new_id(), promise.workspace, key, Policy.RESEND, Rank.REPLY, body, now)
        receipts.show(tx, message, "", pressed)  # it is out or on its way: nobody need be named to edit it
