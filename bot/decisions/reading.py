"""`/decide list` and `show`: what the asker may see (F76)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_
from sqlalchemy.orm import Session

from bot.acting import actor
from bot.catalogue import say
from bot.decisions import card_views, clock_views, loading, views
from bot.decisions.sentences import NothingSought
from bot.decisions.views import AT_ONCE, Answer
from bot.payloads import Who
from rituals import decisions as rules
from rituals.decisions import IN_FORCE, UNDECIDED, State
from rituals.decisions_clock import CARDED
from rituals.people import Person
from rituals.policy import Action, may, require
from storage import decision_search, decisions, people
from storage.tables import Decisions

HEADINGS = {"": "Decisions", "open": "Undecided", "stuck": "Undecided for a week or more", "mine": "Yours"}
"""What `/decide list` can be asked for."""
NAMING = ("owner_id", "approver_id")
"""Fields of people, whom a change log tells by name."""
LONGEST_PAGE = 6
LONGEST_SEARCH = 200
MOST_CAPABILITIES = 40


def listed(tx: Session, who: Who, wanted: str, page: str, now: datetime) -> Answer:
    """A page of what the asker may see, newest first: all, undecided, stuck, or their own."""
    reader = actor(tx, who)
    asked = wanted.strip().lower()
    asked = asked if asked in HEADINGS else ""
    number = _page(page)
    where = (loading.readable(tx, reader, now), *_narrowed(asked, reader, now))
    found = decisions.page(tx, *where, first=number * AT_ONCE, limit=AT_ONCE + 1)
    records = loading.records(tx, found[:AT_ONCE], now, reader)
    return views.listing(records, HEADINGS[asked], number, f"list:{asked}", more=len(found) > AT_ONCE)


def _page(page: str) -> int:
    """The number of a page, counted from 0; the first for what is none."""
    fine = page.isascii() and page.isdigit() and len(page) < LONGEST_PAGE and int(page) > 0
    return int(page) - 1 if fine else 0


def _narrowed(asked: str, reader: Person, now: datetime) -> tuple[ColumnElement[bool], ...]:
    undecided = Decisions.state.in_(UNDECIDED)
    if asked == "open":
        return (undecided,)
    if asked == "stuck":
        return undecided, Decisions.captured_at <= now - CARDED
    if asked == "mine":
        named = (Decisions.owner_id, Decisions.author_id, Decisions.approver_id)
        return (or_(*(column == reader.id for column in named)), Decisions.state != State.SUPERSEDED)
    return ()


def capabilities(tx: Session, who: Who, now: datetime) -> Answer:
    """`/decide capabilities`: for each, the newest decision in force that the asker may see (C11)."""
    reader = actor(tx, who)
    in_force = (Decisions.held.is_not(None), Decisions.state.in_(IN_FORCE))
    decided = decisions.page(tx, loading.readable(tx, reader, now), *in_force, limit=MOST_CAPABILITIES)
    newest = {one.capability.casefold(): one for one in reversed(decided)}
    records = loading.records(tx, [newest[name] for name in sorted(newest)], now, reader)
    return views.capabilities(records)


def found(tx: Session, who: Who, text: str, page: str, now: datetime) -> Answer:
    """A page of what the asker may see that holds these words, best match first (F76)."""
    reader = actor(tx, who)
    words = text.strip()[:LONGEST_SEARCH]
    if not words:
        raise NothingSought
    number = _page(page)
    readable = loading.readable(tx, reader, now)
    hits = decision_search.find(tx, words, readable, first=number * AT_ONCE, limit=AT_ONCE + 1)
    records = loading.records(tx, hits[:AT_ONCE], now, reader)
    return views.listing(records, f"“{words}”", number, f"search:{words}", more=len(hits) > AT_ONCE)


def show(tx: Session, who: Who, text: str, now: datetime) -> Answer:
    """The record that the text names, whole, with the buttons of whoever asks; raises NoSuchDecision or NotAllowed."""
    reader = actor(tx, who)
    decision, _ = loading.named(tx, who.workspace, text)
    thing = loading.require_read(tx, reader, decision, now)
    (record,) = loading.records(tx, [decision], now, reader)
    asked = any(one.person_id == reader.id and one.asked_at is not None for one in record.readers)
    buttons = card_views.answer_buttons(
        decision,
        approves=may(Action.DECISION_APPROVE, reader, thing),
        reads=asked,
        writes=may(Action.DECISION_WRITE, reader, thing),
    )
    if decision.state in UNDECIDED and may(Action.DECISION_CLOCK, reader, thing):
        buttons += clock_views.buttons(decision)
    if decision.state is State.KILLED:
        buttons.append(card_views.revive_button(decision))
    replies = may(Action.DECISION_REPLY, reader, thing)
    return views.heading(record), card_views.shown(record, buttons, replies=replies)


def review(tx: Session, who: Who, text: str, now: datetime) -> Answer:
    """`/decide review D-12`: the question, with its three answers; raises NoSuchDecision, NotAllowed or Settled."""
    reader = actor(tx, who)
    decision, _ = loading.named(tx, who.workspace, text)
    require(Action.DECISION_FOLLOW, reader, loading.thing(tx, decision, now))
    rules.require_reviewable(decision)
    body = clock_views.review_request(decision)
    return say("{label}: as expected?", label=decision.label), body["blocks"]


def history(tx: Session, who: Who, text: str, now: datetime) -> Answer:
    """`/decide log D-18`: every change, oldest first; raises NoSuchDecision or NotAllowed."""
    reader = actor(tx, who)
    decision, _ = loading.named(tx, who.workspace, text)
    loading.require_read(tx, reader, decision, now)
    entries = decisions.history(tx, decision.id)
    ids = {one for entry in entries for one in (entry.by_id, entry.approver_id) if one is not None}
    sides = [side for entry in entries for side in (entry.before, entry.after) if side]
    ids |= {UUID(side[name]) for side in sides for name in NAMING if side.get(name)}
    names = {person.id: person.name for person in people.some(tx, ids).values()}
    lines = [
        views.Logged(
            entry.at,
            "the clock" if entry.by_id is None else names[entry.by_id],
            entry.act,
            _told(entry.before, names),
            _told(entry.after, names),
            None if entry.approver_id is None else names[entry.approver_id],
            entry.reason,
        )
        for entry in entries
    ]
    return views.change_log(decision, lines, reader.zone)


def _told(side: Mapping[str, Any] | None, names: Mapping[UUID, str]) -> Mapping[str, Any]:
    """One side of a change, with people by name."""
    given = dict(side or {})
    return given | {name: names[UUID(given[name])] for name in NAMING if given.get(name)}
