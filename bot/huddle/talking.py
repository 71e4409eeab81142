"""Who has not been spoken to for two weeks, and the press that says that a talk took place (W11)."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from slack_bolt.async_app import AsyncAck
from sqlalchemy.orm import Session

from bot import payloads
from bot.acting import acting
from bot.deps import Deps
from bot.doors import Doors
from bot.errors import Gone, answer_press, tell
from bot.huddle import talk_views
from bot.ids import same_id
from bot.pressed import Pressed
from bot.standing import placed, standing
from rituals import calendar
from rituals import talks as rules
from rituals.people import Person, Team, responder
from rituals.policy import Action, require
from rituals.talks import Talk
from storage import huddles, people, talks


def register(doors: Doors) -> None:
    """One door: the ⋯ of a card and the button under a brief."""
    doors.action(talk_views.TALKED)(talked)


def unspoken(
    tx: Session, team: Team, roster: Sequence[Person], away: Collection[UUID], reader: Person | None, day: date
) -> list[Person]:
    """Which of a manager's reports on a team they have had no word with, on their card of a date; nobody who is away.

    Whoever stands in for the manager is told of nobody: they are not theirs to coach.
    """
    if reader is None:
        return []
    theirs = [one for one in roster if placed(one, team).manager_id == reader.id and one.id not in away]
    ids = [one.id for one in theirs]
    first = day - rules.LOOK_BACK
    asked = talks.asked_since(tx, ids, first)
    since = calendar.instant(first, time(0), reader.zone)
    if not asked or since is None:
        return []
    last = talks.last_words(tx, reader.id, ids, since)
    days = {who: calendar.local_day(at, reader.zone) for who, at in last.items()}
    return rules.unspoken(theirs, asked, days, day)


async def talked(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """`Talked with Tom` on a card, which is drawn again; `We have talked` under a brief, where a line says so."""
    press = payloads.press(body)
    person_id, _, card_id = press.value.partition(":")
    pressed = Pressed.of(press.who, press.response_url, press.place)
    told: list[str] = []

    def write(tx: Session) -> None:
        person, manager = note(tx, UUID(person_id), pressed, deps.clock())
        if card_id:
            _redraw(tx, UUID(card_id), pressed, deps.clock())
        else:
            told[:] = [talk_views.noted(person, manager)]

    await answer_press(ack, deps, press, deps.database.write(write))
    for words in told:
        await tell(deps, press.response_url, words)


def note(tx: Session, person_id: UUID, pressed: Pressed, now: datetime) -> tuple[Person, Person]:
    """Keep that somebody and whoever presses have talked; pressed by themselves, it was with who owes them answers.

    Once a day, however often it is pressed. Raises Stranger, Gone or NotAllowed.
    """
    by = acting(tx, pressed.who, now)
    person = people.find(tx, person_id)
    if person is None or person.workspace != by.workspace:
        raise Gone
    stands = standing(tx, person, now)
    require(Action.TALK_NOTE, by, stands.about)
    manager = responder(stands.person, stands.line, stands.away) if by.id == person.id else by
    if manager is None:
        raise Gone
    today = calendar.local_day(now, manager.zone)
    made = same_id("talk", person.id, manager.id, today)
    talks.note(tx, Talk(made, person.workspace, person.id, manager.id, by.id, now))
    return person, manager


def _redraw(tx: Session, card_id: UUID, pressed: Pressed, now: datetime) -> None:
    card = huddles.card(tx, card_id)
    if card is not None:
        url, until = pressed.response_url, pressed.until
        huddles.touch_card(tx, card.team_id, card.day, now, response_url=url, until=until, on=card.id)
