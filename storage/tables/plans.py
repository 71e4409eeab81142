"""Plans, their items, revisions and redirects."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from rituals.plans import Answer, Outcome, PlanState
from storage.tables.base import Base, Row, UtcDateTime, Word


class Plans(Row):
    """`rituals.plans.Plan`. One per person and date: this key is what makes a second submission an edit."""

    __tablename__ = "plans"
    __table_args__ = (UniqueConstraint("person_id", "day"), UniqueConstraint("team_id", "day", "person_id"))

    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    team_id: Mapped[UUID] = mapped_column(ForeignKey("teams.id"))
    day: Mapped[date]
    state: Mapped[PlanState] = mapped_column(Word(PlanState))
    filed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    late: Mapped[bool]
    revision: Mapped[int]
    note: Mapped[str | None] = mapped_column(Text)
    note_shared: Mapped[bool]
    excuse: Mapped[str | None] = mapped_column(String(200))
    opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class PlanItems(Row):
    """`rituals.plans.Item`."""

    __tablename__ = "plan_items"

    plan_id: Mapped[UUID] = mapped_column(ForeignKey("plans.id"), index=True)
    position: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    kpi_id: Mapped[UUID | None] = mapped_column(ForeignKey("kpis.id"))
    guessed: Mapped[bool]
    why_no_kpi: Mapped[str | None] = mapped_column(Text)
    answer: Mapped[Answer] = mapped_column(Word(Answer))
    kept_because: Mapped[str | None] = mapped_column(Text)
    outcome: Mapped[Outcome] = mapped_column(Word(Outcome))
    dropped_because: Mapped[str | None] = mapped_column(Text)
    removed_in: Mapped[int | None]


class Questions(Row):
    """`rituals.questions.Question`."""

    __tablename__ = "questions"

    plan_id: Mapped[UUID] = mapped_column(ForeignKey("plans.id"), index=True)
    by_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    about: Mapped[str | None] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    answer: Mapped[str | None] = mapped_column(Text)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Drafts(Base):
    """What stood in a form about `subject`, a plan for one, before it was sent (F13)."""

    __tablename__ = "drafts"

    subject: Mapped[UUID] = mapped_column(primary_key=True)
    workspace: Mapped[str] = mapped_column(String(32))
    said: Mapped[dict[str, Any]] = mapped_column(JSON)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)


class PlanRevisions(Row):
    """What a plan said before an edit (F14)."""

    __tablename__ = "plan_revisions"
    __table_args__ = (UniqueConstraint("plan_id", "revision"),)

    plan_id: Mapped[UUID] = mapped_column(ForeignKey("plans.id"))
    revision: Mapped[int]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    said: Mapped[dict[str, Any]] = mapped_column(JSON)


class Redirects(Row):
    """`rituals.plans.Redirect`."""

    __tablename__ = "redirects"
    __table_args__ = (UniqueConstraint("item_id"),)

    item_id: Mapped[UUID] = mapped_column(ForeignKey("plan_items.id"))
    by_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    was: Mapped[str] = mapped_column(Text)
    was_kpi_id: Mapped[UUID | None] = mapped_column(ForeignKey("kpis.id"))
    instead: Mapped[str] = mapped_column(Text)
    why: Mapped[str] = mapped_column(Text)
    live: Mapped[bool]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    reply: Mapped[str | None] = mapped_column(String(16))
