"""People, teams, absences."""

from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from rituals.handover import Kind
from rituals.people import Part, Role
from storage.tables.base import Base, Row, UtcDateTime, Word, Words


class People(Row):
    """`rituals.people.Person`. The deputy is no foreign key: SQLite could add one only by copying the table."""

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
    also: Mapped[frozenset[Role]] = mapped_column(Words(Role), server_default="")
    deputy_id: Mapped[UUID | None]
    ask_at: Mapped[time | None]
    ask_before: Mapped[bool] = mapped_column(server_default=false())
    works_from: Mapped[time | None]
    works_to: Mapped[time | None]
    team_since: Mapped[date | None]
    left_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(server_default="0")


class Teams(Row):
    """`rituals.people.Team`. Its manager is no foreign key: people and teams would each need the other first."""

    __tablename__ = "teams"
    __table_args__ = (UniqueConstraint("workspace", "name"),)

    name: Mapped[str] = mapped_column(String(80))
    manager_id: Mapped[UUID | None]
    channel: Mapped[str | None] = mapped_column(String(32))
    archived: Mapped[bool] = mapped_column(server_default=false())
    version: Mapped[int] = mapped_column(server_default="0")
    climb_days: Mapped[int] = mapped_column(server_default="2")
    leader_days: Mapped[int] = mapped_column(server_default="4")


class Absences(Row):
    """`rituals.people.Absence`."""

    __tablename__ = "absences"
    __table_args__ = (Index(None, "person_id", "last_day"),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    first_day: Mapped[date]
    last_day: Mapped[date]
    reason: Mapped[str] = mapped_column(String(200))
    part: Mapped[Part] = mapped_column(Word(Part))
    since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    shown_until: Mapped[datetime | None] = mapped_column(UtcDateTime)


class DottedLines(Row):
    """`rituals.people.DottedLine`."""

    __tablename__ = "dotted_lines"
    __table_args__ = (UniqueConstraint("person_id", "manager_id"),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    manager_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), index=True)


class ExcusingWords(Row):
    """`rituals.absences.ExcusingWord`."""

    __tablename__ = "excusing_words"
    __table_args__ = (UniqueConstraint("workspace", "word"),)

    word: Mapped[str] = mapped_column(String(60))


class Handovers(Row):
    """`rituals.handover.Handover`: what a leaver left is given once."""

    __tablename__ = "handovers"
    __table_args__ = (UniqueConstraint("leaver_id", "kind", "subject_id"),)

    leaver_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    kind: Mapped[Kind] = mapped_column(Word(Kind))
    subject_id: Mapped[UUID]
    to_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    by_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class Talks(Row):
    """`rituals.talks.Talk`. One a day, by its id."""

    __tablename__ = "talks"
    __table_args__ = (Index(None, "with_id", "person_id", "at"),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    with_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    by_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class SlackProfiles(Base):
    """How new what we know of a Slack account is: `updated` by Slack's clock, `heard_at` by ours.

    `left_out` is why it is none of the people, None for those who are.
    """

    __tablename__ = "slack_profiles"

    workspace: Mapped[str] = mapped_column(String(32), primary_key=True)
    slack_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    updated: Mapped[datetime] = mapped_column(UtcDateTime)
    heard_at: Mapped[datetime] = mapped_column(UtcDateTime)
    left_out: Mapped[str | None] = mapped_column(String(60))


class RosterReadings(Base):
    """When the roster of a workspace is read from Slack again."""

    __tablename__ = "roster_readings"

    workspace: Mapped[str] = mapped_column(String(32), primary_key=True)
    again_at: Mapped[datetime] = mapped_column(UtcDateTime)
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
