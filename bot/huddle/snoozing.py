"""The ⋯ of a prompt: be asked later, or be away for longer."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from slack_bolt.async_app import AsyncAck
from sqlalchemy.orm import Session

from bot import keys, payloads
from bot.deps import Deps
from bot.doors import Doors
from bot.errors import Gone, answer_press
from bot.huddle import away, loading, own_plans, receipts, views
from bot.ids import new_id
from bot.pressed import Pressed
from rituals import snooze as rules
from rituals.huddle import Huddle, Slot
from rituals.people import Person
from rituals.plans import Plan
from rituals.snooze import NoMoreReminders, Return, Snooze
from storage import occurrences
from storage.occurrences import Occurrence, State
from storage.outbox import Message, Policy, Rank

SNOOZED = "snoozed: the prompt comes back in its place"
"""Why the ledger has no reminder for whoever snoozed."""


def register(doors: Doors) -> None:
    """The one ⋯."""
    doors.action(views.MORE)(more)


async def more(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """Something behind the ⋯ was chosen."""
    press = payloads.press(body)
    choice, _, plan_id = press.value.partition(":")
    if choice == views.AWAY:
        await ack()
        await away.open_away(deps, press.who, press.trigger_id, press.response_url)
        return
    pressed = Pressed.of(press.who, press.response_url, press.place)
    work = deps.database.write(snooze, UUID(plan_id), Snooze(choice), pressed, deps.clock())
    await answer_press(ack, deps, press, work)


def snooze(tx: Session, plan_id: UUID, choice: Snooze, pressed: Pressed, now: datetime) -> None:
    """Have a prompt come back later, in place of the reminder; an answered plan shows how it stands (F11).

    Raises TooLateToSnooze, NoMoreReminders; Stranger, Gone or NotAllowed.
    """
    found = own_plans.to_write(tx, plan_id, pressed.who, now)
    plan, person = found.plan, found.person
    if plan.answered:
        receipts.announce(tx, plan, person, pressed, now)
        return
    if found.team is None or found.huddle is None:
        raise Gone
    asked = loading.asks(tx, found.huddle, found.team, {person.id: person}, {person.id: plan}, now)[person.id]
    returns = rules.comes_back(choice, person, now, asked.frame.closes)
    _move(tx, found.huddle, person, plan, returns, asked.frame.closes)
    body = views.prompt(replace(asked, returns=returns, late_by=timedelta(0)))
    key = keys.plan_key(plan.id)
    receipts.show(
        tx, Message(new_id(), plan.workspace, key, Policy.RESEND, Rank.REPLY, body, now), person.slack_id, pressed
    )


def _move(tx: Session, huddle: Huddle, person: Person, plan: Plan, returns: Return, closes: datetime) -> None:
    """Write into the ledger when the prompt comes back, and that no reminder does."""
    known = occurrences.known(tx, huddle.id, [person.id], [plan.day])
    reminder, before = (known.get((person.id, plan.day, slot)) for slot in (Slot.REMINDER, Slot.SNOOZED))
    if any(row is not None and row.state == State.OPENED for row in (reminder, before)):
        raise NoMoreReminders
    back = Occurrence(
        id=new_id() if before is None else before.id,
        workspace=plan.workspace,
        ritual=huddle.id,
        subject=person.id,
        day=plan.day,
        slot=Slot.SNOOZED,
        due_at=returns.at,
        expires_at=closes,
        zone=person.zone,
        state=State.PLANNED,
        reason=None,
    )
    if before is None:
        occurrences.plan(tx, [back])
    else:
        occurrences.move(tx, back)
    if reminder is not None:
        occurrences.close(tx, {reminder.id: (State.SKIPPED, SNOOZED)})
