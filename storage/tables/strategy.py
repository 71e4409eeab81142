"""The strategy, and whose week its choices change."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Row, UtcDateTime


class Strategies(Row):
    """`rituals.strategy.Strategy`. Every edition stays."""

    __tablename__ = "strategies"
    __table_args__ = (UniqueConstraint("workspace", "version"),)

    version: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    choices: Mapped[str] = mapped_column(Text)
    by_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)


class StrategyMarks(Row):
    """`rituals.strategy.Mark`. One a person and edition."""

    __tablename__ = "strategy_marks"
    __table_args__ = (UniqueConstraint("strategy_id", "person_id"),)

    strategy_id: Mapped[UUID] = mapped_column(ForeignKey("strategies.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    team_id: Mapped[UUID] = mapped_column(ForeignKey("teams.id"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    choice: Mapped[int | None]
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
