"""Answers that are owed: what the manager hears at 14:00 of plans that nobody has answered (D6)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from rituals import calendar
from rituals.plans import Answer, Item, Plan

PATIENCE = 2
"""Working days that a plan may wait for an answer before its manager is nudged (D6)."""
LOOK_BACK = timedelta(days=21)
"""What is older than this has been overtaken by the plans since."""


class Why(StrEnum):
    """Why an answer is asked for."""

    LATE = "late"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class Owed:
    """`reader_id` was told on `day` that a plan of theirs to answer waits; of each plan once for each reason."""

    id: UUID
    workspace: str
    team_id: UUID
    day: date
    plan_id: UUID
    reader_id: UUID
    why: Why


def unanswered(items: Iterable[Item]) -> bool:
    """Whether any of a plan's results still waits for the manager's word."""
    return any(item.answer is Answer.NONE for item in items)


def waiting(
    plans: Sequence[Plan],
    told: Mapping[UUID, frozenset[Why]],
    met: Callable[[date], datetime | None],
    today: date,
    works: calendar.Works,
) -> list[tuple[Plan, Why]]:
    """Which unanswered plans somebody hears of today, and why, oldest first.

    One that came, or was changed, after its day's huddle is named once. One that has waited for `PATIENCE` working days
    is named once more; a nudge that could not be sent on its day comes on the next. `told` says what was named before,
    `met` when the huddle of a date was held, `works` whether a date is a working day of whoever owes the answer.
    """
    found = []
    for plan in sorted(plans, key=lambda plan: (plan.day, plan.filed_at is None, plan.filed_at)):
        named = told.get(plan.id, frozenset())
        held = met(plan.day)
        if plan.day > today:
            continue
        if calendar.working_days_passed(plan.day, today, works) >= PATIENCE:
            if Why.OVERDUE not in named:
                found.append((plan, Why.OVERDUE))
        elif not named and held is not None and plan.filed_at is not None and plan.filed_at >= held:
            found.append((plan, Why.LATE))
    return found
