"""A manager's doors at the foot of a card: agree to all, turn the page, post the line."""

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
from bot.huddle import card_views, channel, loading, owed, receipts
from bot.payloads import Who
from bot.pressed import Pressed
from rituals import plans as rules
from rituals.people import Person, with_manager
from rituals.plans import NothingToAnswer
from rituals.policy import Action, about, require
from storage import huddles, people, plans, values
from storage.huddles import Card


def register(doors: Doors) -> None:
    """The card's last row of buttons."""
    doors.action(card_views.AGREE_ALL)(agree_all)
    doors.action(card_views.PAGE)(turn)
    doors.action(card_views.POST)(post_summary)


async def agree_all(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """`Agree all without ⚠`: the whole card in one press."""
    press = payloads.press(body)
    pressed = Pressed.of(press.who, press.response_url, press.place)
    await answer_press(ack, deps, press, deps.database.write(agree_card, UUID(press.value), pressed, deps.clock()))


def agree_card(tx: Session, card_id: UUID, pressed: Pressed, now: datetime) -> None:
    """Stamp every result with a KPI that the card showed; a plan edited after the card was drawn waits.

    Raises Gone, NotAllowed, or NothingToAnswer when nothing is left.
    """
    manager = acting(tx, pressed.who, now)
    card = huddles.card(tx, card_id)
    team = None if card is None else people.team(tx, card.team_id)
    if card is None or team is None:
        raise Gone
    found = owed.plans_in(tx, card, lock=True) or list(plans.of_team(tx, team.id, card.day, lock=True).values())
    shown = [plan for plan in found if plan.filed_at is not None and plan.filed_at <= card.composed_at]
    items = plans.items(tx, [plan.id for plan in shown])
    reps = people.some(tx, [plan.person_id for plan in shown])
    asked = {rep.id: with_manager(rep, team) for rep in reps.values()}
    line = {**people.lines_above(tx, asked.values()), **asked}
    off = loading.off(tx, line.values(), card.day, loading.huddle_of(tx, team).card_at, now)
    stamped = 0
    for plan in shown:
        rep = reps[plan.person_id]
        if rep.id == manager.id:
            continue  # A deputy reads the whole card; their own plan waits for somebody else.
        require(Action.PLAN_ANSWER, manager, about(asked[rep.id], line, off))
        if any(item.agreeable for item in items[plan.id]):
            values.save(tx, *rules.agree(items[plan.id]))
            receipts.announce(tx, plan, rep, None, now)
            huddles.mark_stale(tx, team.id, plan.day, now)
            stamped += 1
    if not stamped:
        raise NothingToAnswer
    _touch(tx, card, pressed, now)


# The card itself


async def turn(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """`Next page`: the card shows its next people."""
    press = payloads.press(body)
    card_id, _, page = press.value.partition(":")
    pressed = Pressed.of(press.who, press.response_url, press.place)
    work = deps.database.write(turn_page, UUID(card_id), int(page), pressed, deps.clock())
    await answer_press(ack, deps, press, work)


def turn_page(tx: Session, card_id: UUID, page: int, pressed: Pressed, now: datetime) -> None:
    """Show another page; raises Gone or NotAllowed for somebody whose card it is not."""
    card, _ = _own_card(tx, card_id, pressed.who, now)
    huddles.turn_card(tx, card, page)
    _touch(tx, card, pressed, now)


async def post_summary(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """`Post summary`: the channel hears now instead of at its time."""
    press = payloads.press(body)
    pressed = Pressed.of(press.who, press.response_url, press.place)
    await answer_press(ack, deps, press, deps.database.write(post_now, UUID(press.value), pressed, deps.clock()))


def post_now(tx: Session, card_id: UUID, pressed: Pressed, now: datetime) -> None:
    """Post the team's one line, once, whoever asks for it first; raises Gone or NotAllowed."""
    card, reader = _own_card(tx, card_id, pressed.who, now)
    team = people.team(tx, card.team_id)
    if team is None or team.channel is None:
        raise Gone
    channel.post(tx, loading.day(tx, team, card.day, reader, now), now)
    _touch(tx, card, pressed, now)


def _touch(tx: Session, card: Card, pressed: Pressed, now: datetime) -> None:
    url, until = pressed.response_url, pressed.until
    huddles.touch_card(tx, card.team_id, card.day, now, response_url=url, until=until, on=card.id)


def _own_card(tx: Session, card_id: UUID, who: Who, now: datetime) -> tuple[Card, Person]:
    user = acting(tx, who, now)
    card = huddles.card(tx, card_id)
    reader = None if card is None else people.find(tx, card.reader_id)
    if card is None or reader is None:
        raise Gone
    require(Action.CARD_USE, user, about(reader))
    return card, reader
