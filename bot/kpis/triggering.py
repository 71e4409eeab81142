"""Agreeing on triggers, and ending them."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from bot.acting import acting, actor
from bot.catalogue import Mrkdwn
from bot.fields import Fields, OnField, choice_of, person_of, text_of
from bot.kpis import loading, trigger_views
from bot.kpis.fields import number_of
from bot.kpis.form_views import LONGEST_NUMBER, Meta
from bot.modals import View
from bot.payloads import Who
from rituals.kpis_registry import Retired
from rituals.policy import Action, require
from rituals.refusals import Refusal
from rituals.triggers import Comparison, NothingAgreed, Trigger, checked
from storage import people, triggers, values


def load_form(tx: Session, who: Who, text: str, meta: Meta) -> View:
    """The form of a new trigger, below those that stand; raises NoSuchKpi, Retired or NotAllowed."""
    reader = actor(tx, who)
    kpi, _ = loading.named(tx, who.workspace, text)
    require(Action.TRIGGER_SET, reader, loading.about(tx, kpi))
    if kpi.retired_on is not None:
        raise Retired(kpi)
    owner = None if kpi.owner_id is None else people.find(tx, kpi.owner_id)
    carried = meta.model_copy(update={"period": str(kpi.number)})
    return trigger_views.trigger_form(carried, kpi, triggers.of_kpi(tx, kpi.id), owner)


def submit(tx: Session, who: Who, meta: Meta, fields: Fields, now: datetime) -> Mrkdwn:
    """Keep a trigger; the same form again changes nothing. Raises OnField, NoSuchKpi or NotAllowed."""
    by = acting(tx, who, now)
    kpi, _ = loading.named(tx, who.workspace, meta.period or "")
    require(Action.TRIGGER_SET, by, loading.about(tx, kpi))
    length = text_of(fields, "periods", LONGEST_NUMBER)
    wanted = Trigger(
        id=meta.id,
        workspace=kpi.workspace,
        kpi_id=kpi.id,
        comparison=choice_of(fields, "side", Comparison),
        bound=number_of(fields, "bound", kpi.unit),
        periods=int(length) if length.isascii() and length.isdigit() else 0,
        action=text_of(fields, "action", LONGEST_NUMBER * 5),
        owner_id=person_of(tx, who.workspace, fields, "owner").id,
        by_id=by.id,
        at=now,
        since=loading.today(by, now),
        ended_on=None,
    )
    try:
        trigger = checked(wanted)
    except Refusal as refusal:
        raise OnField("action" if isinstance(refusal, NothingAgreed) else "periods", refusal) from refusal
    if triggers.find(tx, trigger.id) is None:
        values.add(tx, trigger)
    return trigger_views.agreed(trigger, kpi)


def end(tx: Session, who: Who, text: str, now: datetime) -> Mrkdwn:
    """End every trigger of a KPI; raises NoSuchKpi or NotAllowed."""
    by = acting(tx, who, now)
    kpi, _ = loading.named(tx, who.workspace, text)
    require(Action.TRIGGER_SET, by, loading.about(tx, kpi))
    standing = triggers.of_kpi(tx, kpi.id)
    today = loading.today(by, now)
    values.save(tx, *(replace(one, ended_on=today) for one in standing), was=standing)
    return trigger_views.ended(kpi, len(standing))
