"""Plans as they are asked for: by person and date, with what they promise now."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from threading import Event

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.ids import new_id
from rituals.plans import Outcome, Plan, PlanState
from storage import plans
from storage.database import Database
from storage.tables import PlanRevisions
from storage.values import add, save
from tests import factories
from tests.storage.support import ANA, DANA, ITEM, KPI, MONDAY, NOW, PLAN, SECONDS, TEAM, TOM, put

DAY = timedelta(days=1)


async def test_a_plan_is_found_by_id_by_date_and_by_team(company: Database) -> None:
    assert await company.read(plans.find, PLAN.id) == PLAN
    assert await company.read(plans.find, new_id()) is None
    assert await company.read(plans.find_on, ANA.id, MONDAY) == PLAN
    assert await company.read(plans.find_on, TOM.id, MONDAY) is None
    assert await company.read(plans.find_on, ANA.id, MONDAY + DAY) is None
    assert await company.read(plans.of_team, TEAM.id, MONDAY) == {ANA.id: PLAN}
    assert await company.read(plans.of_team, TEAM.id, MONDAY + DAY) == {}


async def test_a_person_has_one_plan_a_date(company: Database) -> None:
    with pytest.raises(IntegrityError):
        await company.write(add, factories.plan(ANA.id, TEAM.id))


async def test_the_items_of_a_plan_are_those_that_stand_in_order(company: Database) -> None:
    tom = factories.plan(TOM.id, TEAM.id)
    third, second = (factories.item(PLAN.id, f"{number}", position=number) for number in (3, 2))
    removed = factories.item(PLAN.id, "gone", position=1, removed_in=2)
    await company.write(put, tom, third, second, removed)

    assert await company.read(plans.items, [PLAN.id, tom.id]) == {PLAN.id: [ITEM, second, third], tom.id: []}
    assert await company.read(plans.item, removed.id) == removed


async def test_the_last_plan_is_the_newest_filed_one_before_the_date(company: Database) -> None:
    made = {
        -4: PlanState.FILED,
        -3: PlanState.FILED,
        -2: PlanState.EXCUSED,
        -1: PlanState.OPEN,
        1: PlanState.FILED,
    }
    by_day = {day: factories.plan(ANA.id, TEAM.id, day=MONDAY + day * DAY, state=state) for day, state in made.items()}
    await company.write(put, *by_day.values())

    assert await company.read(plans.last_filed, [ANA.id, TOM.id], MONDAY) == {ANA.id: by_day[-3]}


async def test_a_redirect_is_found_by_its_item_and_there_is_one(company: Database) -> None:
    redirect = factories.redirect(ITEM.id, DANA.id)
    await company.write(add, redirect)

    assert await company.read(plans.redirects, [ITEM.id, new_id()]) == {ITEM.id: redirect}
    assert await company.read(plans.redirect, redirect.id) == redirect
    with pytest.raises(IntegrityError):
        await company.write(add, factories.redirect(ITEM.id, DANA.id))


async def test_what_a_plan_said_before_is_kept_once_a_revision(company: Database) -> None:
    said = {"note": "é", "items": [{"text": "call", "kpi": None}]}
    await company.write(plans.keep_revision, new_id(), PLAN, said, NOW)

    def read(tx: Session) -> list[tuple[object, ...]]:
        columns = select(PlanRevisions.plan_id, PlanRevisions.revision, PlanRevisions.at, PlanRevisions.said)
        return [tuple(row) for row in tx.execute(columns)]

    assert await company.read(read) == [(PLAN.id, PLAN.revision, NOW, said)]
    with pytest.raises(IntegrityError):
        await company.write(plans.keep_revision, new_id(), PLAN, said, NOW)


async def test_a_persons_history_is_what_they_confirmed_and_did_not_drop(company: Database) -> None:
    confirmed = {"kpi_id": KPI.id}
    older = factories.plan(ANA.id, TEAM.id, day=MONDAY - DAY)
    of_tom = factories.plan(TOM.id, TEAM.id)
    await company.write(
        put,
        older,
        of_tom,
        factories.item(PLAN.id, "linked", **confirmed),
        factories.item(PLAN.id, "removed later", position=2, **confirmed, removed_in=2),
        factories.item(PLAN.id, "moves no number", position=3, why_no_kpi="Investor visit"),
        factories.item(PLAN.id, "nobody said", position=4),
        factories.item(PLAN.id, "guessed", **confirmed, guessed=True),
        factories.item(PLAN.id, "dropped", **confirmed, outcome=Outcome.DROPPED),
        factories.item(older.id, "too old", **confirmed),
        factories.item(of_tom.id, "of tom", **confirmed),
    )

    expected = [(KPI.id, "linked"), (KPI.id, "removed later"), (None, "moves no number")]
    assert await company.read(plans.history, ANA.id, MONDAY) == expected
    since_before = await company.read(plans.history, ANA.id, MONDAY - DAY)
    assert since_before == [(KPI.id, "too old"), *expected]


async def test_a_locked_plan_is_changed_by_one_at_a_time(company: Database, other: Database) -> None:
    inside, leave = Event(), Event()

    def bump(tx: Session, *, wait: bool) -> int:
        plan = plans.find(tx, PLAN.id, lock=True)
        assert isinstance(plan, Plan)
        if wait:
            inside.set()
            assert leave.wait(SECONDS)
        save(tx, replace(plan, revision=plan.revision + 1))
        return plan.revision

    first = asyncio.create_task(company.write(bump, wait=True))
    assert await asyncio.to_thread(inside.wait, SECONDS)
    second = asyncio.create_task(other.write(bump, wait=False))
    leave.set()

    assert (await first, await second) == (1, 2)


async def test_the_plans_of_a_team_can_be_locked_together(company: Database) -> None:
    def lock(tx: Session) -> list[object]:
        return list(plans.of_team(tx, TEAM.id, MONDAY, lock=True))

    assert await company.write(lock) == [ANA.id]
