"""The ledger: each thing due stands in it once, whoever plans it."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from threading import Event
from typing import Any

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.ids import new_id
from storage import occurrences
from storage.database import Database
from storage.occurrences import Occurrence, State
from storage.tables import Occurrences
from storage.values import add_new, to_columns
from tests.storage.support import MONDAY, NOW, SECONDS, WORKSPACE, Meeting

RITUAL = new_id()
ANA, TOM = new_id(), new_id()
MINUTE = timedelta(minutes=1)


def occurrence(subject: Any = ANA, **facts: Any) -> Occurrence:
    given: dict[str, Any] = {
        "id": new_id(),
        "workspace": WORKSPACE,
        "ritual": RITUAL,
        "subject": subject,
        "day": MONDAY,
        "slot": "huddle.prompt",
        "due_at": NOW,
        "expires_at": NOW + 30 * MINUTE,
        "zone": "Europe/Berlin",
        "state": State.PLANNED,
        "reason": None,
    }
    return Occurrence(**(given | facts))


async def found(database: Database, one: Occurrence) -> Occurrence | None:
    return await database.read(occurrences.find, one.ritual, one.subject, one.day, one.slot)


async def test_what_was_planned_is_found_by_its_key(database: Database) -> None:
    ana, tom = occurrence(ANA), occurrence(TOM, state=State.SKIPPED, reason="away")

    assert await database.write(occurrences.plan, [ana, tom]) == 2
    assert [await found(database, ana), await found(database, tom)] == [ana, tom]


@pytest.mark.parametrize("other", [{"subject": TOM}, {"day": MONDAY + timedelta(1)}, {"slot": "x"}, {"ritual": TOM}])
async def test_another_key_is_another_occurrence(other: dict[str, Any], database: Database) -> None:
    ana = occurrence()
    await database.write(occurrences.plan, [ana])

    assert await found(database, replace(ana, **other)) is None
    assert await database.write(occurrences.plan, [occurrence(**other)]) == 1


async def test_planning_twice_writes_once_and_the_first_stays(database: Database) -> None:
    first = occurrence()
    moved = occurrence(due_at=NOW + 6 * 60 * MINUTE, zone="America/New_York")

    assert await database.write(occurrences.plan, [first, occurrence()]) == 1
    assert await database.write(occurrences.plan, [moved]) == 0
    assert await found(database, first) == first


async def test_the_key_is_the_databases_own(database: Database) -> None:
    def twice(tx: Session) -> None:
        tx.execute(insert(Occurrences), [to_columns(occurrence()), to_columns(occurrence())])

    with pytest.raises(IntegrityError):
        await database.write(twice)


async def test_a_thousand_are_planned_at_once_and_only_what_is_new_counts(database: Database) -> None:
    many = [occurrence(new_id()) for _ in range(1001)]
    await database.write(occurrences.plan, many[:7])

    assert await database.write(occurrences.plan, many) == 994


async def test_planners_that_race_write_each_once(database: Database, other: Database) -> None:
    subjects = [new_id() for _ in range(40)]

    def plan(tx: Session, order: int) -> int:
        return occurrences.plan(tx, [occurrence(subject) for subject in subjects[::order]])

    planners = [one.write(plan, order) for one in (database, other) for order in (1, -1)]
    written = await asyncio.gather(*planners)

    assert sum(written) == 40
    assert len(await database.read(occurrences.known, RITUAL, subjects, [MONDAY])) == 40


async def test_a_planner_that_fails_leaves_the_day_to_the_next(database: Database) -> None:
    def fail(tx: Session) -> None:
        occurrences.plan(tx, [occurrence()])
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await database.write(fail)

    assert await database.write(occurrences.plan, [occurrence()]) == 1


async def test_the_ledger_tells_what_it_holds_of_a_ritual_for_some_people_and_dates(database: Database) -> None:
    tuesday = MONDAY + timedelta(1)
    expected = [
        occurrence(ANA),
        occurrence(TOM, state=State.EXPIRED),
        occurrence(ANA, day=tuesday, slot="huddle.card"),
    ]
    others = [
        occurrence(ANA, day=tuesday + timedelta(1)),
        occurrence(ANA, ritual=new_id()),
        occurrence(new_id()),
    ]
    await database.write(occurrences.plan, expected + others)

    found = await database.read(occurrences.known, RITUAL, [ANA, TOM], [MONDAY, tuesday])
    assert found == {(one.subject, one.day, one.slot): one for one in expected}


async def test_what_is_planned_moves_and_what_was_opened_stays(database: Database) -> None:
    planned, opened = occurrence(ANA), occurrence(TOM, state=State.OPENED)
    await database.write(occurrences.plan, [planned, opened])
    changes: dict[str, Any] = {"due_at": NOW + MINUTE, "expires_at": NOW + 9 * MINUTE, "zone": "Asia/Tokyo"}
    for one in (planned, opened):
        await database.write(occurrences.move, replace(one, **changes))

    assert await found(database, planned) == replace(planned, **changes)
    assert await found(database, opened) == opened


async def test_what_was_closed_once_keeps_what_became_of_it(database: Database) -> None:
    one = occurrence(state=State.OPENED)
    await database.write(occurrences.plan, [one])
    await database.write(occurrences.close, {one.id: (State.SKIPPED, "away")})

    assert await found(database, one) == one


async def test_what_is_due_is_planned_and_its_time_has_come_earliest_first(database: Database) -> None:
    before, now, after = (occurrence(new_id(), due_at=NOW + late * MINUTE) for late in (-1, 0, 1))
    opened = occurrence(new_id(), state=State.OPENED)
    await database.write(occurrences.plan, [after, now, opened, before])

    assert await database.write(occurrences.due, NOW, 10) == [before, now]
    assert await database.write(occurrences.due, NOW, 1) == [before]


async def test_what_was_closed_is_due_no_more_and_a_skip_has_its_reason(database: Database) -> None:
    ana, tom, late, planned = (occurrence(new_id()) for _ in range(4))
    await database.write(occurrences.plan, [ana, tom, late, planned])
    outcomes = {ana.id: (State.OPENED, None), tom.id: (State.SKIPPED, "away"), late.id: (State.EXPIRED, "too late")}
    await database.write(occurrences.close, outcomes)

    assert await database.write(occurrences.due, NOW, 10) == [planned]
    assert await found(database, ana) == replace(ana, state=State.OPENED)
    assert await found(database, tom) == replace(tom, state=State.SKIPPED, reason="away")
    assert await found(database, late) == replace(late, state=State.EXPIRED, reason="too late")


async def test_two_openers_never_hold_the_same_occurrence(database: Database, other: Database) -> None:
    await database.write(occurrences.plan, [occurrence(new_id()) for _ in range(6)])
    opened: list[Occurrence] = []

    def open_some(tx: Session) -> int:
        due = occurrences.due(tx, NOW, 2)
        occurrences.close(tx, {one.id: (State.OPENED, None) for one in due})
        opened.extend(due)
        return len(due)

    await asyncio.gather(*(one.write(open_some) for one in [database, other] * 4))

    assert len(opened) == 6
    assert len({one.id for one in opened}) == 6


@pytest.mark.postgresql
async def test_an_opener_does_not_wait_for_what_another_holds(postgres_url: str) -> None:
    database = Database(postgres_url)
    await database.write(occurrences.plan, [occurrence(new_id()) for _ in range(4)])
    meeting = Meeting()

    def hold(tx: Session) -> list[Occurrence]:
        due = occurrences.due(tx, NOW, 2)
        meeting.wait()
        return due

    first, second = await asyncio.gather(database.write(hold), database.write(hold))

    assert len({one.id for one in (*first, *second)}) == 4
    await database.close()


async def test_the_next_instant_brings_all_that_is_planned_for_it(database: Database) -> None:
    ana, tom = occurrence(ANA, due_at=NOW + MINUTE), occurrence(TOM, due_at=NOW + MINUTE)
    others = [
        occurrence(new_id(), due_at=NOW),
        occurrence(new_id(), due_at=NOW + 2 * MINUTE),
        occurrence(new_id(), due_at=NOW + MINUTE / 2, state=State.SKIPPED),
    ]
    await database.write(occurrences.plan, [ana, tom, *others])

    upcoming = await database.read(occurrences.upcoming, NOW)
    assert sorted(upcoming, key=lambda one: one.id) == sorted([ana, tom], key=lambda one: one.id)


async def test_with_nothing_planned_nothing_is_upcoming(database: Database) -> None:
    await database.write(occurrences.plan, [occurrence(due_at=NOW)])

    assert await database.read(occurrences.upcoming, NOW) == []


async def test_an_occurrence_written_while_another_planner_waits_is_not_written_again(
    database: Database, other: Database
) -> None:
    inside, leave = Event(), Event()

    def slow(tx: Session) -> int:
        count = occurrences.plan(tx, [occurrence()])
        inside.set()
        assert leave.wait(SECONDS)
        return count

    holding = asyncio.create_task(database.write(slow))
    assert await asyncio.to_thread(inside.wait, SECONDS)
    following = asyncio.create_task(other.write(occurrences.plan, [occurrence()]))
    leave.set()

    assert (await holding, await following) == (1, 0)


async def test_new_rows_are_told_from_known_ones(database: Database) -> None:
    known, fresh = occurrence(ANA), occurrence(TOM)
    await database.write(occurrences.plan, [known])
    table = Occurrences.metadata.tables["occurrences"]

    assert await database.write(add_new, table, [to_columns(known), to_columns(fresh)]) == {fresh.id}
