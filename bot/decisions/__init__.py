"""Decision memos in Slack, and their seven-day clock."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot.decisions import commands, exporting, handlers, openings
from bot.ritual import Ritual


def _nothing(_tx: Session, _now: datetime) -> int:
    # What is due stands in the ledger from the capture on.
    return 0


RITUAL = Ritual(
    name="decisions",
    register=handlers.register,
    commands=[commands.DECIDE],
    plan=_nothing,
    openers=openings.OPENERS,
    foresee=openings.foresee,
    owner=lambda _tx, _key: None,
    rehome=lambda _tx, _key, _channel: None,
    makers={exporting.FILE: exporting.make},
)
