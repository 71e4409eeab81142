"""The month's buttons and forms."""

from collections.abc import Callable, Coroutine
from datetime import date
from typing import Any
from uuid import UUID

from slack_bolt.async_app import AsyncAck
from sqlalchemy.orm import Session

from bot import payloads, reviews
from bot.acting import actor
from bot.catalogue import Mrkdwn, plain
from bot.deps import Deps
from bot.doors import Doors
from bot.errors import answer_press, tell
from bot.kpis import handlers as kpi_handlers
from bot.modals import View, open_form
from bot.payloads import Press, Who
from bot.stoplight import (
    agree_views,
    answering,
    collect_views,
    digest_views,
    fired_views,
    firing,
    narrating,
    one_views,
    report_views,
    reporting,
    thanking,
    walk_views,
    walking,
    word_views,
)
from bot.stoplight.forms import expired, in_room, redraw, sent, walk_of
from bot.stoplight.one_views import Walk
from rituals.kpis_periods import Period
from rituals.stoplight import Answered


def register(doors: Doors) -> None:
    """The buttons and forms."""
    doors.action(collect_views.ENTER)(enter)
    doors.action(collect_views.ENTER_ALL)(enter_all)
    doors.action(digest_views.START)(start)
    doors.action(walk_views.NEXT)(go)
    doors.action(walk_views.BACK)(go)
    doors.action(one_views.ACK)(ack_red)
    doors.action(one_views.WATCH)(watch)
    doors.action(one_views.UNDO)(undo)
    doors.action(one_views.AGREE)(agree)
    doors.view(one_views.AGREE_SUBMIT)(agree_submit)
    doors.action(one_views.MORE)(more)
    doors.action(digest_views.REPORT)(whole)
    doors.action(report_views.PAGE)(whole)
    doors.action(walk_views.CLOSE)(close)
    doors.view(walk_views.CLOSE_SUBMIT)(close_submit)
    doors.action(walk_views.THANK)(thank)
    doors.action(one_views.DECIDE)(decide)
    doors.action(fired_views.START_IT)(start_it)
    doors.action(fired_views.OVERRULE)(overrule)
    doors.view(fired_views.OVERRULE_SUBMIT)(overrule_submit)
    doors.action(collect_views.NARRATE)(narrate)
    doors.view(word_views.NARRATE_SUBMIT)(narrate_submit)


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


async def go(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """`Back`, `Next`."""
    press = payloads.press(body)
    await ack()
    if press.view is not None:
        walk = Walk.model_validate_json(press.view.metadata)
        await redraw(deps, press.who, press.view.id, walk, int(press.value))


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

    await at_press(ack, deps, press, work)
    for words in told if press.view is None else ():
        await tell(deps, press.response_url, words)


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


async def thank(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """`Thank them`: every green of the digest."""
    press = payloads.press(body)
    day = date.fromisoformat(press.value)

    async def work() -> None:
        await deps.database.write(thanking.thank, press.who, day, deps.clock())

    await at_press(ack, deps, press, work)


async def at_press(ack: AsyncAck, deps: Deps, press: Press, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Do what was pressed, in the walk or on a message."""
    if press.view is None:
        await answer_press(ack, deps, press, work())
    else:
        await in_room(ack, deps, press, press.view, work)


async def decide(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """`Decide…`: the quick capture of a decision, about this KPI."""
    press = payloads.press(body)
    await ack()
    load = deps.database.read(answering.load_decide, press.who, press.value)
    await open_form(deps, press.trigger_id, "A decision", load, expired(deps, press), above=press.view is not None)


# Triggers


async def start_it(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """`Start it`: what was agreed beforehand."""
    press = payloads.press(body)

    async def work() -> None:
        await deps.database.write(firing.start, press.who, UUID(press.value), deps.clock())

    await at_press(ack, deps, press, work)


async def overrule(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """`Overrule…`: asks for the reason."""
    press = payloads.press(body)
    await ack()
    walk = walk_of(press, None).model_copy(update={"id": UUID(press.value)})
    load = deps.database.read(firing.load_overrule, press.who, walk)
    await open_form(deps, press.trigger_id, "Overrule", load, expired(deps, press), above=press.view is not None)


async def overrule_submit(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """What was agreed is set aside, with a reason."""
    await sent(ack, body, deps, firing.overrule, fired_views.overruled_words)


# Words


async def narrate(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """`Tell the month…`: a function's narrative."""
    press = payloads.press(body)
    await ack()
    function, _, month = press.value.partition(":")
    walk = walk_of(press, None, date.fromisoformat(month)).model_copy(update={"id": UUID(function)})
    load = deps.database.read(narrating.load_form, press.who, walk)
    await open_form(deps, press.trigger_id, "Narrative", load, expired(deps, press))


async def narrate_submit(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """A narrative is written."""
    await sent(ack, body, deps, narrating.submit, word_views.narrated_words)
