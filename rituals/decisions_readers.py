"""Who owes a memo a response, and whom it affects (C6, C8)."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from rituals import calendar
from rituals.calendar import Works
from rituals.decisions import ReasonMissing

DAYS_TO_READ = 3
"""Working days of the reader's own calendar (F73)."""


class Response(StrEnum):
    """What a reader answers."""

    READ = "read"
    QUESTION = "question"
    OBJECT = "object"


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who is asked to read; they owe a response by the end of `due_on`, once asked."""

    id: UUID
    workspace: str
    decision_id: UUID
    person_id: UUID
    asked_at: datetime | None = None
    due_on: date | None = None
    response: Response | None = None
    words: str | None = None
    answered_at: datetime | None = None

    def overdue(self, today: date) -> bool:
        """Whether they still owe a response after its day, on their own calendar."""
        return self.response is None and self.due_on is not None and self.due_on < today


@dataclass(frozen=True, slots=True)
class Effect:
    """A team or a function whose commitment or guardrail a decision touches; `told_at` is when its owner heard."""

    id: UUID
    workspace: str
    decision_id: UUID
    team_id: UUID | None = None
    function_id: UUID | None = None
    told_at: datetime | None = None

    @property
    def place(self) -> UUID:
        """The team or the function."""
        place = self.team_id or self.function_id
        if place is None:
            raise ValueError("an effect on nothing")
        return place


def ask(reader: Reader, now: datetime, today: date, works: Works) -> Reader:
    """The reader, asked once: the third working day after today is the last (F73)."""
    if reader.asked_at is not None:
        return reader
    due = today
    for _ in range(DAYS_TO_READ):
        due = calendar.next_working_day(due, works) or due
    return replace(reader, asked_at=now, due_on=due)


def respond(reader: Reader, response: Response, words: str, now: datetime) -> Reader:
    """The reader's answer, which a later one replaces; raises ReasonMissing for a question or an objection of none."""
    if response is not Response.READ and not words.strip():
        raise ReasonMissing
    return replace(reader, response=response, words=words.strip() or None, answered_at=now)
