"""What is kept of KPIs: the registry, what speaks today, and that two at once never break a cap or a loop."""

import asyncio
from dataclasses import replace
from datetime import date
from decimal import Decimal
from threading import Barrier
from uuid import UUID

import pytest
from alembic import command
from sqlalchemy import create_engine, event, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.ids import new_id
from rituals.kpis import Colour, Kpi, Reading, colour
from rituals.kpis_changes import Change, State
from storage import kpis, schema
from storage.database import Database
from storage.tables.base import Base
from storage.values import add, save
from tests import factories
from tests.storage.support import ANA, DANA, KPI, NOW, SECONDS, TEAM, TERMS, WORKSPACE, put

TODAY = date(2026, 11, 23)
OCTOBER, SEPTEMBER = date(2026, 10, 1), date(2026, 9, 1)


def read_one(tx: Session) -> Reading:
    return kpis.readings(tx, [KPI], TODAY)[KPI.id]


async def test_the_last_revision_of_the_newest_period_speaks(company: Database) -> None:
    await company.write(
        add,
        factories.filed(KPI.id, "10", period=OCTOBER, revision=1),
        factories.filed(KPI.id, "100", period=OCTOBER, revision=2),
        factories.filed(KPI.id, "50", period=SEPTEMBER, revision=9),
    )

    found = await company.read(read_one)
    assert found.value == 100
    assert colour(found) is Colour.GREEN
    assert found.past[-2:] == (Decimal(50), Decimal(100))


async def test_a_kpi_without_values_is_grey(company: Database) -> None:
    assert colour(await company.read(read_one)) is Colour.GREY


async def test_ten_thousand_values_are_read_with_as_many_statements_as_one(company: Database) -> None:
    many = [factories.kpi(f"KPI {n}") for n in range(200)]
    await company.write(put, *many)

    def fill(tx: Session) -> None:
        add(tx, *(factories.terms(kpi.id) for kpi in many))
        for kpi in many:
            months = (date(2022 + n // 12, n % 12 + 1, 1) for n in range(50))
            add(tx, *(factories.filed(kpi.id, str(n), period=month) for n, month in enumerate(months)))

    await company.write(fill)
    counted: list[str] = []

    def count(tx: Session, some: list[Kpi]) -> int:
        def heard(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            counted.append(statement)

        bind = tx.connection()
        event.listen(bind, "before_cursor_execute", heard)
        found = kpis.readings(tx, some, TODAY)
        event.remove(bind, "before_cursor_execute", heard)
        return len(found)

    assert await company.read(count, [KPI]) == 1
    alone = len(counted)
    counted.clear()
    assert await company.read(count, many) == 200
    assert len(counted) == alone == 2


async def test_a_persons_kpis_are_those_they_own_and_those_they_share(company: Database) -> None:
    owned, shared, old, ended = (factories.kpi(name, number=n) for n, name in enumerate("abcd", 900))
    owned = replace(owned, owner_id=ANA.id)
    old = replace(old, owner_id=ANA.id, retired_on=TODAY)
    over = factories.share(ended.id, ANA.id, ended_on=TODAY)
    await company.write(put, owned, shared, old, ended, factories.share(shared.id, ANA.id), over)

    assert list((await company.read(kpis.of_person, ANA.id)).values()) == [owned, shared]


async def test_a_teams_results_move_no_retired_kpi_but_name_it_still(company: Database) -> None:
    await company.write(save, replace(KPI, retired_on=TODAY))

    def both(tx: Session) -> tuple[int, int]:
        team = kpis.of_team(tx, WORKSPACE, TEAM.id)
        return len(team), len(kpis.of_team(tx, WORKSPACE, TEAM.id, retired=True))

    assert await company.read(both) == (0, 1)


def proposed(after: UUID) -> Change:
    nobody = (None, None, None, None)
    return Change(new_id(), WORKSPACE, KPI.id, TERMS.id, after, "why", ANA.id, NOW, State.PROPOSED, *nobody)


async def test_only_one_change_of_a_kpi_waits_for_an_answer(company: Database) -> None:
    first, second = (factories.terms(KPI.id, version=n, effective_from=None) for n in (2, 3))
    waiting = proposed(first.id)
    await company.write(put, first, second, waiting)

    with pytest.raises(IntegrityError):
        await company.write(add, proposed(second.id))
    await company.write(save, replace(waiting, state=State.RETURNED, decided_by_id=DANA.id, decided_at=NOW))
    await company.write(add, again := proposed(second.id))

    assert await company.read(kpis.open_change, KPI.id) == again


async def test_whoever_changes_the_registry_waits_for_the_one_before(postgres_url: str) -> None:
    one, other = Database(postgres_url), Database(postgres_url)
    met = Barrier(2, timeout=SECONDS)
    order: list[str] = []
    # Two inserts of the counter would wait for each other anyhow; here its row is there already.
    await one.write(kpis.lock, WORKSPACE)

    def first(tx: Session) -> None:
        kpis.lock(tx, WORKSPACE)
        met.wait()
        order.append("first")
        tx.execute(text("SELECT pg_sleep(0.3)"))
        order.append("first is done")

    def second(tx: Session) -> None:
        met.wait()
        kpis.lock(tx, WORKSPACE)
        order.append("second")

    await asyncio.gather(one.write(first), other.write(second))
    await one.close()
    await other.close()

    assert order == ["first", "first is done", "second"]


# The migration


def run(url: str, *statements: str) -> list[tuple[object, ...]]:
    engine = create_engine(url)
    try:
        with engine.begin() as connection:
            found = [connection.execute(text(statement)) for statement in statements]
            return [tuple(row) for row in found[-1]] if found[-1].returns_rows else []
    finally:
        engine.dispose()


async def test_kpis_from_before_keep_their_name_target_and_value(empty_database_url: str) -> None:
    command.upgrade(schema.config(empty_database_url), "0006")
    ids = [new_id().hex for _ in range(3)]
    facts = (
        "'T0A', 'New bookings', 'EUR', 'higher', '100.5', '88.25'",
        "'T0A', 'Churn', '%', 'lower', '0', NULL",
        "'T0B', 'Elsewhere', 'EUR', 'higher', '7', '7'",
    )
    columns = "id, workspace, name, unit, direction, target, value"
    for kpi_id, said in zip(ids, facts, strict=True):
        run(empty_database_url, f"INSERT INTO kpis ({columns}) VALUES ('{kpi_id}', {said})")  # noqa: S608 - our own words

    schema.upgrade(empty_database_url)
    database = Database(empty_database_url)

    def look(tx: Session) -> list[tuple[str, str, str, str, str | None]]:
        found = []
        for workspace in ("T0A", "T0B"):
            active = kpis.active(tx, workspace)
            (objective,) = kpis.objectives(tx, workspace)
            (function,) = kpis.functions(tx, workspace)
            assert (objective.name, function.name) == ("General", "General")
            for kpi in active.values():
                (terms,) = kpis.terms(tx, kpi.id)
                entries = kpis.history(tx, kpi.id, 9)
                value = str(entries[0].value) if entries else None
                found.append((kpi.label, kpi.name, str(terms.target), terms.bands.value, value))
        return found

    assert await database.read(look) == [
        ("K-1", "Churn", "0", "absolute", None),
        ("K-2", "New bookings", "100.5", "percent", "88.25"),
        ("K-1", "Elsewhere", "7", "percent", "7"),
    ]
    await database.close()
    assert run(empty_database_url, "SELECT last FROM counters WHERE letter = 'K' ORDER BY workspace") == [(2,), (1,)]
    # What the build before reads is still there, also of a KPI that the new one adds.
    before = run(empty_database_url, "SELECT direction, value FROM kpis WHERE name = 'Churn'")
    assert before == [("lower", None)]
    command.downgrade(schema.config(empty_database_url), "0006")
    assert len(run(empty_database_url, "SELECT name, target, value, team_id FROM kpis")) == 3
    assert "objectives" in Base.metadata.tables
