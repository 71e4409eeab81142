"""The daily huddle in Slack."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot.doors import Doors
from bot.huddle import (
    adding,
    answering,
    asking,
    away,
    card_handlers,
    choosing,
    commands,
    dotted,
    foresight,
    good_weeks,
    handlers,
    loading,
    openings,
    owed,
    planning,
    receipts,
    redrawing,
    replying,
    running,
    sentences,
    snoozing,
    talking,
    typed,
    undoing,
)
from bot.ritual import Ritual
from rituals.huddle import Slot

__all__ = ["RITUAL", "sentences"]


def _register(doors: Doors) -> None:
    handlers.register(doors)
    choosing.register(doors)
    adding.register(doors)
    replying.register(doors)
    answering.register(doors)
    good_weeks.register(doors)
    card_handlers.register(doors)
    asking.register(doors)
    away.register(doors)
    undoing.register(doors)
    running.register(doors)
    snoozing.register(doors)
    typed.register(doors)
    talking.register(doors)


def _compose(tx: Session, now: datetime) -> int:
    return redrawing.compose(tx, now) + running.compose(tx, now)


RITUAL = Ritual(
    name="huddle",
    register=_register,
    commands=[commands.PLAN],
    plan=planning.plan,
    openers={**openings.OPENERS, Slot.OWED: owed.send, Slot.DOTTED: dotted.send, Slot.WEEK: good_weeks.send},
    compose=_compose,
    drawers={receipts.RECEIPT: receipts.draw},
    foresee=foresight.foresee,
    owner=loading.owner,
    rehome=loading.rehome,
)
