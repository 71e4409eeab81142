"""What a plan says to the questions of its team (F19), and how its writer feels, which is only counted (F21)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from bot.ids import new_id
from rituals import huddle
from rituals.plans import Plan, PlanState
from rituals.team_questions import MOODS, Asked, Kind, PlanAnswer
from storage import moods, team_questions, values
from storage.plans import Written


def asked(tx: Session, found: Written) -> list[Asked]:
    """What a plan is asked beyond its results (F19)."""
    return team_questions.of_plans(tx, [found.plan.id])[found.plan.id] if found.asks else []


def asked_by_form(tx: Session, found: Written, now: datetime) -> list[Asked]:
    """What a plan's form asks for the team: the mood only while it counts, before the plan is there or late."""
    plan = found.plan
    late = found.huddle is None or huddle.is_late(found.huddle, found.person, plan.day, now)
    counts = plan.state is not PlanState.FILED and not late
    return [one for one in asked(tx, found) if counts or one.question.kind is Kind.TEXT]


def keep(tx: Session, plan: Plan, asked: Sequence[Asked], said: Mapping[UUID, str]) -> None:
    """Write the answers that changed; what was not asked for this time stays."""
    now = [_answered(plan, one, said.get(one.question.id)) for one in asked]
    changes = [(one.answer, then.answer) for one, then in zip(asked, now, strict=True) if one.answer != then.answer]
    values.add(tx, *(new for old, new in changes if old is None))
    edited = [(old, new) for old, new in changes if old is not None and new is not None]
    values.save(tx, *(new for _, new in edited), was=[old for old, _ in edited])
    values.remove(tx, *(old for old, new in changes if new is None))


def _answered(plan: Plan, one: Asked, said: str | None) -> Asked:
    text = "" if said is None else said.strip()
    if said is None or one.question.kind is not Kind.TEXT:
        return one
    if one.answer is not None:
        return replace(one, answer=replace(one.answer, text=text) if text else None)
    new = PlanAnswer(new_id(), plan.workspace, plan.id, one.question.id, text)
    return replace(one, answer=new if text else None)


def count_mood(tx: Session, plan: Plan, asked: Sequence[Asked], mood: int) -> None:
    """Count how the writer of a plan feels, where their team asks it."""
    if mood in MOODS and any(one.question.kind is Kind.MOOD for one in asked):
        moods.count(tx, plan.workspace, plan.team_id, plan.day, mood)
