"""`Add` under a receipt: one result more."""

from datetime import datetime
from typing import Any
from uuid import UUID

from slack_bolt.async_app import AsyncAck
from sqlalchemy.orm import Session

from bot import payloads
from bot.deps import Deps
from bot.doors import Doors
from bot.errors import answer_form
from bot.huddle import filing, form_views, handlers, own_plans, receipts, views
from bot.huddle.views import FormMeta
from bot.modals import View, open_form
from bot.pressed import Pressed
from storage import blockers, plans, team_questions


def register(doors: Doors) -> None:
    """The receipt's button, and the form behind it."""
    doors.action(views.ADD)(add)
    doors.view(views.ADD_SUBMIT)(add_submit)


async def add(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """`Add`: one line."""
    press = payloads.press(body)
    await ack()

    async def load() -> View:
        plan = (await deps.database.read(own_plans.to_read, UUID(press.value), press.who)).plan
        meta = FormMeta(plan=plan.id, response_url=press.response_url, pressed_on=press.place)
        return form_views.add_form(meta, plan.day)

    await open_form(deps, press.trigger_id, "Add", load(), handlers.say_again(deps, press.response_url))


async def add_submit(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """The line was written."""
    sent = payloads.submission(body)
    meta = FormMeta.model_validate_json(sent.view.metadata)
    pressed = Pressed.of(sent.who, meta.response_url, meta.pressed_on)
    work = deps.database.write(add_result, meta.plan, sent.view.fields["result"] or "", pressed, deps.clock())
    await answer_form(ack, deps, sent.view, work, lambda _: "result")


def add_result(tx: Session, plan_id: UUID, text: str, pressed: Pressed, now: datetime) -> None:
    """Put a result below those of a plan, as an edit; one that stands there already is not put there twice.

    Raises what filing a plan raises.
    """
    found = own_plans.to_write(tx, plan_id, pressed.who, now)
    items = plans.items(tx, [plan_id])[plan_id]
    if text.strip() in {item.text for item in items}:
        receipts.announce(tx, found.plan, found.person, pressed, now)
        return
    raised, _ = blockers.concerning(tx, found.person.id, plan_id)
    form = form_views.standing_form(found.plan, items, raised, team_questions.of_plans(tx, [plan_id])[plan_id])
    filing.file_plan(tx, plan_id, form.model_copy(update={"today": f"{form.today}\n{text}"}), pressed, now)
