"""One transaction at a time: it happens whole or not at all, alone, and again when PostgreSQL asks for it."""

import asyncio
import contextlib
import sqlite3
from pathlib import Path
from threading import Event, current_thread, main_thread

import psycopg
import pytest
from sqlalchemy import make_url, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from rituals.people import Team
from storage import blockers, database, schema
from storage.database import Ahead, Behind, Database, Unreachable
from storage.values import TABLES, add, fetch
from tests import factories
from tests.databases import sqlite_url
from tests.storage.support import SECONDS, WORKSPACE, Meeting, put

EMEA = factories.team("EMEA")


class Boom(Exception):  # noqa: N818 - it stands for any
    """Something goes wrong in a transaction."""


async def team_names(database: Database) -> list[str]:
    return sorted(team.name for team in await database.read(fetch, Team))


async def test_what_a_transaction_returns_comes_back_and_what_it_wrote_is_there(database: Database) -> None:
    def write(tx: Session, name: str, *, channel: str) -> int:
        add(tx, factories.team(name, channel=channel))
        return 42

    assert await database.write(write, "EMEA", channel="C1") == 42
    assert [(team.name, team.channel) for team in await database.read(fetch, Team)] == [("EMEA", "C1")]


async def test_a_transaction_that_raises_leaves_nothing_behind(database: Database) -> None:
    def fail(tx: Session) -> None:
        add(tx, EMEA)
        assert len(fetch(tx, Team)) == 1
        raise Boom

    with pytest.raises(Boom):
        await database.write(fail)

    assert await team_names(database) == []
    await database.write(add, EMEA)
    assert await team_names(database) == ["EMEA"]


async def test_a_transaction_runs_on_a_thread_of_its_own(database: Database) -> None:
    def where(_: Session) -> bool:
        return current_thread() is main_thread()

    assert not await database.write(where)
    assert not await database.read(where)


@pytest.mark.parametrize("statement", ["INSERT INTO counters VALUES ('T', 'B', 1)", "CREATE TABLE sly (n INTEGER)"])
async def test_the_database_refuses_a_write_while_reading(statement: str, database: Database) -> None:
    def write(tx: Session) -> None:
        tx.execute(text(statement))

    with pytest.raises(DBAPIError, match=r"read.?only"):
        await database.read(write)
    await database.write(write)


async def test_reading_after_a_refused_write_and_writing_after_reading_go_on(database: Database) -> None:
    for _ in range(6):
        with pytest.raises(DBAPIError, match=r"read.?only"):
            await database.read(put, EMEA)
        assert await team_names(database) == []
    await database.write(add, EMEA)
    assert await team_names(database) == ["EMEA"]


async def test_a_foreign_key_is_watched(database: Database) -> None:
    with pytest.raises(DBAPIError, match=r"(?i)foreign key"):
        await database.write(add, factories.huddle(EMEA.id))


async def test_two_writers_that_read_and_then_write_lose_nothing(database: Database, other: Database) -> None:
    def count(tx: Session) -> None:
        blockers.next_number(tx, WORKSPACE, "B")

    await asyncio.gather(*(one.write(count) for one in [database, other] * 20))

    assert await database.write(blockers.next_number, WORKSPACE, "B") == 41


async def test_on_sqlite_a_second_writer_waits_until_the_first_has_committed(tmp_path: Path) -> None:
    first, second = await two_on_sqlite(tmp_path)
    inside, leave = Event(), Event()
    seen: list[int] = []

    def hold(tx: Session) -> None:
        add(tx, EMEA)
        inside.set()
        assert leave.wait(SECONDS)
        seen.append(1)

    def follow(tx: Session) -> None:
        assert len(fetch(tx, Team)) == 1
        seen.append(2)

    holding = asyncio.create_task(first.write(hold))
    assert await asyncio.to_thread(inside.wait, SECONDS)
    following = asyncio.create_task(second.write(follow))
    assert await second.read(fetch, Team) == []
    assert seen == []
    leave.set()
    await asyncio.gather(holding, following)

    assert seen == [1, 2]
    await asyncio.gather(first.close(), second.close())


async def test_the_first_to_open_a_file_waits_until_another_has_committed(tmp_path: Path) -> None:
    path = tmp_path / "cadence.db"
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as other:
        schema.upgrade(sqlite_url(path))
        assert other.execute("PRAGMA journal_mode").fetchone() == ("delete",)  # else there is nothing to wait for
        other.execute("BEGIN IMMEDIATE")
        first = Database(sqlite_url(path))
        writing = asyncio.create_task(first.write(add, EMEA))
        await asyncio.sleep(0.1)
        assert not writing.done()
        other.execute("COMMIT")
        await asyncio.wait_for(writing, SECONDS)

        assert await team_names(first) == ["EMEA"]
        await first.close()


async def test_a_writer_does_not_block_readers_and_they_see_what_was_committed(database: Database) -> None:
    inside, leave = Event(), Event()

    def hold(tx: Session) -> None:
        add(tx, EMEA)
        inside.set()
        assert leave.wait(SECONDS)

    holding = asyncio.create_task(database.write(hold))
    assert await asyncio.to_thread(inside.wait, SECONDS)
    assert [await team_names(database) for _ in range(4)] == [[]] * 4
    leave.set()
    await holding

    assert await team_names(database) == ["EMEA"]


async def two_on_sqlite(folder: Path) -> tuple[Database, Database]:
    url = sqlite_url(folder / "two.db")
    schema.upgrade(url)
    return Database(url), Database(url)


@pytest.mark.postgresql
async def test_a_serialisation_failure_runs_the_function_again(postgres_url: str) -> None:
    database = Database(postgres_url)
    await database.write(put, factories.team("0"))
    meeting = Meeting()
    runs: list[int] = []

    def increment(tx: Session, who: int) -> None:
        tx.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
        value = int(tx.execute(text("SELECT name FROM teams")).scalar_one())
        runs.append(who)
        if runs.count(who) == 1:
            meeting.wait()
        tx.execute(text("UPDATE teams SET name = :name"), {"name": str(value + 1)})

    await asyncio.gather(database.write(increment, 1), database.write(increment, 2))

    assert await team_names(database) == ["2"]
    assert len(runs) == 3
    await database.close()


@pytest.mark.postgresql
async def test_a_deadlock_runs_the_function_again(postgres_url: str) -> None:
    database = Database(postgres_url)
    await database.write(put, factories.team("North"), factories.team("South"))
    meeting = Meeting()
    runs: list[str] = []

    def touch(tx: Session, first: str, second: str) -> None:
        tx.execute(text("SET LOCAL deadlock_timeout = '20ms'"))
        statement = text("UPDATE teams SET channel = coalesce(channel, '') || '!' WHERE name = :name")
        tx.execute(statement, {"name": first})
        runs.append(first)
        if runs.count(first) == 1:
            meeting.wait()
        tx.execute(statement, {"name": second})

    await asyncio.gather(database.write(touch, "North", "South"), database.write(touch, "South", "North"))

    assert [team.channel for team in await database.read(fetch, Team)] == ["C0EMEA!!", "C0EMEA!!"]
    assert len(runs) == 3
    await database.close()


def refused(code: str) -> str:
    return f"DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '{code}'; END $$"


@pytest.mark.postgresql
@pytest.mark.parametrize(("expected", "code"), [(database.TRIES, "40001"), (database.TRIES, "40P01"), (1, "23505")])
async def test_only_failures_that_a_second_try_can_mend_are_tried_again_and_not_for_ever(
    expected: int, code: str, postgres_url: str
) -> None:
    built = Database(postgres_url)
    runs: list[int] = []

    def fail(tx: Session) -> None:
        runs.append(1)
        tx.execute(text(refused(code)))

    with pytest.raises(DBAPIError):
        await built.write(fail)

    assert len(runs) == expected
    await built.close()


def cut_off(url: str) -> None:
    """The server ends every connection to this database, as it does when it is restarted."""
    plain = make_url(url).set(drivername="postgresql").difference_update_query(["plugin"])
    with psycopg.connect(plain.render_as_string(hide_password=False)) as server:
        others = "datname = current_database() AND pid <> pg_backend_pid()"
        server.execute(f"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE {others}")  # noqa: S608 - our own words


@pytest.mark.postgresql
async def test_connections_that_were_lost_meanwhile_are_made_anew(postgres_url: str) -> None:
    database = Database(postgres_url)
    await asyncio.gather(*(database.write(put, factories.team(str(number))) for number in range(4)))
    for number in range(4, 8):
        cut_off(postgres_url)
        found = await asyncio.gather(*(team_names(database) for _ in range(5)))
        assert [len(names) for names in found] == [number] * 5
        cut_off(postgres_url)
        await database.write(put, factories.team(str(number)))
    await database.close()


@pytest.mark.postgresql
@pytest.mark.parametrize("at_the_commit", [False, True])
async def test_a_transaction_whose_connection_is_lost_runs_again_unless_it_may_be_done(
    postgres_url: str, *, at_the_commit: bool
) -> None:
    database = Database(postgres_url)
    runs: list[int] = []

    def add_teams(tx: Session) -> None:
        runs.append(1)
        put(tx, factories.team("North"))
        if len(runs) == 1:
            cut_off(postgres_url)
        if not at_the_commit:
            put(tx, factories.team("South"))

    if at_the_commit:
        with pytest.raises(DBAPIError):
            await database.write(add_teams)
    else:
        await database.write(add_teams)

    assert await team_names(database) == ([] if at_the_commit else ["North", "South"])
    assert len(runs) == (1 if at_the_commit else 2)
    await database.close()


async def test_a_migrated_database_passes_the_check(database: Database) -> None:
    database.check()


async def test_an_empty_database_is_behind_until_it_is_migrated(empty_database_url: str) -> None:
    empty = Database(empty_database_url)
    with pytest.raises(Behind):
        empty.check()
    empty.migrate()
    empty.check()
    empty.migrate()
    empty.check()
    await empty.write(add, EMEA)
    assert await team_names(empty) == ["EMEA"]
    await empty.close()


async def test_a_database_of_a_newer_program_is_neither_used_nor_migrated(database: Database) -> None:
    def age(tx: Session) -> None:
        tx.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    await database.write(age)
    with pytest.raises(Ahead):
        database.check()
    with pytest.raises(Ahead):
        database.migrate()


async def test_a_server_that_does_not_answer_is_named_without_its_password() -> None:
    away = Database("postgresql://ana:hunter2@127.0.0.1:1/cadence?sslpassword=hunter3&password=hunter4")
    for ask in (away.check, away.migrate):
        with pytest.raises(Unreachable) as told:
            ask()
        assert "hunter" not in str(told.value)
        assert told.value.url == "postgresql+psycopg://ana:***@127.0.0.1:1/cadence"
        assert "onnection refused" in told.value.why
    await away.close()


@pytest.mark.postgresql
async def test_a_database_that_was_never_made_is_unreachable(postgres_url: str) -> None:
    missing = Database(postgres_url.replace("cadence_", "missing_"))
    with pytest.raises(Unreachable, match="does not exist"):
        missing.check()
    await missing.close()


async def test_a_file_in_the_way_of_the_folder_is_unreachable(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    blocked = Database(sqlite_url(tmp_path / "file" / "cadence.db"))
    with pytest.raises(Unreachable, match="file"):
        blocked.check()
    await blocked.close()


async def test_a_file_that_is_no_database_is_unreachable(tmp_path: Path) -> None:
    (tmp_path / "notes.db").write_text("call Acme, demo Beta, quote Delta, visit Echo\n" * 40)
    notes = Database(sqlite_url(tmp_path / "notes.db"))
    for ask in (notes.check, notes.migrate):
        with pytest.raises(Unreachable, match="not a database"):
            ask()
    await notes.close()


async def test_a_folder_that_is_not_there_yet_is_made(tmp_path: Path) -> None:
    fresh = Database(sqlite_url(tmp_path / "new" / "folder" / "cadence.db"))
    fresh.migrate()
    fresh.check()
    await fresh.close()


@pytest.mark.parametrize(
    ("expected", "url"),
    [
        ("postgresql+psycopg://u@h/d", "postgres://u@h/d"),
        ("postgresql+psycopg://u@h/d", "postgresql://u@h/d"),
        ("postgresql+psycopg://u@h/d", "postgresql+psycopg://u@h/d"),
        ("sqlite:///a.db", "sqlite:///a.db"),
    ],
)
def test_a_plain_address_names_its_driver(expected: str, url: str) -> None:
    assert database.sqlalchemy_url(url) == expected


async def test_closing_lets_a_running_transaction_end(database_url: str) -> None:
    closing = Database(database_url)
    inside, leave = Event(), Event()

    def hold(tx: Session) -> None:
        inside.set()
        assert leave.wait(SECONDS)
        add(tx, EMEA)

    holding = asyncio.create_task(closing.write(hold))
    assert await asyncio.to_thread(inside.wait, SECONDS)
    close = asyncio.create_task(closing.close())
    leave.set()
    await asyncio.gather(holding, close)

    after = Database(database_url)
    assert await team_names(after) == ["EMEA"]
    await after.close()


def test_every_kind_of_value_has_a_table_of_its_own() -> None:
    assert len({table.name for table in TABLES.values()}) == len(TABLES)
