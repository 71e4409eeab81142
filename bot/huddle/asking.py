"""`Ask`: a question about a plan, and its answer."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from slack_bolt.async_app import AsyncAck
from sqlalchemy.orm import Session

from bot import payloads
from bot.acting import acting, actor
from bot.deps import Deps
from bot.doors import Doors
from bot.errors import Gone, answer_form
from bot.huddle import ask_views, loading, receipts
from bot.huddle.ask_views import QuestionMeta
from bot.huddle.card_views import Seen
from bot.huddle.handlers import say_again
from bot.huddle.views import FormMeta
from bot.ids import new_id, same_id
from bot.landing import lands
from bot.modals import View, open_form
from bot.payloads import Who
from bot.pressed import Pressed
from rituals import questions as rules
from rituals.budget import Turn
from rituals.people import Person
from rituals.plans import Plan
from rituals.policy import Action, about, require
from rituals.questions import Question
from storage import huddles, outbox, people, plans, questions, values
from storage.outbox import Message, Policy, Rank


def register(doors: Doors) -> None:
    """The card's `Ask`, the rep's `Answer`, and the forms behind them."""
    doors.action(ask_views.ASK)(ask)
    doors.view(ask_views.ASK_SUBMIT)(ask_submit)
    doors.action(ask_views.ANSWER)(give_answer)
    doors.view(ask_views.ANSWER_SUBMIT)(answer_submit)


def question_key(question_id: UUID) -> str:
    """Outbox key of the DM that asks."""
    return f"question:{question_id}"


def may_ask(tx: Session, plan_id: UUID, asker: Person, now: datetime, *, lock: bool = False) -> tuple[Plan, Person]:
    """A plan that somebody may ask about, and its writer; `lock` keeps the same form sent twice apart.

    Raises Gone or NotAllowed.
    """
    plan, rep = loading.plan_of(tx, plan_id, asker.workspace, lock=lock)
    require(Action.PLAN_ASK, asker, loading.about_plan(tx, plan, rep, now))
    return plan, rep


async def ask(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """`Ask`: which result, and what about it."""
    press = payloads.press(body)
    await ack()
    meta = Seen.read(press.value).carried(press.response_url)
    reading = deps.database.read(load_ask, meta, press.who, deps.clock())
    await open_form(deps, press.trigger_id, "Ask", reading, say_again(deps, press.response_url))


def load_ask(tx: Session, meta: FormMeta, who: Who, now: datetime) -> View:
    """The form of a question; raises Stranger, Gone or NotAllowed."""
    plan, rep = may_ask(tx, meta.plan, actor(tx, who), now)
    return ask_views.ask_form(meta.model_dump_json(), rep, plans.items(tx, [plan.id])[plan.id])


async def ask_submit(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """The question was written."""
    sent = payloads.submission(body)
    meta = FormMeta.model_validate_json(sent.view.metadata)
    pressed = Pressed.of(sent.who, meta.response_url, None)
    work = deps.database.write(put_question, meta, sent.view.fields, pressed, deps.clock())
    await answer_form(ack, deps, sent.view, work, lambda _: "question")


def put_question(tx: Session, meta: FormMeta, said: Mapping[str, Any], pressed: Pressed, now: datetime) -> None:
    """Keep a question and bring it to the plan's writer; the same words again are the same question.

    Raises Stranger, Gone, NotAllowed or NothingWritten.
    """
    asker = acting(tx, pressed.who, now)
    plan, rep = may_ask(tx, meta.plan, asker, now, lock=True)
    text = rules.worded(said["question"] or "")
    items = {str(item.id): item.text for item in plans.items(tx, [plan.id])[plan.id]}
    subject = None if said["about"] == ask_views.WHOLE else items.get(said["about"])
    if subject is None and said["about"] != ask_views.WHOLE:
        raise Gone
    question_id = same_id("question", plan.id, asker.id, subject, text)
    if questions.find(tx, question_id) is None:
        made = Question(question_id, plan.workspace, plan.id, asker.id, subject, text, now, None, None)
        values.add(tx, made)
        body = ask_views.asked(made, asker)
        message = _message(made, question_key(made.id), body, lands(tx, rep, now), Turn.REDIRECT)
        outbox.post(tx, message, rep.slack_id)
    url, until = pressed.response_url, pressed.until
    huddles.touch_card(tx, plan.team_id, plan.day, now, response_url=url, until=until, on=meta.card)


def _message(question: Question, key: str, body: Mapping[str, Any], now: datetime, turn: Turn = Turn.FREE) -> Message:
    return Message(new_id(), question.workspace, key, Policy.RESEND, Rank.REPLY, body, now, turn=turn)


def own_question(tx: Session, question_id: UUID, person: Person) -> tuple[Question, Plan, Person]:
    """A question to whoever looks, its plan, and who asked; raises Gone or NotAllowed."""
    question = questions.find(tx, question_id)
    asker = None if question is None else people.find(tx, question.by_id)
    if question is None or asker is None:
        raise Gone
    plan, rep = loading.plan_of(tx, question.plan_id, person.workspace)
    require(Action.QUESTION_ANSWER, person, about(rep))
    return question, plan, asker


async def give_answer(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """`Answer`: one box."""
    press = payloads.press(body)
    await ack()
    meta = QuestionMeta(question=UUID(press.value), response_url=press.response_url, pressed_on=press.place)
    reading = deps.database.read(load_answer, meta, press.who)
    await open_form(deps, press.trigger_id, "Answer", reading, say_again(deps, press.response_url))


def load_answer(tx: Session, meta: QuestionMeta, who: Who) -> View:
    """The form of an answer; raises Stranger, Gone or NotAllowed."""
    question, _, asker = own_question(tx, meta.question, actor(tx, who))
    return ask_views.answer_form(meta, question, asker)


async def answer_submit(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """The answer was written."""
    sent = payloads.submission(body)
    meta = QuestionMeta.model_validate_json(sent.view.metadata)
    pressed = Pressed.of(sent.who, meta.response_url, meta.pressed_on)
    work = deps.database.write(put_answer, meta.question, sent.view.fields["answer"] or "", pressed, deps.clock())
    await answer_form(ack, deps, sent.view, work, lambda _: "answer")


def put_answer(tx: Session, question_id: UUID, text: str, pressed: Pressed, now: datetime) -> None:
    """Keep an answer and bring it to whoever asked, once; a change is seen in the same message.

    Raises Stranger, Gone, NotAllowed or NothingWritten.
    """
    rep = acting(tx, pressed.who, now)
    question, plan, asker = own_question(tx, question_id, rep)
    told = rules.answered(question, text, now)
    values.save(tx, told)
    receipts.show(tx, _message(told, question_key(told.id), ask_views.asked(told, asker), now), rep.slack_id, pressed)
    answer = _message(told, f"answer:{told.id}", ask_views.answer(told, rep), lands(tx, asker, now))
    receipts.show(tx, answer, asker.slack_id, None)
    huddles.mark_stale(tx, plan.team_id, plan.day, now)
