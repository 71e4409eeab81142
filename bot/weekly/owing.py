"""What a weekly leaves to whom: told once it is closed, unless the channel's thread mentions them (W3, W6)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.ids import new_id
from bot.landing import lands
from bot.weekly import action_views, places, views
from bot.weekly.views import Sheet
from rituals.actions import Action
from rituals.budget import Turn
from rituals.meetings import Kind, Line
from rituals.people import Person
from storage import outbox, people
from storage.outbox import Message, Policy, Rank


def tell(tx: Session, sheet: Sheet, by: Person, now: datetime) -> None:
    """Tell each who took something on what it is, in one message; not whoever closed the weekly."""
    needed = [line for line in sheet.lines if line.kind is Kind.NEEDED]
    taken = [action for action in sheet.new if action.owed]
    for person in _owners(sheet, taken, needed):
        if person.id != by.id and not _mentioned(sheet, person):
            mine = [action for action in taken if action.owner_id == person.id]
            decides = [line for line in needed if line.owner_id == person.id]
            body = action_views.taken_on(views.title(sheet.team, sheet.meeting.day), mine, decides)
            key = places.owed_key(sheet.meeting.id, person.id)
            _post(tx, person, key, body, now)


def tell_given(tx: Session, action: Action, by: Person, now: datetime) -> None:
    """Tell whoever an action was given to; not whoever took it themselves."""
    owner = people.find(tx, action.owner_id)
    if owner is not None and owner.id != by.id:
        _post(tx, owner, places.given_key(action.id, owner.id, by.id), action_views.given(action, by), now)


def _post(tx: Session, person: Person, key: str, body: Mapping[str, Any], now: datetime) -> None:
    at = lands(tx, person, now)
    message = Message(new_id(), person.workspace, key, Policy.RESEND, Rank.REPLY, body, at, turn=Turn.REST)
    outbox.post(tx, message, person.slack_id)


def _owners(sheet: Sheet, taken: Iterable[Action], needed: Iterable[Line]) -> Sequence[Person]:
    owners = dict.fromkeys([*(one.owner_id for one in taken), *(one.owner_id for one in needed)])
    found = (sheet.people.get(one) for one in owners if one is not None)
    return [person for person in found if person is not None and person.active]


def _mentioned(sheet: Sheet, person: Person) -> bool:
    """Whether the outcome in the channel reaches them: only of its team's people is it known that they are there."""
    return sheet.team.channel is not None and person.team_id == sheet.team.id
