"""Plans that nobody has answered come to their manager at 14:00, with the buttons that answer them (D6)."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from bot.huddle import loading, owed_views
from bot.huddle.groups import Group, groups, why_no_report
from bot.huddle.owed_views import Owing, Waiting
from bot.ids import new_id, same_id
from bot.ritual import Skips
from rituals import calendar, hours
from rituals import owed as rules
from rituals.budget import Turn
from rituals.huddle import OWED_AT
from rituals.owed import Owed
from rituals.people import Person, Team
from rituals.plans import Plan
from storage import calendars, huddles, outbox, owed, people
from storage.huddles import Card
from storage.occurrences import Occurrence
from storage.outbox import Message, Policy, Rank

NOTHING = "no plan waits for an answer"
ALL_OFF = "everybody who could answer is off"


def owed_key(team_id: UUID, day: date) -> str:
    """Outbox key of what a team's manager is told on a date."""
    return f"owed:{team_id}:{day.isoformat()}"


def send(tx: Session, due: Sequence[Occurrence], now: datetime) -> Skips:
    """Tell the manager, or their stand-in, what waits; whoever is off then hears of it on the next working day."""
    skips: dict[UUID, str] = {}
    for group in groups(tx, due):
        reader = loading.reader(tx, group.huddle, group.team, group.day, OWED_AT)
        why = why_no_report(tx, group) or _off(tx, reader, group.day)
        found = [] if why is not None or reader is None else _waiting(tx, group, reader)
        if reader is None or not found:
            skips |= {row.id: why or NOTHING for row in group.rows}
            continue
        owed.tell(tx, found)
        _post(tx, group, reader, now)
    return skips


def _off(tx: Session, reader: Person | None, day: date) -> str | None:
    """Why nobody is told; the nearest keeps what is owed while all are off, and is not disturbed."""
    return ALL_OFF if reader is not None and loading.away(tx, [reader], day, OWED_AT) else None


def _waiting(tx: Session, group: Group, reader: Person) -> list[Owed]:
    """What waits for `reader`'s answer: not their own plan, nor one of somebody who has left."""
    first, today, team = group.day - rules.LOOK_BACK, group.day, group.team
    plans = owed.unanswered(tx, team.id, first, today)
    writers = people.some(tx, {plan.person_id for plan in plans})
    mine = [plan for plan in plans if writers[plan.person_id].active and plan.person_id != reader.id]
    days_off = calendars.days_off(tx, team.workspace, [reader.id], first, today)
    zone = group.rows[0].zone
    waiting = rules.waiting(
        mine,
        owed.told(tx, [plan.id for plan in mine]),
        lambda day: calendar.instant(day, group.huddle.meets_at, zone),
        today,
        lambda day: days_off.on(reader, day) is None,
    )
    return [
        Owed(same_id("owed", plan.id, why), team.workspace, team.id, today, plan.id, reader.id, why)
        for plan, why in waiting
    ]


def _post(tx: Session, group: Group, reader: Person, now: datetime) -> None:
    team, today = group.team, group.day
    key = owed_key(team.id, today)
    days = sorted({plan.day for _, plan in owed.listed(tx, team.id, today)})
    rows = [_card(team, day, reader, key, now) for day in days]
    huddles.add_card(tx, *rows)
    start, until = hours.opens(reader, now), calendar.end_of(today, reader.zone)
    shown = body(tx, rows[0], now)
    message = Message(new_id(), team.workspace, key, Policy.RESEND, Rank.DIGEST, shown, start, until, Turn.REST)
    outbox.post(tx, message, reader.slack_id)


def _card(team: Team, day: date, reader: Person, key: str, now: datetime) -> Card:
    card_id = same_id(key, day)
    return Card(card_id, team.workspace, team.id, day, reader.id, 0, now, None, None, None, shown_in=key)


def body(tx: Session, card: Card, now: datetime) -> dict[str, Any]:
    """The message that `card` is a row of, as it stands."""
    team_id, told_on = _of(card)
    team = people.team(tx, team_id)
    reader = people.find(tx, card.reader_id)
    if team is None:
        raise RuntimeError("a card of no team")
    found = owed.listed(tx, team.id, told_on)
    days = {day: loading.day(tx, team, day, reader, now) for day in sorted({plan.day for _, plan in found})}
    writers = people.some(tx, {plan.person_id for _, plan in found})
    waiting = [Waiting(one.why, writers[plan.person_id], days[plan.day]) for one, plan in found]
    waiting.sort(key=lambda one: (one.day.day, one.person.name))
    return owed_views.message(Owing(team, told_on, waiting), card.id, card.page)


def _of(card: Card) -> tuple[UUID, date]:
    """The team and the date of the message that a row belongs to."""
    _, team, day = card.key.split(":")
    return UUID(team), date.fromisoformat(day)


def plans_in(tx: Session, card: Card, *, lock: bool = False) -> list[Plan]:
    """The plans that a message of this kind lists; none for another kind."""
    if card.shown_in is None or not card.shown_in.startswith("owed:"):
        return []
    return [plan for _, plan in owed.listed(tx, *_of(card), lock=lock)]
