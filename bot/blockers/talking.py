"""What is said about a blocker: news, questions, answers, each to everybody once (F36)."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from bot.blockers import cases, news, views
from bot.blockers.cases import Case
from bot.blockers.news import Desk
from bot.catalogue import Mrkdwn, escape, say
from bot.ids import same_id
from bot.pressed import Pressed
from rituals import blockers_life as life
from rituals import calendar
from rituals.blockers import Said, Update
from rituals.people import Person
from rituals.policy import Action
from rituals.writing import worded
from storage import people, values


def update(tx: Session, blocker_id: UUID, text: str, tell: Iterable[str], pressed: Pressed, now: datetime) -> Mrkdwn:
    """Something is new: whoever is involved or named, or must act, hears of it once (F36).

    Raises as `case`, or NothingWritten.
    """
    one = cases.case(tx, blocker_id, Action.BLOCKER_SETTLE, pressed, now)
    named = people.behind(tx, one.by.workspace, tell)
    heard = say("Everybody who is involved in *{label}* hears of it.", label=one.blocker.label)
    made = _said(tx, one, Said.NEWS, text, *sorted(named))
    if made is None:
        return heard
    desk, _ = cases.keep(tx, one, life.moved(one.blocker, now))
    words = say("{who} on *{label}*: {text}", who=one.by.given_name, label=one.blocker.label, text=made.text)
    waits_for = one.book.lines[one.blocker.id].holder(one.blocker.level) if one.blocker.waits else None
    more = [person for person in (*named.values(), waits_for) if person is not None and person.id != one.by.id]
    news.tell(tx, desk, [*cases.others(desk, one.by), *more], f"update:{made.id}", words)
    return heard


def _said(tx: Session, one: Case, kind: Said, text: str, *to: object) -> Update | None:
    """Keep what is said; None for the same words of the same person to the same on one date: they heard them."""
    words, day = worded(text), calendar.local_day(one.now, "UTC")
    said_id = same_id("blocker update", one.blocker.id, one.by.id, kind, words, day, *to)
    made = Update(said_id, one.blocker.workspace, one.blocker.id, one.by.id, kind, words, one.now)
    if said_id in {each.id for each in one.book.updates[one.blocker.id]}:
        return None
    values.add(tx, made)
    return made


def whom_to_ask(one: Case) -> Person:
    """Whom a question goes to: the owner, if that is somebody else and here; else the reporter."""
    owner = one.book.known.get(one.blocker.owner_id) if one.blocker.owner_id else None
    asked = owner if owner is not None and owner.active and owner.id != one.by.id else None
    return asked or one.book.lines[one.blocker.id].reporter


def ask(tx: Session, blocker_id: UUID, question: str, pressed: Pressed, now: datetime) -> Mrkdwn:
    """`Ask`: a question, with the way to answer it; raises as `case`, or NothingWritten."""
    one = cases.case(tx, blocker_id, Action.BLOCKER_ASK, pressed, now)
    made = _said(tx, one, Said.ASK, question)
    to, label = whom_to_ask(one), one.blocker.label
    if made is not None:
        words = say("{who} asks about *{label}*: {text}", who=one.by.given_name, label=label, text=made.text)
        desk = Desk(one.book, one.blocker, now)
        news.tell(tx, desk, [to], f"asked:{made.id}", words, [views.answer_button(one.blocker)])
    return say("{who} has your question about *{label}*.", who=to.given_name, label=one.blocker.label)


def last_question(one: Case) -> Update | None:
    """The newest question about a blocker."""
    asked = [each for each in one.book.updates[one.blocker.id] if each.kind is Said.ASK]
    return asked[-1] if asked else None


def answer(tx: Session, blocker_id: UUID, text: str, pressed: Pressed, now: datetime) -> Mrkdwn:
    """`Answer`: whoever asked and whoever is involved hears it once; raises as `case`, or NothingWritten."""
    one = cases.case(tx, blocker_id, Action.BLOCKER_SETTLE, pressed, now)
    question = last_question(one)
    made = _said(tx, one, Said.ANSWER, text)
    if made is None:
        return escape("Your answer is on its way.")
    desk, _ = cases.keep(tx, one, life.moved(one.blocker, now))
    asker = None if question is None else people.find(tx, question.by_id)
    about_it = say("{who} on *{label}*: {text}", who=one.by.given_name, label=one.blocker.label, text=made.text)
    hear = [*cases.others(desk, one.by), *([asker] if asker is not None and asker.id != one.by.id else [])]
    news.tell(tx, desk, hear, f"answer:{made.id}", about_it)
    return escape("Your answer is on its way.")
