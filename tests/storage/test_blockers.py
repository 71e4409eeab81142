"""Blockers and the numbers that people say."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from rituals.blockers import BlockerState
from storage import blockers
from storage.database import Database
from storage.values import add
from tests import factories
from tests.storage.support import ANA, NOW, PLAN, TOM, WORKSPACE, put


async def test_numbers_begin_at_one_and_count_by_letter_and_workspace(database: Database) -> None:
    async def following(workspace: str, letter: str) -> int:
        return await database.write(blockers.next_number, workspace, letter)

    assert [await following("T1", "B") for _ in range(3)] == [1, 2, 3]
    assert await following("T1", "D") == 1
    assert await following("T2", "B") == 1
    assert await following("T1", "B") == 4


async def test_many_at_once_never_get_the_same_number(database: Database, other: Database) -> None:
    given = await asyncio.gather(*(one.write(blockers.next_number, WORKSPACE, "B") for one in [database, other] * 25))

    assert sorted(given) == list(range(1, 51))


async def test_a_number_that_nobody_saw_is_given_again(database: Database) -> None:
    def fail(tx: Session) -> None:
        assert blockers.next_number(tx, WORKSPACE, "B") == 1
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await database.write(fail)

    assert await database.write(blockers.next_number, WORKSPACE, "B") == 1


async def test_the_open_blockers_of_people_are_listed_oldest_first(company: Database) -> None:
    old, new, same = (
        factories.blocker(who, number, opened_at=NOW - timedelta(days=days))
        for who, number, days in ((ANA.id, 7, 3), (TOM.id, 8, 1), (ANA.id, 9, 1))
    )
    solved = factories.blocker(ANA.id, 6, state=BlockerState.RESOLVED)
    await company.write(put, new, same, solved, old)

    assert await company.read(blockers.open_of, [ANA.id, TOM.id]) == [old, new, same]
    assert await company.read(blockers.open_of, [TOM.id]) == [new]
    assert await company.read(blockers.open_of, []) == []


async def test_a_plan_raises_at_most_one_blocker(company: Database) -> None:
    raised = factories.blocker(ANA.id, 1, plan_id=PLAN.id)
    assert await company.read(blockers.of_plans, [PLAN.id]) == {}
    await company.write(add, raised)

    assert await company.read(blockers.of_plans, [PLAN.id]) == {PLAN.id: raised}
    with pytest.raises(IntegrityError):
        await company.write(add, factories.blocker(ANA.id, 2, plan_id=PLAN.id))


async def test_a_number_belongs_to_one_blocker_of_a_workspace(company: Database) -> None:
    await company.write(put, factories.blocker(ANA.id, 1), factories.blocker(ANA.id, 1, workspace="T0OTHER"))
    with pytest.raises(IntegrityError):
        await company.write(add, factories.blocker(TOM.id, 1))
