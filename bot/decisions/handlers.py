"""The buttons and forms of decisions."""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot import payloads
from bot.catalogue import Mrkdwn
from bot.commands import Call
from bot.decisions import capture_views, capturing, reading, views
from bot.decisions.capture_views import Origin
from bot.deps import Deps
from bot.errors import answer_form, answer_press, tell
from bot.fields import field_of
from bot.ids import new_id
from bot.modals import show_form
from bot.payloads import OnMessage, Press


def register(app: AsyncApp) -> None:
    """The busiest first: Bolt tries listeners in order."""
    app.view(capture_views.CAPTURE_SUBMIT)(capture_submit)
    app.shortcut(capture_views.FROM_MESSAGE)(from_message)
    for way in ("back", "next"):
        app.action(f"{views.PAGE}.{way}")(turn)


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


async def capture_submit(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """The quick capture is sent."""
    form = payloads.submission(body)
    origin = Origin.model_validate_json(form.view.metadata)
    told: list[Mrkdwn] = []

    async def work() -> None:
        told.append(await deps.database.write(capturing.submit, form.who, origin, form.view.fields, deps.clock()))

    await answer_form(ack, deps, form.view, work(), field_of)
    for words in told:
        await tell(deps, origin.response_url, words)


async def turn(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """Another page of a list."""
    press = payloads.press(body)
    page, _, wanted = press.value.partition(":")

    async def work() -> None:
        number = str(int(page) + 1)
        words, found = await deps.database.read(reading.listed, press.who, wanted, number, deps.clock())
        await tell(deps, press.response_url, words, found)

    await answer_press(ack, deps, press, work())
