"""What is written around a month: the heads' narratives, leaders' questions and their answers, wins (M12, M20)."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from rituals.refusals import Refusal
from rituals.writing import worded

LONGEST_NARRATIVE = 1200
"""Characters of the three answers of a function's head together (M12, F64)."""
LONGEST = 300
"""Characters of a question, an answer, a win."""


class NarrativeTooLong(Refusal):
    """The three answers have `length` characters together."""

    def __init__(self, length: int) -> None:
        super().__init__(length)
        self.length = length


@dataclass(frozen=True, slots=True)
class Narrative:
    """A function's month in its head's words: on track for the quarter, new risks, a systemic problem (M12)."""

    id: UUID
    workspace: str
    function_id: UUID
    month: date
    on_track: str
    risks: str
    systemic: str
    by_id: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class Inquiry:
    """A leader's question to the owner of a KPI about a month, and what came back."""

    id: UUID
    workspace: str
    kpi_id: UUID
    month: date
    by_id: UUID
    to_id: UUID
    text: str
    at: datetime
    answer: str | None
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class Win:
    """What somebody did well, noted by a colleague; it stands in the digest of its month (M20, F134)."""

    id: UUID
    workspace: str
    person_id: UUID
    text: str
    by_id: UUID
    day: date
    at: datetime


@dataclass(frozen=True, slots=True)
class Unnamed:
    """Somebody who is not to be named where others read of wins and thanks."""

    id: UUID
    workspace: str
    person_id: UUID


def narrated(on_track: str, risks: str, systemic: str) -> tuple[str, str, str]:
    """The three answers, tidied; raises NarrativeTooLong above 1,200 characters together (F64)."""
    said = (on_track.strip(), risks.strip(), systemic.strip())
    length = sum(map(len, said))
    if length > LONGEST_NARRATIVE:
        raise NarrativeTooLong(length)
    return said


def answered(inquiry: Inquiry, text: str, now: datetime) -> Inquiry:
    """The question with its answer; a later answer replaces an earlier one. Raises NothingWritten."""
    return replace(inquiry, answer=worded(text, LONGEST), answered_at=now)
