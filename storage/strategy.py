"""The strategy's editions, the marks of those who were asked, and the results that cite a choice."""

from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from rituals.strategy import Mark, Strategy
from storage.tables import PlanItems, Plans, Strategies, StrategyMarks
from storage.values import fetch, find_by, selecting


def newest(tx: Session, workspace: str) -> Strategy | None:
    """The edition in force."""
    query = selecting(Strategy).where(Strategies.workspace == workspace).order_by(Strategies.version.desc()).limit(1)
    row = tx.execute(query).one_or_none()
    return None if row is None else Strategy(*row)


def find(tx: Session, strategy_id: UUID) -> Strategy | None:
    """The edition with this id."""
    return find_by(tx, Strategy, id=strategy_id)


def mark(tx: Session, mark_id: UUID) -> Mark | None:
    """The mark with this id."""
    return find_by(tx, Mark, id=mark_id)


def marks(tx: Session, strategy_id: UUID) -> list[Mark]:
    """Everybody who was asked about an edition."""
    return fetch(tx, Mark, StrategyMarks.strategy_id == strategy_id)


def citing(tx: Session, workspace: str, first: date, last: date) -> list[str]:
    """The results planned in these days that may cite a choice."""
    planned = (Plans.workspace == workspace, Plans.day >= first, Plans.day <= last, PlanItems.removed_in.is_(None))
    query = select(PlanItems.text).join(Plans, Plans.id == PlanItems.plan_id)
    return list(tx.execute(query.where(*planned, PlanItems.text.ilike("%(S_)%"))).scalars())
