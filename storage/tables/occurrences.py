"""The ledger of what was due."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base, Row, UtcDateTime


class Occurrences(Row):
    """`storage.occurrences.Occurrence`.

    No instant stands in the key: whoever flies from Berlin to New York cannot get the same day twice.
    """

    __tablename__ = "occurrences"
    __table_args__ = (
        UniqueConstraint("workspace", "ritual", "subject", "day", "slot"),
        Index(None, "state", "due_at", "id"),
        Index(None, "ritual", "day", "subject"),
    )

    ritual: Mapped[UUID]
    subject: Mapped[UUID]
    day: Mapped[date]
    slot: Mapped[str] = mapped_column(String(16))
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    zone: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str | None] = mapped_column(String(200))


class Pulses(Base):
    """When a workspace's schedule was last looked at, and when it last was not."""

    __tablename__ = "pulses"

    workspace: Mapped[str] = mapped_column(String(32), primary_key=True)
    beat_at: Mapped[datetime] = mapped_column(UtcDateTime)
    down_from: Mapped[datetime | None] = mapped_column(UtcDateTime)
    down_to: Mapped[datetime | None] = mapped_column(UtcDateTime)
