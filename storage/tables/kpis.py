"""KPIs."""

from decimal import Decimal
from uuid import UUID

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from rituals.kpis import Direction
from storage.tables.base import Exact, Row, Word


class Kpis(Row):
    """`rituals.kpis.Kpi`."""

    __tablename__ = "kpis"
    __table_args__ = (UniqueConstraint("workspace", "team_id", "name"),)

    team_id: Mapped[UUID | None] = mapped_column(ForeignKey("teams.id"), index=True)
    name: Mapped[str] = mapped_column(String(75))
    unit: Mapped[str] = mapped_column(String(16))
    direction: Mapped[Direction] = mapped_column(Word(Direction))
    target: Mapped[Decimal] = mapped_column(Exact)
    value: Mapped[Decimal | None] = mapped_column(Exact)
