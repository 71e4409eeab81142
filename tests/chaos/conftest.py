"""One nursery for all chaos tests of a run: what takes time is to import, not to fork."""

import shutil
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.bot.world import World, world
from tests.chaos.town import Crew, Nursery
from tests.databases import Postgres, sqlite_url


@pytest.fixture
async def morning(database_url: str) -> AsyncIterator[World]:
    """Sunday noon before a working week."""
    async with world(database_url, datetime(2026, 11, 22, 11, 0, tzinfo=UTC)) as built:
        yield built


@pytest.fixture(scope="session")
def nursery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nursery]:
    one = Nursery(tmp_path_factory.mktemp("nursery"))
    yield one
    one.close()


@pytest.fixture
def crew(nursery: Nursery, tmp_path: Path) -> Iterator[Crew]:
    """Workers that do not outlive their test."""
    workers = Crew(nursery, tmp_path / "workers.log")
    yield workers
    workers.close()


@pytest.fixture
def sqlite_url_of(sqlite_template: Path, tmp_path: Path) -> str:
    """A migrated SQLite file."""
    path = tmp_path / "cadence.db"
    shutil.copyfile(sqlite_template, path)
    return sqlite_url(path)


@pytest.fixture
def postgres_url_of(postgres: Postgres) -> Iterator[str]:
    """A migrated PostgreSQL database."""
    with postgres.database() as url:
        yield url
