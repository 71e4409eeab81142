"""Plans: a person's answer for a date."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from rituals.plans import Item, Outcome, Plan, PlanState, Redirect
from storage.tables import PlanItems, PlanRevisions, Plans, Redirects
from storage.values import fetch, fetch_one, selecting


def find(tx: Session, plan_id: UUID, *, lock: bool = False) -> Plan | None:
    """The plan with this id; `lock` holds its row until the transaction ends."""
    query = selecting(Plan).where(Plans.id == plan_id)
    row = tx.execute(query.with_for_update() if lock else query).one_or_none()
    return None if row is None else Plan(*row)


def find_on(tx: Session, person_id: UUID, day: date) -> Plan | None:
    """A person's plan for a date."""
    return fetch_one(tx, Plan, Plans.person_id == person_id, Plans.day == day)


def of_team(tx: Session, team_id: UUID, day: date, *, lock: bool = False) -> Mapping[UUID, Plan]:
    """A team's plans for a date, by person; `lock` holds their rows until the transaction ends."""
    query = selecting(Plan).where(Plans.team_id == team_id, Plans.day == day).order_by(Plans.id)
    rows = tx.execute(query.with_for_update() if lock else query)
    return {plan.person_id: plan for plan in (Plan(*row) for row in rows)}


def on_day(tx: Session, people: Iterable[UUID], day: date) -> Mapping[UUID, Plan]:
    """These people's plans for a date, by person."""
    return {plan.person_id: plan for plan in fetch(tx, Plan, Plans.person_id.in_(list(people)), Plans.day == day)}


def of_person(tx: Session, person_id: UUID, first: date, last: date) -> list[Plan]:
    """A person's plans for the dates from `first` to `last`, both included."""
    return fetch(tx, Plan, Plans.person_id == person_id, Plans.day >= first, Plans.day <= last, order=[Plans.day])


def between(tx: Session, workspace: str, first: date, last: date) -> list[Plan]:
    """Every plan of a workspace for the dates from `first` to `last`, both included."""
    return fetch(tx, Plan, Plans.workspace == workspace, Plans.day >= first, Plans.day <= last)


def items(tx: Session, plans: Iterable[UUID]) -> Mapping[UUID, list[Item]]:
    """What these plans promise now, by plan, in order."""
    found: dict[UUID, list[Item]] = {plan: [] for plan in plans}
    standing = fetch(
        tx,
        Item,
        PlanItems.plan_id.in_(list(found)),
        PlanItems.removed_in.is_(None),
        order=[PlanItems.plan_id, PlanItems.position],
    )
    for item in standing:
        found[item.plan_id].append(item)
    return found


def item(tx: Session, item_id: UUID) -> Item | None:
    """The item with this id, removed ones included."""
    return fetch_one(tx, Item, PlanItems.id == item_id)


def of_items(tx: Session, items: Iterable[UUID], *, lock: bool = False) -> Mapping[UUID, Plan]:
    """The plans that these items stand in, by id; `lock` holds their rows until the transaction ends."""
    holding = select(PlanItems.plan_id).where(PlanItems.id.in_(list(items)))
    query = selecting(Plan).where(Plans.id.in_(holding)).order_by(Plans.id)
    rows = tx.execute(query.with_for_update() if lock else query)
    return {plan.id: plan for plan in (Plan(*row) for row in rows)}


def last_filed(tx: Session, people: Iterable[UUID], before: date) -> Mapping[UUID, Plan]:
    """The newest filed plan of each person before a date: what the next prompt is prefilled from (F5)."""
    filed = (Plans.person_id.in_(list(people)), Plans.day < before, Plans.state == PlanState.FILED)
    newest = (
        select(Plans.person_id, func.max(Plans.day).label("day")).where(*filed).group_by(Plans.person_id).subquery()
    )
    matches = (Plans.person_id == newest.c.person_id, Plans.day == newest.c.day)
    return {plan.person_id: plan for plan in fetch(tx, Plan, *matches)}


def redirects(tx: Session, items: Iterable[UUID]) -> Mapping[UUID, Redirect]:
    """Redirects of these items, by item."""
    return {redirect.item_id: redirect for redirect in fetch(tx, Redirect, Redirects.item_id.in_(list(items)))}


def redirect(tx: Session, redirect_id: UUID) -> Redirect | None:
    """The redirect with this id."""
    return fetch_one(tx, Redirect, Redirects.id == redirect_id)


def keep_revision(tx: Session, revision_id: UUID, plan: Plan, said: dict[str, Any], at: datetime) -> None:
    """Remember what a plan said before an edit (F14)."""
    row = {"id": revision_id, "workspace": plan.workspace, "plan_id": plan.id, "revision": plan.revision}
    tx.execute(insert(PlanRevisions).values(**row, at=at, said=said))


def history(tx: Session, person_id: UUID, since: date) -> list[tuple[UUID, str]]:
    """KPI and text of what a person linked since a date, guesses that nobody confirmed left out (F6)."""
    rows = tx.execute(
        select(PlanItems.kpi_id, PlanItems.text)
        .join(Plans, Plans.id == PlanItems.plan_id)
        .where(
            Plans.person_id == person_id,
            Plans.day >= since,
            PlanItems.kpi_id.is_not(None),
            PlanItems.guessed.is_(False),
            PlanItems.outcome != Outcome.DROPPED,
        )
    )
    return [(kpi_id, text) for kpi_id, text in rows if kpi_id is not None]
