"""Whose message budget is spent, and what waits for it: asked when messages are claimed (F109)."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

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

Waiting = Mapping[str, Sequence[Unasked[str]]]
"""Messages that are about to be sent, by who gets them; each is known by its key."""


def held_back(tx: Session, workspace: str, waiting: Waiting, now: datetime) -> set[str]:
    """Which of these messages are more than their readers' day allows, and what becomes of them.

    What can't wait goes now, as a reply under the newest message of the day; the rest is folded into the next day's.
    The days are the readers' own. Two senders at once ask one after the other.
    """
    mine = (Recipients.workspace == workspace, Recipients.slack_id.in_(waiting))
    tx.execute(select(Recipients.slack_id).where(*mine).order_by(Recipients.slack_id).with_for_update()).all()
    readers = {person.slack_id: person for person in _people(tx, workspace, waiting)}
    had = _had_today(tx, workspace, readers, now)
    held: set[str] = set()
    for who, person in readers.items():
        found = over(waiting[who], [turn for turn, _ in had[who]], writes_plans=person.plans)
        if not found:
            continue
        day_ends = calendar.end_of(calendar.local_day(now, person.zone), person.zone)
        late = {one.message for one in waiting[who] if one.message in found and one.can_wait(day_ends)}
        goes = [one.message for one in sorted(waiting[who], key=lambda one: one.turn) if one.message not in found]
        _set_aside(tx, workspace, late, found - late, under=[*(key for _, key in had[who]), *goes][-1])
        held |= found
    return held


def _set_aside(tx: Session, workspace: str, later: Collection[str], urgent: Collection[str], under: str) -> None:
    for keys, changes in ((later, {"state": State.FOLDED}), (urgent, {"kind": Kind.REPLY, "target": under})):
        if keys:
            mine = (_TABLE.c.workspace == workspace, _TABLE.c.key.in_(keys))
            tx.execute(update(_TABLE).where(*mine).values(changes))


def _people(tx: Session, workspace: str, waiting: Waiting) -> Sequence[Person]:
    table = TABLES[Person]
    return fetch(tx, Person, table.c.workspace == workspace, table.c.slack_id.in_(waiting))


def _had_today(
    tx: Session, workspace: str, readers: Mapping[str, Person], now: datetime
) -> Mapping[str, Sequence[tuple[Turn, str]]]:
    """What each got today that counts, oldest first: what it was, and its key."""
    rows = tx.execute(
        select(Outbox.recipient, Outbox.turn, Outbox.not_before, Outbox.key)
        .where(
            Outbox.workspace == workspace,
            Outbox.recipient.in_(readers),
            Outbox.turn != Turn.FREE,
            Outbox.kind == Kind.POST,
            Outbox.state.in_(_OUT),
            Outbox.not_before > now - _LONGEST_DAY,
        )
        .order_by(Outbox.not_before, Outbox.id)
    )
    found: dict[str, list[tuple[Turn, str]]] = defaultdict(list)
    for recipient, turn, at, key in rows:
        who = str(recipient)
        zone = readers[who].zone
        if calendar.local_day(at, zone) == calendar.local_day(now, zone):
            found[who].append((Turn(turn), key))
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
