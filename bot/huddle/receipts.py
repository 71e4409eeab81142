"""What is shown of an answered day: the plan's one message, edited in place.

Its content is drawn when it goes out: of several answers in a row the last is shown, and nobody waits for a drawing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from bot import keys
from bot.drawing import DRAWN_BY, Body
from bot.huddle import loading, receipt_views
from bot.huddle.receipt_views import Receipt
from bot.ids import new_id
from bot.pressed import Pressed
from rituals.people import Person, with_manager
from rituals.plans import Plan
from storage import blockers, calendars, kpis, outbox, people, plans, team_questions, weeklies
from storage.outbox import Message, Policy, Rank, Standing, State

RECEIPT = "huddle.receipt"

LOST = {State.EXPIRED, State.DEAD, State.UNKNOWN}
"""States of a prompt that will never be on anybody's screen, so that nothing can be edited."""

UNSENT = {State.READY, State.FOLDED}
LIVE = UNSENT | {State.SENDING, State.SENT}
"""States of a message that is on somebody's screen, or may come to be unless it is taken back."""


def announce(tx: Session, plan: Plan, person: Person, pressed: Pressed | None, now: datetime) -> None:
    """Have the plan's one message show how it stands; without a prompt so far the receipt is a message of its own.

    What still waits to be sent asks for what is answered already, and is taken back; a reminder that is out says that
    nothing is left to do.
    """
    channel = person.slack_id
    key, instead, reminder = (of(plan.id) for of in (keys.plan_key, keys.receipt_key, keys.reminder_key))
    ended = keys.edit_key(reminder)
    standing = outbox.standing(tx, plan.workspace, (key, instead, reminder, ended))
    asked = standing.get(key)
    if asked is not None and (asked.state in LOST or _withdrawn(tx, plan, key, asked)):
        key = instead
    body = {"text": receipt_views.heading(plan), DRAWN_BY: RECEIPT, "plan": str(plan.id), "at": now.isoformat()}
    message = Message(new_id(), plan.workspace, key, Policy.RESEND, Rank.REPLY, body, now)
    _show(tx, message, channel, pressed, standing.get(key))
    reminded = None if ended in standing else standing.get(reminder)
    if reminded is not None and reminded.state in LIVE and not _withdrawn(tx, plan, reminder, reminded):
        over = Message(
            new_id(), plan.workspace, reminder, Policy.DROP, Rank.REPLY, receipt_views.reminder_answered(), now
        )
        _show(tx, over, channel, None, reminded)


def draw(tx: Session, asked: Sequence[Body]) -> list[Body]:
    """Receipts as they stand when they go out; the queries do not grow with their number."""
    said = {UUID(each["plan"]): datetime.fromisoformat(each["at"]) for each in asked}
    shown = {one.plan.id: receipt_views.receipt(one) for one in _receipts(tx, said)}
    return [shown.get(UUID(each["plan"]), {"text": each["text"]}) for each in asked]


def _receipts(tx: Session, said: Mapping[UUID, datetime]) -> list[Receipt]:
    written = [
        (one.plan, with_manager(one.person, one.team), one.huddle)
        for one in plans.written_some(tx, said)
        if one.team is not None and one.huddle is not None
    ]
    if not written:
        return []
    listed = [plan.id for plan, _, _ in written]
    line = people.lines_above(tx, [person for _, person, _ in written])
    cards = {(plan.day, huddle.card_at) for plan, _, huddle in written}
    days = [day for day, _ in cards]
    days_off = calendars.days_off(tx, written[0][0].workspace, line, min(days), max(days))
    off = {card: loading.away_on(days_off, line.values(), *card) for card in cards}
    items = plans.items(tx, listed)
    standing = [item for items_of_one in items.values() for item in items_of_one]
    redirects = plans.redirects(tx, [item.id for item in standing])
    known = kpis.some(tx, {item.kpi_id for item in standing if item.kpi_id is not None})
    raised = blockers.of_plans(tx, listed)
    weekdays = weeklies.meeting_days(tx, {plan.team_id for plan, _, _ in written if plan.id in raised})
    asked = team_questions.of_plans(tx, listed)
    return [
        Receipt(
            plan=plan,
            person=person,
            frame=loading.frame(huddle, person, line, off[plan.day, huddle.card_at], plan.day, said[plan.id]),
            items=items[plan.id],
            redirects=redirects,
            kpis=known,
            blocker=raised.get(plan.id),
            asked=asked[plan.id],
            weekly_on=weekdays.get(plan.team_id),
        )
        for plan, person, huddle in written
    ]


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
