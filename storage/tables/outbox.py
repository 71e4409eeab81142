"""What must be said to somebody who is not waiting for it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from rituals.budget import Turn
from storage.tables.base import Base, Row, UtcDateTime


class Outbox(Row):
    """One message or one edit. `key` is derived from what it is about, so asking twice sends once.

    `recipient` is where to send: a channel, or a person's Slack id, which opens their DM. `channel` and `ts` are
    where Slack put it. `target` is the key of the message that this one edits or replies to. `looks` counts how often
    an uncertain message was looked for, `revision` how often an edit got a newer body. `plain` says that its blocks
    were refused and only its text goes; `turn` is its place in its reader's message budget. `file_id` is what Slack
    called a file, written before the file is shared.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("workspace", "key"),
        Index("ix_outbox_ready", "workspace", "state", "not_before"),
        Index("ix_outbox_leases", "state", "lease_until"),
        Index("ix_outbox_recipient", "workspace", "recipient", "not_before"),
    )

    key: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(16))
    policy: Mapped[str] = mapped_column(String(16))
    rank: Mapped[int]
    turn: Mapped[int] = mapped_column(server_default=str(int(Turn.FREE)))
    recipient: Mapped[str | None] = mapped_column(String(32))
    target: Mapped[str | None] = mapped_column(String(200))
    channel: Mapped[str | None] = mapped_column(String(32))
    ts: Mapped[str | None] = mapped_column(String(32))
    file_id: Mapped[str | None] = mapped_column(String(32))
    response_url: Mapped[str | None] = mapped_column(String(500))
    response_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
    plain: Mapped[bool]
    state: Mapped[str] = mapped_column(String(16))
    not_before: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    lease_token: Mapped[UUID | None]
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    attempt: Mapped[int]
    looks: Mapped[int]
    revision: Mapped[int]
    last_error: Mapped[str | None] = mapped_column(Text)


class Recipients(Base):
    """What is known of somebody's DM: its channel since it was first used, and why they can't be reached, if so."""

    __tablename__ = "recipients"

    workspace: Mapped[str] = mapped_column(String(32), primary_key=True)
    slack_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    dm: Mapped[str | None] = mapped_column(String(32))
    unreachable: Mapped[str | None] = mapped_column(String(80))


class Holds(Base):
    """A workspace that nothing is sent to until an instant of machine time, and why."""

    __tablename__ = "holds"

    workspace: Mapped[str] = mapped_column(String(32), primary_key=True)
    until: Mapped[datetime] = mapped_column(UtcDateTime)
    why: Mapped[str] = mapped_column(String(80))


class Paces(Base):
    """How fast a method of a workspace may be called, as learnt: shared, because one 429 concerns every process."""

    __tablename__ = "paces"

    workspace: Mapped[str] = mapped_column(String(32), primary_key=True)
    method: Mapped[str] = mapped_column(String(64), primary_key=True)
    rate: Mapped[float]
    ceiling: Mapped[float | None]
    refused_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    held_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    passed: Mapped[int]
    settled: Mapped[bool]
