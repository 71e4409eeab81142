"""Partners, and what people commit to for a week."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from rituals.partners import Kind, PromiseState
from storage.tables.base import Base, Row, UtcDateTime, Word

STANDS = text("ended_at is null")


class Wishes(Row):
    """`rituals.partners.Wish`."""

    __tablename__ = "partner_wishes"
    __table_args__ = (UniqueConstraint("person_id", "kind"),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    kind: Mapped[Kind] = mapped_column(Word(Kind))
    channel: Mapped[str | None] = mapped_column(String(32))
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class WishPlans(Base):
    """When the planner must look at a workspace's wishes again, and the Monday on which it last paired people."""

    __tablename__ = "partner_plans"

    workspace: Mapped[str] = mapped_column(String(32), primary_key=True)
    again_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    paired: Mapped[date | None]


class Pairs(Row):
    """`rituals.partners.Pair`. Nobody has two partners at a time."""

    __tablename__ = "partner_pairs"
    __table_args__ = tuple(
        Index(f"uq_partner_pairs_{who}", "month", who, unique=True, sqlite_where=STANDS, postgresql_where=STANDS)
        for who in ("one_id", "other_id")
    )

    month: Mapped[date]
    one_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    other_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Promises(Row):
    """`rituals.partners.Promise`. One a person, kind and week."""

    __tablename__ = "promises"
    __table_args__ = (UniqueConstraint("person_id", "kind", "monday"), Index(None, "pair_id", "monday"))

    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    kind: Mapped[Kind] = mapped_column(Word(Kind))
    monday: Mapped[date]
    pair_id: Mapped[UUID | None] = mapped_column(ForeignKey("partner_pairs.id"))
    channel: Mapped[str | None] = mapped_column(String(32))
    text: Mapped[str] = mapped_column(Text)
    state: Mapped[PromiseState] = mapped_column(Word(PromiseState))
    because: Mapped[str | None] = mapped_column(Text)
