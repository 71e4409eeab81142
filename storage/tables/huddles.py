"""Huddles and the manager's cards that they post."""

from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from rituals.owed import Why
from storage.tables.base import Base, Row, UtcDateTime, Word


class Huddles(Row):
    """`rituals.huddle.Huddle`."""

    __tablename__ = "huddles"
    __table_args__ = (UniqueConstraint("team_id"),)

    team_id: Mapped[UUID] = mapped_column(ForeignKey("teams.id"))
    weekdays: Mapped[str] = mapped_column(String(7))
    asks_at: Mapped[time]
    reminds_at: Mapped[time]
    closes_at: Mapped[time]
    card_at: Mapped[time]
    meets_at: Mapped[time]
    posts_at: Mapped[time]
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    paused: Mapped[bool]
    lead_minutes: Mapped[int]


class HuddlePlans(Base):
    """When the planner must look at a huddle again: now and then, and at once after a change.

    `cursor` is the last person it has planned, while it works its way through a large team.
    """

    __tablename__ = "huddle_plans"

    huddle_id: Mapped[UUID] = mapped_column(ForeignKey("huddles.id"), primary_key=True)
    workspace: Mapped[str] = mapped_column(String(32))
    again_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    cursor: Mapped[UUID | None]


class Runs(Row):
    """`storage.runs.Run`: a huddle that is being held, with its sheet and clock."""

    __tablename__ = "huddle_runs"
    __table_args__ = (UniqueConstraint("team_id", "day"), Index(None, "ended_at", "drawn_at"))

    team_id: Mapped[UUID] = mapped_column(ForeignKey("teams.id"))
    day: Mapped[date]
    by_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    drawn_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Cards(Row):
    """`storage.huddles.Card`: that a message shows a team's date, and is edited in place while answers arrive."""

    __tablename__ = "cards"
    __table_args__ = (Index(None, "team_id", "day"), Index("ix_cards_stale", "stale_since"))

    team_id: Mapped[UUID] = mapped_column(ForeignKey("teams.id"))
    day: Mapped[date]
    reader_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    page: Mapped[int]
    composed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    stale_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    response_url: Mapped[str | None] = mapped_column(String(500))
    response_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    shown_in: Mapped[str | None] = mapped_column(String(200))


class GoodWeeks(Row):
    """`rituals.good_week.GoodWeek`."""

    __tablename__ = "good_weeks"
    __table_args__ = (UniqueConstraint("person_id", "day"), Index(None, "team_id", "day"))

    team_id: Mapped[UUID] = mapped_column(ForeignKey("teams.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    day: Mapped[date]
    good: Mapped[bool | None]
    words: Mapped[str | None] = mapped_column(Text)
    said_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class OwedAnswers(Row):
    """`rituals.owed.Owed`. The key is what keeps a plan from being named twice for one reason."""

    __tablename__ = "owed_answers"
    __table_args__ = (UniqueConstraint("plan_id", "why"), Index(None, "team_id", "day"))

    team_id: Mapped[UUID] = mapped_column(ForeignKey("teams.id"))
    day: Mapped[date]
    plan_id: Mapped[UUID] = mapped_column(ForeignKey("plans.id"))
    reader_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    why: Mapped[Why] = mapped_column(Word(Why))
