"""The clock that processes of one database share."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from bot.clock import SharedClock, machine_clock, read
from storage.database import Database
from tests.databases import Postgres

SOON = timedelta(seconds=5)
WRONG = timedelta(minutes=40)


async def test_on_postgresql_every_host_sees_one_time_and_on_sqlite_its_own(database_url: str) -> None:
    database = Database(database_url)
    shared = SharedClock(lambda: machine_clock() + WRONG)
    assert shared() - machine_clock() > WRONG - SOON

    seen = await database.write(lambda tx: read(shared, tx))

    off = WRONG if database.is_sqlite else timedelta(0)
    assert abs(seen - machine_clock() - off) < SOON
    assert abs(shared() - machine_clock() - off) < SOON
    await database.close()


@pytest.mark.postgresql
async def test_the_shared_time_goes_on_within_a_transaction(postgres: Postgres) -> None:
    def waits(tx: Session) -> timedelta:
        first = read(SharedClock(), tx)
        tx.execute(text("SELECT pg_sleep(0.2)"))
        return read(SharedClock(), tx) - first

    with postgres.database() as url:
        database = Database(url)
        assert await database.write(waits) >= timedelta(seconds=0.2)
        await database.close()
