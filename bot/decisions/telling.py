"""Who hears what of a decision: cards to its approver and readers, answers to its owner and author."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from bot import blocks
from bot.catalogue import Mrkdwn, count, plain, say
from bot.decisions import card_views, loading, views
from bot.decisions.views import Record
from bot.ids import new_id
from rituals import hours
from rituals.budget import Turn
from rituals.decisions import Decision
from rituals.decisions_memo import minutes_to_read
from rituals.decisions_readers import DAYS_TO_READ, Reader, ask
from rituals.people import Person, works_on
from storage import calendars, decisions, outbox, people, values
from storage.outbox import Message, Policy, Rank

LOOK_AHEAD = timedelta(days=60)
"""Days in which three working days lie, whoever is away."""


def approval_key(decision: Decision) -> str:
    """Outbox key of the card that asks for the approval of one proposal."""
    return f"decision-approval:{decision.id}:{decision.version}"


def reader_key(decision_id: UUID, person_id: UUID) -> str:
    """Outbox key of a reader's card."""
    return f"decision-reader:{decision_id}:{person_id}"


def ask_approver(tx: Session, decision: Decision, now: datetime) -> None:
    """Send the approver the card with `Approve` and `Return…`."""
    approver = people.find(tx, decision.approver_id) if decision.approver_id else None
    if approver is not None:
        (record,) = loading.records(tx, [decision], now, approver)
        message = _message(decision, approval_key(decision), _approval(record, approver), approver, now)
        outbox.post(tx, *message)


def _approval(record: Record, approver: Person) -> dict[str, Any]:
    decision = record.decision
    reads = any(reader.person_id == approver.id for reader in record.readers)
    buttons = card_views.answer_buttons(decision, approves=True, reads=reads, writes=False)
    why = say("You approve it, or return it with words. {time} to read.", time=_time(decision))
    summary = plain("{label} waits for your approval", label=decision.label)
    return blocks.message(summary, card_views.card(record, why, buttons))


def ask_readers(tx: Session, decision: Decision, now: datetime) -> None:
    """Ask each reader once; they have three working days of their own (F73)."""
    new = [reader for reader in decisions.readers(tx, [decision.id]) if reader.asked_at is None]
    known = people.some(tx, [reader.person_id for reader in new])
    first, last = (now - timedelta(days=1)).date(), (now + LOOK_AHEAD).date()
    days_off = calendars.days_off(tx, decision.workspace, list(known), first, last)

    def asked(reader: Reader) -> Reader:
        person = known[reader.person_id]
        return ask(
            reader,
            now,
            loading.today(person, now),
            lambda day: works_on(person, day) and days_off.on(person, day) is None,
        )

    owing = [asked(reader) for reader in new]
    values.save(tx, *owing, was=new)
    found = _readings(tx, decision, owing, now)
    cards = [_message(decision, reader_key(decision.id, person.id), body, person, now) for person, body in found]
    outbox.post_many(tx, cards)


def _readings(
    tx: Session, decision: Decision, asked: Sequence[Reader], now: datetime
) -> Iterator[tuple[Person, dict[str, Any]]]:
    """The cards of some readers; who approves it has one already."""
    known = people.some(tx, [reader.person_id for reader in asked])
    if not known:
        return
    (record,) = loading.records(tx, [decision], now, next(iter(known.values())))
    for reader in asked:
        person = known[reader.person_id]
        if person.id != decision.approver_id:
            theirs = replace(record, today=loading.today(person, now), zone=person.zone)
            yield person, _reading(theirs, reader)


def _reading(record: Record, reader: Reader) -> dict[str, Any]:
    decision = record.decision
    buttons = card_views.answer_buttons(decision, approves=False, reads=True, writes=False)
    why = say("You answered: {response}.", response=reader.response or "")
    if reader.response is None:
        why = say(
            "You are asked to read it and answer by {day} ({days} working days). {time} to read.",
            day=blocks.short_day(reader.due_on or record.today),
            days=DAYS_TO_READ,
            time=_time(decision),
        )
    summary = plain("{label} asks you to read {title}", label=decision.label, title=decision.title)
    return blocks.message(summary, card_views.card(record, why, buttons))


def _time(decision: Decision) -> str:
    return count(minutes_to_read(decision), "minute")


def redraw(tx: Session, decision: Decision, now: datetime, only: Collection[UUID] | None = None) -> None:
    """Show on the cards that are out how the decision stands; with `only`, on those readers' and the approver's."""
    approver = people.find(tx, decision.approver_id) if decision.approver_id else None
    if approver is not None and decision.proposed_at is not None:
        (record,) = loading.records(tx, [decision], now, approver)
        _edit(tx, decision, approval_key(decision), _approval(record, approver), now)
    asked = [
        reader
        for reader in decisions.readers(tx, [decision.id])
        if reader.asked_at is not None and (only is None or reader.person_id in only)
    ]
    for person, body in _readings(tx, decision, asked, now):
        _edit(tx, decision, reader_key(decision.id, person.id), body, now)


def tell(
    tx: Session, decision: Decision, key: str, words: Mrkdwn, but: Person, now: datetime, *, said: str = ""
) -> None:
    """Tell owner and author something, each once by this key, but not whoever did it."""
    concerned = people.some(tx, {decision.owner_id, decision.author_id}).values()
    buttons = card_views.answer_buttons(decision, approves=False, reads=False, writes=True)
    summary = plain("{label} {title}", label=decision.label, title=decision.title)
    body = blocks.message(summary, card_views.told(decision, words, said, buttons))
    heard = [person for person in concerned if person.id != but.id and person.active]
    outbox.post_many(tx, [_message(decision, f"{key}:{person.id}", body, person, now) for person in heard])


def tell_said(
    tx: Session, decision: Decision, reader: Reader, asker: Person, to: Collection[Person], now: datetime
) -> None:
    """Have whoever may reply read what a reader says, and the reply once there is one: one message each (F73)."""
    by = next((one.given_name for one in to if one.id == reader.replied_by_id), "")
    body = _said(decision, reader, asker, by)
    for person in to:
        if person.id != asker.id:
            _show(tx, decision, said_key(reader, person), body, person, now)


def tell_owner(tx: Session, decision: Decision, now: datetime) -> None:
    """Have a new owner read what readers asked before and nobody answered yet (F73, F91)."""
    open_still = [one for one in decisions.readers(tx, [decision.id]) if one.words is not None and one.reply is None]
    if open_still:
        known = people.some(tx, {decision.owner_id, *(one.person_id for one in open_still)})
        owner = known[decision.owner_id]
        said = [(one, _said(decision, one, known[one.person_id], "")) for one in open_still]
        outbox.post_many(
            tx,
            [
                _message(decision, said_key(one, owner), body, owner, now)
                for one, body in said
                if one.person_id != owner.id
            ],
        )


def said_key(reader: Reader, person: Person) -> str:
    """Outbox key of what a reader says, as one of those who may reply has it."""
    return f"decision-said:{reader.id}:{reader.said}:{person.id}"


def _said(decision: Decision, reader: Reader, asker: Person, by: str) -> dict[str, Any]:
    summary = plain("{label} {title}", label=decision.label, title=decision.title)
    return blocks.message(summary, card_views.reader_said(decision, reader, asker, by))


def tell_reply(tx: Session, decision: Decision, reader: Reader, asker: Person, by: Person, now: datetime) -> None:
    """Have the reader hear the reply to what they said, once; a change of it is seen in the same message."""
    if asker.active:
        asked = blocks.cut(reader.words or "", views.LONGEST_FACT)
        words = say("{who} answers “{asked}”:", who=by.given_name, asked=asked)
        summary = plain("{label} {title}", label=decision.label, title=decision.title)
        body = blocks.message(summary, card_views.told(decision, words, reader.reply or ""))
        _show(tx, decision, f"decision-reply:{reader.id}:{reader.said}", body, asker, now)


def _show(tx: Session, decision: Decision, key: str, body: dict[str, Any], to: Person, now: datetime) -> None:
    if not outbox.post(tx, *_message(decision, key, body, to, now)):
        _edit(tx, decision, key, body, now)


def outcome(tx: Session, decision: Decision, by: Person, now: datetime) -> Mrkdwn:
    """What is said back to whoever proposed it."""
    (record,) = loading.records(tx, [decision], now, by)
    return say("{heading}", heading=views.heading(record))


def _message(decision: Decision, key: str, body: dict[str, Any], to: Person, now: datetime) -> tuple[Message, str]:
    start = hours.opens(to, now)
    message = Message(new_id(), decision.workspace, key, Policy.RESEND, Rank.DIGEST, body, start, turn=Turn.REST)
    return message, to.slack_id


def _edit(tx: Session, decision: Decision, key: str, body: dict[str, Any], now: datetime) -> None:
    message = Message(new_id(), decision.workspace, f"edit:{key}", Policy.RESEND, Rank.REPLY, body, now)
    outbox.edit(tx, message, key)
