"""`Answer…`: what the owner's side replies to a reader who asks or objects (F73)."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot.acting import acting, actor
from bot.blocks import Block
from bot.catalogue import Mrkdwn, say
from bot.decisions import card_views, loading, telling
from bot.decisions.card_views import WordsMeta
from bot.decisions.sentences import NoSuchDecision
from bot.fields import on_field
from bot.payloads import Who
from rituals import decisions_readers as rules
from rituals.decisions import Decision
from rituals.decisions_readers import Reader
from rituals.people import Person
from rituals.policy import About, Action, require
from storage import decisions, people, values


def _asked(
    tx: Session, by: Person, meta: WordsMeta, now: datetime, *, lock: bool = False
) -> tuple[About, Decision, Reader, Person]:
    """What a reader said, as it was shown, of which decision, and who they are; `lock` keeps two replies apart.

    Raises NoSuchDecision or NotAllowed.
    """
    reader = decisions.reader_by_id(tx, meta.id)
    if reader is None:
        raise NoSuchDecision("")
    decision = loading.of_id(tx, by.workspace, reader.decision_id, lock=lock)
    about_it = loading.thing(tx, decision, now)
    require(Action.DECISION_REPLY, by, about_it)
    reader = decisions.reader_by_id(tx, meta.id) if lock else reader
    asker = None if reader is None else people.find(tx, reader.person_id)
    if reader is None or asker is None:
        raise NoSuchDecision("")
    return about_it, decision, reader, asker


def load_reply(tx: Session, who: Who, meta: WordsMeta, now: datetime) -> Block:
    """The form of a reply; raises NoSuchDecision, NotAllowed or SaidSince."""
    _, decision, reader, asker = _asked(tx, actor(tx, who), meta, now)
    rules.require_same(reader, meta.version)
    return card_views.reply_form(meta, decision, reader, asker)


def reply(tx: Session, who: Who, meta: WordsMeta, words: str, now: datetime) -> Mrkdwn:
    """Keep a reply and bring it to the reader; raises OnField, NoSuchDecision or NotAllowed."""
    by = acting(tx, who, now)
    about_it, decision, was, asker = _asked(tx, by, meta, now, lock=True)
    on_field("words", lambda: rules.require_same(was, meta.version))
    told = on_field("words", lambda: rules.reply(was, words, by))
    said = say("{who} reads your answer on *{label}*.", who=asker.given_name, label=decision.label)
    if told.reply == was.reply:
        return said
    values.save(tx, told, was=[was])
    decisions.log(tx, decision, loading.act("answered", by, now, told.reply))
    heard = {one.id: one for one in (by, *loading.answering(tx, about_it, now))}
    telling.tell_said(tx, decision, told, asker, list(heard.values()), now)
    telling.tell_reply(tx, decision, told, asker, by, now)
    telling.redraw(tx, decision, now, only=[asker.id])
    return said
