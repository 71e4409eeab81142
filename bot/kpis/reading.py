"""What `/kpi` answers: one's own KPIs, one in detail, the tree."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from bot.acting import actor
from bot.catalogue import say
from bot.errors import Gone
from bot.kpis import loading, places, tree_views, views
from bot.kpis.views import Answer, Detail, Listed
from bot.payloads import Who
from rituals import policy
from rituals.kpis import badness
from rituals.kpis_registry import Tree, by_number
from rituals.kpis_registry import tree as grow
from rituals.people import Person
from rituals.policy import Action, may
from storage import kpis, people

HISTORY = 12
MOST_CHANGES = 4
LONGEST_PAGE = 6


def page_of(text: str) -> int:
    """Which page somebody asks for; the first when they don't say, or say no number."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_PAGE else 1


def mine(tx: Session, who: Who, page: str, now: datetime) -> Answer:
    """The KPIs that somebody owns or shares, worst first (F61, M19). Raises Stranger."""
    reader = actor(tx, who)
    known = kpis.of_person(tx, reader.id)
    if not known:
        return views.nothing_yet()
    shown, warned = loading.readings(tx, who.workspace, known.values(), loading.today(reader, now))
    about = loading.abouts(tx, known.values())
    shares = {share.kpi_id: share for share in kpis.shares(tx, list(known)) if share.person_id == reader.id}
    rows = [
        Listed(
            one,
            warned.get(one.kpi.id, ()),
            may(Action.KPI_VALUE, reader, about[one.kpi.id]),
            shares.get(one.kpi.id),
        )
        for one in sorted(shown.values(), key=badness)
    ]
    return views.listing("Your KPIs", rows, page_of(page), "mine")


def show(tx: Session, who: Who, text: str, now: datetime) -> Answer:
    """One KPI with all that is known of it; everybody on the roster may read it. Raises NoSuchKpi."""
    reader = actor(tx, who)
    kpi, _ = loading.named(tx, who.workspace, text)
    shown, warned = loading.readings(tx, who.workspace, [kpi], loading.today(reader, now))
    objective, function = kpis.objective(tx, kpi.objective_id), kpis.function(tx, kpi.function_id)
    if objective is None or function is None or kpi.id not in shown:
        raise Gone
    team = None if kpi.team_id is None else people.team(tx, kpi.team_id)
    terms = {one.id: one for one in kpis.terms(tx, kpi.id)}
    changes = kpis.changes(tx, kpi.id)[:MOST_CHANGES]
    history, shares = kpis.history(tx, kpi.id, HISTORY), kpis.shares(tx, [kpi.id])
    links = kpis.links(tx, who.workspace)
    leads = kpis.some(tx, [link.lagging_id for link in links if link.leading_id == kpi.id])
    led_by = kpis.some(tx, [link.leading_id for link in links if link.lagging_id == kpi.id])
    named = {kpi.owner_id, *(f.by_id for f in history), *(s.person_id for s in shares)}
    named |= {one for c in changes for one in (c.proposed_by_id, c.decided_by_id, c.approver_id)}
    about = loading.about(tx, kpi)
    holders = people.some(tx, {one.person_id for one in shares})
    line = people.lines_above(tx, holders.values())
    readable = {who for who, one in holders.items() if may(Action.KPI_PAY_READ, reader, policy.about(one, line))}
    found = Detail(
        reading=shown[kpi.id],
        warned_by=warned.get(kpi.id, ()),
        objective=objective,
        function=function,
        team_name=None if team is None else team.name,
        people=people.some(tx, filter(None, named)),
        history=history,
        changes=[(change, terms[change.before_id], terms[change.after_id]) for change in changes],
        shares=shares,
        pay_of=readable,
        leads=by_number(leads.values()),
        led_by=by_number(led_by.values()),
        may_file=may(Action.KPI_VALUE, reader, about),
        may_propose=may(Action.KPI_PROPOSE, reader, about),
        may_approve=may(Action.KPI_APPROVE, reader, about),
        may_keep=may(Action.KPI_KEEP, reader, about),
    )
    return views.detail(found)


def tree(tx: Session, who: Who, page: str, now: datetime) -> Answer:
    """Objective → function → KPI → share, and what is missing (F124, F136). Raises Stranger."""
    reader = actor(tx, who)
    everybody = people.everybody(tx, who.workspace)
    active = kpis.active(tx, who.workspace)
    readings, warned = loading.readings(tx, who.workspace, active.values(), loading.today(reader, now))
    grown = grow(
        kpis.objectives(tx, who.workspace),
        kpis.functions(tx, who.workspace),
        readings.values(),
        kpis.shares(tx, list(active)),
        everybody,
    )
    return tree_views.tree(_readable(grown, reader, everybody), everybody, warned, page_of(page))


def _readable(grown: Tree, reader: Person, everybody: Mapping[UUID, Person]) -> Tree:
    """The tree without what it would tell a colleague of somebody's share and pay: nobody is shown up (F136)."""

    def mine(person: Person) -> bool:
        return may(Action.KPI_PAY_READ, reader, policy.about(person, everybody))

    return replace(
        grown,
        without_share=[person for person in grown.without_share if mine(person)],
        mismatches=[one for one in grown.mismatches if mine(one.person)],
    )


def objectives(tx: Session, who: Who) -> Answer:
    """The open objectives, with `Edit` and `Add` for whoever may."""
    reader = actor(tx, who)
    rows = [(one.id, say("🎯 {name}", name=one.name)) for one in kpis.objectives(tx, who.workspace)]
    return views.places("Objectives", views.OBJECTIVE, rows, may=places.may_set_goals(reader))


def functions(tx: Session, who: Who) -> Answer:
    """The open functions and who heads them, with `Edit` and `Add` for whoever may."""
    reader = actor(tx, who)
    found = kpis.functions(tx, who.workspace)
    heads = people.some(tx, [one.head_id for one in found if one.head_id is not None])
    rows = []
    for one in found:
        head = heads.get(one.head_id) if one.head_id is not None else None
        rows.append((one.id, say("{name} · head: {who}", name=one.name, who=head.name if head else "nobody")))
    return views.places("Functions", views.FUNCTION, rows, may=places.may_set_goals(reader))
