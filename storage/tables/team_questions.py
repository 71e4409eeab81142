"""What teams ask beyond the plan, and what was answered."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from rituals.team_questions import Kind
from storage.tables.base import Base, Row, UtcDateTime, Word


class TeamQuestions(Row):
    """`rituals.team_questions.TeamQuestion`."""

    __tablename__ = "team_questions"

    team_id: Mapped[UUID] = mapped_column(ForeignKey("teams.id"), index=True)
    kind: Mapped[Kind] = mapped_column(Word(Kind))
    position: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    required: Mapped[bool]
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class PlanAnswers(Row):
    """`rituals.team_questions.PlanAnswer`."""

    __tablename__ = "plan_answers"
    __table_args__ = (UniqueConstraint("plan_id", "question_id"),)

    plan_id: Mapped[UUID] = mapped_column(ForeignKey("plans.id"))
    question_id: Mapped[UUID] = mapped_column(ForeignKey("team_questions.id"))
    text: Mapped[str] = mapped_column(Text)


class Moods(Base):
    """How many of a team felt how on a date. See `storage.moods` for why there is nothing else in a row (F118)."""

    __tablename__ = "moods"

    team_id: Mapped[UUID] = mapped_column(ForeignKey("teams.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    mood: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    workspace: Mapped[str] = mapped_column(String(32))
    answers: Mapped[int]
