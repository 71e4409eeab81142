"""Transactions that wait for each other are done together where that pays, and still each for itself."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from threading import Barrier, Event
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from rituals.people import Team
from storage.database import Database
from storage.groups import PATIENCE
from storage.values import add, fetch
from tests import factories
from tests.databases import sqlite_url
from tests.storage.support import SECONDS

THREADS = 2
"""That read: one, and one that helps where the first takes long."""


class Boom(Exception):  # noqa: N818 - it stands for any
    """Something goes wrong in a transaction."""


@pytest.fixture
async def file(sqlite_template: Path, tmp_path: Path) -> AsyncIterator[Database]:
    """An empty database on SQLite."""
    path = tmp_path / "cadence.db"
    shutil.copyfile(sqlite_template, path)
    database = Database(sqlite_url(path))
    yield database
    await database.close()


async def at_once(database: Database, *jobs: Callable[[Session], Any]) -> tuple[list[Any], int]:
    """Have jobs wait for the writer together; return what became of each, and how many commits that took.

    The commit of what they waited for, which may have taken them along, is not counted.
    """
    inside, leave = Event(), Event()
    commits: list[Any] = []

    def hold(_: Session) -> None:
        inside.set()
        assert leave.wait(SECONDS)

    holding = asyncio.create_task(database.write(hold))
    assert await asyncio.to_thread(inside.wait, SECONDS)
    waiting = [asyncio.create_task(database.write(job)) for job in jobs]
    await asyncio.sleep(0)  # each has said what it wants
    event.listen(database._writer.engine, "commit", commits.append)
    leave.set()
    await holding
    results = await asyncio.gather(*waiting, return_exceptions=True)
    return results, len(commits)


def adding(name: str) -> Callable[[Session], str]:
    """A transaction that keeps a team."""

    def job(tx: Session) -> str:
        add(tx, factories.team(name))
        return name

    return job


def failing(tx: Session) -> None:
    """One that fails when it has written."""
    add(tx, factories.team("Lost"))
    raise Boom


def failing_at_its_end(tx: Session) -> None:
    """One that the database refuses when it is committed."""
    tx.execute(text("PRAGMA defer_foreign_keys = ON"))
    add(tx, factories.huddle(factories.team("Nowhere").id))


def taken_back_by_sqlite(tx: Session) -> None:
    """One at which SQLite gives up the whole transaction, as it does when the disk is full."""
    add(tx, factories.team("Lost"))
    tx.execute(text("ROLLBACK"))
    raise Boom


async def names(database: Database) -> list[str]:
    return sorted(team.name for team in await database.read(fetch, Team))


async def test_what_waits_is_written_to_the_disk_once(file: Database) -> None:
    results, commits = await at_once(file, adding("North"), adding("South"), adding("West"))
    assert results == ["North", "South", "West"]
    assert await names(file) == results
    assert commits <= 1


@pytest.mark.parametrize(
    ("job", "error"), [(failing, Boom), (failing_at_its_end, IntegrityError), (taken_back_by_sqlite, Boom)]
)
async def test_one_that_fails_leaves_nothing_and_takes_nothing_with_it(
    file: Database, job: Callable[[Session], None], error: type[Exception]
) -> None:
    results, _ = await at_once(file, adding("North"), job, adding("West"))
    assert [type(one) for one in results] == [str, error, str]
    assert await names(file) == ["North", "West"]


async def test_reads_that_wait_are_done_together_and_one_that_fails_takes_nothing_with_it(database: Database) -> None:
    await database.write(adding("North"))
    inside, leave = Barrier(THREADS + 1), Event()

    def hold(_: Session) -> None:
        inside.wait(SECONDS)
        assert leave.wait(SECONDS)

    def failing(_: Session) -> None:
        raise Boom

    holding = [asyncio.create_task(database.read(hold)) for _ in range(THREADS)]
    await asyncio.to_thread(inside.wait, SECONDS)
    waiting = [asyncio.create_task(names(database)) for _ in range(8)]
    await asyncio.sleep(0)  # each has said what it wants
    begun: list[Any] = []
    event.listen(database._reader.engine, "begin", begun.append)
    leave.set()
    await asyncio.gather(*holding)
    assert await asyncio.gather(*waiting) == [["North"]] * 8
    assert len(begun) <= THREADS

    both = [database.read(failing), names(database), database.read(failing), names(database)]
    results = await asyncio.gather(*both, return_exceptions=True)
    assert [type(one) for one in results] == [Boom, list, Boom, list]


async def test_a_read_sees_what_was_written_since_its_group_began(database: Database) -> None:
    busy = [Event() for _ in range(THREADS)]
    leave = Event()

    def hold(tx: Session, inside: Event) -> None:
        assert fetch(tx, Team) == []
        inside.set()
        assert leave.wait(SECONDS)

    holding = [asyncio.create_task(database.read(hold, one)) for one in busy]
    await asyncio.gather(*(asyncio.to_thread(one.wait, SECONDS) for one in busy))
    await database.write(adding("North"))
    reading = asyncio.create_task(names(database))
    await asyncio.sleep(0)  # it waits behind those, in the group of one of them
    leave.set()
    await asyncio.gather(*holding)
    assert await reading == ["North"]


async def test_whoever_waits_behind_a_long_read_is_helped_though_nobody_comes_any_more(database: Database) -> None:
    assert await names(database) == []
    await asyncio.sleep(PATIENCE / 2)  # the helper is about to look, and will find that the next one is not long yet
    inside, leave = Event(), Event()

    def hold(_: Session) -> None:
        inside.set()
        assert leave.wait(SECONDS)

    holding = asyncio.create_task(database.read(hold))
    assert await asyncio.to_thread(inside.wait, SECONDS)
    assert await asyncio.wait_for(names(database), SECONDS / 2) == []
    leave.set()
    await holding


async def test_one_that_nobody_waits_for_any_more_is_not_done(file: Database) -> None:
    inside, leave = Event(), Event()

    def hold(_: Session) -> None:
        inside.set()
        assert leave.wait(SECONDS)

    holding = asyncio.create_task(file.write(hold))
    assert await asyncio.to_thread(inside.wait, SECONDS)
    given_up = asyncio.create_task(file.write(adding("North")))
    await asyncio.sleep(0)
    given_up.cancel()
    await asyncio.gather(given_up, return_exceptions=True)
    leave.set()
    await holding
    assert await file.write(adding("West")) == "West"
    assert await names(file) == ["West"]
