"""What teams ask beyond the plan, and what plans say to it."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from sqlalchemy import and_, bindparam, or_, select
from sqlalchemy.orm import Session

from rituals.plans import Plan
from rituals.team_questions import Asked, PlanAnswer, TeamQuestion
from storage.values import TABLES, columns_of, cut, fetch

_PLANS, _QUESTIONS, _ANSWERS = (TABLES[kind].c for kind in (Plan, TeamQuestion, PlanAnswer))
ASKED_OF_PLAN = and_(
    _QUESTIONS.team_id == _PLANS.team_id,
    _QUESTIONS.since < _PLANS.opened_at,
    or_(_QUESTIONS.retired_at.is_(None), _QUESTIONS.retired_at >= _PLANS.opened_at),
)
"""A question that the plan's team asked when the plan was opened."""
_ASKED = (
    select(_PLANS.id.label("asked"), *columns_of(TeamQuestion), *columns_of(PlanAnswer))
    .select_from(TABLES[Plan])
    .join(TABLES[TeamQuestion], ASKED_OF_PLAN)
    .outerjoin(TABLES[PlanAnswer], and_(_ANSWERS.plan_id == _PLANS.id, _ANSWERS.question_id == _QUESTIONS.id))
    .where(_PLANS.id.in_(bindparam("plans", expanding=True)))
    .order_by(_PLANS.id, _QUESTIONS.position, _QUESTIONS.id)
)


def of_team(tx: Session, team_id: UUID) -> list[TeamQuestion]:
    """What a team asks now, in order."""
    standing = (_QUESTIONS.team_id == team_id, _QUESTIONS.retired_at.is_(None))
    return fetch(tx, TeamQuestion, *standing, order=[_QUESTIONS.position])


def of_plans(tx: Session, plans: Iterable[UUID]) -> Mapping[UUID, list[Asked]]:
    """What each of these plans is asked beyond its results, in order, with the answers so far (F19).

    That is what its team asked at the moment when the plan was opened; a change since holds for the next one.
    """
    found: dict[UUID, list[Asked]] = {plan: [] for plan in plans}
    for row in tx.execute(_ASKED, {"plans": list(found)}) if found else ():
        question, answer = cut(row[1:], TeamQuestion, PlanAnswer)
        found[row[0]].append(Asked(question, answer))
    return found


def answers_of(tx: Session, plan_id: UUID) -> Mapping[UUID, str]:
    """What a plan answered, by question."""
    return {one.question_id: one.text for one in fetch(tx, PlanAnswer, _ANSWERS.plan_id == plan_id)}
