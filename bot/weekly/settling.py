"""What becomes of an action: done, moved, dropped, given to somebody; by its owner or whoever leads (W3, F40)."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from slack_bolt.async_app import AsyncAck
from sqlalchemy.orm import Session

from bot import payloads
from bot.acting import acting, actor
from bot.catalogue import Mrkdwn, say
from bot.commands import Call
from bot.deps import Deps
from bot.doors import Doors
from bot.errors import answer_form, answer_press, tell
from bot.fields import Fields, field_of, on_field
from bot.modals import View, show_form
from bot.payloads import Who, as_field
from bot.pressed import Pressed
from bot.weekly import action_views, collect_views, form_views, loading, owing, places
from bot.weekly.form_views import Meta
from rituals import actions as rules
from rituals import calendar
from rituals.actions import Action
from rituals.policy import Action as Deed
from rituals.policy import require
from rituals.weekly import ACTION_DAYS
from storage import actions, people, values


def register(doors: Doors) -> None:
    """The menu beside an action, and its form."""
    doors.action(action_views.SETTLE)(settle)
    doors.view(form_views.SETTLE_SUBMIT)(settle_submit)


async def settle(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """The menu: `Done` at once, the others ask."""
    press = payloads.press(body)
    way, _, action_id = press.value.partition(":")
    meta = Meta(about=UUID(action_id), kind=way, response_url=press.response_url, pressed_on=press.place)
    if way == "done":
        told: list[Mrkdwn] = []

        async def work() -> None:
            pressed = Pressed.of(press.who, press.response_url, press.place)
            told.append(await deps.database.write(keep, meta, {}, pressed, deps.clock()))

        await answer_press(ack, deps, press, work())
        for words in told:
            await tell(deps, press.response_url, words)
        return
    await ack()
    await show_form(deps, press, "Action", deps.database.read(load, meta, press.who, deps.clock()))


def load(tx: Session, meta: Meta, who: Who, now: datetime) -> View:
    """The form of a move, a drop or a gift; raises Stranger, Gone, NotAllowed or AlreadySettled."""
    person = actor(tx, who)
    action = places.action_of(tx, meta.about, person.workspace)
    require(Deed.ACTION_SETTLE, person, places.about_action(tx, action, now))
    today = calendar.local_day(now, person.zone)
    return form_views.settle_form(meta, rules.require_owed(action), today + timedelta(days=ACTION_DAYS))


async def settle_submit(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """The form was sent."""
    sent = payloads.submission(body)
    meta = Meta.model_validate_json(sent.view.metadata)
    pressed = Pressed.of(sent.who, meta.response_url, meta.pressed_on)
    work = deps.database.write(keep, meta, sent.view.fields, pressed, deps.clock())

    async def kept() -> None:
        await work

    await answer_form(ack, deps, sent.view, kept(), field_of)


def keep(tx: Session, meta: Meta, fields: Fields, pressed: Pressed, now: datetime) -> Mrkdwn:
    """Settle, move or give an action, and redraw the weekly it stands on; return what is told.

    Raises OnField, AlreadySettled, Stranger, Gone or NotAllowed.
    """
    person = acting(tx, pressed.who, now)
    before = places.action_of(tx, meta.about, person.workspace, lock=True)
    require(Deed.ACTION_SETTLE, person, places.about_action(tx, before, now))
    after = _settled(tx, before, meta.kind, fields, now, calendar.local_day(now, person.zone))
    values.save(tx, after, was=[before])
    if after.owner_id != before.owner_id:
        owing.tell_given(tx, after, person, now)
    if after.team_id is not None:
        loading.redraw_of_team(tx, after.team_id, pressed, now)
    return say("“{text}” is {state}.", text=after.text, state=after.state.value)


def _settled(tx: Session, action: Action, way: str, fields: Fields, now: datetime, today: date) -> Action:
    why = str(as_field(fields, "why") or "")
    match way:
        case "done":
            return rules.done(action, now)
        case "drop":
            return on_field("why", lambda: rules.dropped(action, why, now))
        case "give":
            chosen = as_field(fields, "owner")
            owner = people.find_by_slack(tx, action.workspace, chosen) if chosen else None
            given = on_field("owner", lambda: rules.handed_on(action, owner))
            return replace(given, helper_id=None) if given.helper_id == given.owner_id else given
    chosen = as_field(fields, "due")
    due = on_field("due", lambda: rules.due_by(date.fromisoformat(chosen) if chosen else None, today))
    return on_field("why", lambda: rules.moved(action, due, why, today))


async def mine(call: Call) -> None:
    """`/cadence actions`: what I owe, each with its menu."""
    await call.answer(*await call.deps.database.read(load_mine, call.who, call.deps.clock()))


def load_mine(tx: Session, who: Who, now: datetime) -> tuple[Mrkdwn, list[Any]]:
    """What somebody owes, the first due first; raises Stranger."""
    person = actor(tx, who)
    owed = actions.owned_by(tx, [person.id])
    return collect_views.mine([(one, person) for one in owed], calendar.local_day(now, person.zone))
