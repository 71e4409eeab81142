"""Who owes a memo a response, what its owner replies, and whom it affects (C6, C8)."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from rituals import calendar
from rituals.calendar import Works
from rituals.decisions import ReasonMissing
from rituals.people import Person
from rituals.questions import worded
from rituals.refusals import Refusal

DAYS_TO_READ = 3
"""Working days of the reader's own calendar (F73)."""


class SaidSince(Refusal):
    """The reader has answered anew since, so a reply would stand under other words."""


class Response(StrEnum):
    """What a reader answers."""

    READ = "read"
    QUESTION = "question"
    OBJECT = "object"


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who is asked to read; they owe a response by the end of `due_on`, once asked.

    `reply` is what the owner's side says to `words`.
    """

    id: UUID
    workspace: str
    decision_id: UUID
    person_id: UUID
    asked_at: datetime | None = None
    due_on: date | None = None
    response: Response | None = None
    words: str | None = None
    answered_at: datetime | None = None
    reply: str | None = None
    replied_by_id: UUID | None = None

    @property
    def said(self) -> int:
        """Which of their answers this is: a later one has a higher number, 0 is none yet."""
        return 0 if self.answered_at is None else int(self.answered_at.timestamp())

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
    """The reader's answer, which a later one replaces with its reply.

    Raises ReasonMissing for a question or an objection without words.
    """
    if response is not Response.READ and not words.strip():
        raise ReasonMissing
    return replace(
        reader, response=response, words=words.strip() or None, answered_at=now, reply=None, replied_by_id=None
    )


def require_same(reader: Reader, said: int) -> None:
    """Only what is still asked is replied to; raises SaidSince."""
    if reader.words is None or reader.said != said:
        raise SaidSince


def reply(reader: Reader, words: str, by: Person) -> Reader:
    """The reader with the owner's reply, which a later one replaces; raises NothingWritten for no words."""
    return replace(reader, reply=worded(words), replied_by_id=by.id)
