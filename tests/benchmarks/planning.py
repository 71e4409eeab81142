"""plan: opening one huddle for 30,000 people, against one bulk insert of the same rows."""

import time
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import create_engine, insert, select
from sqlalchemy.orm import Session

from bot.app import RITUALS
from bot.huddle.planning import plan
from bot.scheduler import BATCH, open_due
from storage.database import Database, sqlalchemy_url
from storage.tables import Outbox, Plans
from tests.benchmarks.company import Company
from tests.benchmarks.places import KINDS, Places
from tests.benchmarks.replay import recording
from tests.benchmarks.table import Figure
from tests.factories import DAY, NOW

PEOPLE = 30_000
MOST = 5.0
WRITTEN = (Plans.__table__, Outbox.__table__)

Rows = Sequence[tuple[Any, list[dict[str, Any]]]]


async def planning(places: Places) -> Sequence[Figure]:
    """Both databases; the statements of each batch are counted."""
    figures = []
    for kind in KINDS:
        with places.databases(kind, Company(PEOPLE, team_size=PEOPLE, asked=False)) as (mine, other):
            seconds, statements = await _opened(mine)
            bulk = _inserted(other, _rows(mine))
        name = f"opening a huddle for {PEOPLE:,}, {kind}"
        ratio = seconds / bulk
        figures.append(Figure("plan", name, seconds, bulk, ratio, f"≤ {MOST:g}", ratio <= MOST, " s"))
        steady = max(statements) == min(statements)
        name = f"statements a batch of {BATCH}, first and last, {kind}"
        figures.append(Figure("plan", name, statements[-1], statements[0], None, "the same", steady, ""))
    return figures


async def _opened(url: str) -> tuple[float, list[int]]:
    """How long opening everybody's prompt takes, and the statements of each full batch."""
    database = Database(url)
    while await database.write(plan, NOW):
        pass
    await database.close()
    database = Database(url)
    statements = []
    with recording(database) as found:
        await database.write(open_due, RITUALS, NOW - timedelta(days=1))
        opened = BATCH
        started = time.perf_counter()
        while opened == BATCH:
            before = len(found)
            opened = await database.write(open_due, RITUALS, NOW)
            statements.append(len(found) - before)
    seconds = time.perf_counter() - started
    await database.close()
    return seconds, statements[:-1]


def _rows(url: str) -> Rows:
    """What the opening wrote."""
    engine = create_engine(sqlalchemy_url(url))
    with engine.connect() as connection:
        today = select(WRITTEN[0]).where(Plans.day == DAY)
        found = [
            (table, [dict(row) for row in connection.execute(query).mappings()])
            for table, query in zip(WRITTEN, (today, select(WRITTEN[1])), strict=True)
        ]
    engine.dispose()
    if any(len(rows) != PEOPLE for _, rows in found):
        raise RuntimeError(f"not everybody was asked: {[len(rows) for _, rows in found]}")
    return found


def _inserted(url: str, rows: Rows) -> float:
    """How long it takes to write those at once."""
    engine = create_engine(sqlalchemy_url(url))
    started = time.perf_counter()
    with Session(engine) as tx, tx.begin():
        for table, found in rows:
            tx.execute(insert(table), found)
    seconds = time.perf_counter() - started
    engine.dispose()
    return seconds
