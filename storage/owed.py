"""Answers that are owed: plans that nobody has answered, and who was told of them."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from rituals.owed import Owed, Why
from rituals.plans import Answer, Item, Plan, PlanState
from storage.values import TABLES, add_new, columns_of, cut, selecting, to_columns

_PLANS, _ITEMS, _OWED = (TABLES[kind].c for kind in (Plan, Item, Owed))


def unanswered(tx: Session, team_id: UUID, first: date, last: date) -> list[Plan]:
    """A team's filed plans of the dates from `first` to `last` in which a result waits for an answer."""
    waits = (_ITEMS.plan_id == _PLANS.id, _ITEMS.removed_in.is_(None), _ITEMS.answer == Answer.NONE)
    within = (_PLANS.team_id == team_id, _PLANS.day >= first, _PLANS.day <= last, _PLANS.state == PlanState.FILED)
    query = selecting(Plan).where(*within, select(_ITEMS.id).where(*waits).exists())
    return [Plan(*row) for row in tx.execute(query)]


def told(tx: Session, plans: Collection[UUID]) -> Mapping[UUID, frozenset[Why]]:
    """Why somebody was told of these plans before, by plan; one that was never named is not there."""
    found: dict[UUID, frozenset[Why]] = {}
    rows = tx.execute(select(_OWED.plan_id, _OWED.why).where(_OWED.plan_id.in_(plans))) if plans else ()
    for plan, why in rows:
        found[plan] = found.get(plan, frozenset()) | {why}
    return found


def tell(tx: Session, owed: Iterable[Owed]) -> None:
    """Remember of which plans somebody is told; one that was named for that reason before stays as it is."""
    add_new(tx, TABLES[Owed], [to_columns(one) for one in owed])


def listed(tx: Session, team_id: UUID, day: date, *, lock: bool = False) -> list[tuple[Owed, Plan]]:
    """What the manager of a team was told on a date; `lock` holds the plans' rows."""
    query = (
        select(*columns_of(Owed), *columns_of(Plan))
        .join_from(TABLES[Owed], TABLES[Plan], _PLANS.id == _OWED.plan_id)
        .where(_OWED.team_id == team_id, _OWED.day == day)
        .order_by(_PLANS.id)
    )
    rows = tx.execute(query.with_for_update(of=TABLES[Plan]) if lock else query)
    return [(owed, plan) for owed, plan in (cut(row, Owed, Plan) for row in rows)]
