"""What a manager asks about a plan, and what its writer answers."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from rituals.writing import NothingWritten

LONGEST = 300


@dataclass(frozen=True, slots=True)
class Question:
    """One question about a plan. `about` is the result as it read then, None for the whole plan."""

    id: UUID
    workspace: str
    plan_id: UUID
    by_id: UUID
    about: str | None
    text: str
    at: datetime
    answer: str | None
    answered_at: datetime | None


def worded(text: str) -> str:
    """The words of a question or an answer; raises NothingWritten when there are none."""
    words = text.strip()
    if not words:
        raise NothingWritten
    return words


def answered(question: Question, answer: str, now: datetime) -> Question:
    """The question with its answer; a later answer replaces an earlier one. Raises NothingWritten."""
    return replace(question, answer=worded(answer), answered_at=now)
