"""Shares of people, and what KPIs stand under: objectives and functions."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from bot.acting import acting, actor
from bot.catalogue import Mrkdwn, say
from bot.fields import Fields, OnField, choice_of, on_field, person_of, text_of
from bot.ids import new_id
from bot.kpis import form_views, loading
from bot.kpis.fields import number_of
from bot.kpis.form_views import Meta
from bot.kpis.sentences import NoSuchKpi
from bot.payloads import Who, as_field
from rituals.kpis import Function, Kpi, Objective, Paid, Share
from rituals.kpis_numbers import shown
from rituals.kpis_registry import (
    LONGEST_NAME,
    PercentUnclear,
    Retired,
    StillUsed,
    check_name,
)
from rituals.people import Person
from rituals.policy import About, Action, about, may, require
from storage import kpis, people, values

# Shares


def load_share(tx: Session, who: Who, text: str, meta: Meta) -> Any:
    """The form of somebody's share in the KPI that the text names; raises NoSuchKpi."""
    actor(tx, who)
    kpi, rest = loading.named(tx, who.workspace, text)
    mentioned = rest.removeprefix("<@").partition(">")[0].partition("|")[0] if rest.startswith("<@") else None
    return form_views.share_form(meta.model_copy(update={"id": kpi.id}), kpi, mentioned)


def save_share(tx: Session, who: Who, meta: Meta, fields: Fields, now: datetime) -> Mrkdwn:
    """Store a person's share; 0 ends it. Raises OnField, Retired or NotAllowed."""
    by = acting(tx, who, now)
    kpi = loading.of_id(tx, who.workspace, meta.id, lock=True)
    if kpi.retired_on is not None:
        raise Retired(kpi)
    person = person_of(tx, who.workspace, fields, "person")
    require(Action.KPI_SHARE, by, about(person, people.lines_above(tx, [person])))
    percent = number_of(fields, "percent", "%")
    if not 0 <= percent <= 100:  # noqa: PLR2004 - per cent
        raise OnField("percent", PercentUnclear())
    paid = choice_of(fields, "paid", Paid)
    standing = kpis.share(tx, kpi.id, person.id)
    ended = loading.today(by, now) if percent == 0 else None
    share = Share(new_id() if standing is None else standing.id, kpi.workspace, kpi.id, person.id, percent, paid, ended)
    (values.add if standing is None else values.save)(tx, share)
    return say(
        "{who} has {percent} % of {label} {name}.",
        who=person.name,
        percent=shown(percent),
        label=kpi.label,
        name=kpi.name,
    )


# Objectives and functions


def may_set_goals(reader: Person) -> bool:
    """Whether somebody sees the buttons for objectives and functions."""
    return may(Action.GOALS_SET, reader, About(reader.workspace))


def load_objective(tx: Session, who: Who, value: str, response_url: str | None) -> Any:
    """The form of an objective, or of a new one; raises NotAllowed or NoSuchKpi."""
    require(Action.GOALS_SET, actor(tx, who), About(who.workspace))
    objective = None if value == "new" else _of_here(who, kpis.objective(tx, UUID(value)))
    meta = Meta(id=new_id() if objective is None else objective.id, response_url=response_url)
    return form_views.objective_form(meta, objective)


def load_function(tx: Session, who: Who, value: str, response_url: str | None) -> Any:
    """The form of a function, or of a new one; raises NotAllowed or NoSuchKpi."""
    require(Action.GOALS_SET, actor(tx, who), About(who.workspace))
    function = None if value == "new" else _of_here(who, kpis.function(tx, UUID(value)))
    head = people.find(tx, function.head_id) if function is not None and function.head_id else None
    meta = Meta(id=new_id() if function is None else function.id, response_url=response_url)
    return form_views.function_form(meta, function, head)


def _of_here(who: Who, found: Any) -> Any:
    if found is None or found.workspace != who.workspace:
        raise NoSuchKpi("")
    return found


def save_objective(tx: Session, who: Who, meta: Meta, fields: Fields, now: datetime) -> Mrkdwn:
    """Store an objective under its name; the same form again changes nothing. Raises OnField or NotAllowed."""
    by = acting(tx, who, now)
    require(Action.GOALS_SET, by, About(who.workspace))
    kpis.lock(tx, who.workspace)
    known = kpis.objective(tx, meta.id)
    name = _free_name(tx, Objective, who, meta, fields)
    closed = loading.today(by, now) if _closes(fields) and known is not None else None
    if known is not None:
        _of_here(who, known)
        _unused(tx, known.name, who, lambda kpi: kpi.objective_id == known.id, closes=closed is not None)
    objective = Objective(meta.id, who.workspace, name, closed)
    (values.add if known is None else values.save)(tx, objective)
    return _set(name, closed is not None)


def save_function(tx: Session, who: Who, meta: Meta, fields: Fields, now: datetime) -> Mrkdwn:
    """Store a function with its head; the same form again changes nothing. Raises OnField or NotAllowed."""
    by = acting(tx, who, now)
    require(Action.GOALS_SET, by, About(who.workspace))
    kpis.lock(tx, who.workspace)
    known = kpis.function(tx, meta.id)
    name = _free_name(tx, Function, who, meta, fields)
    head = person_of(tx, who.workspace, fields, "head").id if as_field(fields, "head") else None
    closed = loading.today(by, now) if _closes(fields) and known is not None else None
    if known is not None:
        _of_here(who, known)
        _unused(tx, known.name, who, lambda kpi: kpi.function_id == known.id, closes=closed is not None)
    function = Function(meta.id, who.workspace, name, head, closed)
    (values.add if known is None else values.save)(tx, function)
    return _set(name, closed is not None)


def _set(name: str, closed: bool) -> Mrkdwn:
    if closed:
        return say("*{name}* is closed. What was filed under it stays.", name=name)
    return say("*{name}* is set. `/kpi add` puts a KPI under it.", name=name)


def _free_name(tx: Session, kind: type[Objective] | type[Function], who: Who, meta: Meta, fields: Fields) -> str:
    name = text_of(fields, "name", LONGEST_NAME)
    others = [one for one, found in kpis.names(tx, kind, who.workspace).items() if found != meta.id]
    return on_field("name", lambda: check_name(name, others))


def _closes(fields: Fields) -> bool:
    return "yes" in (as_field(fields, "close") or [])


def _unused(tx: Session, name: str, who: Who, under: Callable[[Kpi], bool], *, closes: bool) -> None:
    standing = [kpi for kpi in kpis.active(tx, who.workspace).values() if under(kpi)]
    if closes and standing:
        raise OnField("close", StillUsed(name, standing))
