"""`python -m tests.month`: a month of a company of sixty, lived through the app's own doors; 1 when a bar is missed."""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from time import monotonic

from storage.database import Database
from tests.month.company import Company, office, whole
from tests.month.habits import habit, happenings
from tests.month.life import Month
from tests.month.tally import Tally, joined


@asynccontextmanager
async def opened(database_url: str, built: Company, seed: int = 1) -> AsyncIterator[Month]:
    """A company the day before its first, ready to be lived; the same days every time."""
    since = datetime.combine(built.first, time(10), UTC) - timedelta(days=1)
    async with office(database_url, built, since) as open_:
        month = Month(open_, seed)
        month.habit = habit
        happenings(month, built)
        yield month


async def _migrated(url: str) -> None:
    database = Database(url)
    try:
        await asyncio.to_thread(database.migrate)
    finally:
        await database.close()


async def run(folder: Path, built: Company) -> Tally:
    """A company's whole time on SQLite."""
    url = f"sqlite:///{folder / 'month.db'}"
    await _migrated(url)
    async with opened(url, built) as month:
        return await month.live()


def main() -> int:
    """Print what the month came to, or its first days (`--days 5`), and what was missed."""
    asked = argparse.ArgumentParser(prog="python -m tests.month", description=__doc__)
    asked.add_argument("--days", type=int, help="live only so many of the month's days")
    started, built, days = monotonic(), whole(), asked.parse_args().days
    if days is not None:
        built = replace(built, last=min(built.last, built.first + timedelta(days=days - 1)))
    with tempfile.TemporaryDirectory() as folder:
        tally = asyncio.run(run(Path(folder), built))
    days = (built.last - built.first).days + 1
    sys.stdout.write(f"{len(built.people)} people, {days} days, {built.first} to {built.last}\n{tally.table()}\n")
    sys.stdout.write(f"lived in {monotonic() - started:.0f} s\n")
    misses = tally.misses()
    if misses:
        sys.stdout.write(f"MISSED:\n{joined(misses)}\n")
    return 1 if misses else 0


if __name__ == "__main__":
    sys.exit(main())
