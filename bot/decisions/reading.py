"""`/decide list` and `show`: what the asker may see (F76)."""

from datetime import datetime

from sqlalchemy import ColumnElement, or_
from sqlalchemy.orm import Session

from bot.acting import actor
from bot.decisions import loading, views
from bot.decisions.views import AT_ONCE, Answer
from bot.payloads import Who
from rituals.decisions import UNDECIDED, State
from rituals.decisions_clock import CARDED
from rituals.people import Person
from storage import decisions
from storage.tables import Decisions

HEADINGS = {"": "Decisions", "open": "Undecided", "stuck": "Undecided for a week or more", "mine": "Yours"}
"""What `/decide list` can be asked for."""
LONGEST_PAGE = 6


def listed(tx: Session, who: Who, wanted: str, page: str, now: datetime) -> Answer:
    """A page of what the asker may see, newest first: all, undecided, stuck, or their own."""
    reader = actor(tx, who)
    asked = wanted.strip().lower()
    asked = asked if asked in HEADINGS else ""
    number = int(page) - 1 if page.isdigit() and 0 < len(page) < LONGEST_PAGE and int(page) > 0 else 0
    where = (loading.readable(tx, reader, now), *_narrowed(asked, reader, now))
    found = decisions.page(tx, *where, first=number * AT_ONCE, limit=AT_ONCE + 1)
    records = loading.records(tx, found[:AT_ONCE], now, reader)
    return views.listing(records, HEADINGS[asked], number, asked, more=len(found) > AT_ONCE)


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


def show(tx: Session, who: Who, text: str, now: datetime) -> Answer:
    """The record that the text names, whole; raises NoSuchDecision or NotAllowed."""
    reader = actor(tx, who)
    decision, _ = loading.named(tx, who.workspace, text)
    loading.require_read(tx, reader, decision, now)
    (record,) = loading.records(tx, [decision], now, reader)
    return views.heading(record), views.shown(record)
