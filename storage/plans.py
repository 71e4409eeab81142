"""Plans: a person's answer for a date."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, bindparam, exists, func, insert, or_, select
from sqlalchemy.orm import Session

from rituals.huddle import Huddle
from rituals.people import Person, Team
from rituals.plans import Item, Outcome, Plan, PlanState, Redirect
from storage.tables import Drafts, PlanRevisions
from storage.team_questions import ASKED_OF_PLAN
from storage.values import TABLES, columns_of, cut, find_by, found, selecting

_PLANS, _ITEMS, _REDIRECTS = (TABLES[kind].c for kind in (Plan, Item, Redirect))
_REVISIONS = PlanRevisions.metadata.tables["plan_revisions"]


_FIND = selecting(Plan).where(_PLANS.id == bindparam("plan_id"))


def find(tx: Session, plan_id: UUID, *, lock: bool = False) -> Plan | None:
    """The plan with this id; `lock` holds its row until the transaction ends."""
    row = tx.execute(_FIND.with_for_update() if lock else _FIND, {"plan_id": plan_id}).one_or_none()
    return None if row is None else Plan(*row)


@dataclass(frozen=True, slots=True)
class Written:
    """A plan with who writes it, and the team and huddle whose day it is, also after its writer has moved away.

    `asks` says whether its team asks anything of its own, `drafted` whether a form about it was kept unsent: most have
    neither, and need not look.
    """

    plan: Plan
    person: Person
    team: Team | None
    huddle: Huddle | None
    asks: bool
    drafted: bool


_WRITTEN = (
    select(
        exists().where(ASKED_OF_PLAN),
        exists().where(Drafts.subject == _PLANS.id),
        *(column for kind in (Plan, Person, Team, Huddle) for column in columns_of(kind)),
    )
    .select_from(TABLES[Plan])
    .join(TABLES[Person], TABLES[Person].c.id == _PLANS.person_id)
    .outerjoin(TABLES[Team], TABLES[Team].c.id == _PLANS.team_id)
    .outerjoin(TABLES[Huddle], TABLES[Huddle].c.team_id == TABLES[Team].c.id)
)
_WRITTEN_ONE = _WRITTEN.where(_PLANS.id == bindparam("plan_id"))
_WRITTEN_LOCKED = _WRITTEN_ONE.with_for_update(of=TABLES[Plan])
_WRITTEN_SOME = _WRITTEN.where(_PLANS.id.in_(bindparam("plans", expanding=True)))


def written(tx: Session, plan_id: UUID, *, lock: bool = False) -> Written | None:
    """The plan with this id and whose it is; `lock` holds the plan's row until the transaction ends."""
    row = tx.execute(_WRITTEN_LOCKED if lock else _WRITTEN_ONE, {"plan_id": plan_id}).one_or_none()
    return None if row is None else _cut(row)


def written_some(tx: Session, plans: Iterable[UUID]) -> list[Written]:
    """The plans with these ids, and whose they are."""
    rows = tx.execute(_WRITTEN_SOME, {"plans": list(plans)})
    return [_cut(row) for row in rows]


def _cut(row: Sequence[Any]) -> Written:
    asks, drafted, *rest = row
    plan, person, team, huddle = cut(rest, Plan, Person, Team, Huddle)
    return Written(plan, person, team, huddle, asks, drafted)


def find_on(tx: Session, person_id: UUID, day: date) -> Plan | None:
    """A person's plan for a date."""
    return find_by(tx, Plan, person_id=person_id, day=day)


_OF_TEAM = selecting(Plan).where(_PLANS.team_id == bindparam("team_id"), _PLANS.day == bindparam("day"))
_OF_TEAM_LOCKED = _OF_TEAM.order_by(_PLANS.id).with_for_update()


def of_team(tx: Session, team_id: UUID, day: date, *, lock: bool = False) -> Mapping[UUID, Plan]:
    """A team's plans for a date, by person; `lock` holds their rows until the transaction ends."""
    query = _OF_TEAM_LOCKED if lock else _OF_TEAM
    return {plan.person_id: plan for plan in found(tx, Plan, query, team_id=team_id, day=day)}


_ON_DAY = selecting(Plan).where(
    _PLANS.person_id.in_(bindparam("people", expanding=True)), _PLANS.day == bindparam("day")
)


def on_day(tx: Session, people: Iterable[UUID], day: date) -> Mapping[UUID, Plan]:
    """These people's plans for a date, by person."""
    return {plan.person_id: plan for plan in found(tx, Plan, _ON_DAY, people=list(people), day=day)}


_STANDING = (
    selecting(Item)
    .where(_ITEMS.plan_id.in_(bindparam("plans", expanding=True)), _ITEMS.removed_in.is_(None))
    .order_by(_ITEMS.plan_id, _ITEMS.position)
)


_BETWEEN = selecting(Plan).where(
    _PLANS.workspace == bindparam("workspace"),
    _PLANS.day >= bindparam("first"),
    _PLANS.day <= bindparam("last"),
)


def between(tx: Session, workspace: str, first: date, last: date) -> list[Plan]:
    """Every plan of a workspace for the dates from `first` to `last`, both included."""
    return found(tx, Plan, _BETWEEN, workspace=workspace, first=first, last=last)


def items(tx: Session, plans: Iterable[UUID]) -> Mapping[UUID, list[Item]]:
    """What these plans promise now, by plan, in order."""
    listed: dict[UUID, list[Item]] = {plan: [] for plan in plans}
    for item in found(tx, Item, _STANDING, plans=list(listed)) if listed else ():
        listed[item.plan_id].append(item)
    return listed


def of_person(tx: Session, person_id: UUID, first: date, last: date) -> list[Plan]:
    """One person's plans for the dates from `first` to `last`, both included."""
    mine = (_PLANS.person_id == person_id, _PLANS.day >= first, _PLANS.day <= last)
    return found(tx, Plan, selecting(Plan).where(*mine).order_by(_PLANS.day))


def of_team_between(tx: Session, team_id: UUID, first: date, last: date) -> list[Plan]:
    """A team's plans for the dates from `first` to `last`, both included, in order of date."""
    theirs = (_PLANS.team_id == team_id, _PLANS.day >= first, _PLANS.day <= last)
    return found(tx, Plan, selecting(Plan).where(*theirs).order_by(_PLANS.day))


def of_people(tx: Session, people: Iterable[UUID], first: date, last: date) -> Mapping[UUID, list[Plan]]:
    """These people's plans for the dates from `first` to `last`, by person, in order of date."""
    listed: dict[UUID, list[Plan]] = {person: [] for person in people}
    theirs = (_PLANS.person_id.in_(list(listed)), _PLANS.day >= first, _PLANS.day <= last)
    for plan in found(tx, Plan, selecting(Plan).where(*theirs).order_by(_PLANS.day)):
        listed[plan.person_id].append(plan)
    return listed


def item(tx: Session, item_id: UUID) -> Item | None:
    """The item with this id, removed ones included."""
    return find_by(tx, Item, id=item_id)


@dataclass(frozen=True, slots=True)
class Promised:
    """What a plan promises now, in order, with the redirects of that; and its writer's newest filed plan before it."""

    items: Sequence[Item]
    redirects: Mapping[UUID, Redirect]
    last: Plan | None
    earlier: Sequence[Item]


_EARLIER = TABLES[Plan].alias()
_LAST_OF_ONE = (
    select(_EARLIER.c.id)
    .where(
        _EARLIER.c.person_id == bindparam("person_id"),
        _EARLIER.c.day < bindparam("before"),
        _EARLIER.c.state == PlanState.FILED,
    )
    .order_by(_EARLIER.c.day.desc())
    .limit(1)
    .scalar_subquery()
)
_PROMISED = (
    select(*(column for kind in (Plan, Item, Redirect) for column in columns_of(kind)))
    .select_from(TABLES[Plan])
    .outerjoin(TABLES[Item], and_(_ITEMS.plan_id == _PLANS.id, _ITEMS.removed_in.is_(None)))
    .outerjoin(TABLES[Redirect], _REDIRECTS.item_id == _ITEMS.id)
    .where(_PLANS.id.in_([bindparam("plan_id", type_=_PLANS.id.type), _LAST_OF_ONE]))
    .order_by(_ITEMS.position)
)


def promised(tx: Session, plan: Plan) -> Promised:
    """What a plan promises, and what its form is prefilled from (F5)."""
    found = tx.execute(_PROMISED, {"plan_id": plan.id, "person_id": plan.person_id, "before": plan.day})
    rows = [cut(row, Plan, Item, Redirect) for row in found]
    return Promised(
        items=[item for of, item, _ in rows if item is not None and of.id == plan.id],
        redirects={item.id: redirect for of, item, redirect in rows if redirect is not None and of.id == plan.id},
        last=next((of for of, _, _ in rows if of.id != plan.id), None),
        earlier=[item for of, item, _ in rows if item is not None and of.id != plan.id],
    )


_FILED = (
    _PLANS.person_id.in_(bindparam("people", expanding=True)),
    _PLANS.day < bindparam("before"),
    _PLANS.state == PlanState.FILED,
)
_NEWEST = (
    select(_PLANS.person_id, func.max(_PLANS.day).label("day")).where(*_FILED).group_by(_PLANS.person_id).subquery()
)
_LAST_FILED = selecting(Plan).where(_PLANS.person_id == _NEWEST.c.person_id, _PLANS.day == _NEWEST.c.day)


def of_items(tx: Session, items: Iterable[UUID], *, lock: bool = False) -> Mapping[UUID, Plan]:
    """The plans that these items stand in, by id; `lock` holds their rows until the transaction ends."""
    holding = select(_ITEMS.plan_id).where(_ITEMS.id.in_(list(items)))
    query = selecting(Plan).where(_PLANS.id.in_(holding)).order_by(_PLANS.id)
    rows = tx.execute(query.with_for_update() if lock else query)
    return {plan.id: plan for plan in (Plan(*row) for row in rows)}


def last_filed(tx: Session, people: Iterable[UUID], before: date) -> Mapping[UUID, Plan]:
    """The newest filed plan of each person before a date: what the next prompt is prefilled from (F5)."""
    return {plan.person_id: plan for plan in found(tx, Plan, _LAST_FILED, people=list(people), before=before)}


_REDIRECTS_OF = selecting(Redirect).where(_REDIRECTS.item_id.in_(bindparam("items", expanding=True)))


def redirects(tx: Session, items: Iterable[UUID]) -> Mapping[UUID, Redirect]:
    """Redirects of these items, by item."""
    listed = list(items)
    return {one.item_id: one for one in found(tx, Redirect, _REDIRECTS_OF, items=listed)} if listed else {}


def redirect(tx: Session, redirect_id: UUID) -> Redirect | None:
    """The redirect with this id."""
    return find_by(tx, Redirect, id=redirect_id)


def keep_revision(tx: Session, revision_id: UUID, plan: Plan, said: dict[str, Any], at: datetime) -> None:
    """Remember what a plan said before an edit (F14)."""
    row = {"id": revision_id, "workspace": plan.workspace, "plan_id": plan.id, "revision": plan.revision}
    tx.execute(_KEEP, row | {"at": at, "said": said})


_KEEP = insert(_REVISIONS)
_HISTORY = (
    select(_ITEMS.kpi_id, _ITEMS.text)
    .join_from(TABLES[Item], TABLES[Plan], _PLANS.id == _ITEMS.plan_id)
    .where(
        _PLANS.person_id == bindparam("person_id"),
        _PLANS.day >= bindparam("since"),
        or_(_ITEMS.kpi_id.is_not(None), _ITEMS.why_no_kpi.is_not(None)),
        _ITEMS.guessed.is_(False),
        _ITEMS.outcome != Outcome.DROPPED,
    )
    .order_by(_PLANS.day, _ITEMS.position)
)


def history(tx: Session, person_id: UUID, since: date) -> list[tuple[UUID | None, str]]:
    """KPI and text of what a person linked since a date, oldest first; None for "no number" with its why (F6).

    Guesses that nobody confirmed are left out.
    """
    rows = tx.execute(_HISTORY, {"person_id": person_id, "since": since})
    return [(kpi_id, text) for kpi_id, text in rows]
