"""The doors of a blocker's card: one press, or one form."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from slack_bolt.async_app import AsyncAck
from sqlalchemy.orm import Session

from bot import payloads
from bot.blockers import acts, closing, form_views, list_views, opening, reading, talking, views
from bot.blockers.form_views import Meta
from bot.blockers.refusals import Faster
from bot.blocks import Block, section
from bot.catalogue import Mrkdwn, escape, plain
from bot.commands import Call
from bot.decisions.handlers import open_capture
from bot.deps import Deps
from bot.doors import Doors
from bot.errors import answer_form, answer_press, sentence, tell
from bot.modals import View, open_form
from bot.payloads import Press, Who
from bot.pressed import Pressed
from rituals.blockers import BadSnooze, DueInThePast, StuckSinceLater
from rituals.refusals import Refusal

Answer = tuple[Mrkdwn, UUID | None]
"""What to say, and the act that `Undo` takes back."""


def register(doors: Doors) -> None:
    """The buttons and forms."""
    doors.action(views.ACK)(at_once(acts.ack))
    doors.action(views.HAVE)(at_once(acts.take))
    doors.action(views.PARK)(at_once(acts.park))
    doors.action(views.ASSIGN)(opens("Assign", opening.assign))
    doors.view(form_views.ASSIGN_SUBMIT)(sends(assigned))
    doors.action(views.RESOLVE)(opens("Resolve", opening.resolve))
    doors.view(form_views.RESOLVE_SUBMIT)(sends(resolved))
    doors.action(views.MORE)(more)
    doors.action(views.ASK)(opens("Ask", opening.ask))
    doors.view(form_views.ASK_SUBMIT)(sends(asked))
    doors.action(views.SNOOZE)(opens("Not now", opening.snooze))
    doors.view(form_views.SNOOZE_SUBMIT)(sends(snoozed))
    doors.action(views.SEND)(opens("Send", opening.escalate))
    doors.view(form_views.ESCALATE_SUBMIT)(sends(escalated))
    doors.view(form_views.MERGE_SUBMIT)(sends(merged))
    doors.action(views.UPDATE)(opens("Update", opening.update))
    doors.view(form_views.UPDATE_SUBMIT)(sends(updated))
    doors.action(views.ANSWER)(opens("Answer", opening.answer))
    doors.view(form_views.ANSWER_SUBMIT)(sends(answered))
    doors.action(views.SOLVED)(solved)
    doors.action(views.STILL)(still)
    doors.action(views.UNDO)(undo)
    doors.action(list_views.PAGE)(turn)


def _seen(value: str) -> tuple[UUID, int]:
    blocker_id, _, version = value.partition(":")
    return UUID(blocker_id), int(version or 0)


async def say_it(deps: Deps, response_url: str | None, said: Mrkdwn | None, act: UUID | None = None) -> None:
    """Say what was done to whoever did it, with `Undo` where it can be taken back."""
    if said is None:
        return
    body = [] if act is None else undoable(said, act)
    await tell(deps, response_url, said, body)


def undoable(said: Mrkdwn, act: UUID) -> list[Block]:
    """A line with the button that takes it back (F142)."""
    return views.note(said, [views.undo_button(act)])["blocks"]  # type: ignore[no-any-return]


# One press


Listener = Callable[[AsyncAck, dict[str, Any], Deps], Awaitable[None]]
AtOnce = Callable[[Session, UUID, int | None, Pressed, datetime], Mrkdwn | None]


def at_once(transaction: AtOnce) -> Listener:
    """A button that does its work with the press."""

    async def listener(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
        press = payloads.press(body)
        blocker_id, version = _seen(press.value)

        async def work() -> None:
            try:
                said = await deps.database.write(transaction, blocker_id, version, _pressed(press), deps.clock())
            except Faster as refusal:
                words = sentence(refusal)
                await tell(deps, press.response_url, words, [section(escape(words)), *views.card(refusal.shown)])
            else:
                await say_it(deps, press.response_url, said)

        await answer_press(ack, deps, press, work())

    return listener


def _pressed(press: Press) -> Pressed:
    return Pressed.of(press.who, press.response_url, press.place)


async def solved(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """`Solved`: its reporter says so (F32)."""
    press = payloads.press(body)

    async def work() -> None:
        blocker_id, _ = _seen(press.value)
        said = await deps.database.write(closing.resolve, blocker_id, None, _pressed(press), deps.clock())
        await say_it(deps, press.response_url, *said)

    await answer_press(ack, deps, press, work())


async def still(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """`Still`, `Still stuck`."""
    press = payloads.press(body)

    async def work() -> None:
        said = await deps.database.write(closing.still, _seen(press.value)[0], _pressed(press), deps.clock())
        await say_it(deps, press.response_url, said)

    await answer_press(ack, deps, press, work())


async def undo(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """`Undo`, for ten minutes."""
    press = payloads.press(body)

    async def work() -> None:
        said = await deps.database.write(closing.undo, UUID(press.value), _pressed(press), deps.clock())
        await say_it(deps, press.response_url, said)

    await answer_press(ack, deps, press, work())


async def turn(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """`Next page` of a list."""
    press = payloads.press(body)

    async def work() -> None:
        words, found = await deps.database.read(reading.turned, press.who, press.value, deps.clock())
        await tell(deps, press.response_url, words, found)

    await answer_press(ack, deps, press, work())


# A press that opens a form


Load = Callable[[Session, Meta, Who, datetime], View]


def opens(title: str, load: Load) -> Listener:
    """A button with a form behind it."""

    async def listener(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
        press = payloads.press(body)
        await ack()
        await show(deps, press, title, load, _seen(press.value)[0])

    return listener


async def show(deps: Deps, press: Press, title: str, load: Load, blocker_id: UUID) -> None:
    """Open a form about a blocker; when Slack refuses, say so where the button stands."""
    meta = Meta(blocker=blocker_id, response_url=press.response_url, pressed_on=press.place)

    async def expired(words: str) -> None:
        await tell(deps, press.response_url, plain("{words} Press the button again.", words=words))

    reading = deps.database.read(load, meta, press.who, deps.clock())
    await open_form(deps, press.trigger_id, title, reading, expired)


MENU: Mapping[str, tuple[str, Load]] = {
    "ask": ("Ask", opening.ask),
    "snooze": ("Not now", opening.snooze),
    "merge": ("Merge", opening.merge),
    "escalate": ("Send", opening.escalate),
}
DECIDE = "decide"


async def more(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """`⋯`: each of its choices has a form."""
    press = payloads.press(body)
    await ack()
    verb, _, blocker_id = press.value.partition(":")
    if verb == DECIDE:
        await decide(deps, press, UUID(blocker_id))
        return
    title, load = MENU[verb]
    await show(deps, press, title, load, UUID(blocker_id))


async def decide(deps: Deps, came: Press | Call, blocker_id: UUID) -> None:
    """`Make it a decision…`: the quick capture, about this blocker; its seven days run from there."""
    now = deps.clock()
    try:
        origin = await deps.database.read(opening.decision, blocker_id, came.who, now)
    except Refusal as refusal:
        await tell(deps, came.response_url, sentence(refusal))
        return
    await open_capture(deps, came, origin)


# A form that was sent


Work = Callable[[Session, UUID, Mapping[str, Any], Pressed, datetime], Answer]


def sends(work: Work) -> Listener:
    """A form about a blocker: commit, ack, and say what was done where its button stands."""

    async def listener(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
        sent = payloads.submission(body)
        meta = Meta.model_validate_json(sent.view.metadata)
        pressed = Pressed.of(sent.who, meta.response_url, meta.pressed_on)
        said: list[Answer] = []

        async def committed() -> None:
            said.append(await deps.database.write(work, meta.blocker, sent.view.fields, pressed, deps.clock()))

        await answer_form(ack, deps, sent.view, committed(), field_of)
        for answer in said:
            await say_it(deps, meta.response_url, *answer)

    return listener


def field_of(refusal: Refusal) -> str:
    """The field that a refusal is about; the form's first where it is about no other."""
    fields = {BadSnooze: "until", DueInThePast: "by", StuckSinceLater: "since"}
    return fields.get(type(refusal), "")


def assigned(tx: Session, blocker_id: UUID, said: Mapping[str, Any], pressed: Pressed, now: datetime) -> Answer:
    """`Assign…`."""
    by = date.fromisoformat(said["by"]) if said.get("by") else None
    return acts.assign(tx, blocker_id, said["to"], by, pressed, now) or Mrkdwn(""), None


def resolved(tx: Session, blocker_id: UUID, said: Mapping[str, Any], pressed: Pressed, now: datetime) -> Answer:
    """`Resolve…`."""
    return closing.resolve(tx, blocker_id, said["how"], pressed, now)


def asked(tx: Session, blocker_id: UUID, said: Mapping[str, Any], pressed: Pressed, now: datetime) -> Answer:
    """`Ask`."""
    return talking.ask(tx, blocker_id, said["question"] or "", pressed, now), None


def snoozed(tx: Session, blocker_id: UUID, said: Mapping[str, Any], pressed: Pressed, now: datetime) -> Answer:
    """`Snooze…`, `Not now…`."""
    until = date.fromisoformat(said["until"]) if said["until"] else date.min
    return acts.snooze(tx, blocker_id, until, said["why"] or "", pressed, now) or Mrkdwn(""), None


def escalated(tx: Session, blocker_id: UUID, said: Mapping[str, Any], pressed: Pressed, now: datetime) -> Answer:
    """`Escalate now…`, `Send with my ask…`."""
    return acts.escalate(tx, blocker_id, said["ask"] or "", said["worth"], pressed, now) or Mrkdwn(""), None


def merged(tx: Session, blocker_id: UUID, said: Mapping[str, Any], pressed: Pressed, now: datetime) -> Answer:
    """`Merge…`."""
    return acts.merge(tx, blocker_id, UUID(said["other"]), pressed, now) or Mrkdwn(""), None


def updated(tx: Session, blocker_id: UUID, said: Mapping[str, Any], pressed: Pressed, now: datetime) -> Answer:
    """`Update…`."""
    return talking.update(tx, blocker_id, said["news"] or "", said["tell"] or (), pressed, now), None


def answered(tx: Session, blocker_id: UUID, said: Mapping[str, Any], pressed: Pressed, now: datetime) -> Answer:
    """`Answer`."""
    return talking.answer(tx, blocker_id, said["answer"] or "", pressed, now), None
