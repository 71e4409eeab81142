"""Objectives, functions, KPIs, their terms and changes, the values filed, shares and links."""

from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text, true
from sqlalchemy.orm import Mapped, mapped_column

from rituals.kpis import Bands, Direction, Pace, Paid, Source
from rituals.kpis_changes import State
from rituals.kpis_periods import Span
from storage.tables.base import Exact, Row, UtcDateTime, Word


class Objectives(Row):
    """`rituals.kpis.Objective`."""

    __tablename__ = "objectives"
    __table_args__ = (UniqueConstraint("workspace", "name"),)

    name: Mapped[str] = mapped_column(String(75))
    closed_on: Mapped[date | None]


class Functions(Row):
    """`rituals.kpis.Function`."""

    __tablename__ = "functions"
    __table_args__ = (UniqueConstraint("workspace", "name"),)

    name: Mapped[str] = mapped_column(String(75))
    head_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    closed_on: Mapped[date | None]


class Kpis(Row):
    """`rituals.kpis.Kpi`. Two that are not retired never share a team and a name."""

    __tablename__ = "kpis"
    __table_args__ = (
        UniqueConstraint("workspace", "number"),
        Index(None, "objective_id", "function_id"),
    )
    leaving: ClassVar[frozenset[str]] = frozenset({"direction", "target", "value"})
    """What the build before this one still reads; a release later these columns go."""

    number: Mapped[int]
    objective_id: Mapped[UUID] = mapped_column(ForeignKey("objectives.id"))
    function_id: Mapped[UUID] = mapped_column(ForeignKey("functions.id"))
    team_id: Mapped[UUID | None] = mapped_column(ForeignKey("teams.id"), index=True)
    owner_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"), index=True)
    name: Mapped[str] = mapped_column(String(75))
    unit: Mapped[str] = mapped_column(String(16))
    cadence: Mapped[Span] = mapped_column(Word(Span))
    definition: Mapped[str] = mapped_column(Text)
    retired_on: Mapped[date | None]
    controllable: Mapped[bool] = mapped_column(server_default=true())
    direction: Mapped[Direction] = mapped_column(Word(Direction), server_default=Direction.HIGHER)
    target: Mapped[Decimal] = mapped_column(Exact, server_default="1")
    value: Mapped[Decimal | None] = mapped_column(Exact)


class KpiTerms(Row):
    """`rituals.kpis.Terms`. A row is written once; only `effective_from` is filled in by an approval."""

    __tablename__ = "kpi_terms"
    __table_args__ = (UniqueConstraint("kpi_id", "version"),)

    kpi_id: Mapped[UUID] = mapped_column(ForeignKey("kpis.id"))
    version: Mapped[int]
    effective_from: Mapped[date | None]
    target: Mapped[Decimal] = mapped_column(Exact)
    direction: Mapped[Direction] = mapped_column(Word(Direction))
    bands: Mapped[Bands] = mapped_column(Word(Bands))
    yellow_from: Mapped[Decimal] = mapped_column(Exact)
    yellow_until: Mapped[Decimal] = mapped_column(Exact)
    pace: Mapped[Pace] = mapped_column(Word(Pace))
    goal: Mapped[Span] = mapped_column(Word(Span))
    profile: Mapped[str] = mapped_column(String(200))


class KpiChanges(Row):
    """`rituals.kpis_changes.Change`. At most one of a KPI waits for an answer."""

    __tablename__ = "kpi_changes"
    __table_args__ = (
        Index(
            "uq_kpi_changes_open",
            "kpi_id",
            unique=True,
            sqlite_where=text("state = 'proposed'"),
            postgresql_where=text("state = 'proposed'"),
        ),
        Index(None, "kpi_id", "proposed_at"),
    )

    kpi_id: Mapped[UUID] = mapped_column(ForeignKey("kpis.id"))
    before_id: Mapped[UUID] = mapped_column(ForeignKey("kpi_terms.id"))
    after_id: Mapped[UUID] = mapped_column(ForeignKey("kpi_terms.id"))
    reason: Mapped[str] = mapped_column(Text)
    proposed_by_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[State] = mapped_column(Word(State))
    approver_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    decided_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answer: Mapped[str | None] = mapped_column(Text)


class KpiValues(Row):
    """`rituals.kpis.Filed`. Never changed: a correction is the next revision of its period."""

    __tablename__ = "kpi_values"
    __table_args__ = (UniqueConstraint("kpi_id", "period", "revision"),)

    kpi_id: Mapped[UUID] = mapped_column(ForeignKey("kpis.id"))
    period: Mapped[date]
    revision: Mapped[int]
    value: Mapped[Decimal | None] = mapped_column(Exact)
    as_of: Mapped[date]
    by_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    source: Mapped[Source] = mapped_column(Word(Source))
    note: Mapped[str | None] = mapped_column(Text)


class KpiShares(Row):
    """`rituals.kpis.Share`."""

    __tablename__ = "kpi_shares"
    __table_args__ = (UniqueConstraint("kpi_id", "person_id"), Index(None, "person_id"))

    kpi_id: Mapped[UUID] = mapped_column(ForeignKey("kpis.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    percent: Mapped[Decimal] = mapped_column(Exact)
    paid: Mapped[Paid] = mapped_column(Word(Paid))
    ended_on: Mapped[date | None]


class KpiLinks(Row):
    """`rituals.kpis.Link`."""

    __tablename__ = "kpi_links"
    __table_args__ = (UniqueConstraint("leading_id", "lagging_id"), Index(None, "lagging_id"))

    leading_id: Mapped[UUID] = mapped_column(ForeignKey("kpis.id"))
    lagging_id: Mapped[UUID] = mapped_column(ForeignKey("kpis.id"))
