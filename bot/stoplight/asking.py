"""`Ask Sam`: a leader's question about a KPI, and its answer."""

from datetime import datetime
from typing import Any
from uuid import UUID

from slack_bolt.async_app import AsyncAck
from sqlalchemy.orm import Session

from bot import payloads, reviews
from bot.acting import acting, actor
from bot.deps import Deps
from bot.doors import Doors
from bot.errors import Gone
from bot.fields import Fields, on_field
from bot.ids import new_id
from bot.kpis import loading as kpi_loading
from bot.modals import View, open_form
from bot.payloads import Who, as_field
from bot.stoplight import ask_views, one_views
from bot.stoplight.answering import subject_of
from bot.stoplight.forms import expired, sent, walk_of
from bot.stoplight.one_views import Walk
from rituals import hours
from rituals import stoplight_words as rules
from rituals.budget import Turn
from rituals.people import Person
from rituals.policy import Action, about, require
from rituals.stoplight_words import Inquiry
from rituals.writing import worded
from storage import outbox, people, stoplight_words, values
from storage.outbox import Message, Policy, Rank


def register(doors: Doors) -> None:
    """`Ask`, `Answer`, and the forms behind them."""
    doors.action(one_views.ASK)(ask)
    doors.view(ask_views.ASK_SUBMIT)(ask_submit)
    doors.action(ask_views.ANSWER)(answer)
    doors.view(ask_views.ANSWER_SUBMIT)(answer_submit)


async def ask(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """`Ask`: one box."""
    press = payloads.press(body)
    await ack()
    kpi_id, month = subject_of(press.value)
    walk = walk_of(press, kpi_id, month.first).model_copy(update={"id": new_id()})
    load = deps.database.read(load_ask, press.who, walk)
    await open_form(deps, press.trigger_id, "Ask", load, expired(deps, press), above=press.view is not None)


def load_ask(tx: Session, who: Who, walk: Walk) -> View:
    """The form of a question; raises Stranger, NoSuchKpi, NotAllowed or Gone."""
    reader = actor(tx, who)
    kpi = kpi_loading.of_id(tx, who.workspace, walk.kpi or new_id())
    require(Action.MONTH_ANSWER, reader, kpi_loading.about(tx, kpi))
    owner = None if kpi.owner_id is None else people.find(tx, kpi.owner_id)
    if owner is None or not owner.active:
        raise Gone
    return ask_views.ask_form(walk, kpi, owner)


async def ask_submit(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """The question was written."""
    await sent(ack, body, deps, put, ask_views.asked_words)


def put(tx: Session, who: Who, walk: Walk, fields: Fields, now: datetime) -> Inquiry:
    """Keep a question and bring it to the owner; the same form again asks once. Raises OnField and as `load_ask`."""
    by = acting(tx, who, now)
    kpi = kpi_loading.of_id(tx, who.workspace, walk.kpi or new_id())
    require(Action.MONTH_ANSWER, by, kpi_loading.about(tx, kpi))
    owner = None if kpi.owner_id is None else people.find(tx, kpi.owner_id)
    if owner is None or not owner.active:
        raise Gone
    text = on_field("question", lambda: worded(as_field(fields, "question"), rules.LONGEST))
    month = reviews.month_of(walk.month)
    made = Inquiry(walk.id or new_id(), kpi.workspace, kpi.id, month.first, by.id, owner.id, text, now, None, None)
    if stoplight_words.inquiry(tx, made.id) is None:
        values.add(tx, made)
        _post(tx, f"inquiry:{made.id}", ask_views.asked(made, kpi, by), owner, now)
    return made


def _post(tx: Session, key: str, body: dict[str, Any], to: Person, now: datetime) -> None:
    message = Message(
        new_id(), to.workspace, key, Policy.RESEND, Rank.REPLY, body, hours.opens(to, now), turn=Turn.REDIRECT
    )
    outbox.post(tx, message, to.slack_id)


async def answer(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """`Answer`: one box."""
    press = payloads.press(body)
    await ack()
    walk = walk_of(press, None).model_copy(update={"id": UUID(press.value)})
    load = deps.database.read(load_answer, press.who, walk)
    await open_form(deps, press.trigger_id, "Answer", load, expired(deps, press))


def _mine(tx: Session, reader: Person, walk: Walk) -> Inquiry:
    """A question to whoever looks; raises Gone or NotAllowed."""
    found = None if walk.id is None else stoplight_words.inquiry(tx, walk.id)
    asked = None if found is None else people.find(tx, found.to_id)
    if found is None or asked is None or found.workspace != reader.workspace:
        raise Gone
    require(Action.INQUIRY_ANSWER, reader, about(asked))
    return found


def load_answer(tx: Session, who: Who, walk: Walk) -> View:
    """The form of an answer; raises Stranger, Gone or NotAllowed."""
    found = _mine(tx, actor(tx, who), walk)
    asker = people.find(tx, found.by_id)
    if asker is None:
        raise Gone
    return ask_views.answer_form(walk, found, asker)


async def answer_submit(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """The answer was written."""
    await sent(ack, body, deps, keep, ask_views.answered_words)


def keep(tx: Session, who: Who, walk: Walk, fields: Fields, now: datetime) -> Inquiry:
    """Keep an answer and bring it to whoever asked; raises OnField, Gone or NotAllowed."""
    by = acting(tx, who, now)
    found = _mine(tx, by, walk)
    told = on_field("answer", lambda: rules.answered(found, as_field(fields, "answer") or "", now))
    asker = people.find(tx, found.by_id)
    if asker is None:
        raise Gone
    if told.answer != found.answer:
        values.save(tx, told, was=[found])
        kpi = kpi_loading.of_id(tx, who.workspace, found.kpi_id)
        _post(tx, f"inquiry-answer:{told.id}:{now.isoformat()}", ask_views.answer(told, kpi, by), asker, now)
    return told
