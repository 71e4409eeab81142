"""The buttons and forms of KPIs."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from slack_bolt.async_app import AsyncAck

from bot import payloads
from bot.catalogue import Mrkdwn
from bot.commands import Call
from bot.deps import Deps
from bot.doors import Doors, Handler
from bot.errors import answer_form, answer_press, sentence, tell
from bot.fields import field_of
from bot.ids import new_id
from bot.kpis import (
    commitments,
    filing,
    form_views,
    places,
    reading,
    registry,
    trigger_views,
    triggering,
    value_forms,
    views,
)
from bot.kpis.filing import Stored
from bot.kpis.form_views import Meta
from bot.modals import View, draw_again, show_form
from bot.payloads import Press, as_field
from rituals.kpis_registry import FunctionFull, TeamFull
from rituals.refusals import Refusal


def register(doors: Doors) -> None:
    """The buttons and forms."""
    doors.action(value_forms.VALUE_TYPED)(typed)
    doors.action(views.ENTER)(enter)
    doors.action(views.PAGE)(turn)
    doors.view(value_forms.VALUE_SUBMIT)(enter_submit)
    doors.action(views.APPROVE)(approve)
    doors.action(views.RETURN)(send_back)
    doors.view(form_views.RETURN_SUBMIT)(sends(commitments.send_back))
    doors.action(views.PROPOSE)(propose)
    doors.view(form_views.CHANGE_SUBMIT)(sends(commitments.submit))
    doors.view(form_views.ADD_SUBMIT)(sends(registry.add, no_room))
    doors.view(form_views.EDIT_SUBMIT)(sends(registry.edit))
    doors.action(views.RETIRE)(retire)
    doors.view(value_forms.IMPORT_SUBMIT)(import_submit)
    doors.view(form_views.SHARE_SUBMIT)(sends(places.save_share))
    doors.view(trigger_views.TRIGGER_SUBMIT)(sends(triggering.submit))
    doors.action(views.OBJECTIVE)(opens("Objective", places.load_objective))
    doors.view(form_views.OBJECTIVE_SUBMIT)(sends(places.save_objective))
    doors.action(views.FUNCTION)(opens("Function", places.load_function))
    doors.view(form_views.FUNCTION_SUBMIT)(sends(places.save_function))


# Opening and sending a form


def opens(title: str, load: Callable[..., View]) -> Handler:
    """What opens a form that is read by (who, the button's value, response_url)."""

    async def handler(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
        press = payloads.press(body)
        await ack()
        await show_form(deps, press, title, deps.database.read(load, press.who, press.value, press.response_url))

    return handler


def sends(
    transaction: Callable[..., Mrkdwn | None], above: Callable[[Refusal], View | None] = lambda _: None
) -> Handler:
    """What takes a form that was sent: commit, ack, and say what was stored where the form was asked for."""

    async def handler(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
        form = payloads.submission(body)
        meta = Meta.model_validate_json(form.view.metadata)
        told: list[Mrkdwn] = []

        async def work() -> None:
            words = await deps.database.write(transaction, form.who, meta, form.view.fields, deps.clock())
            if words is not None:
                told.append(words)

        await answer_form(ack, deps, form.view, work(), field_of, above=above)
        for words in told:
            await tell(deps, meta.response_url, words)

    return handler


def no_room(refusal: Refusal) -> View | None:
    """What stands above the form when a cap is reached."""
    return form_views.full(refusal, sentence(refusal)) if isinstance(refusal, FunctionFull | TeamFull) else None


async def turn(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """`Next page` of one's own KPIs or of the tree."""
    press = payloads.press(body)
    verb, _, page = press.value.partition(":")
    shown = reading.tree if verb == "tree" else reading.mine

    async def work() -> None:
        words, found = await deps.database.read(shown, press.who, page, deps.clock())
        await tell(deps, press.response_url, words, found)

    await answer_press(ack, deps, press, work())


# A value


async def enter(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """`Enter`: the form of a value."""
    press = payloads.press(body)
    await ack()
    await open_value(deps, press, UUID(press.value))


async def open_value(
    deps: Deps, came: Press | Call, kpi_id: UUID, period: str | None = None, onward: str | None = None
) -> None:
    """Open the form of a KPI's value; `onward` has the other values of that month follow."""
    meta = Meta(id=kpi_id, response_url=came.response_url, period=period, onward=onward)

    async def load() -> View:
        page = await deps.database.read(filing.load_form, came.who, kpi_id, meta, deps.clock())
        return value_forms.value_form(page)

    await show_form(deps, came, "A value", load())


async def typed(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """A number or another period: show the colour that it would make."""
    press = payloads.press(body)
    await ack()
    if press.view is not None:
        deps.background.start(redraw(deps, press, press.view))


async def redraw(deps: Deps, press: Press, view: payloads.View) -> None:
    """Draw the open form again from what stands in it; a form that changed in between is left alone."""
    meta = Meta.model_validate_json(view.metadata)
    period = as_field(view.fields, "period")
    chosen = meta.model_copy(update={"period": period})
    # Another period has a value of its own; what was typed for the one before stays with that one.
    number = as_field(view.fields, "value") if period == meta.period else None
    try:
        page = await deps.database.read(filing.load_form, press.who, meta.id, chosen, deps.clock(), number)
    except Refusal:
        return
    await draw_again(deps, view.id, value_forms.value_form(page), view.hash)


async def enter_submit(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """The value is sent: commit, ack with the form that follows, if any, and say what was stored."""
    form = payloads.submission(body)
    meta = Meta.model_validate_json(form.view.metadata)
    stored: list[Stored] = []

    async def work() -> None:
        stored.append(await deps.database.write(filing.submit_value, form.who, meta, form.view.fields, deps.clock()))

    async def answering(**how: Any) -> Any:
        following = stored[0].following if stored else None
        if how or following is None:
            return await ack(**how)
        return await ack(response_action="update", view=value_forms.value_form(following))

    await answer_form(answering, deps, form.view, work(), field_of)  # type: ignore[arg-type] # all of AsyncAck that is used
    for one in stored:
        await tell(deps, meta.response_url, one.words)


# A table of values


async def import_submit(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """First a look at what the lines would store, then the same lines are stored; changed lines are looked at again."""
    form = payloads.submission(body)
    meta = Meta.model_validate_json(form.view.metadata)
    text = as_field(form.view.fields, "lines") or ""
    told: list[Mrkdwn] = []
    looked: list[View] = []

    async def work() -> None:
        if meta.previewed == filing.digest(text):
            told.append(await deps.database.write(filing.store_table, form.who, text, deps.clock()))
        else:
            looked.append(await deps.database.read(filing.preview, form.who, meta, text, deps.clock()))

    async def answering(**how: Any) -> Any:
        return await (ack(response_action="update", view=looked[0]) if looked and not how else ack(**how))

    await answer_form(answering, deps, form.view, work(), lambda _: "lines")  # type: ignore[arg-type] # all of AsyncAck that is used
    for words in told:
        await tell(deps, meta.response_url, words)


# Commitments


async def propose(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """`Propose change`."""
    press = payloads.press(body)
    await ack()
    await open_change(deps, press, UUID(press.value))


async def open_change(deps: Deps, came: Press | Call, kpi_id: UUID) -> None:
    """Open the form that proposes other terms."""
    meta = Meta(id=new_id(), response_url=came.response_url)
    load = deps.database.read(commitments.load_form, came.who, kpi_id, meta, deps.clock())
    await show_form(deps, came, "Change a KPI", load)


async def approve(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """`Approve`: from the next period on."""
    press = payloads.press(body)

    async def work() -> None:
        words = await deps.database.write(commitments.answer, press.who, UUID(press.value), deps.clock(), approved=True)
        await tell(deps, press.response_url, words)

    await answer_press(ack, deps, press, work())


async def send_back(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """`Return…`: asks for the words."""
    press = payloads.press(body)
    await ack()
    load = deps.database.read(commitments.load_return, press.who, UUID(press.value), press.response_url)
    await show_form(deps, press, "Return a change", load)


# The registry


async def open_add(deps: Deps, came: Press | Call) -> None:
    """Open the form of a new KPI; without an objective or a function, say what comes first."""
    meta = Meta(id=new_id(), response_url=came.response_url)
    load = deps.database.read(registry.load_add, came.who, meta)
    await show_form(deps, came, "New KPI", load)


async def retire(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """`Retire`, confirmed: in a message, or in the view that says there is no room."""
    press = payloads.press(body)

    async def work() -> None:
        kpi = await deps.database.write(registry.retire, press.who, UUID(press.value), deps.clock())
        if press.view is not None:
            await draw_again(deps, press.view.id, form_views.room_made(kpi), press.view.hash)
        else:
            await tell(deps, press.response_url, views.retired(kpi))

    await answer_press(ack, deps, press, work())
