"""How a team felt, counted so that no answer leads back to a person (F21, F118).

An answer is one added to a counter of its team, date and mood. It has no row of its own, so there is no id, no order
and no time by which it could be laid beside a plan. It is no value of `storage.values`, so the record of changes has
nothing of it; it is left out of drafts and of what is kept of a plan's revisions. It is counted with a plan's first
submission before the cut-off and can't be changed, because nobody knows which one it was. What is shown is a day that
is over, of four answers or more: an average that moved with each plan that comes in would tell on its writer.

Whoever can watch the database file itself while plans come in can still see which counter grows; that is the company's
own administrator, and what the application can't hide from them it does not promise to.
"""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from storage.tables import Moods

_TABLE = Moods.metadata.tables["moods"]


def count(tx: Session, workspace: str, team_id: UUID, day: date, mood: int) -> None:
    """Count one answer."""
    dialect = sqlite if tx.get_bind().dialect.name == "sqlite" else postgresql
    row = {"team_id": team_id, "day": day, "mood": mood, "workspace": workspace, "answers": 1}
    statement = dialect.insert(_TABLE).values(row)
    tx.execute(
        statement.on_conflict_do_update(
            index_elements=["team_id", "day", "mood"], set_={"answers": _TABLE.c.answers + 1}
        )
    )


def last_before(tx: Session, team_id: UUID, day: date) -> tuple[date, Mapping[int, int]] | None:
    """The newest date before `day` on which a team was asked and answered, with answers by mood."""
    earlier = (_TABLE.c.team_id == team_id, _TABLE.c.day < day)
    newest = select(func.max(_TABLE.c.day)).where(*earlier).scalar_subquery()
    rows = tx.execute(
        select(_TABLE.c.day, _TABLE.c.mood, _TABLE.c.answers).where(_TABLE.c.team_id == team_id, _TABLE.c.day == newest)
    ).all()
    return (rows[0].day, {row.mood: row.answers for row in rows}) if rows else None
