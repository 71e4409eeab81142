"""What must be said: enqueue, edit, withdraw.

A row is written in the transaction that decided it, and `bot.delivery`, the only sender, takes it from here. The key
is derived from what the message is about, so asking twice sends once. An edit has one row per edited message: a newer
body replaces an older one that is still waiting.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, case, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from rituals.budget import Turn
from storage.tables import Outbox
from storage.values import add_new

_TABLE = Outbox.metadata.tables["outbox"]


class State(StrEnum):
    """ready → sending → sent; `unknown` when nobody can tell whether Slack took it.

    `folded` was more than its reader's day allows: a later message names it, and a press sends it. `skipped` is what
    belongs to a message that never went out, or a file that there is no right to send: `last_error` says so.
    """

    READY = "ready"
    SENDING = "sending"
    SENT = "sent"
    UNKNOWN = "unknown"
    DEAD = "dead"
    EXPIRED = "expired"
    SKIPPED = "skipped"
    FOLDED = "folded"


WITHDRAWN = "withdrawn"
"""Why a message is not sent that was taken back: what it asks is answered elsewhere."""


class Kind(StrEnum):
    """A new message, a reply in a message's thread, an edit of a message, or files in a message's thread."""

    POST = "post"
    REPLY = "reply"
    EDIT = "edit"
    FILE = "file"


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
    """Something to say. `body` is Slack's arguments: text, blocks and the like; `turn` its place in the budget."""

    id: UUID
    workspace: str
    key: str
    policy: Policy
    rank: Rank
    body: Mapping[str, Any]
    not_before: datetime
    expires_at: datetime | None = None
    turn: Turn = Turn.FREE


def post(tx: Session, message: Message, channel: str) -> bool:
    """Have a new message sent to a channel or person; False when its key was used before."""
    return _put(tx, message, Kind.POST, channel=channel)


def reply(tx: Session, message: Message, target: str) -> bool:
    """Have a message sent into the thread of the message with key `target`, after that one is out."""
    return _put(tx, message, Kind.REPLY, target=target)


def attach(tx: Session, files: Collection[tuple[Message, str]]) -> None:
    """Have files sent, each into the thread of the message with that key, after that one is out; with one statement.

    No bytes are kept: `body["file"]` names what makes them when they are sent, and the rest of it is for that maker.
    """
    _put_many(tx, Kind.FILE, files)


def reply_many(tx: Session, replies: Collection[tuple[Message, str]]) -> None:
    """Have messages sent, each into the thread of the message with that key; with one statement."""
    _put_many(tx, Kind.REPLY, replies)


def _put_many(tx: Session, kind: Kind, messages: Collection[tuple[Message, str]]) -> None:
    """Each goes with its channel or person, or with the key of the message that it stands below."""
    where = "recipient" if kind is Kind.POST else "target"
    rows = [_row(message, kind) | {"recipient": None, "target": None, where: place} for message, place in messages]
    add_new(tx, _TABLE, rows)


def _put(tx: Session, message: Message, kind: Kind, *, channel: str | None = None, target: str | None = None) -> bool:
    row = _row(message, kind) | {"recipient": channel, "target": target}
    statement = _unless_used(tx.get_bind().dialect.name).returning(_TABLE.c.id)
    return tx.execute(statement, row).scalar_one_or_none() is not None


@cache
def _insert(dialect: str) -> Any:
    return (sqlite if dialect == "sqlite" else postgresql).insert(_TABLE)


@cache
def _unless_used(dialect: str) -> Any:
    return _insert(dialect).on_conflict_do_nothing()


def post_many(tx: Session, messages: Collection[tuple[Message, str]]) -> None:
    """Have new messages sent, each to its own channel or person, with one statement; used keys are skipped."""
    _put_many(tx, Kind.POST, messages)


@dataclass(frozen=True, slots=True)
class Place:
    """A message that is out already, known by where it stands in Slack."""

    channel: str
    ts: str

    @property
    def mark(self) -> str:
        """Both in one word, for a form to carry."""
        return f"{self.channel}:{self.ts}"


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
    place = (
        {"recipient": target.channel, "ts": target.ts, "target": None}
        if isinstance(target, Place)
        else {"recipient": None, "ts": None, "target": target}
    )
    row = _row(message, Kind.EDIT) | place | {"response_url": response_url, "response_until": response_until}
    tx.execute(_edit(tx.get_bind().dialect.name, tuple(row)), row)


@cache
def _edit(dialect: str, names: Sequence[str]) -> Any:
    statement = _insert(dialect)
    fresh = {name: statement.excluded[name] for name in names if name not in {"id", "workspace", "key", "kind"}}
    # On the wire already: its sender will find the newer body when it is done, so that the two can't overtake.
    fresh["state"] = case((_TABLE.c.state == State.SENDING, State.SENDING.value), else_=State.READY.value)
    fresh["revision"] = _TABLE.c.revision + 1
    return statement.on_conflict_do_update(index_elements=["workspace", "key"], set_=fresh)


def _row(message: Message, kind: Kind) -> dict[str, Any]:
    return {
        "id": message.id,
        "workspace": message.workspace,
        "key": message.key,
        "kind": kind.value,
        "policy": message.policy.value,
        "rank": int(message.rank),
        "turn": int(message.turn),
        "body": dict(message.body),
        "state": State.READY.value,
        "not_before": message.not_before,
        "expires_at": message.expires_at,
        "attempt": 0,
        "looks": 0,
        "revision": 0,
        "plain": False,
    }


_MINE = (_TABLE.c.workspace == bindparam("its_workspace"), _TABLE.c.key == bindparam("its_key"))
_WITHDRAW = (
    update(_TABLE)
    .where(*_MINE, _TABLE.c.state.in_((State.READY, State.FOLDED)))
    .values(state=State.EXPIRED, last_error=WITHDRAWN)
    .returning(_TABLE.c.id)
)


def withdraw(tx: Session, workspace: str, key: str) -> bool:
    """Take back a message that is not on the wire yet: what it asks is answered; False when it was no longer ready."""
    return tx.execute(_WITHDRAW, {"its_workspace": workspace, "its_key": key}).first() is not None


@dataclass(frozen=True, slots=True)
class Standing:
    """How a message stands; it has a place once it is sent."""

    state: str
    place: Place | None


_STANDING = select(_TABLE.c.key, _TABLE.c.state, _TABLE.c.channel, _TABLE.c.ts).where(
    _TABLE.c.workspace == bindparam("workspace"), _TABLE.c.key.in_(bindparam("keys", expanding=True))
)


def standing(tx: Session, workspace: str, keys: Iterable[str]) -> Mapping[str, Standing]:
    """How these messages stand, by key; one that was never asked for is not there."""
    rows = tx.execute(_STANDING, {"workspace": workspace, "keys": list(keys)})
    return {
        key: Standing(state, Place(channel, ts) if state == State.SENT and channel and ts else None)
        for key, state, channel, ts in rows
    }


def withdraw_all(tx: Session, workspace: str, recipient: str) -> None:
    """Take back every message to a person that is not on the wire yet: they have left."""
    unsent = Outbox.state.in_((State.READY, State.FOLDED))
    waiting = (Outbox.workspace == workspace, Outbox.recipient == recipient, unsent)
    tx.execute(update(Outbox).where(*waiting).values(state=State.EXPIRED, last_error="withdrawn"))


def place_of(tx: Session, workspace: str, key: str) -> Place | None:
    """Where a sent message stands; None while it is not out."""
    found = standing(tx, workspace, [key]).get(key)
    return None if found is None else found.place


def state_of(tx: Session, workspace: str, key: str) -> str | None:
    """The state of a message by its key; None when it was never asked for."""
    found = standing(tx, workspace, [key]).get(key)
    return None if found is None else found.state


def shown(tx: Session, workspace: str, key: str, edit: str) -> Mapping[str, Any] | None:
    """What the message `key` shows, or will once what is under way has arrived; `edit` is the key of its edits."""
    rows = tx.execute(select(Outbox.key, Outbox.body).where(Outbox.workspace == workspace, Outbox.key.in_([key, edit])))
    bodies: dict[str, Mapping[str, Any]] = {row.key: row.body for row in rows}
    return bodies.get(edit, bodies.get(key))
