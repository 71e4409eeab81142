"""digest: a leader's digest out of 10,000 people, 2,000 KPIs and five years of values, against its bare statements."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from statistics import median
from typing import Any

from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from bot import reviews
from bot.stoplight import digest_views, loading, openings
from rituals.kpis_periods import Period, Span
from rituals.people import Person
from storage import people
from storage.database import Database, sqlalchemy_url
from storage.values import add
from tests.benchmarks.company import AT_ONCE, LEADER, Company, Kind, uuid
from tests.benchmarks.places import KINDS, Places
from tests.benchmarks.replay import Bare, recording
from tests.benchmarks.table import Figure
from tests.factories import WORKSPACE, filed, kpi, terms

PEOPLE, KPIS, MONTHS = 10_000, 2_000, 60
FEW = (20, 6)
"""KPIs and months of the company whose statements are counted beside it."""
NOVEMBER = Period(date(2026, 11, 1), Span.MONTH)
NOW = datetime(2026, 12, 8, 8, 0, tzinfo=UTC)
ROUNDS = 15
MOST = 2.0
REACHED = (70, 88, 95, 104, 86)
FIRST = 1_000_000
"""The number before that of the first KPI."""


class Measured(Company):
    """The company with `kpis` numbers, each `months` old, in review for November."""

    def __init__(self, kpis: int, months: int) -> None:
        super().__init__(PEOPLE, asked=False)
        self.kpis = kpis
        self.months = months

    def fill(self, url: str) -> None:
        """Write it into the migrated database at `url`."""
        super().fill(url)
        engine = create_engine(sqlalchemy_url(url))
        with Session(engine) as tx, tx.begin():
            for start in range(0, self.kpis, AT_ONCE // 10):
                some = range(start, min(start + AT_ONCE // 10, self.kpis))
                known = [self._kpi(number) for number in some]
                add(tx, *known)
                add(tx, *(terms(one.id, effective_from=date(2020, 1, 1)) for one in known))
                add(tx, *(value for one in known for value in self._values(one)))
            reviews.begin(tx, WORKSPACE, NOVEMBER)
            leader = people.find(tx, LEADER)
            openings.open_digests(tx, WORKSPACE, NOVEMBER, [leader] if leader else [], NOW)
        engine.dispose()

    def _kpi(self, number: int) -> Any:
        manager = uuid(Kind.MANAGER, number % self.teams)
        return replace(kpi(f"Number {number}"), number=FIRST + number, owner_id=manager)

    def _values(self, one: Any) -> Iterator[Any]:
        for back in range(self.months):
            month = NOVEMBER.shifted(-back)
            value = Decimal(REACHED[(one.number + back) % len(REACHED)])
            yield filed(one.id, value, period=month.first, as_of=month.last)


async def digest(places: Places) -> Sequence[Figure]:
    """The message that a leader gets, from the database to its blocks; and what it asks of a small company."""
    figures = []
    for kind in KINDS:
        with places.databases(kind, Measured(KPIS, MONTHS), 1) as (url,):
            ours, bare, many = await _turns(url)
        with places.databases(kind, Measured(*FEW), 1) as (url,):
            _, _, few = await _turns(url, 1)
        ratio = median(mine / other for mine, other in zip(ours, bare, strict=True))
        name = f"digest of {KPIS:,} KPIs, {MONTHS} months, {kind}"
        fine = ratio <= MOST
        figures.append(Figure("digest", name, median(ours), median(bare), ratio, f"≤ {MOST:g}", fine, " ms"))
        name = f"statements of a digest, {KPIS:,} and {FEW[0]} KPIs, {kind}"
        figures.append(Figure("digest", name, many, few, None, "the same", many == few, ""))
    return figures


async def _turns(url: str, rounds: int = ROUNDS) -> tuple[list[float], list[float], int]:
    """Milliseconds of ours and of the bare statements, in turns, and how many statements there are."""
    database = Database(url)
    with recording(database) as found:
        leader = await database.read(_leader)
        found.clear()
        await database.read(_front, leader)
    statements = list(found)
    bare = Bare(url, Measured(0, 0), statements)
    ours, theirs = [], []
    for _ in range(rounds):
        ours.append(await database.read(_timed, leader))
        started = time.perf_counter()
        bare.submit(0)
        theirs.append(1000 * (time.perf_counter() - started))
    await database.close()
    return ours, theirs, len(statements)


def _timed(tx: Session, leader: Person) -> float:
    """Milliseconds from the first statement to the last block, without the way to the database's thread."""
    started = time.perf_counter()
    _front(tx, leader)
    return 1000 * (time.perf_counter() - started)


def _leader(tx: Session) -> Person:
    found = people.find(tx, LEADER)
    if found is None:
        raise RuntimeError("a company without its leader")
    return found


def _front(tx: Session, leader: Person) -> dict[str, Any]:
    shown = loading.fronts(tx, WORKSPACE, NOVEMBER, [leader])[leader.id]
    if not shown.reds:
        raise RuntimeError("a digest without a red says nothing about large ones")
    return digest_views.front(shown)
