"""Blockers, and the counters behind the numbers that people see."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from rituals.blockers import BlockerState
from storage.tables.base import Base, Row, UtcDateTime, Word


class Blockers(Row):
    """`rituals.blockers.Blocker`. At most one per plan: sending a huddle again edits it (F25)."""

    __tablename__ = "blockers"
    __table_args__ = (
        UniqueConstraint("workspace", "number"),
        UniqueConstraint("plan_id"),
        Index(None, "reporter_id", "state"),
    )

    number: Mapped[int]
    reporter_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    plan_id: Mapped[UUID | None] = mapped_column(ForeignKey("plans.id"))
    text: Mapped[str] = mapped_column(Text)
    needs: Mapped[str | None] = mapped_column(String(200))
    impact: Mapped[str | None] = mapped_column(String(200))
    state: Mapped[BlockerState] = mapped_column(Word(BlockerState))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    opened_on: Mapped[date]
    restated: Mapped[int]


class Counters(Base):
    """The last number given out in a workspace, by the letter in front of it."""

    __tablename__ = "counters"

    workspace: Mapped[str] = mapped_column(String(32), primary_key=True)
    letter: Mapped[str] = mapped_column(String(1), primary_key=True)
    last: Mapped[int]
