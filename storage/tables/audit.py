"""The record of every change."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, BigInteger, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base, UtcDateTime


class Audit(Base):
    """`storage.audit.Entry`. Append-only: triggers refuse the rest, and no foreign key takes a row along."""

    __tablename__ = "audit"
    __table_args__ = (
        Index(None, "workspace", "seq"),
        Index(None, "workspace", "actor_id", "at"),
        Index(None, "subject", "seq"),
        Index(None, "act"),
    )

    seq: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    workspace: Mapped[str] = mapped_column(String(32))
    act: Mapped[UUID]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor_id: Mapped[UUID | None]
    via: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(32))
    subject: Mapped[UUID]
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
