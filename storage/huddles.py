"""Huddles, and the manager's cards that are edited while answers arrive."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import bindparam, insert, literal, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from rituals.huddle import Huddle, resumed
from storage.tables import Cards, HuddlePlans, Huddles, UtcDateTime
from storage.values import UNSYNCED, add, fetch, find_by, save, to_columns


@dataclass(frozen=True, slots=True)
class ToPlan:
    """A huddle that the planner must look at, from the person after `cursor` on."""

    huddle: Huddle
    cursor: UUID | None


def next_to_plan(tx: Session, now: datetime) -> ToPlan | None:
    """One huddle whose plan is due for a look, locked for this transaction; None when all are up to date.

    A paused one is planned as well: what it leaves out is in the ledger with that reason.
    """
    dialect = sqlite if tx.get_bind().dialect.name == "sqlite" else postgresql
    unseen = select(Huddles.id, Huddles.workspace, literal(now, UtcDateTime)).where(
        Huddles.id.not_in(select(HuddlePlans.huddle_id))
    )
    tx.execute(
        dialect.insert(HuddlePlans).from_select(["huddle_id", "workspace", "again_at"], unseen).on_conflict_do_nothing()
    )
    row = tx.execute(
        select(HuddlePlans.huddle_id, HuddlePlans.cursor)
        .where(HuddlePlans.again_at <= now)
        .order_by(HuddlePlans.again_at)
        .limit(1)
        .with_for_update(skip_locked=True, of=HuddlePlans)
    ).one_or_none()
    if row is None:
        return None
    (huddle,) = find(tx, [row.huddle_id])
    return ToPlan(huddle, row.cursor)


def planned_to(tx: Session, huddle_id: UUID, cursor: UUID | None, again_at: datetime) -> None:
    """Note how far the planner got: to a person, or (None) through, with the instant of its next look."""
    row = update(HuddlePlans).where(HuddlePlans.huddle_id == huddle_id)
    tx.execute(row.values(cursor=cursor, again_at=again_at))


def plan_again(tx: Session, team_id: UUID, now: datetime) -> None:
    """Have a team's huddle planned again at once: a zone, a roster or the huddle itself has changed."""
    of_team = select(Huddles.id).where(Huddles.team_id == team_id)
    tx.execute(
        update(HuddlePlans).where(HuddlePlans.huddle_id.in_(of_team)).values(cursor=None, again_at=now),
        **UNSYNCED,
    )


def change(tx: Session, huddle: Huddle, now: datetime) -> None:
    """Save a huddle, new or known, and have it planned again at once; after a pause it goes on from `now` (F97)."""
    before = find_by(tx, Huddle, id=huddle.id)
    if before is None:
        add(tx, huddle)
        return
    save(tx, resumed(huddle, now) if before.paused and not huddle.paused else huddle)
    plan_again(tx, huddle.team_id, now)


def find(tx: Session, huddles: Iterable[UUID]) -> list[Huddle]:
    """The huddles with these ids."""
    return fetch(tx, Huddle, Huddles.id.in_(list(huddles)))


def everything(tx: Session) -> list[Huddle]:
    """Every huddle of every workspace."""
    return fetch(tx, Huddle, order=[Huddles.workspace, Huddles.id])


def of_teams(tx: Session, team_ids: Collection[UUID]) -> list[Huddle]:
    """The huddles of these teams."""
    return fetch(tx, Huddle, Huddles.team_id.in_(team_ids))


def of_team(tx: Session, team_id: UUID) -> Huddle | None:
    """A team's huddle."""
    return find_by(tx, Huddle, team_id=team_id)


@dataclass(frozen=True, slots=True)
class Card:
    """That a message to `reader_id` shows a team's date. `stale_since` is set while what it shows is no longer true.

    The message is the team's huddle card of that date, or, with its outbox key in `shown_in`, one that shows several
    teams or dates and has a row for each. `response_url` edits it without touching Slack's quota for edits, until
    `response_until`.
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
    shown_in: str | None = None

    @property
    def key(self) -> str:
        """Outbox key of the message."""
        return self.shown_in or f"card:{self.id}"


_CARD = select(*(Cards.__table__.c[name] for name in Card.__slots__))


def add_card(tx: Session, *cards: Card) -> None:
    """Remember what a message that is being sent shows."""
    tx.execute(insert(Cards), [to_columns(card) for card in cards])


def card(tx: Session, card_id: UUID) -> Card | None:
    """The card with this id."""
    row = tx.execute(_CARD.where(Cards.id == card_id)).one_or_none()
    return None if row is None else Card(*row)


def in_message(tx: Session, key: str) -> list[Card]:
    """What the message with this outbox key shows, besides huddle cards."""
    rows = tx.execute(_CARD.where(Cards.shown_in == key).order_by(Cards.day, Cards.team_id))
    return [Card(*row) for row in rows]


_CARDS = Cards.metadata.tables["cards"]
_MARK_STALE = (
    update(_CARDS)
    .where(
        _CARDS.c.team_id == bindparam("its_team"), _CARDS.c.day == bindparam("its_day"), _CARDS.c.stale_since.is_(None)
    )
    .values(stale_since=bindparam("now"))
)


def mark_stale(tx: Session, team_id: UUID, day: date, now: datetime) -> None:
    """Say that a team's card of a date no longer shows the truth; no card yet is fine."""
    tx.execute(_MARK_STALE, {"its_team": team_id, "its_day": day, "now": now})


def mark_stale_since(tx: Session, team_ids: Collection[UUID], day: date, now: datetime) -> None:
    """The same for these teams' cards of a date and later ones."""
    theirs = (Cards.team_id.in_(team_ids), Cards.day >= day, Cards.stale_since.is_(None))
    tx.execute(update(Cards).where(*theirs).values(stale_since=now), **UNSYNCED)


def cards_since(tx: Session, team_id: UUID, day: date) -> list[Card]:
    """All that shows a team's dates from one on, the newest first."""
    theirs = (Cards.team_id == team_id, Cards.day >= day)
    return [Card(*row) for row in tx.execute(_CARD.where(*theirs).order_by(Cards.day.desc(), Cards.id))]


def touch_card(
    tx: Session,
    team_id: UUID,
    day: date,
    now: datetime,
    *,
    response_url: str | None,
    until: datetime,
    on: UUID | None = None,
) -> None:
    """Have all that shows a team's date drawn again, and at once what the press was `on`; None is the huddle card."""
    mark_stale(tx, team_id, day, now)
    if response_url is None:
        return
    huddle_card = (Cards.team_id == team_id, Cards.day == day, Cards.shown_in.is_(None))
    changes = {"stale_since": now, "response_url": response_url, "response_until": until}
    tx.execute(update(Cards).where(*(huddle_card if on is None else (Cards.id == on,))).values(changes))


def turn_card(tx: Session, card: Card, page: int) -> None:
    """Show another page of a message, from 0, the next time that it is drawn."""
    same = Cards.id == card.id if card.shown_in is None else Cards.shown_in == card.shown_in
    tx.execute(update(Cards).where(same).values(page=page))


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


def composed(tx: Session, cards: Iterable[Card], now: datetime) -> None:
    """Note that cards were drawn."""
    changes = {"composed_at": now, "stale_since": None, "response_url": None, "response_until": None}
    tx.execute(update(Cards).where(Cards.id.in_([card.id for card in cards])).values(changes))
