"""The digest of a large company: inside Slack's limits, by as many statements as that of a small one (F56, F107)."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from bot import blocks, reviews
from bot.ids import new_id
from bot.payloads import Who
from bot.stoplight import (
    digest_views,
    enclosing,
    loading,
    openings,
    picturing,
    reporting,
    table_views,
    walk_views,
    walking,
)
from bot.stoplight.one_views import Walk
from rituals.kpis import Kpi
from rituals.kpis_periods import Period, Span
from rituals.people import Person, Role
from rituals.stoplight import Explanation
from sandbox.message_rules import check_message_blocks
from sandbox.view_rules import read_view
from storage import values
from storage.database import Database
from tests import factories
from tests.factories import WORKSPACE

NOVEMBER = Period(date(2026, 11, 1), Span.MONTH)
NOW = datetime(2026, 12, 8, 8, 0, tzinfo=UTC)
PRIYA = factories.person("Priya Raman", role=Role.LEADER, zone="Europe/London")
LONG = "Ä" * 500


def company(size: int, months: int) -> Iterator[Any]:
    """Priya above an owner a ten KPIs; of five, two are red, one yellow, one green, one grey; all with long words."""
    owners = [factories.person(f"Owner {n}", slack_id=f"U1O{n}", manager_id=PRIYA.id) for n in range(-(-size // 10))]
    yield from owners
    for n in range(size):
        kpi = factories.kpi(f"Number {n} {'x' * 60}"[:75], number=n + 1, owner_id=owners[n // 10].id)
        yield kpi
        yield factories.terms(kpi.id)
        yield from _values(kpi, n, months)
        said: dict[str, Any] = dict.fromkeys(("cause", "proposal", "help", "people", "money", "time"), LONG)
        by: dict[str, Any] = {"by_id": owners[n // 10].id, "at": NOW}
        yield Explanation(new_id(), WORKSPACE, kpi.id, NOVEMBER.first, **said, **by)


def _values(kpi: Kpi, n: int, months: int) -> Iterator[Any]:
    value = (70, 60, 88, 104, None)[n % 5]
    for back in range(months):
        if value is not None:
            month = NOVEMBER.shifted(-back)
            yield factories.filed(kpi.id, Decimal(value), period=month.first, as_of=month.last)


def fill(tx: Session, size: int, months: int) -> None:
    rows: dict[type, list[Any]] = {}
    for one in (factories.OBJECTIVE, factories.FUNCTION, PRIYA, *company(size, months)):
        rows.setdefault(type(one), []).append(one)
    for found in rows.values():
        values.add(tx, *found)
    reviews.begin(tx, WORKSPACE, NOVEMBER)
    openings.open_digests(tx, WORKSPACE, NOVEMBER, [PRIYA], NOW)


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements that reach a database meanwhile."""
    seen: list[str] = []

    def see(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        seen.append(statement)

    event.listen(Engine, "before_cursor_execute", see)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", see)


def front(tx: Session, leaders: Sequence[Person]) -> dict[str, Any]:
    return digest_views.front(loading.fronts(tx, WORKSPACE, NOVEMBER, leaders)[PRIYA.id])


def screen(tx: Session, step: int) -> tuple[dict[str, Any], int]:
    page = walking.screen(tx, Who(WORKSPACE, PRIYA.slack_id), Walk(month=NOVEMBER.first), NOW, step)
    return walk_views.screen(page), page.of


def statements(tx: Session) -> dict[str, int]:
    """How many statements the first screen takes, each kind of further screen, and the report."""
    found = {}
    with counted() as seen:
        front(tx, [PRIYA])
    found["front"] = len(seen)
    _, of = screen(tx, 0)
    for step in (0, 1, of - 4, of - 3, of - 2, of - 1):
        with counted() as seen:
            screen(tx, step)
        found[f"{step - of if step > 1 else step}"] = len(seen)
    with counted() as seen:
        reporting.report(tx, Who(WORKSPACE, PRIYA.slack_id), NOVEMBER, 1)
    found["report"] = len(seen)
    with counted() as seen:
        picturing.rows(tx, WORKSPACE, NOVEMBER, PRIYA)
    found["picture"] = len(seen)
    with counted() as seen:
        enclosing.tables(tx, WORKSPACE, NOVEMBER)
    found["table"] = len(seen)
    return found


@pytest.mark.parametrize("size", [200])
async def test_two_hundred_kpis_stay_inside_slacks_limits_on_every_screen_and_page(
    database_url: str, size: int
) -> None:
    database = Database(database_url)
    try:
        await database.write(fill, size, 12)
        first = await database.read(front, [PRIYA])
        assert first["text"] == "November: 80 reds need you, 40 yellows to choose. About 101 minutes."
        check_message_blocks(first["blocks"])
        _, of = await database.read(screen, 0)
        assert of == 1 + 120 + 1 + 1 + 2
        # All kinds of screens, and some of each.
        for step in (0, 1, 2, 80, 81, 120, of - 4, of - 3, of - 2, of - 1):
            view, _ = await database.read(screen, step)
            read_view(view, "modal")
        shown = table_views.message((await database.read(enclosing.tables, WORKSPACE, NOVEMBER))[PRIYA.id])
        check_message_blocks(shown["blocks"])
        assert blocks.weight(shown["blocks"]) <= blocks.PAGE_CHARACTERS
        rows = len(shown["blocks"][1]["rows"]) - 1
        assert shown["blocks"][2]["elements"][0]["text"] == f"{size - rows} more in the whole report."
        assert len(shown["text"]) <= blocks.SECTION_LIMIT
        assert shown["text"].endswith(" more in the whole report.")
        pages = -(-size // 20)
        for number in range(1, pages + 1):
            words, body = await database.read(reporting.report, Who(WORKSPACE, PRIYA.slack_id), NOVEMBER, number)
            assert words
            check_message_blocks(body)
            assert len(body) <= blocks.PAGE_BLOCKS
            assert blocks.weight(body) <= blocks.PAGE_CHARACTERS
    finally:
        await database.close()


async def test_statements_do_not_grow_with_kpis_people_or_months(database_url: str) -> None:
    found: list[dict[str, int]] = []
    for size, months in ((5, 2), (60, 24)):
        database = Database(database_url)
        try:
            if found:
                await database.write(emptied)
            await database.write(fill, size, months)
            found.append(await database.read(statements))
        finally:
            await database.close()

    assert found[0] == found[1]
    assert max(found[0].values()) <= MOST


MOST = 40


def emptied(tx: Session) -> None:
    """Take everything out again."""
    for table in reversed(values.TABLES[Kpi].metadata.sorted_tables):
        if table.name not in {"audit", "alembic_version"}:
            tx.execute(table.delete())
