"""The doors of the strategy."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any
from uuid import UUID

from slack_bolt.async_app import AsyncAck

from bot import payloads
from bot.decisions.memo_handlers import answered
from bot.deps import Deps
from bot.doors import Doors
from bot.errors import answer_press
from bot.ids import new_id
from bot.modals import show_form
from bot.strategy import sentences, views, writing
from bot.strategy.views import Meta

__all__ = ["register", "sentences"]
Listener = Callable[..., Awaitable[None]]


def register(doors: Doors) -> None:
    """The buttons, both forms and the menu."""
    doors.action(views.MARK)(mark)
    doors.action(views.WRITE)(_opens(writing.load_write))
    doors.view(views.WRITE_SUBMIT)(_sends(writing.write))
    doors.action(views.ASK)(_opens(writing.load_ask))
    doors.view(views.ASK_SUBMIT)(_sends(writing.ask))


def _opens(load: Callable[..., Any]) -> Listener:
    async def listener(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
        press = payloads.press(body)
        await ack()
        about = new_id() if press.value == views.NEW else UUID(press.value)
        meta = Meta(id=about, response_url=press.response_url)
        await show_form(deps, press, "Strategy", deps.database.read(load, meta, press.who))

    return listener


def _sends(does: Callable[..., Any]) -> Listener:
    async def listener(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
        form = payloads.submission(body)
        meta = Meta.model_validate_json(form.view.metadata)
        work = partial(deps.database.write, does, form.who, meta, form.view.fields, deps.clock())
        await answered(ack, deps, form.view, work, meta.response_url)

    return listener


async def mark(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """A choice of the menu."""
    press = payloads.press(body)
    await answer_press(ack, deps, press, deps.database.write(writing.answer, press.who, press.value, deps.clock()))
