"""Decisions, their readers, whom they affect, named limits, and the change log."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from rituals.decisions import Held, Lane, Outcome, State
from rituals.decisions_readers import Response
from storage.tables.base import Row, UtcDateTime, Word


class Guardrails(Row):
    """`rituals.decisions_lanes.Guardrail`."""

    __tablename__ = "guardrails"
    __table_args__ = (UniqueConstraint("workspace", "name"),)

    name: Mapped[str] = mapped_column(String(75))
    limit: Mapped[str] = mapped_column(Text)
    owner_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    closed_on: Mapped[date | None]


class Decisions(Row):
    """`rituals.decisions.Decision`."""

    __tablename__ = "decisions"
    __table_args__ = (
        UniqueConstraint("workspace", "number"),
        Index(None, "workspace", "state", "captured_at"),
    )

    number: Mapped[int]
    author_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), index=True)
    owner_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), index=True)
    state: Mapped[State] = mapped_column(Word(State))
    title: Mapped[str] = mapped_column(String(200))
    captured_at: Mapped[datetime] = mapped_column(UtcDateTime)
    clock_from: Mapped[datetime] = mapped_column(UtcDateTime)
    context: Mapped[str] = mapped_column(Text)
    options: Mapped[str] = mapped_column(Text)
    chosen: Mapped[str] = mapped_column(Text)
    because: Mapped[str] = mapped_column(Text)
    consequences: Mapped[str] = mapped_column(Text)
    will_not: Mapped[str] = mapped_column(Text)
    capability: Mapped[str] = mapped_column(String(75), server_default="")
    held: Mapped[Held | None] = mapped_column(Word(Held))
    lane: Mapped[Lane | None] = mapped_column(Word(Lane))
    guardrail_id: Mapped[UUID | None] = mapped_column(ForeignKey("guardrails.id"), index=True)
    approver_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"), index=True)
    owner_named_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decide_by: Mapped[date | None]
    review_on: Mapped[date | None]
    restricted: Mapped[bool]
    source: Mapped[str | None] = mapped_column(Text)
    blocker_id: Mapped[UUID | None] = mapped_column(ForeignKey("blockers.id"), index=True)
    kpi_id: Mapped[UUID | None] = mapped_column(ForeignKey("kpis.id"), index=True)
    revives_id: Mapped[UUID | None] = mapped_column(ForeignKey("decisions.id"))
    supersedes_id: Mapped[UUID | None] = mapped_column(ForeignKey("decisions.id"), index=True)
    superseded_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("decisions.id"))
    proposed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    settled_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    returned_because: Mapped[str | None] = mapped_column(Text)
    killed_because: Mapped[str | None] = mapped_column(Text)
    outcome: Mapped[Outcome | None] = mapped_column(Word(Outcome))
    learned: Mapped[str | None] = mapped_column(Text)
    reviewed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int]


class DecisionReaders(Row):
    """`rituals.decisions_readers.Reader`. One a person, whose answer may change."""

    __tablename__ = "decision_readers"
    __table_args__ = (
        UniqueConstraint("decision_id", "person_id"),
        Index(None, "person_id", "answered_at"),
    )

    decision_id: Mapped[UUID] = mapped_column(ForeignKey("decisions.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    due_on: Mapped[date | None]
    response: Mapped[Response | None] = mapped_column(Word(Response))
    words: Mapped[str | None] = mapped_column(Text)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reply: Mapped[str | None] = mapped_column(Text)
    replied_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))


class DecisionEffects(Row):
    """`rituals.decisions_readers.Effect`: a team or a function, never both."""

    __tablename__ = "decision_effects"
    __table_args__ = (
        UniqueConstraint("decision_id", "team_id"),
        UniqueConstraint("decision_id", "function_id"),
        Index(None, "workspace", "told_at"),
    )

    decision_id: Mapped[UUID] = mapped_column(ForeignKey("decisions.id"))
    team_id: Mapped[UUID | None] = mapped_column(ForeignKey("teams.id"))
    function_id: Mapped[UUID | None] = mapped_column(ForeignKey("functions.id"))
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class DecisionLog(Row):
    """`storage.decisions.Entry`: what was done to a decision. The database refuses to change a row (migration 0013)."""

    __tablename__ = "decision_log"
    __table_args__ = (Index(None, "decision_id", "id"),)

    decision_id: Mapped[UUID] = mapped_column(ForeignKey("decisions.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    act: Mapped[str] = mapped_column(String(16))
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    approver_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    reason: Mapped[str | None] = mapped_column(Text)
