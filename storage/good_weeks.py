"""What people said of their weeks."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from rituals.good_week import GoodWeek
from storage.tables import GoodWeeks
from storage.values import TABLES, add_new, fetch, fetch_one, selecting, to_columns


def ask(tx: Session, weeks: Iterable[GoodWeek]) -> set[UUID]:
    """Write weeks that are asked about; return the ids of those that nobody had asked about before."""
    return add_new(tx, TABLES[GoodWeek], [to_columns(week) for week in weeks])


def find(tx: Session, week_id: UUID, *, lock: bool = False) -> GoodWeek | None:
    """The week with this id; `lock` holds its row until the transaction ends."""
    if not lock:
        return fetch_one(tx, GoodWeek, GoodWeeks.id == week_id)
    row = tx.execute(selecting(GoodWeek).where(GoodWeeks.id == week_id).with_for_update()).one_or_none()
    return None if row is None else GoodWeek(*row)


def of_team(tx: Session, team_id: UUID, first: date, last: date) -> list[GoodWeek]:
    """What a team's people were asked about that ended on a date from `first` to `last`, newest week first."""
    within = (GoodWeeks.team_id == team_id, GoodWeeks.day >= first, GoodWeeks.day <= last)
    return fetch(tx, GoodWeek, *within, order=[GoodWeeks.day.desc(), GoodWeeks.id])
