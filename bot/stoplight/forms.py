"""What the month's forms share: what they carry, how they are sent, and the walk below them drawn again."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any
from uuid import UUID

from slack_bolt.async_app import AsyncAck

from bot import blocks, payloads
from bot.catalogue import Mrkdwn, plain, say
from bot.deps import Deps
from bot.errors import answer_form, sentence, tell
from bot.fields import field_of
from bot.modals import View, draw_again, open_form, unsaid
from bot.payloads import Press, Who
from bot.stoplight import walk_views, walking
from bot.stoplight.one_views import Walk
from rituals.refusals import Refusal


def expired(deps: Deps, press: Press) -> Callable[[str], Awaitable[None]]:
    """What to do when a form did not open: say so where the button stands."""

    async def said(words: str) -> None:
        await tell(deps, press.response_url, plain("{words} Press it again.", words=words))

    return said


def walk_of(press: Press, kpi_id: UUID | None, month: date = date.min) -> Walk:
    """What a form above the walk, or on its own, carries."""
    walk = Walk(month=month)
    if press.view is not None and press.view.metadata:
        walk = Walk.model_validate_json(press.view.metadata).model_copy(update={"view": press.view.id})
    return walk.model_copy(update={"kpi": kpi_id, "response_url": press.response_url})


async def redraw(deps: Deps, who: Who, view_id: str, walk: Walk, step: int | None = None) -> None:
    """Show a screen in the room that is open."""
    try:
        shown = walk_views.screen(await deps.database.read(walking.screen, who, walk, deps.clock(), step))
    except Refusal as refusal:
        shown = blocks.notice("Digest", say("{words}", words=sentence(refusal)))
    await draw_again(deps, view_id, shown)


async def in_room(
    ack: AsyncAck, deps: Deps, press: Press, view: payloads.View, work: Callable[[], Awaitable[None]]
) -> None:
    """Do what was pressed in the walk and draw its screen again; a refusal is shown above it."""
    try:
        await work()
    except Refusal as refusal:
        await ack()
        words = sentence(refusal)

        async def shown() -> View:
            return blocks.notice("Digest", say("{words}", words=words))

        await open_form(deps, press.trigger_id, "Digest", shown(), unsaid, above=True)
        return
    await ack()
    deps.wake()
    await redraw(deps, press.who, view.id, Walk.model_validate_json(view.metadata))


async def sent(
    ack: AsyncAck,
    body: dict[str, Any],
    deps: Deps,
    transaction: Callable[..., Any],
    words: Callable[[Any], Mrkdwn],
) -> None:
    """A form of the month was sent: commit, ack, and draw the walk below it again, or say what was kept."""
    form = payloads.submission(body)
    walk = Walk.model_validate_json(form.view.metadata)
    kept: list[Any] = []

    async def work() -> None:
        kept.append(await deps.database.write(transaction, form.who, walk, form.view.fields, deps.clock()))

    await answer_form(ack, deps, form.view, work(), field_of)
    if kept and walk.view:
        deps.background.start(redraw(deps, form.who, walk.view, walk))
    elif kept:
        await tell(deps, walk.response_url, words(kept[0]))
