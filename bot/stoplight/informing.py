"""Once a quarter: which decision did this number inform? None, and it may be one too many (M14)."""

from datetime import date, datetime
from typing import Any

from slack_bolt.async_app import AsyncAck
from sqlalchemy.orm import Session

from bot import payloads, reviews
from bot.acting import acting, actor
from bot.decisions import loading as memos
from bot.deps import Deps
from bot.doors import Doors
from bot.fields import Fields, on_field
from bot.ids import new_id
from bot.kpis import loading as kpi_loading
from bot.modals import View, show_form
from bot.payloads import Who, as_field
from bot.stoplight import collect_views, inform_views
from bot.stoplight.forms import sent, walk_of
from bot.stoplight.one_views import Walk
from rituals.kpis import Kpi
from rituals.kpis_periods import Period
from rituals.kpis_uses import Informed
from rituals.people import Person
from rituals.policy import Action, require
from storage import kpi_uses, month_plans, stoplight


def register(doors: Doors) -> None:
    """`Name it…`, and the form behind it."""
    doors.action(collect_views.INFORM)(ask)
    doors.view(inform_views.INFORM_SUBMIT)(submit)


async def ask(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """`Name it…`: one line for each number that nothing came of."""
    press = payloads.press(body)
    await ack()
    walk = walk_of(press, None, date.fromisoformat(press.value))
    await show_form(deps, press, "Decisions", deps.database.read(load, press.who, walk))


def _mine(tx: Session, owner: Person, month: Period) -> list[Kpi]:
    """The numbers of an owner that nothing came of in the quarter that ended with a month."""
    mine = stoplight.owned(tx, [owner.id]).get(owner.id, ())
    without = kpi_uses.idle(tx, [one.id for one in mine], month)
    return [one for one in mine if one.id in without]


def load(tx: Session, who: Who, walk: Walk) -> View:
    """The form; raises Stranger."""
    return inform_views.inform_form(walk, _mine(tx, actor(tx, who), reviews.month_of(walk.month)))


async def submit(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """Decisions were named."""
    await sent(ack, body, deps, keep, inform_views.informed_words)


def keep(tx: Session, who: Who, walk: Walk, fields: Fields, now: datetime) -> int:
    """Keep which decisions somebody's numbers informed; return how many. Raises OnField or NotAllowed."""
    by = acting(tx, who, now)
    said = []
    for kpi in _mine(tx, by, reviews.month_of(walk.month)):
        text = (as_field(fields, kpi.label) or "").strip()
        if not text:
            continue
        require(Action.KPI_VALUE, by, kpi_loading.about(tx, kpi))
        decision, _ = on_field(kpi.label, lambda text=text: memos.named(tx, by.workspace, text))  # type: ignore[misc]
        memos.require_read(tx, by, decision, now)
        said.append(Informed(new_id(), by.workspace, kpi.id, decision.id, by.id, now))
    kpi_uses.add(tx, said)
    month_plans.mark_stale(tx, by.workspace, walk.month, [by.id], now)
    return len(said)
