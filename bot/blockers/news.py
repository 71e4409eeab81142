"""Telling people of a blocker: each person once, where they have it already; a manager on the huddle card (F26, F36).

Whoever hears of a blocker for the first time gets a message of their own, which shows how it stands; all that follows
goes into its thread. A reporter has it under the receipt of the plan that raised it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from bot.blockers import views
from bot.blockers.loading import Book
from bot.blocks import Block
from bot.catalogue import Mrkdwn, say
from bot.ids import new_id
from bot.keys import card_key, edit_key, plan_key, receipt_key
from bot.landing import lands
from bot.pressed import Pressed
from rituals import calendar
from rituals.blockers import Blocker, BlockerState
from rituals.budget import Turn
from rituals.people import Person
from storage import huddles, outbox, people
from storage.huddles import Card
from storage.outbox import Message, Policy, Rank, Standing, State

LIVE = {State.READY, State.SENDING, State.SENT}
"""States of a message that is on somebody's screen, or will be unless it is taken back."""
CARD_LASTS = timedelta(days=4)
"""How old a huddle card may be for something to be said in its thread: Friday's on Monday, and a holiday."""


def own_key(blocker: Blocker, person: Person) -> str:
    """Outbox key of the message that somebody has about a blocker."""
    return f"blocker:{blocker.id}:{person.id}"


def help_key(blocker: Blocker, person: Person) -> str:
    """Outbox key of the message that asks somebody higher up for help, once a climb and level (F29)."""
    return f"help:{blocker.id}:{blocker.climb}:{blocker.level}:{person.id}"


def warning_key(blocker: Blocker, person: Person) -> str:
    """Outbox key of the warning before a climb: one each time that a blocker waits for somebody."""
    return f"warning:{blocker.id}:{int(blocker.since.timestamp())}:{person.id}"


@dataclass(frozen=True, slots=True)
class Desk:
    """One blocker with all that is needed to tell people of it, as it stands after a change."""

    book: Book
    blocker: Blocker
    now: datetime

    def helps(self, person: Person) -> list[str]:
        """The keys under which somebody may have been asked for help lately."""
        before = replace(self.blocker, climb=max(1, self.blocker.climb - 1))
        return list(dict.fromkeys((help_key(self.blocker, person), help_key(before, person))))

    def homes(self, person: Person) -> list[str]:
        """The keys of messages whose thread may be where somebody has the blocker, the best first."""
        keys = [*self.helps(person), own_key(self.blocker, person)]
        for one in (self.blocker, *self.book.merged.get(self.blocker.id, ())):
            if person.id == one.reporter_id and one.plan_id is not None:
                keys += [receipt_key(one.plan_id), plan_key(one.plan_id)]
        return keys


def tell(
    tx: Session, desk: Desk, hear: Iterable[Person], event: str, words: Mrkdwn, buttons: Sequence[Block] = ()
) -> None:
    """Say something to each of these people once, however often they are named; to nobody who has left.

    `event` names what is said: said again, it is sent once.
    """
    listed = [person for person in {one.id: one for one in hear}.values() if person.active]
    cards = _cards(tx, desk) if listed else {}
    homes = {person.id: [*desk.homes(person), *cards.get(person.id, ())] for person in listed}
    keys = [key for several in homes.values() for key in several]
    standing = outbox.standing(tx, desk.blocker.workspace, keys) if keys else {}
    for person in listed:
        body = views.note(words, buttons)
        home = next((key for key in homes[person.id] if _alive(standing.get(key))), None)
        key = f"{event}:{person.id}"
        if home is None:
            home = own_key(desk.blocker, person)
            body = views.message(desk.book.shown(desk.blocker, person), words)
            if buttons:
                body["blocks"].append({"type": "actions", "elements": list(buttons)})
            first = _message(tx, desk, home, body, person, Rank.REPLY, policy=Policy.RESEND)
            outbox.post(tx, first, person.slack_id)
        else:
            outbox.reply(tx, _message(tx, desk, key, body, person, Rank.REPLY), home)


def has_card(tx: Session, reporter: Person) -> bool:
    """Whether what somebody is stuck on stands on the huddle card of whoever must act: that of their own manager."""
    if not reporter.plans or reporter.team_id is None:
        return False
    team, huddle = people.team(tx, reporter.team_id), huddles.of_team(tx, reporter.team_id)
    own = team is not None and team.manager_id == reporter.manager_id
    return own and huddle is not None and not huddle.paused


def arrived(tx: Session, desk: Desk) -> None:
    """Have a new blocker stand where whoever must act looks: on the day's huddle card, else in a message (F26)."""
    line = desk.book.lines[desk.blocker.id]
    reporter, holder = line.reporter, line.holder(desk.blocker.level)
    _redraw_cards(tx, reporter, None, None, desk.now)
    if has_card(tx, reporter):
        return
    words = say("{who} is stuck, and *{label}* waits for you.", who=reporter.given_name, label=desk.blocker.label)
    tell(tx, desk, [holder] if holder is not None else [], f"raised:{desk.blocker.id}", words)


def ask_for_help(tx: Session, desk: Desk, person: Person) -> None:
    """Ask somebody higher up: a message of its own, which says who asks what (F29)."""
    body = views.for_help(desk.book.shown(desk.blocker, person))
    message = _message(tx, desk, help_key(desk.blocker, person), body, person, Rank.DIGEST, policy=Policy.HOLD)
    outbox.post(tx, message, person.slack_id)


def on_card(tx: Session, desk: Desk, person: Person, key: str, body: dict[str, Any]) -> None:
    """Say something to whoever must act: in the thread of their huddle card, else where they have the blocker."""
    message = _message(tx, desk, key, body, person, Rank.PROMPT, policy=Policy.RESEND)
    keys = [*_cards(tx, desk).get(person.id, ()), *desk.homes(person)]
    standing = outbox.standing(tx, desk.blocker.workspace, keys)
    home = next((each for each in keys if _alive(standing.get(each))), None)
    if home is None:
        outbox.post(tx, replace(message, turn=Turn.REDIRECT), person.slack_id)
    else:
        outbox.reply(tx, message, home)


def _cards(tx: Session, desk: Desk) -> Mapping[UUID, Sequence[str]]:
    """The messages of the huddle cards on which people have the blocker, by their reader, the newest first (F26)."""
    reporter = desk.book.lines[desk.blocker.id].reporter
    if reporter.team_id is None:
        return {}
    found: dict[UUID, list[str]] = {}
    since = calendar.local_day(desk.now, reporter.zone) - CARD_LASTS
    for card in huddles.cards_since(tx, reporter.team_id, since):
        if card.shown_in is None:
            found.setdefault(card.reader_id, []).append(_shown_in(card))
    return found


def _alive(standing: Standing | None) -> bool:
    return standing is not None and standing.state in LIVE


def _message(
    tx: Session, desk: Desk, key: str, body: dict[str, Any], person: Person, rank: Rank, *, policy: Policy = Policy.DROP
) -> Message:
    """Something to say to somebody, when it may land on them; a call for help is outside the message budget."""
    turn, at = Turn.FREE if policy is Policy.HOLD else Turn.REST, lands(tx, person, desk.now)
    return Message(new_id(), desk.blocker.workspace, key, policy, rank, body, at, turn=turn)


def redraw(tx: Session, desk: Desk, pressed: Pressed | None) -> bool:
    """Have all that shows a blocker show how it stands now; return whether that is what was pressed on.

    What asks for help, or warns, and is not out yet is taken back once there is nothing to ask any more.
    """
    book, blocker, now = desk.book, desk.blocker, desk.now
    line = book.lines[blocker.id]
    presser = None if pressed is None else book.by_slack(pressed.who.slack_id)
    drawn = _redraw_cards(tx, line.reporter, pressed, presser, now)
    near = {**line.people, **{person.id: person for person in book.involved(blocker)}}
    needed = {person.id: person for person in book.about(blocker).needed}
    keys: dict[str, Person] = {}
    for person in {**near, **needed}.values():
        theirs = (*desk.helps(person), own_key(blocker, person), warning_key(blocker, person))
        keys |= dict.fromkeys(theirs, person)
    for key, standing in outbox.standing(tx, blocker.workspace, keys).items():
        if standing.state in LIVE:
            # A place is unique in one conversation only: what somebody pressed on stands in their own.
            here = pressed if presser is not None and keys[key].id == presser.id else None
            drawn = _redraw_message(tx, desk, keys[key], key, standing, here) or drawn
    return drawn


def _redraw_message(
    tx: Session, desk: Desk, person: Person, key: str, standing: Standing, pressed: Pressed | None
) -> bool:
    """Have one message show the blocker as it stands; return whether it is what was pressed on."""
    blocker = desk.blocker
    kind, still = key.partition(":")[0], _still_asks(blocker, key, person)
    if kind != "blocker" and not still and _withdrawn(tx, blocker, key, standing):
        return False
    if kind == "warning" and still:
        return False
    shown = desk.book.shown(blocker, person)
    body = views.for_help(shown) if kind == "help" else views.message(shown)
    here = pressed is not None and standing.place is not None and standing.place.mark == pressed.place
    message = Message(new_id(), blocker.workspace, edit_key(key), Policy.RESEND, Rank.REPLY, body, desk.now)
    url, until = (pressed.response_url, pressed.until) if pressed is not None and here else (None, None)
    outbox.edit(tx, message, key, response_url=url, response_until=until)
    return here


def _withdrawn(tx: Session, blocker: Blocker, key: str, standing: Standing) -> bool:
    return standing.state == State.READY and outbox.withdraw(tx, blocker.workspace, key)


def overtaken(tx: Session, desk: Desk, key: str, words: Mrkdwn) -> None:
    """Have a warning say what has become of it."""
    standing = outbox.standing(tx, desk.blocker.workspace, [key]).get(key)
    if standing is None or standing.state not in LIVE or _withdrawn(tx, desk.blocker, key, standing):
        return
    body = views.note(words)
    outbox.edit(
        tx, Message(new_id(), desk.blocker.workspace, edit_key(key), Policy.RESEND, Rank.REPLY, body, desk.now), key
    )


def _still_asks(blocker: Blocker, key: str, person: Person) -> bool:
    """Whether a message that asks somebody to act is still true."""
    if key.startswith("warning:"):
        waits = blocker.state is BlockerState.OPEN and not blocker.snoozed
        return waits and blocker.warned_id == person.id and key == warning_key(blocker, person)
    return blocker.live and not blocker.snoozed and key == help_key(blocker, person)


def _redraw_cards(
    tx: Session, reporter: Person, pressed: Pressed | None, presser: Person | None, now: datetime
) -> bool:
    if reporter.team_id is None:
        return False
    today = calendar.local_day(now, reporter.zone)
    huddles.mark_stale_since(tx, [reporter.team_id], today - timedelta(days=1), now)
    if pressed is None or presser is None or pressed.place is None or pressed.response_url is None:
        return False
    since = huddles.cards_since(tx, reporter.team_id, today - CARD_LASTS)
    cards = {_shown_in(card): card for card in since if card.reader_id == presser.id}
    for key, standing in outbox.standing(tx, reporter.workspace, cards).items():
        if standing.place is not None and standing.place.mark == pressed.place:
            card, url = cards[key], pressed.response_url
            huddles.touch_card(tx, card.team_id, card.day, now, response_url=url, until=pressed.until, on=card.id)
            return True
    return False


def _shown_in(card: Card) -> str:
    """The key of the message that a card stands in."""
    return card.shown_in or card_key(card.id)


def of_key(key: str) -> UUID | None:
    """The blocker that a message with this key is about."""
    kind, _, rest = key.partition(":")
    return UUID(rest.partition(":")[0]) if kind in {"blocker", "help", "warning"} else None
