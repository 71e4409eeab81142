"""The `cadence` command as an operator meets it: sentences and exit codes, never a traceback, never a secret."""

import asyncio
import os
import shutil
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import text
from sqlalchemy.orm import Session

from bot.cli import cadence
from rituals.people import Role
from sandbox import Sandbox, Seed
from storage.database import Database
from storage.values import add
from tests import factories
from tests.bot.world import seed
from tests.databases import sqlite_url

SECONDS = 60
BOT, APP = "xoxb-hunter2-bot", "xapp-hunter2-app"


@dataclass(frozen=True)
class Ended:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str


class Shell:
    """A folder with nothing in it, and an environment with nothing in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def start(self, *arguments: str, **environment: str) -> asyncio.subprocess.Process:
        """Start `cadence` with these arguments and settings."""
        # PYTHONPATH because nothing but `-m bot` finds the program where it is not installed.
        kept = {"PYTHONPATH": str(Path(__file__).parents[2]), "PATH": os.defpath, "LC_ALL": "C.UTF-8"}
        return await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "bot", *arguments),
            cwd=self.folder,
            env=kept | environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )

    async def ended(self, process: asyncio.subprocess.Process) -> Ended:
        """Wait for the end; whatever it was, there is no traceback and no secret in it."""
        try:
            async with asyncio.timeout(SECONDS):
                out, err = await process.communicate()
        finally:
            if process.returncode is None:
                process.kill()
        said = Ended(process.returncode or 0, out.decode(), err.decode())
        assert "Traceback" not in said.out + said.err
        assert "hunter2" not in said.out + said.err
        return said

    async def cadence(self, *arguments: str, **environment: str) -> Ended:
        """Run `cadence` to its end."""
        return await self.ended(await self.start(*arguments, **environment))


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    (tmp_path / "home").mkdir()
    return Shell(tmp_path / "home")


@pytest.fixture
def migrated(shell: Shell, sqlite_template: Path) -> Shell:
    """The same, with a migrated database in it."""
    shutil.copyfile(sqlite_template, shell.folder / "cadence.db")
    return shell


def slack(**facts: object) -> Seed:
    """The company's workspace, with tokens that must never be printed."""
    known = seed()
    scopes = ("chat:write", "commands", "users:read", "im:history", "files:write", "connections:write")
    return replace(known, app=replace(known.app, bot_token=BOT, app_token=APP, scopes=scopes, **facts))  # type: ignore[arg-type]


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(slack(), rate_limits=False) as running:
        yield running


def settings(sandbox: Sandbox, url: str = "sqlite:///cadence.db", **others: str) -> Mapping[str, str]:
    tokens = {"SLACK_BOT_TOKEN": BOT, "SLACK_APP_TOKEN": APP}
    return {"DATABASE_URL": url, "SLACK_API_URL": sandbox.api_url} | tokens | others


async def test_the_program_starts_and_says_what_each_command_does(shell: Shell) -> None:
    said = await shell.cadence("--help")

    assert said.code == 0
    for word in ("demo", "run", "migrate", "doctor", "DATABASE_URL", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", ".env"):
        assert word in said.out


@pytest.mark.parametrize(
    ("expected", "arguments"),
    [
        ("--fresh", ["demo", "-h"]),
        ("scheduler", ["run", "-h"]),
        ("from empty", ["migrate", "-h"]),
        ("exit code 1", ["doctor", "-h"]),
        ("cadence-rituals ", ["--version"]),
    ],
)
def test_help_of_a_command_says_how_to_use_it(expected: str, arguments: list[str]) -> None:
    said = CliRunner().invoke(cadence, arguments)

    assert said.exit_code == 0
    assert expected in said.output


@pytest.mark.parametrize("arguments", [["dance"], ["demo", "--port", "99999"], ["demo", "--port", "x"]])
def test_a_command_that_cannot_be_is_refused(arguments: list[str]) -> None:
    said = CliRunner().invoke(cadence, arguments)

    assert said.exit_code == 2
    assert "Error:" in said.output


async def test_without_settings_every_problem_is_told_at_once(shell: Shell) -> None:
    said = await shell.cadence("run")

    assert said.code == 2
    assert said.err.splitlines() == [
        "Cadence can't start:",
        "  - SLACK_BOT_TOKEN is missing. Copy it from your Slack app's page, OAuth & Permissions.",
        "  - Set SLACK_APP_TOKEN (Socket Mode; no public address needed) or SLACK_SIGNING_SECRET (HTTP).",
    ]


async def test_wrong_settings_are_told_at_once_too(shell: Shell) -> None:
    wrong = {"DATABASE_URL": "mysql://hunter2", "SLACK_BOT_TOKEN": "hunter2", "SLACK_APP_TOKEN": "hunter2"}
    said = await shell.cadence("doctor", **wrong, SLACK_API_URL="hunter2")

    assert said.code == 2
    assert [line.split()[1] for line in said.err.splitlines()[1:]] == [
        "DATABASE_URL",
        "SLACK_BOT_TOKEN",
        "SLACK_APP_TOKEN",
        "SLACK_API_URL",
    ]


@pytest.mark.parametrize("command", ["web", "worker"])
async def test_several_processes_need_a_database_that_several_can_write(shell: Shell, command: str) -> None:
    ended = await shell.cadence(command, SLACK_BOT_TOKEN=BOT, SLACK_SIGNING_SECRET="hunter2")

    assert ended.code == 1
    assert ended.err == (
        "Several processes need PostgreSQL. Set DATABASE_URL to one, or use `cadence run` with SQLite.\n"
    )


async def test_the_door_alone_needs_the_signing_secret(shell: Shell) -> None:
    ended = await shell.cadence("web", SLACK_BOT_TOKEN=BOT, SLACK_APP_TOKEN=APP)

    assert ended.code == 2
    assert "SLACK_SIGNING_SECRET is missing" in ended.err


async def test_settings_are_read_from_the_folders_env_file(shell: Shell) -> None:
    (shell.folder / ".env").write_text("DATABASE_URL=sqlite:///from-env-file.db\nSOMETHING_ELSE=1\n")
    said = await shell.cadence("migrate", DATABASE_URL="")

    assert (said.code, said.out) == (0, "The database is up to date.\n")
    assert (shell.folder / "from-env-file.db").exists()


async def test_an_empty_database_is_migrated(shell: Shell, empty_database_url: str) -> None:
    said = await shell.cadence("migrate", DATABASE_URL=empty_database_url)

    assert (said.code, said.out, said.err) == (0, "The database is up to date.\n", "")
    migrated = Database(empty_database_url)
    migrated.check()
    await migrated.close()


async def test_run_before_migrate_says_so(shell: Shell, sandbox: Sandbox) -> None:
    said = await shell.cadence("run", **settings(sandbox))

    assert said.code == 1
    assert said.err == "The database is older than this program. Run `cadence migrate`, then start again.\n"


async def age(url: str) -> None:
    """Have the database look as a newer program left it."""

    def write(tx: Session) -> None:
        tx.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    database = Database(url)
    await database.write(write)
    await database.close()


async def test_a_database_of_a_newer_program_is_left_alone(migrated: Shell, sandbox: Sandbox) -> None:
    await age(sqlite_url(migrated.folder / "cadence.db"))
    said = await migrated.cadence("run", **settings(sandbox))

    assert said.code == 1
    assert said.err.startswith("The database is newer than this program.")


async def test_a_database_that_does_not_answer_is_named_without_its_password(shell: Shell, sandbox: Sandbox) -> None:
    away = "postgresql://ana:hunter2@127.0.0.1:1/cadence?password=hunter2"
    said = await shell.cadence("run", **settings(sandbox, away))

    assert said.code == 1
    (line,) = said.err.splitlines()
    assert line.startswith("The database at postgresql+psycopg://ana:***@127.0.0.1:1/cadence does not answer (")
    assert line.endswith("Start it, or mend DATABASE_URL.")


async def test_a_file_that_is_no_database_is_said_to_be_none(shell: Shell) -> None:
    (shell.folder / "notes.db").write_text("call Acme, demo Beta, quote Delta\n" * 40)
    said = await shell.cadence("migrate", DATABASE_URL="sqlite:///notes.db")

    assert said.code == 1
    assert "not a database" in said.err


@pytest.mark.parametrize(
    ("expected", "wrong"),
    [
        ("Slack refused SLACK_BOT_TOKEN (invalid_auth)", {"SLACK_BOT_TOKEN": "xoxb-hunter2-wrong"}),
        ("Slack refused SLACK_APP_TOKEN (invalid_auth)", {"SLACK_APP_TOKEN": "xapp-hunter2-wrong"}),
        ("Slack did not let us start (not sent: Cannot connect", {"SLACK_API_URL": "http://127.0.0.1:1/api/"}),
    ],
)
async def test_what_slack_refuses_is_named(
    expected: str, wrong: dict[str, str], migrated: Shell, sandbox: Sandbox
) -> None:
    said = await migrated.cadence("run", **settings(sandbox, **wrong))

    assert said.code == 1
    assert said.err.splitlines()[-1].startswith(expected)


async def test_run_connects_and_ends_cleanly_when_asked_to(migrated: Shell, sandbox: Sandbox) -> None:
    process = await migrated.start("run", **settings(sandbox))
    await sandbox.until(lambda: sandbox.connected, timeout=SECONDS)
    process.send_signal(signal.SIGTERM)

    assert (await migrated.ended(process)).code == 0


async def test_a_port_that_is_taken_is_named(shell: Shell) -> None:
    async def nobody(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    server = await asyncio.start_server(nobody, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    said = await shell.cadence("demo", "--port", str(port))
    server.close()
    await server.wait_closed()

    assert said.code == 1
    assert said.err == f"Port {port} is taken. End what runs there, or choose another.\n"


async def fill(url: str, *values: object) -> None:
    """Write values into a migrated database."""

    def put(tx: Session) -> None:
        for value in values:
            add(tx, value)

    database = Database(url)
    await database.write(put)
    await database.close()


async def test_doctor_finds_a_healthy_installation_healthy(shell: Shell, sandbox: Sandbox, database_url: str) -> None:
    priya = factories.person("Priya Raman", role=Role.LEADER)
    dana = factories.person("Dana Weiss", role=Role.MANAGER, manager_id=priya.id)
    team = factories.team(manager_id=dana.id)
    ana = factories.person(team_id=team.id)
    goals = (factories.OBJECTIVE, factories.FUNCTION, factories.kpi("Leads", owner_id=dana.id))
    await fill(database_url, team, priya, dana, ana, factories.huddle(team.id), *goals)
    said = await shell.cadence("doctor", **settings(sandbox, database_url))

    assert said.code == 0, said.out
    assert said.out.splitlines() == [
        "✓ The database answers and its tables are up to date.",
        "✓ EMEA: manager, channel and huddle are set.",
        "✓ Slack knows the bot in Nordlicht.",
    ]


async def test_doctor_names_all_that_is_broken_each_with_its_mend(migrated: Shell) -> None:
    team = factories.team(channel=None)
    lost = factories.person("Lost Larry", zone="Mars/Olympus", role=Role.MANAGER)
    apac = factories.team("APAC", manager_id=lost.id)
    goals = (factories.OBJECTIVE, factories.FUNCTION, factories.kpi("Leads", number=1))
    owned = factories.kpi("Calls", number=2, owner_id=lost.id)
    al = factories.person("Alone Al")
    await fill(
        sqlite_url(migrated.folder / "cadence.db"), team, lost, apac, factories.huddle(apac.id), al, *goals, owned
    )
    async with Sandbox(slack(), rate_limits=False) as sandbox:
        known = sandbox.seed.app
        bare = replace(sandbox.seed, app=replace(known, scopes=("chat:write",)))
    async with Sandbox(bare, rate_limits=False) as sandbox:
        said = await migrated.cadence("doctor", **settings(sandbox))

    assert said.code == 1
    found = [line for line in said.out.splitlines() if line.startswith("✗")]
    for expected, line in zip(
        [
            "No usable time zone: Lost Larry.",
            "Alone Al is a rep without a team.",
            "APAC's ladder ends with Lost Larry: nobody stands above.",
            "EMEA has no manager.",
            "EMEA has no channel.",
            "EMEA has no huddle.",
            "Nobody leads: no month is reviewed",
            "No owner: K-1 Leads.",
            "Nobody may approve a change of K-2 Calls.",
            "Scope commands is missing",
            "Scope users:read is missing",
            "Scope im:history is missing: plans typed into the DM, which are off without it",
        ],
        found,
        strict=True,
    ):
        assert line.startswith(f"✗ {expected}")
        assert line.count(".") >= 2, "each has a mend"
    assert "✓ The optional scope files:write is not granted: the leaders' digest comes without its picture" in said.out


@pytest.mark.parametrize(
    ("expected", "wrong"),
    [
        (
            ["✗ The database at postgresql+psycopg://", "✗ Slack refused the bot token: invalid_auth."],
            {"DATABASE_URL": "postgresql://u:hunter2@127.0.0.1:1/d", "SLACK_BOT_TOKEN": "xoxb-hunter2-wrong"},
        ),
        (
            ["✗ The database is older than this program.", "✗ Slack can't be reached:"],
            {"DATABASE_URL": "sqlite:///empty.db", "SLACK_API_URL": "http://127.0.0.1:1/api/"},
        ),
    ],
)
async def test_doctor_looks_on_after_what_is_broken(
    expected: list[str], wrong: dict[str, str], shell: Shell, sandbox: Sandbox
) -> None:
    said = await shell.cadence("doctor", **settings(sandbox, **wrong))

    assert said.code == 1
    for start, line in zip(expected, said.out.splitlines(), strict=True):
        assert line.startswith(start)
