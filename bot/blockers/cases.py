"""A blocker that somebody acts on: held, with what stands around it, written back with all that shows it."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from bot.acting import acting, actor
from bot.blockers import news, planning, views
from bot.blockers.loading import Book, book
from bot.blockers.news import Desk
from bot.blockers.refusals import Already
from bot.catalogue import Mrkdwn, plain, say
from bot.errors import Gone, MayNot
from bot.payloads import Who
from bot.pressed import Pressed
from rituals import calendar
from rituals.blockers import Blocker
from rituals.people import Person
from rituals.policy import Action, NotAllowed, require
from storage import blockers, values

VERBS = {
    Action.BLOCKER_READ: "read",
    Action.BLOCKER_TRIAGE: "triage",
    Action.BLOCKER_ASK: "ask about",
    Action.BLOCKER_SETTLE: "answer, escalate or resolve",
}
"""What somebody may not do, in a refusal's words."""


@dataclass(frozen=True, slots=True)
class Case:
    """A live blocker, held, with who acts on it."""

    blocker: Blocker
    by: Person
    book: Book
    pressed: Pressed
    now: datetime

    @property
    def today(self) -> date:
        """The date on the actor's own calendar."""
        return calendar.local_day(self.now, self.by.zone)


def case(tx: Session, blocker_id: UUID, action: Action, pressed: Pressed, now: datetime) -> Case:
    """A live blocker that whoever pressed may act on; raises Stranger, Gone, NotAllowed or Already."""
    by = acting(tx, pressed.who, now)
    blocker = found(blockers.find(tx, blocker_id, lock=True), by)
    shelf = book(tx, [blocker], now, also=[by.id])
    _require(action, by, shelf, blocker)
    if not blocker.live:
        raise Already(shelf.shown(blocker, by), now)
    return Case(blocker, by, shelf, pressed, now)


def look(tx: Session, blocker_id: UUID, action: Action, who: Who, now: datetime) -> Case:
    """The same for whoever only looks, at a form for one."""
    by = actor(tx, who)
    blocker = found(blockers.find(tx, blocker_id), by)
    shelf = book(tx, [blocker], now, also=[by.id])
    _require(action, by, shelf, blocker)
    if not blocker.live and action is not Action.BLOCKER_READ:
        raise Already(shelf.shown(blocker, by), now)
    return Case(blocker, by, shelf, Pressed.of(who, None, None), now)


def _require(action: Action, by: Person, shelf: Book, blocker: Blocker) -> None:
    try:
        require(action, by, shelf.about(blocker))
    except NotAllowed as refusal:
        raise MayNot(refusal, plain("{verb} {label}", verb=VERBS[action], label=blocker.label)) from refusal


def found(blocker: Blocker | None, by: Person) -> Blocker:
    """A blocker of the same workspace; raises Gone."""
    if blocker is None or blocker.workspace != by.workspace:
        raise Gone
    return blocker


def keep(tx: Session, one: Case, *changed: Blocker) -> tuple[Desk, bool]:
    """Write what became of a blocker, plan its next step, and have everything show it."""
    values.save(tx, *changed)
    planning.place(tx, changed, one.now)
    also = {one.by.id} | {b.owner_id for b in changed if b.owner_id is not None}
    desk = Desk(book(tx, changed, one.now, also=also), changed[0], one.now)
    return desk, news.redraw(tx, desk, one.pressed)


def others(desk: Desk, by: Person, *but: Person) -> list[Person]:
    """Everybody involved but whoever acts."""
    left_out = {by.id, *(person.id for person in but)}
    return [person for person in desk.book.involved(desk.blocker) if person.id not in left_out]


def event(desk: Desk, what: str) -> str:
    """The name of something that is said once of a blocker as it stands."""
    return f"{what}:{desk.blocker.id}:{desk.blocker.version}"


def outcome(one: Case, desk: Desk, words: Mrkdwn, *, drawn: bool) -> Mrkdwn | None:
    """What whoever acted is told: nothing, where what they pressed on shows it."""
    if drawn:
        return None
    following = views.what_next(desk.book.shown(desk.blocker, one.by))
    return words if following is None else say("{words} {following}", words=words, following=following)
