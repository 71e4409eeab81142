"""The doors of a leaver's list."""

from typing import Any

from slack_bolt.async_app import AsyncAck

from bot import payloads
from bot.deps import Deps
from bot.doors import Doors
from bot.errors import answer_form, answer_press
from bot.huddle.handlers import say_again
from bot.modals import open_form
from bot.payloads import Press
from bot.people import leaving
from bot.people import leaving_views as views
from bot.people.leaving_views import GiveMeta
from bot.pressed import Pressed


def register(doors: Doors) -> None:
    """`I take it`, `Give to…` and its form."""
    doors.action(views.TAKE)(take)
    doors.action(views.GIVE)(give)
    doors.view(views.GIVE_SUBMIT)(give_submit)


def _meta(press: Press) -> GiveMeta:
    pressed = Pressed.of(press.who, press.response_url, press.place)
    found = views.meta_of(press.value)
    return found.model_copy(update={"response_url": pressed.response_url, "response_until": pressed.until})


async def take(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """`I take it`."""
    press = payloads.press(body)
    work = deps.database.write(leaving.hand_over, _meta(press), press.who, None, deps.clock())
    await answer_press(ack, deps, press, work)


async def give(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """`Give to…`: to whom."""
    press = payloads.press(body)
    await ack()
    reading = deps.database.read(leaving.load_give, _meta(press), press.who, deps.clock())
    await open_form(deps, press.trigger_id, "Give to…", reading, say_again(deps, press.response_url))


async def give_submit(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """Somebody was named."""
    sent = payloads.submission(body)
    meta = GiveMeta.model_validate_json(sent.view.metadata)
    work = deps.database.write(leaving.hand_over, meta, sent.who, sent.view.fields["to"], deps.clock())
    await answer_form(ack, deps, sent.view, work, lambda _: "to")
