"""Questions about plans."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from rituals.questions import Question
from storage.tables import Questions
from storage.values import fetch, find_by


def find(tx: Session, question_id: UUID) -> Question | None:
    """The question with this id."""
    return find_by(tx, Question, id=question_id)


def of_plans(tx: Session, plans: Iterable[UUID]) -> Mapping[UUID, Sequence[Question]]:
    """What was asked about these plans, oldest first, by plan."""
    grouped: dict[UUID, list[Question]] = {}
    for question in fetch(tx, Question, Questions.plan_id.in_(list(plans)), order=[Questions.at, Questions.id]):
        grouped.setdefault(question.plan_id, []).append(question)
    return grouped
