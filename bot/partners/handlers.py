"""The doors of partners and of leaders who go first."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from slack_bolt.async_app import AsyncAck
from sqlalchemy.orm import Session

from bot import payloads
from bot.acting import acting, actor
from bot.deps import Deps
from bot.doors import Doors
from bot.errors import Gone, answer_form, answer_press
from bot.fields import Fields, field_of, on_field
from bot.huddle import receipts
from bot.ids import new_id
from bot.modals import View, show_form
from bot.partners import drawing, opening, pairing, views
from bot.partners.views import Meta
from bot.payloads import Press, Who, as_field
from bot.pressed import Pressed
from rituals import partners as rules
from rituals.partners import Kind, Promise, PromiseState, Slot
from rituals.people import Person
from rituals.policy import Action, about, require
from storage import partners, people, values
from storage.outbox import Message, Policy, Rank

ENDS = {
    views.YES: PromiseState.DONE,
    views.NO: PromiseState.DROPPED,
    views.DONE: PromiseState.DONE,
    views.MOVED: PromiseState.MOVED,
}


def register(doors: Doors) -> None:
    """Every button and both forms."""
    doors.action(views.WRITE)(write)
    doors.view(views.WRITE_SUBMIT)(write_submit)
    for way in ENDS:
        doors.action(way)(end)
    doors.action(views.DROP)(drop)
    doors.view(views.DROP_SUBMIT)(drop_submit)


def own(tx: Session, promise_id: UUID, person: Person, *, lock: bool = False) -> Promise:
    """A promise of whoever looks; nobody else's is shown to anybody. Raises Gone or NotAllowed."""
    promise = partners.promise(tx, promise_id, lock=lock)
    owner = None if promise is None else people.find(tx, promise.person_id)
    if promise is None or owner is None or promise.workspace != person.workspace:
        raise Gone
    require(Action.PROMISE_KEEP, person, about(owner))
    return promise


def _meta(press: Press) -> Meta:
    return Meta(promise=UUID(press.value), response_url=press.response_url, pressed_on=press.place)


async def write(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """`Write`, `Edit`: one line."""
    press = payloads.press(body)
    await ack()
    await show_form(deps, press, "Commitment", deps.database.read(load_write, _meta(press), press.who))


def load_write(tx: Session, meta: Meta, who: Who) -> View:
    """The form; raises Stranger, Gone or NotAllowed."""
    return views.write_form(meta, own(tx, meta.promise, actor(tx, who)))


async def write_submit(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """It was written."""
    sent = payloads.submission(body)
    meta = Meta.model_validate_json(sent.view.metadata)
    pressed = Pressed.of(sent.who, meta.response_url, meta.pressed_on)
    work = deps.database.write(keep, meta, sent.view.fields, pressed, deps.clock())
    await answer_form(ack, deps, sent.view, work, field_of)


def keep(tx: Session, meta: Meta, fields: Fields, pressed: Pressed, now: datetime) -> None:
    """Keep a commitment, and show it to whom it is for. Raises OnField, Stranger, Gone or NotAllowed."""
    person = acting(tx, pressed.who, now)
    before = own(tx, meta.promise, person, lock=True)
    after = on_field("text", lambda: rules.written(before, str(as_field(fields, "text") or "")))
    _save(tx, before, after, person, pressed, now)


async def end(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """`Yes`, `No`, `Done`, `Moved`: in one press."""
    press = payloads.press(body)
    pressed = Pressed.of(press.who, press.response_url, press.place)
    state = ENDS[press.action_id]
    await answer_press(
        ack, deps, press, deps.database.write(settle, UUID(press.value), state, None, pressed, deps.clock())
    )


def settle(
    tx: Session, promise_id: UUID, state: PromiseState, because: str | None, pressed: Pressed, now: datetime
) -> None:
    """Keep what became of it. Raises OnField, AlreadySaid, Stranger, Gone or NotAllowed."""
    person = acting(tx, pressed.who, now)
    before = own(tx, promise_id, person, lock=True)
    after = rules.ended(before, state, because)
    _save(tx, before, after, person, pressed, now)


async def drop(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """`Dropped, because…`."""
    press = payloads.press(body)
    await ack()
    await show_form(deps, press, "Dropped", deps.database.read(load_drop, _meta(press), press.who))


def load_drop(tx: Session, meta: Meta, who: Who) -> View:
    """The form; raises Stranger, Gone or NotAllowed."""
    return views.drop_form(meta, own(tx, meta.promise, actor(tx, who)))


async def drop_submit(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """The reason was written."""
    sent = payloads.submission(body)
    meta = Meta.model_validate_json(sent.view.metadata)
    pressed = Pressed.of(sent.who, meta.response_url, meta.pressed_on)
    why = str(as_field(sent.view.fields, "why") or "")
    work = deps.database.write(settle, meta.promise, PromiseState.DROPPED, why, pressed, deps.clock())
    await answer_form(ack, deps, sent.view, work, lambda _: "why")


def _save(tx: Session, before: Promise, after: Promise, person: Person, pressed: Pressed, now: datetime) -> None:
    values.save(tx, after, was=[before])
    if after.kind is Kind.FIRST:
        _show_leaders(tx, after, person, now)
    _redraw(tx, after, pressed, now)


def _show_leaders(tx: Session, promise: Promise, leader: Person, now: datetime) -> None:
    """The leader's word in the channel, said once and edited from then on (F138)."""
    body, key = views.posted(promise, leader), opening.channel_key(promise)
    message = Message(new_id(), promise.workspace, key, Policy.DROP, Rank.DIGEST, body, now)
    receipts.show(tx, message, promise.channel or "", None)


def _redraw(tx: Session, mine: Promise, pressed: Pressed, now: datetime) -> None:
    """Show both partners how it stands, if they still are: Monday's message, and one's own Friday's that is out."""
    pairing.settle(tx, mine.workspace, now)
    pair = None if mine.pair_id is None else partners.pair(tx, mine.pair_id)
    if pair is None:
        drawing.edit(tx, mine, Slot.MONDAY, views.leader(mine), pressed, now)
    else:
        drawing.redraw(tx, pair, mine.monday, pressed, now)
    if mine.state is not PromiseState.OPEN:
        drawing.edit(tx, mine, Slot.FRIDAY, views.friday(mine), pressed, now)


def may_go_first(tx: Session, who: Who) -> None:
    """Only leaders have their word posted; raises Stranger or NotAllowed (F138)."""
    person = actor(tx, who)
    require(Action.GO_FIRST, person, about(person))


def wish(tx: Session, who: Who, kind: Kind, channel: str | None, now: datetime, *, on: bool) -> None:
    """Take part from now on, or no more; raises Stranger, or NotAllowed for somebody who is no leader (F138)."""
    person = acting(tx, who, now)
    require(Action.GO_FIRST if kind is Kind.FIRST else Action.PROMISE_KEEP, person, about(person))
    before = partners.wish(tx, person.id, kind)
    if before is None:
        if on:
            values.add(tx, rules.Wish(new_id(), person.workspace, person.id, kind, channel, now, None))
    elif on:
        since = before.since if before.ended_at is None else now
        values.save(tx, replace(before, channel=channel, since=since, ended_at=None), was=[before])
    else:
        values.save(tx, replace(before, ended_at=before.ended_at or now), was=[before])
        pairing.settle(tx, person.workspace, now)
    partners.plan_again(tx, person.workspace, now)
