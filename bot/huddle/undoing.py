"""`Undo`: an agreement is taken back, and the record keeps both (F142)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from slack_bolt.async_app import AsyncAck
from sqlalchemy.orm import Session

from bot import payloads
from bot.acting import acting
from bot.deps import Deps
from bot.doors import Doors
from bot.errors import Gone, answer_press
from bot.huddle import card_views, loading, receipts
from bot.pressed import Pressed
from rituals import plans as rules
from rituals.policy import Action, about, require
from rituals.undo import NothingToUndo, require_undoable
from storage import audit, huddles, people, plans, values


def register(doors: Doors) -> None:
    """The card's last button."""
    doors.action(card_views.UNDO)(undo)


async def undo(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """`Undo`: what the press that the button names agreed to waits for an answer again."""
    press = payloads.press(body)
    pressed = Pressed.of(press.who, press.response_url, press.place)
    await answer_press(ack, deps, press, deps.database.write(take_back, UUID(press.value), pressed, deps.clock()))


def take_back(tx: Session, act_id: UUID, pressed: Pressed, now: datetime) -> None:
    """Take an agreement back; raises Stranger, Gone, NotAllowed, TooLateToUndo or NothingToUndo."""
    manager = acting(tx, pressed.who, now)
    entries = [
        entry for entry in audit.of_act(tx, pressed.who.workspace, act_id) if entry.act.via in card_views.AGREEMENTS
    ]
    by = entries[0].act.actor_id if entries else None
    author = None if by is None else people.find(tx, by)
    if author is None:
        raise Gone
    require(Action.UNDO, manager, about(author))
    require_undoable(entries[0].act.at, now)
    # Locked before they are read: the rep may be editing the same plan.
    found = plans.of_items(tx, [entry.subject for entry in entries], lock=True)
    standing = [item for listed in plans.items(tx, found).values() for item in listed]
    agreed = rules.take_back([item for item in standing if item.id in {entry.subject for entry in entries}])
    if not agreed:
        raise NothingToUndo
    values.save(tx, *agreed)
    for plan_id in {item.plan_id for item in agreed}:
        plan, rep = loading.plan_of(tx, plan_id, manager.workspace)
        receipts.announce(tx, plan, rep, None, now)
        huddles.touch_card(tx, plan.team_id, plan.day, now, response_url=pressed.response_url, until=pressed.until)
