"""Whose message budget is spent, and what waits for it: asked when messages are claimed (F109)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Session

from rituals import calendar
from rituals.budget import Turn, Unasked, over
from rituals.people import Person
from storage.outbox import Kind, State
from storage.tables import Outbox, Recipients
from storage.values import TABLES, fetch

_TABLE = Outbox.metadata.tables["outbox"]
_OUT = (State.SENDING, State.SENT, State.UNKNOWN)
_LONGEST_DAY = timedelta(hours=50)
"""A date lasts so long around the world, from its first beginning to its last end."""

Waiting = Mapping[str, Sequence[Unasked[UUID]]]
"""Messages that are about to be sent, by who gets them."""


def held_back(tx: Session, workspace: str, waiting: Waiting, now: datetime) -> set[UUID]:
    """Which of these messages are more than their readers' day allows; they are marked so.

    The days are the readers' own. Two senders at once ask one after the other.
    """
    if all(one.turn is Turn.PROMPT for found in waiting.values() for one in found):
        return set()
    mine = (Recipients.workspace == workspace, Recipients.slack_id.in_(waiting))
    tx.execute(select(Recipients.slack_id).where(*mine).order_by(Recipients.slack_id).with_for_update()).all()
    readers = {person.slack_id: person for person in _people(tx, workspace, waiting)}
    sent = _sent_today(tx, workspace, readers, now)
    held = {
        message
        for who, found in waiting.items()
        if who in readers
        for message in over(found, sent[who], writes_plans=readers[who].plans)
    }
    if held:
        tx.execute(update(_TABLE).where(_TABLE.c.id.in_(held)).values(state=State.FOLDED))
    return held


def _people(tx: Session, workspace: str, waiting: Waiting) -> Sequence[Person]:
    table = TABLES[Person]
    return fetch(tx, Person, table.c.workspace == workspace, table.c.slack_id.in_(waiting))


def _sent_today(
    tx: Session, workspace: str, readers: Mapping[str, Person], now: datetime
) -> Mapping[str, Sequence[Turn]]:
    rows = tx.execute(
        select(Outbox.recipient, Outbox.turn, Outbox.not_before).where(
            Outbox.workspace == workspace,
            Outbox.recipient.in_(readers),
            Outbox.turn != Turn.FREE,
            Outbox.kind == Kind.POST,
            Outbox.state.in_(_OUT),
            Outbox.not_before > now - _LONGEST_DAY,
        )
    )
    found: dict[str, list[Turn]] = defaultdict(list)
    for recipient, turn, at in rows:
        who = str(recipient)
        zone = readers[who].zone
        if calendar.local_day(at, zone) == calendar.local_day(now, zone):
            found[who].append(Turn(turn))
    return found


def folded(tx: Session, workspace: str, recipients: Sequence[str], now: datetime) -> Mapping[str, Sequence[str]]:
    """The one line of each message that was held back and still matters, by who gets it."""
    rows = tx.execute(
        select(Outbox.recipient, Outbox.body)
        .where(*_folded(workspace, now), Outbox.recipient.in_(recipients))
        .order_by(Outbox.turn, Outbox.not_before, Outbox.id)
    )
    found: dict[str, list[str]] = defaultdict(list)
    for who, body in rows:
        found[str(who)].append(str(body.get("text", "")))
    return found


def unfold(tx: Session, workspace: str, recipient: str, now: datetime) -> int:
    """Send somebody all that was held back from them, because they ask for it; return how many messages that is."""
    mine = (*_folded(workspace, now), Outbox.recipient == recipient)
    asked_for = {"state": State.READY, "turn": Turn.FREE, "not_before": now}
    done = tx.execute(update(_TABLE).where(*mine).values(asked_for).returning(_TABLE.c.id))
    return len(done.scalars().all())


def _folded(workspace: str, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        Outbox.workspace == workspace,
        Outbox.state == State.FOLDED,
        or_(Outbox.expires_at.is_(None), Outbox.expires_at > now),
    )
