"""The month: reviews, explanations, digests."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from rituals.kpis import Colour
from rituals.stoplight import Answered
from rituals.triggers import Comparison, Started
from storage.tables.base import Base, Exact, Row, UtcDateTime, Word


class Reviews(Row):
    """`rituals.stoplight.Review`: one a KPI and month."""

    __tablename__ = "reviews"
    __table_args__ = (
        UniqueConstraint("kpi_id", "month"),
        Index(None, "workspace", "month", "leader_id", "colour"),
    )

    kpi_id: Mapped[UUID] = mapped_column(ForeignKey("kpis.id"))
    month: Mapped[date]
    colour: Mapped[Colour] = mapped_column(Word(Colour))
    behind: Mapped[Decimal | None] = mapped_column(Exact)
    leader_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    answer: Mapped[Answered] = mapped_column(Word(Answered))
    answered_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    climbed_to_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    climbed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Explanations(Row):
    """`rituals.stoplight.Explanation`: one a KPI and period."""

    __tablename__ = "explanations"
    __table_args__ = (UniqueConstraint("kpi_id", "period"),)

    kpi_id: Mapped[UUID] = mapped_column(ForeignKey("kpis.id"))
    period: Mapped[date]
    cause: Mapped[str] = mapped_column(Text)
    proposal: Mapped[str] = mapped_column(Text)
    help: Mapped[str] = mapped_column(Text)
    people: Mapped[str] = mapped_column(Text)
    money: Mapped[str] = mapped_column(Text)
    time: Mapped[str] = mapped_column(Text)
    by_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class Digests(Row):
    """`rituals.stoplight.Digest`: one a leader and month."""

    __tablename__ = "digests"
    __table_args__ = (UniqueConstraint("leader_id", "month"),)

    month: Mapped[date]
    leader_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    guardrails: Mapped[str] = mapped_column(Text)


class MonthPlans(Base):
    """When the planner must look at a workspace's month again; nothing is due that lies before `since`.

    `cursor` is the last owner it has planned, while it works its way through a large company.
    """

    __tablename__ = "month_plans"

    workspace: Mapped[str] = mapped_column(String(32), primary_key=True)
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    again_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    cursor: Mapped[UUID | None]


class StaleMonths(Base):
    """Whose message about a month no longer shows the truth: an owner's collection, a leader's digest."""

    __tablename__ = "stale_months"

    workspace: Mapped[str] = mapped_column(String(32), primary_key=True)
    month: Mapped[date] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), primary_key=True)
    since: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class Triggers(Row):
    """`rituals.triggers.Trigger`."""

    __tablename__ = "triggers"
    __table_args__ = (Index(None, "workspace", "kpi_id"),)

    kpi_id: Mapped[UUID] = mapped_column(ForeignKey("kpis.id"))
    comparison: Mapped[Comparison] = mapped_column(Word(Comparison))
    bound: Mapped[Decimal] = mapped_column(Exact)
    periods: Mapped[int]
    action: Mapped[str] = mapped_column(Text)
    owner_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    by_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    since: Mapped[date]
    ended_on: Mapped[date | None]


class Firings(Row):
    """`rituals.triggers.Firing`: one a trigger and run, however often it is looked at."""

    __tablename__ = "firings"
    __table_args__ = (UniqueConstraint("trigger_id", "since"),)

    trigger_id: Mapped[UUID] = mapped_column(ForeignKey("triggers.id"))
    since: Mapped[date]
    period: Mapped[date]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    answer: Mapped[Started] = mapped_column(Word(Started))
    answered_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str | None] = mapped_column(Text)


class Narratives(Row):
    """`rituals.stoplight_words.Narrative`: one a function and month."""

    __tablename__ = "narratives"
    __table_args__ = (UniqueConstraint("function_id", "month"), Index(None, "workspace", "month"))

    function_id: Mapped[UUID] = mapped_column(ForeignKey("functions.id"))
    month: Mapped[date]
    on_track: Mapped[str] = mapped_column(Text)
    risks: Mapped[str] = mapped_column(Text)
    systemic: Mapped[str] = mapped_column(Text)
    by_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class Inquiries(Row):
    """`rituals.stoplight_words.Inquiry`."""

    __tablename__ = "inquiries"
    __table_args__ = (Index(None, "kpi_id", "month"),)

    kpi_id: Mapped[UUID] = mapped_column(ForeignKey("kpis.id"))
    month: Mapped[date]
    by_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    to_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    answer: Mapped[str | None] = mapped_column(Text)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Wins(Row):
    """`rituals.stoplight_words.Win`."""

    __tablename__ = "wins"
    __table_args__ = (Index(None, "workspace", "day"),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    text: Mapped[str] = mapped_column(Text)
    by_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    day: Mapped[date]
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class UnnamedPeople(Row):
    """`rituals.stoplight_words.Unnamed`."""

    __tablename__ = "unnamed_people"
    __table_args__ = (UniqueConstraint("person_id"),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))


class GreenTurns(Row):
    """`rituals.stoplight_greens.TurnedGreen`: one a KPI and period."""

    __tablename__ = "green_turns"
    __table_args__ = (
        UniqueConstraint("kpi_id", "period"),
        Index(None, "told_at", "at"),
        Index(None, "workspace", "told_on"),
    )

    kpi_id: Mapped[UUID] = mapped_column(ForeignKey("kpis.id"))
    period: Mapped[date]
    before: Mapped[Colour] = mapped_column(Word(Colour))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    told_on: Mapped[date | None]
    channel: Mapped[str | None] = mapped_column(String(32))


class NamedPeople(Row):
    """`rituals.stoplight_greens.Named`."""

    __tablename__ = "named_people"
    __table_args__ = (UniqueConstraint("person_id"),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))


class Climbs(Row):
    """`rituals.stoplight.Climb`: a review comes to a person once."""

    __tablename__ = "climbs"
    __table_args__ = (UniqueConstraint("review_id", "person_id"),)

    review_id: Mapped[UUID] = mapped_column(ForeignKey("reviews.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class InformedDecisions(Row):
    """`rituals.kpis_uses.Informed`."""

    __tablename__ = "informed_decisions"
    __table_args__ = (UniqueConstraint("kpi_id", "decision_id"),)

    kpi_id: Mapped[UUID] = mapped_column(ForeignKey("kpis.id"))
    decision_id: Mapped[UUID] = mapped_column(ForeignKey("decisions.id"))
    by_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
