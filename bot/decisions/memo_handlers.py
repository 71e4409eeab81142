"""The full form: opened, kept while it is written, sent."""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import Any
from uuid import UUID

from slack_bolt.async_app import AsyncAck

from bot import blocks, payloads
from bot.blocks import Block
from bot.catalogue import Mrkdwn
from bot.commands import Call
from bot.decisions import memo_views, memos
from bot.decisions.memo_views import MemoForm, MemoMeta
from bot.deps import Deps
from bot.errors import answer_form, tell
from bot.fields import field_of
from bot.modals import View, draw_again, show_form
from bot.payloads import Press, Who
from rituals.refusals import Refusal


async def answered(
    ack: AsyncAck,
    deps: Deps,
    view: payloads.View,
    work: Callable[[], Awaitable[Mrkdwn]],
    response_url: str | None,
    *,
    below: str = "",
    buttons: Sequence[Block] = (),
) -> None:
    """A form was sent: commit, ack, and say what came of it where the form was asked for: by a message, or `below`.

    The message may have `buttons`.
    """
    told: list[Mrkdwn] = []

    async def run() -> None:
        told.append(await work())

    await answer_form(ack, deps, view, run(), field_of)
    for words in told:
        if below:
            deps.background.start(draw_again(deps, below, blocks.notice("Memo", words)))
        else:
            body = [blocks.section(words), blocks.actions(*buttons)] if buttons else []
            await tell(deps, response_url, words, body)


async def write(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """`Write the memo`."""
    press = payloads.press(body)
    await ack()
    await open_memo(deps, press, UUID(press.value))


async def open_memo(deps: Deps, came: Press | Call, decision_id: UUID) -> None:
    """Open the full form."""
    meta = MemoMeta(id=decision_id, version=0, response_url=came.response_url)

    async def load() -> View:
        return memo_views.memo_form(await deps.database.read(memos.load_page, came.who, meta, deps.clock()))

    await show_form(deps, came, "Memo", load())


async def save_draft(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """`Save draft`: keep what stands in the form, and say so in it."""
    press = payloads.press(body)
    await ack()
    if press.view is not None:
        deps.background.start(redraw(deps, press, press.view))


async def redraw(deps: Deps, press: Press, view: payloads.View) -> None:
    """Keep what stands in the open form and draw it again; a form that changed in between is left alone."""
    meta, form, now = MemoMeta.model_validate_json(view.metadata), MemoForm.parse(view.fields), deps.clock()
    with suppress(Refusal):  # not theirs any more: sending the form says so
        await deps.database.write(memos.keep_draft, press.who, meta, form, now)
        page = await deps.database.read(memos.load_page, press.who, meta, now, form)
        await draw_again(deps, view.id, memo_views.memo_form(page), view.hash)


async def memo_submit(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """The memo is sent: saved, proposed or decided; what is refused stays as a draft of the form."""
    sent = payloads.submission(body)
    meta = MemoMeta.model_validate_json(sent.view.metadata)
    await answered(ack, deps, sent.view, partial(save_or_keep, deps, sent.who, meta, sent.view), meta.response_url)


async def save_or_keep(deps: Deps, who: Who, meta: MemoMeta, view: payloads.View) -> Mrkdwn:
    """Save a memo; whatever is refused of it is kept."""
    now = deps.clock()
    form = MemoForm.parse(view.fields)
    asked = await deps.database.read(memos.asked_before, who, meta, now)
    form = form.model_copy(update={"asked": asked})
    try:
        return await deps.database.write(memos.save, who, meta, form, now)
    except Refusal as refusal:
        kept = form.model_copy(update={"asked": asked or memos.asks_once(refusal)})
        with suppress(Refusal):  # whoever may not write it may not keep a draft of it either
            await deps.database.write(memos.keep_draft, who, meta, kept, now)
        raise
