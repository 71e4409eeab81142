"""What a team asks beyond the plan: questions of its own, and how people feel, which nobody can trace (F19, F21).

A change holds from the next prompt on: a plan is asked what its team asked at the moment when the plan was opened.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from rituals.people import Team
from rituals.refusals import Refusal

MOST_QUESTIONS = 5
LONGEST_QUESTION = 75
LONGEST_ANSWER = 280
FEWEST_MOODS = 4
"""Below this many answers no average is shown: it would tell on somebody (F118)."""
REQUIRED = "*"
"""A line that begins with it must be answered."""
MOODS: Mapping[int, str] = {5: "Great", 4: "Good", 3: "So-so", 2: "Low", 1: "Rough"}
BEST_MOOD = max(MOODS)


class Kind(StrEnum):
    """One line of text, or the mood."""

    TEXT = "text"
    MOOD = "mood"


@dataclass(frozen=True, slots=True)
class TeamQuestion:
    """A question that a team asks in its plan form from `since` on, until it is `retired_at`."""

    id: UUID
    workspace: str
    team_id: UUID
    kind: Kind
    position: int
    text: str
    required: bool
    since: datetime
    retired_at: datetime | None


@dataclass(frozen=True, slots=True)
class PlanAnswer:
    """What a plan says to one question of its team."""

    id: UUID
    workspace: str
    plan_id: UUID
    question_id: UUID
    text: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that a plan is asked, with its answer so far."""

    question: TeamQuestion
    answer: PlanAnswer | None

    @property
    def text(self) -> str:
        """The words of the answer; none when there is none."""
        return "" if self.answer is None else self.answer.text


class TooManyQuestions(Refusal):
    """More lines than `MOST_QUESTIONS`."""

    def __init__(self, count: int) -> None:
        super().__init__(count)
        self.count = count


class QuestionTooLong(Refusal):
    """Line `line` (from 1) is longer than `LONGEST_QUESTION`."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


class AskedTwice(Refusal):
    """The same question stands on two lines."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class AnswerNeeded(Refusal):
    """A question that must be answered was not."""

    def __init__(self, question_id: UUID) -> None:
        super().__init__(question_id)
        self.question_id = question_id


def read(lines: str) -> list[tuple[str, bool]]:
    """Questions, one a line, each with whether it must be answered; blank lines are ignored.

    Raises TooManyQuestions, QuestionTooLong or AskedTwice.
    """
    found: list[tuple[str, bool]] = []
    for number, line in enumerate((line.strip() for line in lines.splitlines()), 1):
        text = line.removeprefix(REQUIRED).strip()
        if not text:
            continue
        if len(text) > LONGEST_QUESTION:
            raise QuestionTooLong(number)
        if any(text.casefold() == other.casefold() for other, _ in found):
            raise AskedTwice(text)
        found.append((text, line.startswith(REQUIRED)))
    if len(found) > MOST_QUESTIONS:
        raise TooManyQuestions(len(found))
    return found


def written(questions: Iterable[TeamQuestion]) -> str:
    """The same lines again, as their form shows them."""
    texts = (question for question in questions if question.kind is Kind.TEXT)
    return "\n".join(f"{REQUIRED} {one.text}" if one.required else one.text for one in texts)


def revise(
    standing: Sequence[TeamQuestion],
    wanted: Sequence[tuple[str, bool]],
    team: Team,
    now: datetime,
    new_id: Callable[[], UUID],
    *,
    mood: bool,
) -> tuple[list[TeamQuestion], list[TeamQuestion]]:
    """What to write so that a team asks `wanted`, in that order, and the mood or not: (new ones, changed ones).

    A question with other words, or one that must be answered from now on, is another question: plans that are open keep
    the old one. Only its place may change.
    """
    lines = [(Kind.TEXT, text, required) for text, required in wanted]
    lines += [(Kind.MOOD, "", False)] if mood else []
    unused = {(one.kind, one.text, one.required): one for one in standing}
    added, changed = [], []
    for position, line in enumerate(lines, 1):
        known = unused.pop(line, None)
        if known is None:
            kind, text, required = line
            added.append(
                TeamQuestion(
                    new_id(), team.workspace, team.id, kind, position, text, required, since=now, retired_at=None
                )
            )
        elif known.position != position:
            changed.append(replace(known, position=position))
    return added, changed + [replace(one, retired_at=now) for one in unused.values()]


def require_answers(asked: Iterable[Asked], answers: Mapping[UUID, str]) -> None:
    """Refuse a form that leaves out what it must say; a question that the form did not show is not missed.

    Raises AnswerNeeded.
    """
    for one in asked:
        said = answers.get(one.question.id)
        if one.question.required and said is not None and not said.strip():
            raise AnswerNeeded(one.question.id)


def average_mood(counts: Mapping[int, int]) -> float | None:
    """The mean of moods from 1 to 5, counted by mood; None when there are fewer than four (F21)."""
    answers = sum(counts.values())
    if answers < FEWEST_MOODS:
        return None
    return sum(mood * count for mood, count in counts.items()) / answers
