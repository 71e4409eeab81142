"""The registry's transactions: a KPI added or retired, objectives and functions set, shares and links."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from bot.acting import acting, actor
from bot.catalogue import Mrkdwn, join, say
from bot.errors import Gone
from bot.fields import Fields, Missing, OnField, choice_of, person_of, text_of
from bot.ids import new_id
from bot.kpis import form_views, loading
from bot.kpis.fields import read_terms
from bot.kpis.form_views import NO_TEAM, Meta, Places
from bot.kpis.lines import in_words
from bot.kpis.sentences import NoSuchKpi
from bot.payloads import Who, as_field
from rituals.kpis import Function, Kpi, Link, Objective, Terms
from rituals.kpis_periods import Span, period_of
from rituals.kpis_registry import (
    LONGEST_NAME,
    LONGEST_UNIT,
    MOST_OF_TEAM,
    Retired,
    check_link,
    check_room,
)
from rituals.policy import About, Action, require
from storage import blockers, kpis, people, stoplight, values

# A KPI


def load_add(tx: Session, who: Who, meta: Meta) -> Any:
    """The form of a new KPI, for whoever may add one to some function; raises NotAllowed, or Gone without places."""
    reader = actor(tx, who)
    where = Places(
        kpis.objectives(tx, who.workspace), kpis.functions(tx, who.workspace), people.teams(tx, who.workspace)
    )
    heads = [reader.id == function.head_id for function in where.functions]
    require(Action.KPI_KEEP, reader, About(who.workspace, head=reader if any(heads) else None))
    if not where.objectives or not where.functions:
        raise Gone
    return form_views.add_form(meta, where, reader)


def has_places(tx: Session, who: Who) -> bool:
    """Whether there is an objective and a function that a KPI could stand under; raises Stranger."""
    actor(tx, who)
    return bool(kpis.objectives(tx, who.workspace) and kpis.functions(tx, who.workspace))


def add(tx: Session, who: Who, meta: Meta, fields: Fields, now: datetime) -> Mrkdwn:
    """Store a new KPI; the same form again changes nothing. Raises OnField, NotAllowed, FunctionFull or TeamFull."""
    by = acting(tx, who, now)
    kpis.lock(tx, who.workspace)
    objective = kpis.objective(tx, choice_of(fields, "objective", UUID))
    function = kpis.function(tx, choice_of(fields, "function", UUID))
    team_said = as_field(fields, "team")
    team = None if team_said in {None, NO_TEAM} else people.team(tx, choice_of(fields, "team", UUID))
    _here(who.workspace, "objective", objective)
    _here(who.workspace, "function", function)
    if objective is None or function is None or (team is not None and team.workspace != who.workspace):
        raise OnField("team", NoSuchKpi(""))
    head = None if function.head_id is None else people.find(tx, function.head_id)
    require(Action.KPI_KEEP, by, About(who.workspace, head=head))
    standing = kpis.find(tx, meta.id)
    if standing is not None:
        return added(standing, kpis.terms(tx, standing.id)[0], last_place=False)
    kpi = Kpi(
        id=meta.id,
        workspace=who.workspace,
        number=0,
        objective_id=objective.id,
        function_id=function.id,
        team_id=None if team is None else team.id,
        owner_id=person_of(tx, who.workspace, fields, "owner").id,
        name=text_of(fields, "name", LONGEST_NAME),
        unit=text_of(fields, "unit", LONGEST_UNIT),
        cadence=choice_of(fields, "cadence", Span),
        definition=(as_field(fields, "definition") or "").strip(),
        retired_on=None,
        controllable=bool(as_field(fields, "controllable")),
    )
    terms = read_terms(fields, kpi, 1)
    active = kpis.active(tx, who.workspace).values()
    last_place = check_room(kpi, objective, function, team.name if team else "", active)
    kpi = replace(kpi, number=blockers.next_number(tx, who.workspace, kpis.LETTER))
    terms = replace(terms, effective_from=period_of(kpi.cadence, loading.today(by, now)).first)
    values.add(tx, kpi)
    values.add(tx, terms)
    return join([added(kpi, terms, last_place=last_place), *_moves_none(tx, kpi)], "\n")


def _here(workspace: str, field: str, found: Objective | Function | None) -> None:
    if found is None or found.workspace != workspace or found.closed_on is not None:
        raise OnField(field, Missing())


def added(kpi: Kpi, terms: Terms, *, last_place: bool) -> Mrkdwn:
    """What was stored, and the warning that a team's last place is taken (F48)."""
    said = [
        say("Added {label} *{name}*: {terms}.", label=kpi.label, name=kpi.name, terms=in_words(terms, kpi.unit)),
        say("`/kpi share {label}` says who has a part in it.", label=kpi.label),
    ]
    if last_place:
        said.append(say("⚠ That is the team's KPI number {most}: an eleventh will be refused.", most=MOST_OF_TEAM))
    return join(said, "\n")


def load_edit(tx: Session, who: Who, text: str, response_url: str | None) -> Any:
    """The form of a KPI's name, owner and definition; raises NoSuchKpi or NotAllowed."""
    kpi = kept(tx, who, text)
    owner = None if kpi.owner_id is None else people.find(tx, kpi.owner_id)
    return form_views.edit_form(Meta(id=kpi.id, response_url=response_url), kpi, owner)


def edit(tx: Session, who: Who, meta: Meta, fields: Fields, now: datetime) -> Mrkdwn:
    """Keep a KPI's new name, owner and definition; raises NoSuchKpi, NotAllowed or OnField."""
    by = acting(tx, who, now)
    kpi = loading.of_id(tx, who.workspace, meta.id, lock=True)
    require(Action.KPI_KEEP, by, loading.about(tx, kpi))
    owner = person_of(tx, who.workspace, fields, "owner")
    kpi = replace(
        kpi,
        name=text_of(fields, "name", LONGEST_NAME),
        owner_id=owner.id,
        definition=(as_field(fields, "definition") or "").strip(),
        controllable=bool(as_field(fields, "controllable")),
    )
    values.save(tx, kpi)
    saved = say("Saved: {label} *{name}*, owned by {who}.", label=kpi.label, name=kpi.name, who=owner.given_name)
    return join([saved, *_moves_none(tx, kpi)], "\n")


def _moves_none(tx: Session, kpi: Kpi) -> list[Mrkdwn]:
    """The warning that a KPI's owner can move none of the numbers that they own (M18)."""
    owner = None if kpi.owner_id is None else people.find(tx, kpi.owner_id)
    if owner is None or any(one.controllable for one in stoplight.owned(tx, [owner.id]).get(owner.id, ())):
        return []
    return [say("⚠ {who} can move none of the numbers that they own. Give them one they can.", who=owner.given_name)]


def retire(tx: Session, who: Who, kpi_id: UUID, now: datetime) -> Kpi:
    """Have nothing filed for a KPI any more; its history stays. A second press changes nothing. Raises NotAllowed."""
    by = acting(tx, who, now)
    kpi = loading.of_id(tx, who.workspace, kpi_id, lock=True)
    require(Action.KPI_KEEP, by, loading.about(tx, kpi))
    if kpi.retired_on is None:
        kpi = replace(kpi, retired_on=loading.today(by, now))
        values.save(tx, kpi)
    return kpi


def kept(tx: Session, who: Who, text: str) -> Kpi:
    """The KPI that somebody wants to edit or retire, and may; raises NoSuchKpi, Retired or NotAllowed."""
    reader = actor(tx, who)
    kpi, _ = loading.named(tx, who.workspace, text)
    require(Action.KPI_KEEP, reader, loading.about(tx, kpi))
    if kpi.retired_on is not None:
        raise Retired(kpi)
    return kpi


# Links


def link(tx: Session, who: Who, text: str, now: datetime, *, gone: bool = False) -> Mrkdwn:
    """`/kpi link K-3 K-5`: K-3 leads to K-5, so its red warns of it (M4); `gone` takes that back."""
    by = acting(tx, who, now)
    kpis.lock(tx, who.workspace)
    leading, rest = loading.named(tx, who.workspace, text)
    lagging, _ = loading.named(tx, who.workspace, rest.removeprefix("to "))
    require(Action.KPI_KEEP, by, loading.about(tx, lagging))
    known = kpis.links(tx, who.workspace)
    found = [one for one in known if (one.leading_id, one.lagging_id) == (leading.id, lagging.id)]
    if gone:
        values.remove(tx, *found)
        return say("{one} no longer leads to {other}.", one=leading.label, other=lagging.label)
    if not found:
        check_link(leading, lagging, known)
        values.add(tx, Link(new_id(), who.workspace, leading.id, lagging.id))
    return say(
        "{one} {leading} leads to {other} {lagging}: when it is red, {other}'s line says so.",
        one=leading.label,
        leading=leading.name,
        other=lagging.label,
        lagging=lagging.name,
    )
