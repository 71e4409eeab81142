"""Actions: shared by the weekly and the monthly."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from rituals.actions import ActionState, Source
from storage.tables.base import Row, UtcDateTime, Word


class Actions(Row):
    """`rituals.actions.Action`. What `subject_id` points at depends on `source`, so no foreign key stands behind it."""

    __tablename__ = "actions"
    __table_args__ = (
        Index(None, "team_id", "state"),
        Index(None, "owner_id", "state"),
        Index(None, "subject_id"),
    )

    source: Mapped[Source] = mapped_column(Word(Source))
    subject_id: Mapped[UUID]
    team_id: Mapped[UUID | None] = mapped_column(ForeignKey("teams.id"))
    kpi_id: Mapped[UUID | None] = mapped_column(ForeignKey("kpis.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    owner_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    helper_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    due: Mapped[date]
    promised: Mapped[date]
    state: Mapped[ActionState] = mapped_column(Word(ActionState))
    obstacle: Mapped[str | None] = mapped_column(Text)
    by_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
