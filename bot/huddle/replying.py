"""`Accept` and `Discuss`: a rep's word on a redirect."""

from datetime import datetime
from typing import Any
from uuid import UUID

from slack_bolt.async_app import AsyncAck
from sqlalchemy.orm import Session

from bot import keys, payloads
from bot.acting import acting
from bot.deps import Deps
from bot.doors import Doors
from bot.errors import Gone, answer_press
from bot.huddle import answer_views, loading, receipt_views, receipts, views
from bot.ids import new_id
from bot.landing import lands
from bot.payloads import Press
from bot.pressed import Pressed
from rituals import plans as rules
from rituals.budget import Turn
from rituals.policy import Action, about, require
from storage import huddles, outbox, people, plans, values
from storage.outbox import Message, Policy, Rank


def register(doors: Doors) -> None:
    """The two buttons under a redirect."""
    doors.action(views.ACCEPT)(accept)
    doors.action(views.DISCUSS)(discuss)


async def accept(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """`Accept`: the manager's card shows it."""
    await reply(ack, payloads.press(body), deps, receipt_views.ACCEPTED)


async def discuss(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """`Discuss`: the manager gets both lines and the way to the rep's DM."""
    await reply(ack, payloads.press(body), deps, receipt_views.DISCUSSED)


async def reply(ack: AsyncAck, press: Press, deps: Deps, word: str) -> None:
    """Keep a rep's word on a redirect."""
    pressed = Pressed.of(press.who, press.response_url, press.place)
    await answer_press(
        ack, deps, press, deps.database.write(reply_to_redirect, UUID(press.value), word, pressed, deps.clock())
    )


def reply_to_redirect(tx: Session, redirect_id: UUID, word: str, pressed: Pressed, now: datetime) -> None:
    """Store accept or discuss, once; a second press shows how it stands. Raises Gone or NotAllowed."""
    writer = acting(tx, pressed.who, now)
    redirect = plans.redirect(tx, redirect_id)
    item = None if redirect is None else plans.item(tx, redirect.item_id)
    if redirect is None or item is None:
        raise Gone
    plan, rep = loading.plan_of(tx, item.plan_id, pressed.who.workspace, lock=True)
    require(Action.REDIRECT_REPLY, writer, about(rep))
    by = people.find(tx, redirect.by_id)
    if by is None:
        raise Gone
    if redirect.reply is None:
        redirect = rules.answered(redirect, word)
        values.save(tx, redirect)
        huddles.mark_stale(tx, plan.team_id, plan.day, now)
        if word == receipt_views.DISCUSSED:
            key = f"discuss:{redirect.id}"
            body = answer_views.to_discuss(redirect, rep)
            at = lands(tx, by, now)
            outbox.post(
                tx,
                Message(new_id(), plan.workspace, key, Policy.DROP, Rank.REPLY, body, at, turn=Turn.REDIRECT),
                by.slack_id,
            )
    shown = receipt_views.redirected(receipt_views.Redirected(redirect, by, loading.agreed(tx, plan)))
    key = keys.redirect_key(redirect.id)
    receipts.show(
        tx, Message(new_id(), plan.workspace, key, Policy.RESEND, Rank.REPLY, shown, now), rep.slack_id, pressed
    )
