"""What is shown of an answered day: the plan's one message, edited in place."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from bot import keys
from bot.huddle import loading, receipt_views
from bot.huddle.receipt_views import Receipt
from bot.ids import new_id
from bot.pressed import Pressed
from rituals.people import Person
from rituals.plans import Plan
from storage import outbox
from storage.outbox import Message, Policy, Rank, Standing, State

LOST = {State.EXPIRED, State.DEAD, State.UNKNOWN}
"""States of a prompt that will never be on anybody's screen, so that nothing can be edited."""

UNSENT = {State.READY, State.FOLDED}
LIVE = UNSENT | {State.SENDING, State.SENT}
"""States of a message that is on somebody's screen, or may come to be unless it is taken back."""


def announce(tx: Session, plan: Plan, person: Person, pressed: Pressed | None, now: datetime) -> None:
    """Have the plan's one message show how it stands."""
    show_receipt(tx, loading.receipt(tx, plan, person, now), pressed, now)


def show_receipt(tx: Session, shown: Receipt, pressed: Pressed | None, now: datetime) -> None:
    """Have the plan's one message show this; without a prompt so far the receipt is a message of its own.

    What still waits to be sent asks for what is answered already, and is taken back; a reminder that is out says that
    nothing is left to do.
    """
    plan, channel = shown.plan, shown.person.slack_id
    key, instead, reminder = (of(plan.id) for of in (keys.plan_key, keys.receipt_key, keys.reminder_key))
    standing = outbox.standing(tx, plan.workspace, (key, instead, reminder))
    asked = standing.get(key)
    if asked is not None and (asked.state in LOST or _withdrawn(tx, plan, key, asked)):
        key = instead
    message = Message(new_id(), plan.workspace, key, Policy.RESEND, Rank.REPLY, receipt_views.receipt(shown), now)
    _show(tx, message, channel, pressed, standing.get(key))
    reminded = standing.get(reminder)
    if reminded is not None and reminded.state in LIVE and not _withdrawn(tx, plan, reminder, reminded):
        body = receipt_views.reminder_answered()
        over = Message(new_id(), plan.workspace, reminder, Policy.DROP, Rank.REPLY, body, now)
        _show(tx, over, channel, None, reminded)


def _withdrawn(tx: Session, plan: Plan, key: str, standing: Standing) -> bool:
    """Whether a message that had not been sent when we looked is taken back; not if it has been claimed meanwhile."""
    return standing.state in UNSENT and outbox.withdraw(tx, plan.workspace, key)


def show(tx: Session, message: Message, channel: str, pressed: Pressed | None) -> None:
    """Have one message show this body: post it when it was never asked for, else edit it in place."""
    _show(tx, message, channel, pressed, outbox.standing(tx, message.workspace, [message.key]).get(message.key))


def _show(tx: Session, message: Message, channel: str, pressed: Pressed | None, standing: Standing | None) -> None:
    # Asked for by somebody else in the same moment, it is not posted, and edited like one that we knew of.
    if standing is None and outbox.post(tx, message, channel):
        return
    place = None if standing is None else standing.place
    if pressed is not None and (place is None or place.mark != pressed.place):
        # The press was on another message, a reminder for one, and its response_url would overwrite that.
        pressed = None
    outbox.edit(
        tx,
        replace(message, id=new_id(), key=keys.edit_key(message.key)),
        message.key,
        response_url=pressed.response_url if pressed else None,
        response_until=pressed.until if pressed else None,
    )
