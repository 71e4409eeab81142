"""What must be said to somebody who is not waiting for it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Row, UtcDateTime


class Outbox(Row):
    """One message or one edit. `key` is derived from what it is about, so asking twice sends once.

    `target` is the key of the message that this one edits or replies to. `channel` is where to send (a person's
    Slack id opens their DM) until it is sent, and then where it went; `ts` is Slack's name for it there.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("workspace", "key"),
        Index(None, "state", "not_before"),
    )

    key: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(16))
    policy: Mapped[str] = mapped_column(String(16))
    rank: Mapped[int]
    target: Mapped[str | None] = mapped_column(String(200))
    channel: Mapped[str | None] = mapped_column(String(32))
    ts: Mapped[str | None] = mapped_column(String(32))
    response_url: Mapped[str | None] = mapped_column(String(500))
    response_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(16))
    not_before: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    lease_token: Mapped[UUID | None]
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    attempt: Mapped[int]
    last_error: Mapped[str | None] = mapped_column(Text)
