"""The buttons and forms of decisions."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from slack_bolt.async_app import AsyncAck

from bot import payloads
from bot.catalogue import Mrkdwn
from bot.commands import Call
from bot.decisions import (
    answers,
    capture_views,
    capturing,
    card_views,
    clock_views,
    ending,
    following,
    limits,
    memo_handlers,
    memo_views,
    reading,
    replying,
    views,
)
from bot.decisions.capture_views import Origin
from bot.decisions.card_views import WordsMeta
from bot.decisions.memo_handlers import answered
from bot.deps import Deps
from bot.doors import Doors
from bot.errors import answer_press, tell
from bot.fields import Fields
from bot.ids import new_id
from bot.modals import View, show_form
from bot.payloads import OnMessage, Press, Who, as_field
from rituals.decisions import Outcome
from rituals.decisions_readers import Response

Listener = Callable[..., Awaitable[None]]
Loads = Callable[..., View]
"""A read-only transaction of (who, meta, now) that gives a form."""
Does = Callable[..., Mrkdwn]
"""A transaction that gives what is said back."""


def register(doors: Doors) -> None:
    """The buttons and forms."""
    doors.action(card_views.READ)(read)
    doors.action(card_views.APPROVE)(approve)
    doors.view(capture_views.CAPTURE_SUBMIT)(capture_submit)
    doors.shortcut(capture_views.FROM_MESSAGE)(from_message)
    doors.action(card_views.WRITE)(memo_handlers.write)
    doors.action(memo_views.SAVE_DRAFT)(memo_handlers.save_draft)
    doors.view(memo_views.MEMO_SUBMIT)(memo_handlers.memo_submit)
    doors.action(card_views.RETURN)(_opens("Return", answers.load_return))
    doors.view(card_views.RETURN_SUBMIT)(_sends(_in_words(answers.send_back)))
    doors.action(card_views.QUESTION)(_opens("Question", answers.load_answer, Response.QUESTION))
    doors.action(card_views.OBJECT)(_opens("Object", answers.load_answer, Response.OBJECT))
    doors.view(card_views.RESPOND_SUBMIT)(_sends(_respond))
    doors.action(views.REPLY)(_opens("Answer", replying.load_reply))
    doors.view(card_views.REPLY_SUBMIT)(_sends(_in_words(replying.reply)))
    doors.action(card_views.WHOLE)(whole)
    doors.action(card_views.REVIVE)(revive)
    doors.action(clock_views.NAME)(_opens("Owner", ending.load_name))
    doors.view(clock_views.NAME_SUBMIT)(_sends(ending.name_in_form))
    doors.action(clock_views.KILL)(_opens("Kill", ending.load_kill))
    doors.view(clock_views.KILL_SUBMIT)(_sends(ending.kill_in_form))
    doors.action(clock_views.REVIEWS[Outcome.YES])(as_expected)
    for outcome in (Outcome.PARTLY, Outcome.NO):
        doors.action(clock_views.REVIEWS[outcome])(_opens("Review", ending.load_review, outcome))
    doors.view(clock_views.REVIEW_SUBMIT)(_sends(ending.review_in_form))
    doors.action(limits.ADD)(add_limit)
    doors.view(limits.ADD_SUBMIT)(_sends(limits.add))
    doors.action(limits.CLOSE)(close_limit)
    for way in ("back", "next"):
        doors.action(f"{views.PAGE}.{way}")(turn)


# Small forms: a button opens one, and what is said back goes where the button stood


def _meta(press: Press, answer: str) -> WordsMeta:
    version = int(press.value.partition(":")[2] or 0)
    view = "" if press.view is None else press.view.id
    decision_id, url = card_views.decision_of(press.value), press.response_url
    return WordsMeta(id=decision_id, version=version, answer=answer, response_url=url, view=view)


def _opens(title: str, load: Loads, answer: str = "") -> Listener:
    async def listener(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
        press = payloads.press(body)
        await ack()
        reading_it = deps.database.read(load, press.who, _meta(press, answer), deps.clock())
        await show_form(deps, press, title, reading_it)

    return listener


def _sends(does: Does) -> Listener:
    async def listener(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
        form = payloads.submission(body)
        meta = WordsMeta.model_validate_json(form.view.metadata)
        work = partial(deps.database.write, does, form.who, meta, form.view.fields, deps.clock())
        await answered(ack, deps, form.view, work, meta.response_url, below=meta.view)

    return listener


def _in_words(does: Does) -> Does:
    def run(tx: Any, who: Who, meta: WordsMeta, fields: Fields, now: datetime) -> Mrkdwn:
        return does(tx, who, meta, str(as_field(fields, "words") or ""), now)

    return run


def _respond(tx: Any, who: Who, meta: WordsMeta, fields: Fields, now: datetime) -> Mrkdwn:
    return answers.answer(tx, who, meta, Response(meta.answer), str(as_field(fields, "words") or ""), now)


# One press


async def _pressed(ack: AsyncAck, deps: Deps, press: Press, does: Callable[[], Awaitable[Mrkdwn]]) -> None:
    async def work() -> None:
        await tell(deps, press.response_url, await does())

    await answer_press(ack, deps, press, work())


async def approve(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """`Approve`: what was shown, and nothing else."""
    press = payloads.press(body)
    meta = _meta(press, "")
    does = partial(deps.database.write, answers.approve, press.who, meta.id, meta.version, deps.clock())
    await _pressed(ack, deps, press, does)


async def read(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """`Read`."""
    press = payloads.press(body)
    given = (press.who, _meta(press, ""), Response.READ, "", deps.clock())
    await _pressed(ack, deps, press, partial(deps.database.write, answers.answer, *given))


async def as_expected(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """`Yes`: it came as expected."""
    press = payloads.press(body)
    given = (press.who, UUID(press.value), Outcome.YES, "", deps.clock())
    await _pressed(ack, deps, press, partial(deps.database.write, following.review, *given))


async def whole(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """`Whole memo`."""
    press = payloads.press(body)
    await ack()
    load = deps.database.read(answers.load_whole, press.who, UUID(press.value), deps.clock())
    await show_form(deps, press, "Memo", load)


async def turn(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """Another page of a list or a search."""
    press = payloads.press(body)
    page, _, wanted = press.value.partition(":")
    kind, _, text = wanted.partition(":")
    shown = reading.found if kind == "search" else reading.listed

    async def work() -> None:
        number = str(int(page) + 1)
        words, found = await deps.database.read(shown, press.who, text, number, deps.clock())
        await tell(deps, press.response_url, words, found)

    await answer_press(ack, deps, press, work())


# Capture


async def open_capture(deps: Deps, came: Press | Call | OnMessage, origin: Origin) -> None:
    """Open the quick capture, prefilled: the way in for every other part (F65). The caller has acked before."""
    given = origin.model_copy(update={"response_url": origin.response_url or came.response_url})
    await show_form(deps, came, "A decision", deps.database.read(capturing.load_form, came.who, given))


async def from_message(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """`Make a decision` on a message: its words are what was chosen, its thread is where from (F65)."""
    shortcut = payloads.on_message(body)
    await ack()
    origin = Origin(id=new_id(), source=shortcut.link, chosen=shortcut.text[: capture_views.LONGEST])
    await open_capture(deps, shortcut, origin)


async def revive(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """`Decide it anew…`: a new decision that links to the killed one."""
    press = payloads.press(body)
    await ack()

    async def load() -> View:
        origin = await deps.database.read(capturing.revived, press.who, UUID(press.value), deps.clock())
        given = origin.model_copy(update={"response_url": press.response_url})
        return await deps.database.read(capturing.load_form, press.who, given)

    await show_form(deps, press, "A decision", load())


async def capture_submit(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """The quick capture is sent."""
    form = payloads.submission(body)
    origin = Origin.model_validate_json(form.view.metadata)
    work = partial(deps.database.write, capturing.submit, form.who, origin, form.view.fields, deps.clock())
    buttons = [card_views.write_button(origin.id)]
    await answered(ack, deps, form.view, work, origin.response_url, buttons=buttons)


# Named limits


async def add_limit(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """`Add limit`."""
    press = payloads.press(body)
    await ack()
    meta = WordsMeta(id=new_id(), version=0, response_url=press.response_url)
    await show_form(deps, press, "Limit", deps.database.read(limits.load_add, press.who, meta))


async def close_limit(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """`Close` beside a limit."""
    press = payloads.press(body)
    does = partial(deps.database.write, limits.close, press.who, UUID(press.value), deps.clock())
    await _pressed(ack, deps, press, does)
