"""Cards that no longer show the truth are drawn again, and with each huddle card the channel's line."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy.orm import Session

from bot import keys
from bot.huddle import card_views, channel, dotted, loading, owed
from bot.ids import new_id
from storage import huddles, outbox, people
from storage.huddles import Card
from storage.outbox import Message, Policy, Rank

REDRAW = timedelta(seconds=2)
REDRAW_MANY = timedelta(minutes=1)
MANY_PEOPLE = 200
"""A card of more people than this is redrawn once a minute at most: edits share a quota per workspace (F14)."""
BATCH = 20

Draw = Callable[[Session, Card, datetime], Mapping[str, Any] | None]
DRAWN: Mapping[str, Draw] = {"owed": owed.body, "dotted": dotted.body}
"""What shows several teams or dates, by the first word of its outbox key."""


def compose(tx: Session, now: datetime) -> int:
    """Draw what is stale; return how many messages were."""
    stale = sorted(huddles.stale_cards(tx, now - REDRAW, BATCH), key=lambda card: card.key)
    return sum(_draw(tx, list(rows), now) for _, rows in groupby(stale, key=lambda card: card.key))


def _draw(tx: Session, rows: Sequence[Card], now: datetime) -> bool:
    """Draw one message, of which these rows are stale."""
    card = next((row for row in rows if row.response_url is not None), rows[0])
    if card.shown_in is None:
        return _huddle_card(tx, card, now)
    huddles.composed(tx, rows, now)
    body = DRAWN[card.key.partition(":")[0]](tx, card, now)
    return body is not None and _edit(tx, card, body, now)


def _huddle_card(tx: Session, card: Card, now: datetime) -> bool:
    team = people.team(tx, card.team_id)
    reader = people.find(tx, card.reader_id)
    if team is None or reader is None:
        return False
    day = loading.day(tx, team, card.day, reader, now)
    crowded = len(day.plans) > MANY_PEOPLE and card.response_url is None
    if crowded and now - card.composed_at < REDRAW_MANY:
        return False
    drawn = _edit(tx, card, card_views.card(day, card.id, card.page), now)
    huddles.composed(tx, [card], now)
    if day.posted:
        channel.correct(tx, day, now)
    return drawn


def _edit(tx: Session, card: Card, body: Mapping[str, Any], now: datetime) -> bool:
    edit = keys.edit_key(card.key)
    if outbox.shown(tx, card.workspace, card.key, edit) == body:
        return False
    message = Message(new_id(), card.workspace, edit, Policy.RESEND, Rank.REPLY, body, now)
    outbox.edit(tx, message, card.key, response_url=card.response_url, response_until=card.response_until)
    return True
