"""`Change KPIs`: which number each result moves."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from slack_bolt.async_app import AsyncAck
from sqlalchemy.orm import Session

from bot import payloads
from bot.deps import Deps
from bot.doors import Doors
from bot.errors import Gone, answer_form
from bot.huddle import form_views, handlers, own_plans, receipts, views
from bot.huddle.views import FormMeta
from bot.modals import View, open_form
from bot.payloads import Who
from bot.pressed import Pressed
from rituals.plans import Answer
from storage import huddles, kpis, plans, values


def register(doors: Doors) -> None:
    """The receipt's button, and the form behind it."""
    doors.action(views.KPIS)(choose)
    doors.view(views.KPIS_SUBMIT)(choose_submit)


async def choose(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """`Change KPIs`: which number each result moves."""
    press = payloads.press(body)
    await ack()

    async def load() -> View:
        meta = FormMeta(plan=UUID(press.value), response_url=press.response_url, pressed_on=press.place)
        return await deps.database.read(load_kpis, meta, press.who)

    await open_form(deps, press.trigger_id, "Which number?", load(), handlers.say_again(deps, press.response_url))


def load_kpis(tx: Session, meta: FormMeta, who: Who) -> View:
    """The form that links results to KPIs."""
    plan = own_plans.to_read(tx, meta.plan, who).plan
    return form_views.kpis_form(
        meta, plans.items(tx, [plan.id])[plan.id], kpis.of_team(tx, plan.workspace, plan.team_id)
    )


async def choose_submit(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """Numbers were chosen."""
    sent = payloads.submission(body)
    meta = FormMeta.model_validate_json(sent.view.metadata)
    pressed = Pressed.of(sent.who, meta.response_url, meta.pressed_on)
    work = deps.database.write(choose_kpis, meta.plan, chosen_kpis(sent.view.fields), pressed, deps.clock())
    await answer_form(ack, deps, sent.view, work, lambda _: next(iter(sent.view.fields)))


def chosen_kpis(fields: Mapping[str, Any]) -> dict[UUID, tuple[UUID | None, str]]:
    """By item: the KPI, None for "no number", and why."""
    chosen = {}
    for block, value in fields.items():
        name, _, item = block.partition(":")
        if name == "kpi":
            kpi = None if value in {None, views.NO_KPI} else UUID(value)
            chosen[UUID(item)] = (kpi, fields.get(f"why:{item}") or "")
    return chosen


def choose_kpis(
    tx: Session, plan_id: UUID, chosen: Mapping[UUID, tuple[UUID | None, str]], pressed: Pressed, now: datetime
) -> None:
    """Confirm or correct which number each result moves; "no number" keeps its why (F6, F7)."""
    found = own_plans.to_write(tx, plan_id, pressed.who, now)
    plan, person = found.plan, found.person
    known = kpis.of_team(tx, plan.workspace, plan.team_id)
    if any(kpi_id is not None and kpi_id not in known for kpi_id, _ in chosen.values()):
        raise Gone
    changed = []
    for item in plans.items(tx, [plan.id])[plan.id]:
        if item.id not in chosen:
            continue
        kpi_id, why = chosen[item.id]
        # A ⚠ that gets a number, or a number that goes, is news to the manager: their earlier word was on other facts.
        answer = item.answer if kpi_id == item.kpi_id or item.answer is Answer.REDIRECTED else Answer.NONE
        no_kpi = None if kpi_id is not None else why.strip() or None
        changed.append(replace(item, kpi_id=kpi_id, guessed=False, why_no_kpi=no_kpi, answer=answer))
    values.save(tx, *changed)
    huddles.mark_stale(tx, plan.team_id, plan.day, now)
    receipts.announce(tx, plan, person, pressed, now)
