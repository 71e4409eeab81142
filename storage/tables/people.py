"""People, teams, absences."""

from datetime import date
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from rituals.people import Part, Role
from storage.tables.base import Row, Word


class People(Row):
    """`rituals.people.Person`."""

    __tablename__ = "people"
    __table_args__ = (UniqueConstraint("workspace", "slack_id"),)

    slack_id: Mapped[str] = mapped_column(String(32))
    name: Mapped[str] = mapped_column(String(120))
    zone: Mapped[str] = mapped_column(String(64))
    role: Mapped[Role] = mapped_column(Word(Role))
    team_id: Mapped[UUID | None] = mapped_column(ForeignKey("teams.id"), index=True)
    manager_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"), index=True)
    working_days: Mapped[str] = mapped_column(String(7))
    active: Mapped[bool]
    holidays: Mapped[str | None] = mapped_column(String(32))


class Teams(Row):
    """`rituals.people.Team`. Its manager is no foreign key: people and teams would each need the other first."""

    __tablename__ = "teams"
    __table_args__ = (UniqueConstraint("workspace", "name"),)

    name: Mapped[str] = mapped_column(String(80))
    manager_id: Mapped[UUID | None]
    channel: Mapped[str | None] = mapped_column(String(32))


class Absences(Row):
    """`rituals.people.Absence`."""

    __tablename__ = "absences"
    __table_args__ = (Index(None, "person_id", "last_day"),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    first_day: Mapped[date]
    last_day: Mapped[date]
    reason: Mapped[str] = mapped_column(String(200))
    part: Mapped[Part] = mapped_column(Word(Part))
