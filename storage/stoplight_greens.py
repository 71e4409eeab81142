"""Numbers that turned green, and who wants to be named with them."""

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from rituals.stoplight_greens import Named, TurnedGreen
from storage.tables import GreenTurns, NamedPeople
from storage.values import fetch, find_by, selecting


def find(tx: Session, kpi_id: UUID, period: date) -> TurnedGreen | None:
    """That a KPI turned green in a period, if it did."""
    return find_by(tx, TurnedGreen, kpi_id=kpi_id, period=period)


def untold(tx: Session, before: datetime, limit: int) -> list[TurnedGreen]:
    """What nobody has heard of that was noticed before an instant, oldest first, locked for this transaction."""
    query = selecting(TurnedGreen).where(GreenTurns.told_at.is_(None), GreenTurns.at <= before)
    rows = tx.execute(query.order_by(GreenTurns.at, GreenTurns.id).limit(limit).with_for_update(skip_locked=True))
    return [TurnedGreen(*row) for row in rows]


def told(tx: Session, workspace: str, day: date, channels: Collection[str]) -> list[TurnedGreen]:
    """What these channels heard of on a day, in the order in which they did."""
    there = (GreenTurns.workspace == workspace, GreenTurns.told_on == day, GreenTurns.channel.in_(channels))
    return fetch(tx, TurnedGreen, *there, order=[GreenTurns.told_at, GreenTurns.id])


def named(tx: Session, people: Collection[UUID]) -> set[UUID]:
    """Which of these people want to be named."""
    return {one.person_id for one in fetch(tx, Named, NamedPeople.person_id.in_(people))}


def named_one(tx: Session, person_id: UUID) -> Named | None:
    """Somebody's wish to be named, if they said so."""
    return find_by(tx, Named, person_id=person_id)
