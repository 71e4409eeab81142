"""The doors of a new blocker: its form, and any message (F37)."""

from typing import Any

from slack_bolt.async_app import AsyncAck

from bot import payloads
from bot.blockers import form_views, raising
from bot.blockers.form_views import NewMeta
from bot.blockers.handlers import field_of, say_it
from bot.catalogue import Mrkdwn, plain
from bot.commands import Call
from bot.deps import Deps
from bot.doors import Doors
from bot.errors import answer_form, tell
from bot.ids import new_id
from bot.modals import open_form
from bot.payloads import OnMessage, Press


def register(doors: Doors) -> None:
    """The form and the shortcut."""
    doors.view(form_views.NEW_SUBMIT)(new_submit)
    doors.shortcut(form_views.SHORTCUT)(make)


async def open_new(deps: Deps, came: Press | Call | OnMessage, text: str, link: str | None) -> None:
    """Open the form of a new blocker."""
    meta = NewMeta(id=new_id(), link=link, response_url=came.response_url)

    async def expired(words: str) -> None:
        await tell(deps, came.response_url, plain("{words} Try it again.", words=words))

    reading = deps.database.read(raising.load_form, came.who, meta, text, deps.clock())
    await open_form(deps, came.trigger_id, "New blocker", reading, expired)


async def make(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """`Make a blocker`, on any message, in threads too (F37)."""
    chosen = payloads.on_message(body)
    await ack()
    await open_new(deps, chosen, chosen.text, chosen.link)


async def new_submit(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """A new blocker was sent."""
    sent = payloads.submission(body)
    meta = NewMeta.model_validate_json(sent.view.metadata)
    said: list[Mrkdwn] = []

    async def committed() -> None:
        said.append(await deps.database.write(raising.from_form, sent.who, meta, sent.view.fields, deps.clock()))

    await answer_form(ack, deps, sent.view, committed(), field_of)
    for words in said:
        await say_it(deps, meta.response_url, words)
