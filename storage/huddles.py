"""Huddles, and the manager's cards that are edited while answers arrive."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from rituals.huddle import Huddle
from storage.tables import Cards, Huddles
from storage.values import fetch, fetch_one, to_columns


def active(tx: Session) -> list[Huddle]:
    """Every huddle that is not paused."""
    return fetch(tx, Huddle, Huddles.paused.is_(False), order=[Huddles.id])


def find(tx: Session, huddles: Iterable[UUID]) -> list[Huddle]:
    """The huddles with these ids."""
    return fetch(tx, Huddle, Huddles.id.in_(list(huddles)))


def of_team(tx: Session, team_id: UUID) -> Huddle | None:
    """A team's huddle."""
    return fetch_one(tx, Huddle, Huddles.team_id == team_id)


@dataclass(frozen=True, slots=True)
class Card:
    """One manager's card of one date. `stale_since` is set while what it shows is no longer true.

    `response_url` edits it without touching Slack's quota for edits, until `response_until`.
    """

    id: UUID
    workspace: str
    team_id: UUID
    day: date
    reader_id: UUID
    page: int
    composed_at: datetime
    stale_since: datetime | None
    response_url: str | None
    response_until: datetime | None


_CARD = select(*(Cards.__table__.c[name] for name in Card.__slots__))


def add_card(tx: Session, card: Card) -> None:
    """Remember a card that is being sent."""
    tx.execute(insert(Cards).values(to_columns(card)))


def card(tx: Session, card_id: UUID) -> Card | None:
    """The card with this id."""
    row = tx.execute(_CARD.where(Cards.id == card_id)).one_or_none()
    return None if row is None else Card(*row)


def mark_stale(tx: Session, team_id: UUID, day: date, now: datetime) -> None:
    """Say that a team's card of a date no longer shows the truth; no card yet is fine."""
    tx.execute(
        update(Cards)
        .where(Cards.team_id == team_id, Cards.day == day, Cards.stale_since.is_(None))
        .values(stale_since=now)
    )


def touch_card(
    tx: Session, card_id: UUID, now: datetime, response_url: str, *, until: datetime, page: int | None = None
) -> None:
    """Have a card drawn again at once for the person who pressed on it."""
    changes: dict[str, object] = {"stale_since": now, "response_url": response_url, "response_until": until}
    if page is not None:
        changes["page"] = page
    tx.execute(update(Cards).where(Cards.id == card_id).values(changes))


def stale_cards(tx: Session, composed_before: datetime, limit: int) -> list[Card]:
    """Cards to draw again. One drawn after `composed_before` waits, unless a press on it is being answered."""
    waiting = (Cards.composed_at <= composed_before) | Cards.response_url.is_not(None)
    rows = tx.execute(
        _CARD.where(Cards.stale_since.is_not(None), waiting)
        .order_by(Cards.stale_since)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return [Card(*row) for row in rows]


def composed(tx: Session, card_id: UUID, now: datetime) -> None:
    """Note that a card was drawn."""
    changes = {"composed_at": now, "stale_since": None, "response_url": None, "response_until": None}
    tx.execute(update(Cards).where(Cards.id == card_id).values(changes))
