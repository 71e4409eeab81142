"""lists: the triage list of a manager under whom 10,000 blockers are open, first page and last."""

import time
from collections.abc import Iterator, Sequence
from datetime import timedelta
from statistics import median

from sqlalchemy.orm import Session

from bot.blockers import reading
from bot.payloads import Who
from rituals.blockers import Blocker
from rituals.people import Person, Role
from storage.database import Database
from storage.people import everybody
from storage.values import add
from tests import factories
from tests.benchmarks.company import Company
from tests.benchmarks.places import KINDS, Places
from tests.benchmarks.table import Figure
from tests.factories import NOW, WORKSPACE

BLOCKERS = 10_000
PEOPLE = 500
TURNS = 9
MOST_SECONDS = 2.0


async def lists(places: Places) -> Sequence[Figure]:
    """Both databases; the median of several readings, in milliseconds."""
    figures = []
    for kind in KINDS:
        with places.databases(kind, Company(PEOPLE, team_size=PEOPLE, asked=False), 1) as (url,):
            database = Database(url)
            who = await database.write(_stuck)
            for page in ("", str(BLOCKERS // 10)):
                took = []
                for _ in range(TURNS):
                    started = time.perf_counter()
                    words, _ = await database.read(reading.triage, who, page, NOW)
                    took.append(time.perf_counter() - started)
                if f"{BLOCKERS} blockers" not in words:
                    raise RuntimeError(words)
                name = f"/blockers, page {page or 1} of {BLOCKERS // 10:,}, {kind}"
                good = max(took) < MOST_SECONDS
                must = f"< {MOST_SECONDS * 1000:g} ms"
                figures.append(Figure("lists", name, median(took) * 1000, None, None, must, good, " ms"))
            await database.close()
    return figures


def _stuck(tx: Session) -> Who:
    """Have everybody's blockers written; return who manages them all."""
    people = list(everybody(tx, WORKSPACE).values())
    manager = next(person for person in people if person.role is not Role.REP)
    reps = [person for person in people if person.plans]
    for batch in _batches(reps):
        add(tx, *batch)
    return Who(WORKSPACE, manager.slack_id)


def _batches(reps: Sequence[Person]) -> Iterator[list[Blocker]]:
    for start in range(0, BLOCKERS, 500):
        yield [
            factories.blocker(reps[n % len(reps)].id, n + 1, opened_at=NOW - timedelta(minutes=n), level=n % 3)
            for n in range(start, start + 500)
        ]
