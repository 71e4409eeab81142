"""Weeklies, the meetings held, what was collected for them and what they decided; themes."""

from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from rituals.meetings import Kind
from rituals.themes import ThemeState
from storage.tables.base import Base, Row, UtcDateTime, Word


class Weeklies(Row):
    """`rituals.weekly.Weekly`."""

    __tablename__ = "weeklies"
    __table_args__ = (UniqueConstraint("team_id"),)

    team_id: Mapped[UUID] = mapped_column(ForeignKey("teams.id"))
    asks_on: Mapped[int]
    asks_at: Mapped[time]
    closes_at: Mapped[time]
    meets_on: Mapped[int]
    meets_at: Mapped[time]
    minutes: Mapped[int]
    question: Mapped[str] = mapped_column(Text)
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    paused: Mapped[bool]
    version: Mapped[int]


class WeeklyPlans(Base):
    """When the planner must look at a weekly again: now and then, and at once after a change."""

    __tablename__ = "weekly_plans"

    weekly_id: Mapped[UUID] = mapped_column(ForeignKey("weeklies.id"), primary_key=True)
    workspace: Mapped[str] = mapped_column(String(32))
    again_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class Meetings(Row):
    """`rituals.meetings.Meeting`. One a weekly and date, whoever opens it first."""

    __tablename__ = "meetings"
    __table_args__ = (UniqueConstraint("weekly_id", "day"), Index(None, "team_id", "day"))

    weekly_id: Mapped[UUID] = mapped_column(ForeignKey("weeklies.id"))
    team_id: Mapped[UUID] = mapped_column(ForeignKey("teams.id"))
    day: Mapped[date]
    lead_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    minutes: Mapped[int | None]
    made_none: Mapped[bool]
    needed_none: Mapped[bool]


class MeetingInputs(Row):
    """`rituals.meetings.Input`. One a person: sending the form again changes it."""

    __tablename__ = "meeting_inputs"
    __table_args__ = (UniqueConstraint("meeting_id", "person_id"),)

    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("meetings.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class MeetingOffTrack(Row):
    """`rituals.meetings.OffTrack`. One a KPI."""

    __tablename__ = "meeting_off_track"
    __table_args__ = (UniqueConstraint("meeting_id", "kpi_id"),)

    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("meetings.id"))
    kpi_id: Mapped[UUID] = mapped_column(ForeignKey("kpis.id"))
    by_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    why: Mapped[str] = mapped_column(Text)
    next_week: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class MeetingLines(Row):
    """`rituals.meetings.Line`."""

    __tablename__ = "meeting_lines"

    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("meetings.id"), index=True)
    kind: Mapped[Kind] = mapped_column(Word(Kind))
    text: Mapped[str] = mapped_column(Text)
    owner_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    by_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    memo_id: Mapped[UUID | None]


class Themes(Row):
    """`rituals.themes.Theme`."""

    __tablename__ = "themes"
    __table_args__ = (Index(None, "team_id", "state"),)

    team_id: Mapped[UUID] = mapped_column(ForeignKey("teams.id"))
    root_id: Mapped[UUID]
    name: Mapped[str] = mapped_column(String(75))
    day: Mapped[date]
    state: Mapped[ThemeState] = mapped_column(Word(ThemeState))
    decided_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    flow: Mapped[str | None] = mapped_column(String(75))


class ThemeBlockers(Row):
    """`rituals.themes.Grouped`."""

    __tablename__ = "theme_blockers"
    __table_args__ = (UniqueConstraint("theme_id", "blocker_id"), Index(None, "blocker_id"))

    theme_id: Mapped[UUID] = mapped_column(ForeignKey("themes.id"))
    blocker_id: Mapped[UUID] = mapped_column(ForeignKey("blockers.id"))
