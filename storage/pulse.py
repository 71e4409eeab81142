"""When the schedule was last looked at, by whichever process: what nobody looked at for minutes was an outage."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from rituals import outages
from rituals.outages import Outage
from storage.tables import Pulses

_TABLE = Pulses.metadata.tables["pulses"]
_ONE = 1
_ROW = select(_TABLE).where(_TABLE.c.id == _ONE)


def beat(tx: Session, now: datetime) -> None:
    """Note that the schedule is looked at now, and with it the outage that has just ended.

    The row is written by migration, so that two processes that begin at once do not both make it.
    """
    row = tx.execute(_ROW.with_for_update()).one()
    over = None if row.beat_at is None else outages.between(row.beat_at, now)
    facts = {"beat_at": now} | ({} if over is None else {"down_from": over.first, "down_to": over.last})
    tx.execute(update(_TABLE).where(_TABLE.c.id == _ONE).values(facts))


def last_outage(tx: Session) -> Outage | None:
    """The newest time during which nobody looked; None when there was none."""
    row = tx.execute(_ROW).one()
    return None if row.down_from is None or row.down_to is None else Outage(row.down_from, row.down_to)
