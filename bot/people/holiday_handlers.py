"""The doors of the room about days off."""

from collections.abc import Coroutine
from typing import Any
from uuid import UUID

from slack_bolt.async_app import AsyncAck

from bot import blocks, payloads
from bot.catalogue import say
from bot.commands import Call
from bot.deps import Deps
from bot.doors import Doors
from bot.errors import answer_form, sentence, tell
from bot.modals import View, draw_again, open_form, unsaid
from bot.payloads import Submission, Who
from bot.people import handlers, holiday
from bot.people import holiday_views as views
from bot.people.holiday_views import DayForm, HolidaysMeta
from rituals.refusals import Refusal
from rituals.settings import NoName


def register(doors: Doors) -> None:
    """The room's buttons, and the forms behind them."""
    for action_id in (views.ADD, views.ASSIGN, views.WORDS):
        doors.action(action_id)(form)
    doors.action(views.REMOVE)(remove)
    doors.view(views.ADD_SUBMIT)(add_submit)
    doors.view(views.ASSIGN_SUBMIT)(assign_submit)
    doors.view(views.WORDS_SUBMIT)(words_submit)


async def holidays_room(call: Call) -> None:
    """`/cadence holidays`: the room."""
    await call.accept()
    deps, who = call.deps, call.who

    async def load() -> View:
        return views.holidays_list(await deps.database.read(holiday.load, who, deps.clock()))

    await open_form(deps, call.trigger_id, "Holidays", load(), handlers.lost(call))


async def form(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """`Add a day…`, `Public holidays…`, `Slack statuses…`."""
    press = payloads.press(body)
    await ack()
    meta = HolidaysMeta(room=press.view.id if press.view else None)
    reading = deps.database.read(holiday.load_form, press.action_id, meta, press.who)
    await open_form(deps, press.trigger_id, "Holidays", reading, unsaid, above=press.view is not None)


async def remove(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """`Remove`: the company day is forgotten."""
    press = payloads.press(body)
    words = None
    try:
        await deps.database.write(holiday.remove_day, UUID(press.value), press.who, deps.clock())
    except Refusal as refusal:
        words = sentence(refusal)
    await ack()
    deps.wake()
    if press.view is not None:
        await redraw(deps, press.who, press.view.id, words)
    elif words is not None:
        await tell(deps, press.response_url, words)


async def redraw(deps: Deps, who: Who, view_id: str | None, words: str | None = None) -> None:
    """Show the room in a view that is open, below what there is to say."""
    if view_id is None:
        return
    try:
        shown = views.holidays_list(await deps.database.read(holiday.load, who, deps.clock()))
    except Refusal as refusal:
        shown = blocks.notice("Holidays", say("{words}", words=sentence(refusal)))
    if words is not None:
        shown["blocks"].insert(0, blocks.section(say("{words}", words=words)))
    await draw_again(deps, view_id, shown)


async def add_submit(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """A company day was written."""
    sent = payloads.submission(body)
    work = deps.database.write(holiday.add_day, DayForm.parse(sent.view.fields), sent.who, deps.clock())
    await _keep(ack, deps, sent, work)


async def assign_submit(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """A calendar was chosen for many."""
    sent = payloads.submission(body)
    fields = sent.view.fields
    work = deps.database.write(holiday.assign, fields["whom"], fields.get("code"), sent.who, deps.clock())
    await _keep(ack, deps, sent, work)


async def words_submit(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """The words were chosen."""
    sent = payloads.submission(body)
    work = deps.database.write(holiday.set_words, sent.view.fields.get("words"), sent.who, deps.clock())
    await _keep(ack, deps, sent, work)


async def _keep(ack: AsyncAck, deps: Deps, sent: Submission, work: Coroutine[Any, Any, None]) -> None:
    await answer_form(ack, deps, sent.view, work, _field)
    meta = HolidaysMeta.model_validate_json(sent.view.metadata)
    deps.background.start(redraw(deps, sent.who, meta.room))


def _field(refusal: Refusal) -> str:
    return "name" if isinstance(refusal, NoName) else "calendar"
