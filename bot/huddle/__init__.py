"""The daily huddle in Slack."""

from datetime import datetime

from slack_bolt.async_app import AsyncApp
from sqlalchemy.orm import Session

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
    redrawing,
    replying,
    running,
    snoozing,
    typed,
    undoing,
)
from bot.ritual import Ritual
from rituals.huddle import Slot


def _register(app: AsyncApp) -> None:
    handlers.register(app)
    choosing.register(app)
    adding.register(app)
    replying.register(app)
    answering.register(app)
    good_weeks.register(app)
    card_handlers.register(app)
    asking.register(app)
    away.register(app)
    undoing.register(app)
    running.register(app)
    snoozing.register(app)
    typed.register(app)


def _compose(tx: Session, now: datetime) -> int:
    return redrawing.compose(tx, now) + running.compose(tx, now)


RITUAL = Ritual(
    name="huddle",
    register=_register,
    commands=[commands.PLAN],
    plan=planning.plan,
    openers={**openings.OPENERS, Slot.OWED: owed.send, Slot.DOTTED: dotted.send, Slot.WEEK: good_weeks.send},
    compose=_compose,
    foresee=foresight.foresee,
    owner=loading.owner,
    rehome=loading.rehome,
)
