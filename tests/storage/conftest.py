"""A database, and a small company in it that foreign keys can point at."""

from collections.abc import AsyncIterator, Iterator

import pytest

from storage.database import Database
from tests.databases import Postgres
from tests.storage.support import COMPANY, put


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """An empty one."""
    built = Database(database_url)
    yield built
    await built.close()


@pytest.fixture
async def company(database: Database) -> Database:
    """The same with the people, team, KPI and plan of `support`."""
    await database.write(put, *COMPANY)
    return database


@pytest.fixture
async def other(database_url: str) -> AsyncIterator[Database]:
    """Another process on the same database."""
    built = Database(database_url)
    yield built
    await built.close()


@pytest.fixture
def postgres_url(postgres: Postgres) -> Iterator[str]:
    """A migrated database on PostgreSQL, for what SQLite's single writer cannot meet."""
    with postgres.database() as url:
        yield url
