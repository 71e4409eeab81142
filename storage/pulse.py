"""When the schedule was last looked at, by whichever process: what nobody looked at for minutes was an outage."""

from datetime import datetime

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from rituals import outages
from rituals.outages import Outage
from storage.tables import Huddles, Pulses

_TABLE = Pulses.metadata.tables["pulses"]
_KNOWN = select(_TABLE).order_by(_TABLE.c.workspace).with_for_update()
_BEAT = (
    update(_TABLE)
    .where(_TABLE.c.workspace == bindparam("its_workspace"))
    .values(beat_at=bindparam("now"), down_from=bindparam("first"), down_to=bindparam("last"))
)


def beat(tx: Session, now: datetime) -> None:
    """Note that the schedule is looked at now, and with it the outage that has just ended."""
    known = tx.execute(_KNOWN).all()
    beats = []
    for row in known:
        over = outages.between(row.beat_at, now)
        first, last = (row.down_from, row.down_to) if over is None else (over.first, over.last)
        beats.append({"its_workspace": row.workspace, "now": now, "first": first, "last": last})
    if beats:
        tx.execute(_BEAT, beats)
    new = set(tx.execute(select(Huddles.workspace).distinct()).scalars()) - {row.workspace for row in known}
    if new:
        dialect = sqlite if tx.get_bind().dialect.name == "sqlite" else postgresql
        rows = [{"workspace": workspace, "beat_at": now} for workspace in sorted(new)]
        tx.execute(dialect.insert(_TABLE).values(rows).on_conflict_do_nothing())


def last_outage(tx: Session, workspace: str) -> Outage | None:
    """The newest time during which nobody looked; None when there was none."""
    row = tx.execute(select(_TABLE).where(_TABLE.c.workspace == workspace)).one_or_none()
    return None if row is None or row.down_from is None else Outage(row.down_from, row.down_to)
