"""The month's buttons and forms."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any
from uuid import UUID

from slack_bolt.async_app import AsyncAck, AsyncApp
from sqlalchemy.orm import Session

from bot import blocks, payloads, reviews
from bot.acting import actor
from bot.catalogue import Mrkdwn, plain, say
from bot.deps import Deps
from bot.errors import answer_form, answer_press, sentence, tell
from bot.fields import field_of
from bot.kpis import handlers as kpi_handlers
from bot.modals import View, open_form
from bot.payloads import Press, Who
from bot.people.handlers import unsaid, update
from bot.stoplight import (
    agree_views,
    answering,
    collect_views,
    digest_views,
    report_views,
    reporting,
    walk_views,
    walking,
)
from bot.stoplight.walk_views import Walk
from rituals.kpis_periods import Period
from rituals.refusals import Refusal
from rituals.stoplight import Answered


def register(app: AsyncApp) -> None:
    """The busiest first: Bolt tries listeners in order."""
    app.action(collect_views.ENTER)(enter)
    app.action(collect_views.ENTER_ALL)(enter_all)
    app.action(digest_views.START)(start)
    app.action(walk_views.NEXT)(go)
    app.action(walk_views.BACK)(go)
    app.action(walk_views.ACK)(ack_red)
    app.action(walk_views.WATCH)(watch)
    app.action(walk_views.UNDO)(undo)
    app.action(walk_views.AGREE)(agree)
    app.view(walk_views.AGREE_SUBMIT)(agree_submit)
    app.action(walk_views.MORE)(more)
    app.action(digest_views.REPORT)(whole)
    app.action(report_views.PAGE)(whole)
    app.action(walk_views.CLOSE)(close)
    app.view(walk_views.CLOSE_SUBMIT)(close_submit)


# Values


async def enter(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """`Enter` in a collection: the form of that KPI's value for that month."""
    press = payloads.press(body)
    await ack()
    kpi, _, period = press.value.partition(":")
    await kpi_handlers.open_value(deps, press, UUID(kpi), period)


async def enter_all(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """`Enter all`: the first that is missing, then the next."""
    press = payloads.press(body)
    await ack()
    wanted = await deps.database.read(_first_missing, press.who, reviews.month_of(date.fromisoformat(press.value)))
    if wanted is None:
        await tell(deps, press.response_url, plain("All your numbers are in."))
        return
    kpi, period = wanted
    await kpi_handlers.open_value(deps, press, kpi, period, press.value)


def _first_missing(tx: Session, who: Who, month: Period) -> tuple[UUID, str] | None:
    wanted = next(iter(reviews.missing(tx, actor(tx, who), month)), None)
    return None if wanted is None else (wanted[0].id, wanted[1].first.isoformat())


# The walk


async def start(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """`Start`: the first screen."""
    press = payloads.press(body)
    await ack()
    walk = Walk(month=date.fromisoformat(press.value), response_url=press.response_url)

    async def load() -> View:
        return walk_views.screen(await deps.database.read(walking.screen, press.who, walk, deps.clock(), 0))

    await open_form(deps, press.trigger_id, "Digest", load(), expired(deps, press))


def expired(deps: Deps, press: Press) -> Callable[[str], Awaitable[None]]:
    """What to do when a form did not open: say so where the button stands."""

    async def said(words: str) -> None:
        await tell(deps, press.response_url, plain("{words} Press it again.", words=words))

    return said


async def go(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """`Back`, `Next`."""
    press = payloads.press(body)
    await ack()
    if press.view is not None:
        walk = Walk.model_validate_json(press.view.metadata)
        await redraw(deps, press.who, press.view.id, walk, int(press.value))


async def redraw(deps: Deps, who: Who, view_id: str, walk: Walk, step: int | None = None) -> None:
    """Show a screen in the room that is open."""
    try:
        shown = walk_views.screen(await deps.database.read(walking.screen, who, walk, deps.clock(), step))
    except Refusal as refusal:
        shown = blocks.notice("Digest", say("{words}", words=sentence(refusal)))
    await update(deps, view_id, shown)


# Answers


async def ack_red(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """`Ack`."""
    await answered(ack, body, deps, Answered.ACK)


async def watch(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """`Watch`."""
    await answered(ack, body, deps, Answered.WATCH)


async def undo(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """`Undo`, for ten minutes."""
    await answered(ack, body, deps, None)


async def answered(ack: AsyncAck, body: dict[str, Any], deps: Deps, how: Answered | None) -> None:
    """One press on a KPI, in the walk or on a message: commit, ack, and show how it stands."""
    press = payloads.press(body)
    kpi_id, month = answering.subject_of(press.value)
    told: list[Mrkdwn] = []

    async def work() -> None:
        now = deps.clock()
        if how is None:
            kpi, review = await deps.database.write(answering.undo, press.who, kpi_id, month, now)
        else:
            kpi, review = await deps.database.write(answering.give, press.who, kpi_id, month, how, now)
        told.append(reporting.said(kpi, review))

    if press.view is None:
        await answer_press(ack, deps, press, work())
        for words in told:
            await tell(deps, press.response_url, words)
        return
    await in_room(ack, deps, press, press.view, work)


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


# The report


async def whole(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """`Open the whole report`, `Next page`."""
    press = payloads.press(body)
    day, number, reds, team = report_views.day_of(press.value)

    async def work() -> None:
        month = reviews.month_of(day)
        words, found = await deps.database.read(reporting.page, press.who, month, number, reds, team)
        await tell(deps, press.response_url, words, found)

    await answer_press(ack, deps, press, work())


async def more(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """`More`: all that is known of one KPI."""
    press = payloads.press(body)
    await ack()
    load = deps.database.read(reporting.more, press.who, press.value, deps.clock())
    await open_form(deps, press.trigger_id, "KPI", load, expired(deps, press), above=press.view is not None)


# Agreed actions, and the end


def walk_of(press: Press, kpi_id: UUID | None, month: date = date.min) -> Walk:
    """What a form above the walk, or on its own, carries."""
    walk = Walk(month=month)
    if press.view is not None and press.view.metadata:
        walk = Walk.model_validate_json(press.view.metadata).model_copy(update={"view": press.view.id})
    return walk.model_copy(update={"kpi": kpi_id, "response_url": press.response_url})


async def agree(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """`Assign help…`, `Act…`."""
    press = payloads.press(body)
    await ack()
    kpi_id, month = answering.subject_of(press.value)
    load = deps.database.read(answering.load_form, press.who, walk_of(press, kpi_id, month.first), deps.clock())
    await open_form(deps, press.trigger_id, "Action", load, expired(deps, press), above=press.view is not None)


async def agree_submit(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """An action was agreed on."""
    await sent(ack, body, deps, answering.agree, agree_views.agreed_words)


async def close(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """`Close the month…`."""
    press = payloads.press(body)
    await ack()
    walk = walk_of(press, None).model_copy(update={"id": UUID(press.value)})
    load = deps.database.read(answering.load_close, press.who, walk)
    await open_form(deps, press.trigger_id, "Close", load, expired(deps, press), above=press.view is not None)


async def close_submit(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """The month is closed."""
    await sent(ack, body, deps, answering.close, agree_views.closed_words)


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
