"""How a blocker ends, is taken back, or turns out to be there still (F32, F142)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from bot.acting import acting
from bot.blockers import cases, news, views
from bot.blockers.cases import Case
from bot.blockers.loading import book
from bot.blockers.news import Desk
from bot.blockers.refusals import ToldAlready
from bot.catalogue import Mrkdwn, say
from bot.errors import Gone
from bot.pressed import Pressed
from rituals import blockers_life as life
from rituals.blockers import BlockerState
from rituals.people import Person
from rituals.policy import Action, about, require
from rituals.undo import NothingToUndo, TooLateToUndo, require_undoable
from storage import audit, blockers, people


def resolve(
    tx: Session, blocker_id: UUID, how: str | None, pressed: Pressed, now: datetime
) -> tuple[Mrkdwn, UUID | None]:
    """`Resolve…`: it stops nobody; its reporter hears of it and can say that it does (F32).

    Returns what to say and the act that `Undo` takes back. Raises as `case`.
    """
    one = cases.case(tx, blocker_id, Action.BLOCKER_SETTLE, pressed, now)
    changed = life.resolve(one.blocker, one.by, how, now)
    desk, _ = cases.keep(tx, one, changed)
    say_closed(tx, desk, one.by)
    return say("*{label}* is resolved.", label=changed.label), audit.current(tx)


def say_closed(tx: Session, desk: Desk, by: Person) -> None:
    """Tell everybody else who is involved that a blocker was closed; its reporter can say that it is still there."""
    shown = desk.book.shown(desk.blocker, None)
    words = say("*{label}* was {closed}", label=desk.blocker.label, closed=views.closed(shown))
    reporter = shown.reporter
    others = cases.others(desk, by)
    news.tell(tx, desk, [one for one in others if one.id != reporter.id], cases.event(desk, "closed"), words)
    mine = [one for one in others if one.id == reporter.id]
    news.tell(tx, desk, mine, cases.event(desk, "closed"), words, [views.still_button(desk.blocker)])


def drop(tx: Session, blocker_id: UUID, why: str, pressed: Pressed, now: datetime) -> Mrkdwn:
    """Nobody will move it, with the reason; raises as `case`, or NothingWritten."""
    one = cases.case(tx, blocker_id, Action.BLOCKER_SETTLE, pressed, now)
    changed = life.drop(one.blocker, one.by, why, now)
    desk, _ = cases.keep(tx, one, changed)
    say_closed(tx, desk, one.by)
    return say("*{label}* is dropped: {why}", label=changed.label, why=changed.closing or "")


def undo(tx: Session, act_id: UUID, pressed: Pressed, now: datetime) -> Mrkdwn:
    """`Undo`: a resolve is taken back, for ten minutes, by whoever pressed; the record keeps both (F142).

    Raises Stranger, Gone, NotAllowed, ToldAlready or NothingToUndo.
    """
    by = acting(tx, pressed.who, now)
    resolved = [
        entry
        for entry in audit.of_act(tx, pressed.who.workspace, act_id)
        if entry.kind == "blockers" and (entry.after or {}).get("state") == BlockerState.RESOLVED
    ]
    author = people.find(tx, resolved[0].act.actor_id) if resolved and resolved[0].act.actor_id else None
    if author is None:
        raise Gone
    require(Action.UNDO, by, about(author))
    blocker = cases.found(blockers.find(tx, resolved[0].subject, lock=True), by)
    try:
        require_undoable(resolved[0].act.at, now)
    except TooLateToUndo as refusal:
        raise ToldAlready(blocker) from refusal
    if blocker.state is not BlockerState.RESOLVED or blocker.closed_at != resolved[0].act.at:
        raise NothingToUndo
    before = BlockerState((resolved[0].before or {})["state"])
    one = Case(blocker, by, book(tx, [blocker], now, also=[by.id]), pressed, now)
    desk, _ = cases.keep(tx, one, life.take_back(blocker, before))
    words = say("*{label}* is not resolved after all: {who} took it back.", label=blocker.label, who=by.given_name)
    news.tell(tx, desk, cases.others(desk, by), cases.event(desk, "undone"), words)
    return say("*{label}* is open again, as it was.", label=blocker.label)


def still(tx: Session, blocker_id: UUID, pressed: Pressed, now: datetime) -> Mrkdwn:
    """`Still stuck`, `Still`: what was closed is not, and what was asked about stays (F32).

    Raises Stranger, Gone or NotAllowed.
    """
    by = acting(tx, pressed.who, now)
    blocker = cases.found(blockers.find(tx, blocker_id, lock=True), by)
    shelf = book(tx, [blocker], now, also=[by.id])
    require(Action.BLOCKER_REOPEN, by, shelf.about(blocker))
    if blocker.live or blocker.merged_into_id is not None:
        return say("*{label}* stays as it is.", label=blocker.label)
    desk, _ = cases.keep(tx, Case(blocker, by, shelf, pressed, now), life.reopen(blocker, now))
    words = say("*{label}* is still there, says {who}. It is open again.", label=blocker.label, who=by.given_name)
    closer, holder = shelf.known.get(blocker.closed_by_id or by.id), shelf.lines[blocker.id].holder(blocker.level)
    helps = holder if blocker.level and holder is not None and holder.id != by.id else None
    if helps is not None:
        news.ask_for_help(tx, desk, helps)
    hear = [*cases.others(desk, by), *([closer] if closer is not None and closer.id != by.id else [])]
    news.tell(tx, desk, [one for one in hear if one != helps], cases.event(desk, "reopened"), words)
    return say("*{label}* is open again.", label=blocker.label)
