"""Blockers, and the counters behind the numbers that people see."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from rituals.blockers import BlockerState, Said
from storage.tables.base import Base, Row, UtcDateTime, Word


class Blockers(Row):
    """`rituals.blockers.Blocker`. At most one per plan: sending a huddle again edits it (F25).

    What came later points to people, teams and KPIs without foreign keys: SQLite could add those only by copying.
    """

    __tablename__ = "blockers"
    __table_args__ = (
        UniqueConstraint("workspace", "number"),
        UniqueConstraint("plan_id"),
        Index(None, "reporter_id", "state"),
        Index(None, "owner_id", "state"),
        Index(None, "workspace", "state", "level", "opened_at"),
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
    owner_id: Mapped[UUID | None]
    due_on: Mapped[date | None]
    kpi_id: Mapped[UUID | None] = mapped_column(index=True)
    tags: Mapped[str] = mapped_column(String(200), server_default="")
    needs_team_id: Mapped[UUID | None]
    link: Mapped[str | None] = mapped_column(String(500))
    acked_by_id: Mapped[UUID | None]
    acked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    moved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    snoozed_by_id: Mapped[UUID | None]
    snoozed_until: Mapped[date | None]
    snooze_reason: Mapped[str | None] = mapped_column(Text)
    climb: Mapped[int] = mapped_column(server_default="1")
    level: Mapped[int] = mapped_column(server_default="0")
    waiting_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    warned_id: Mapped[UUID | None]
    warned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ask: Mapped[str | None] = mapped_column(Text)
    ask_by_id: Mapped[UUID | None]
    worth: Mapped[str | None] = mapped_column(Text)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_by_id: Mapped[UUID | None]
    closing: Mapped[str | None] = mapped_column(Text)
    merged_into_id: Mapped[UUID | None] = mapped_column(index=True)
    decision_id: Mapped[UUID | None]
    version: Mapped[int] = mapped_column(server_default="0")


class Escalations(Row):
    """`rituals.blockers.Escalation`."""

    __tablename__ = "escalations"
    __table_args__ = (Index(None, "workspace", "at"),)

    blocker_id: Mapped[UUID] = mapped_column(ForeignKey("blockers.id"))
    by_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    to_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class BlockerUpdates(Row):
    """`rituals.blockers.Update`."""

    __tablename__ = "blocker_updates"
    __table_args__ = (Index(None, "blocker_id", "at"),)

    blocker_id: Mapped[UUID] = mapped_column(ForeignKey("blockers.id"))
    by_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    kind: Mapped[Said] = mapped_column(Word(Said))
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class BlockerSteps(Base):
    """`storage.ladders.Standing`: what the planner found out about a live blocker, and when it looks again.

    No audited value: all of it follows from the blocker, the people and their calendars.
    """

    __tablename__ = "blocker_steps"
    __table_args__ = (Index(None, "again_at"),)

    blocker_id: Mapped[UUID] = mapped_column(ForeignKey("blockers.id"), primary_key=True)
    workspace: Mapped[str] = mapped_column(String(32))
    again_at: Mapped[datetime] = mapped_column(UtcDateTime)
    occurrence_id: Mapped[UUID | None]
    step: Mapped[str | None] = mapped_column(String(16))
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    holder_id: Mapped[UUID | None] = mapped_column(index=True)
    climbs_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    climbs_to_id: Mapped[UUID | None]


class Counters(Base):
    """The last number given out in a workspace, by the letter in front of it."""

    __tablename__ = "counters"

    workspace: Mapped[str] = mapped_column(String(32), primary_key=True)
    letter: Mapped[str] = mapped_column(String(1), primary_key=True)
    last: Mapped[int]
