"""What must be said: enqueue, edit, withdraw.

A row is written in the transaction that decided it, and `bot.delivery`, the only sender, takes it from here. The key
is derived from what the message is about, so asking twice sends once. An edit has one row per edited message: a newer
body replaces an older one that is still waiting.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import case, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from storage.tables import Outbox

_TABLE = Outbox.metadata.tables["outbox"]


class State(StrEnum):
    """ready → sending → sent; `unknown` when nobody can tell whether Slack took it."""

    READY = "ready"
    SENDING = "sending"
    SENT = "sent"
    UNKNOWN = "unknown"
    DEAD = "dead"
    EXPIRED = "expired"


class Kind(StrEnum):
    """A new message, a reply in a message's thread, or an edit of a message."""

    POST = "post"
    REPLY = "reply"
    EDIT = "edit"


class Policy(StrEnum):
    """What to do when Slack's answer was lost: send again, let it be, or hold and tell somebody."""

    RESEND = "resend"
    DROP = "drop"
    HOLD = "hold"


class Rank(IntEnum):
    """Who goes first when much is ready: a reply to a person overtakes a fan-out."""

    REPLY = 0
    PROMPT = 1
    DIGEST = 2


@dataclass(frozen=True, slots=True)
class Message:
    """Something to say. `body` is Slack's arguments: text, blocks and the like."""

    id: UUID
    workspace: str
    key: str
    policy: Policy
    rank: Rank
    body: Mapping[str, Any]
    not_before: datetime
    expires_at: datetime | None = None


def post(tx: Session, message: Message, channel: str) -> bool:
    """Have a new message sent to a channel or person; False when its key was used before."""
    return _put(tx, message, Kind.POST, channel=channel)


def reply(tx: Session, message: Message, target: str) -> bool:
    """Have a message sent into the thread of the message with key `target`, after that one is out."""
    return _put(tx, message, Kind.REPLY, target=target)


def _put(tx: Session, message: Message, kind: Kind, *, channel: str | None = None, target: str | None = None) -> bool:
    dialect = sqlite if tx.get_bind().dialect.name == "sqlite" else postgresql
    row = _row(message, kind) | {"recipient": channel, "target": target}
    statement = dialect.insert(_TABLE).values(row).on_conflict_do_nothing().returning(_TABLE.c.id)
    return tx.execute(statement).scalar_one_or_none() is not None


def post_many(tx: Session, messages: Collection[tuple[Message, str]]) -> None:
    """Have new messages sent, each to its own channel or person, with one statement per 200; used keys are skipped."""
    dialect = sqlite if tx.get_bind().dialect.name == "sqlite" else postgresql
    rows = [_row(message, Kind.POST) | {"recipient": channel, "target": None} for message, channel in messages]
    for start in range(0, len(rows), 200):
        tx.execute(dialect.insert(_TABLE).values(rows[start : start + 200]).on_conflict_do_nothing())


@dataclass(frozen=True, slots=True)
class Place:
    """A message that is out already, known by where it stands in Slack."""

    channel: str
    ts: str


def edit(
    tx: Session,
    message: Message,
    target: str | Place,
    *,
    response_url: str | None = None,
    response_until: datetime | None = None,
) -> None:
    """Have the message `target` (its key or its place) shown as `message.body` from now on.

    `response_url` edits without Slack's quota for edits while it lives. A newer edit replaces one that waits; one
    that is on the wire is followed by the newer.
    """
    dialect = sqlite if tx.get_bind().dialect.name == "sqlite" else postgresql
    place = (
        {"recipient": target.channel, "ts": target.ts, "target": None}
        if isinstance(target, Place)
        else {"recipient": None, "ts": None, "target": target}
    )
    row = _row(message, Kind.EDIT) | place | {"response_url": response_url, "response_until": response_until}
    statement = dialect.insert(_TABLE).values(row)
    fresh = {name: statement.excluded[name] for name in row if name not in {"id", "workspace", "key", "kind"}}
    # On the wire already: its sender will find the newer body when it is done, so that the two can't overtake.
    fresh["state"] = case((_TABLE.c.state == State.SENDING, State.SENDING.value), else_=State.READY.value)
    fresh["revision"] = _TABLE.c.revision + 1
    tx.execute(statement.on_conflict_do_update(index_elements=["workspace", "key"], set_=fresh))


def _row(message: Message, kind: Kind) -> dict[str, Any]:
    return {
        "id": message.id,
        "workspace": message.workspace,
        "key": message.key,
        "kind": kind.value,
        "policy": message.policy.value,
        "rank": int(message.rank),
        "body": dict(message.body),
        "state": State.READY.value,
        "not_before": message.not_before,
        "expires_at": message.expires_at,
        "attempt": 0,
        "looks": 0,
        "revision": 0,
        "plain": False,
    }


def withdraw(tx: Session, workspace: str, key: str) -> None:
    """Take back a message that is not on the wire yet: what it asks is answered."""
    tx.execute(
        update(Outbox)
        .where(Outbox.workspace == workspace, Outbox.key == key, Outbox.state == State.READY)
        .values(state=State.EXPIRED, last_error="withdrawn")
    )


def withdraw_all(tx: Session, workspace: str, recipient: str) -> None:
    """Take back every message to a person that is not on the wire yet: they have left."""
    waiting = (Outbox.workspace == workspace, Outbox.recipient == recipient, Outbox.state == State.READY)
    tx.execute(update(Outbox).where(*waiting).values(state=State.EXPIRED, last_error="withdrawn"))


def place_of(tx: Session, workspace: str, key: str) -> Place | None:
    """Where a sent message stands; None while it is not out."""
    row = tx.execute(
        select(Outbox.channel, Outbox.ts).where(
            Outbox.workspace == workspace, Outbox.key == key, Outbox.state == State.SENT
        )
    ).one_or_none()
    return Place(row.channel, row.ts) if row is not None and row.channel and row.ts else None


def state_of(tx: Session, workspace: str, key: str) -> str | None:
    """The state of a message by its key; None when it was never asked for."""
    return tx.execute(select(Outbox.state).where(Outbox.workspace == workspace, Outbox.key == key)).scalar_one_or_none()


def shown(tx: Session, workspace: str, key: str, edit: str) -> Mapping[str, Any] | None:
    """What the message `key` shows, or will once what is under way has arrived; `edit` is the key of its edits."""
    rows = tx.execute(select(Outbox.key, Outbox.body).where(Outbox.workspace == workspace, Outbox.key.in_([key, edit])))
    bodies: dict[str, Mapping[str, Any]] = {row.key: row.body for row in rows}
    return bodies.get(edit, bodies.get(key))
