"""What every test may ask for: a database of its own on SQLite and on PostgreSQL, a browser, and no network."""

import contextlib
import os
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest
from hypothesis import settings
from playwright.async_api import Browser, async_playwright

from bot.memory import collect_rarely
from tests import network_guard
from tests.databases import Postgres, Run, UnavailableError, sqlite_url

RUN = pytest.StashKey[Run]()
MEMORY, ROOM = Path("/dev/shm"), 512 * 2**20  # noqa: S108 - pytest makes a folder of its own in it
KINDS = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]

network_guard.install()
# A machine that is busy is no failure.
settings.register_profile("cadence", deadline=None)
settings.load_profile("cadence")


def pytest_configure(config: pytest.Config) -> None:
    # SQLite waits for the disk some sixty times a test. Where files are kept in memory, all of that is nothing.
    if os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))
    config.addinivalue_line("markers", "postgresql: runs on PostgreSQL (deselect with -m 'not postgresql')")
    shared = getattr(config, "workerinput", {}).get("cadence_run")
    config.stash[RUN] = Run(Path(shared)) if shared else Run.begin()


def pytest_collection_finish() -> None:
    collect_rarely()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the walks through the browser: one that is left for the end keeps a single core busy for a minute."""
    items.sort(key=lambda item: "tests/e2e/" not in item.nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    node.workerinput["cadence_run"] = str(node.config.stash[RUN].directory)


def pytest_unconfigure(config: pytest.Config) -> None:
    if RUN in config.stash:
        config.stash[RUN].end()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    failure = config.stash[RUN].failure
    if failure.exists():
        terminalreporter.section("PostgreSQL was not to be had")
        terminalreporter.write_line(failure.read_text())


def unavailable(reason: str, *, required_by: str) -> NoReturn:
    """Skip what cannot run here, or fail it where the named environment variable says that it must."""
    if os.environ.get(required_by) == "1":
        pytest.fail(f"{required_by}=1, but {reason}", pytrace=False)
    pytest.skip(reason)


@pytest.fixture(autouse=True)
def only_this_machine() -> Iterator[None]:
    """A refused connection fails its test even when the code under test swallowed the error."""
    network_guard.refused.clear()
    yield
    assert network_guard.refused == []


@pytest.fixture(scope="session")
def sqlite_template(pytestconfig: pytest.Config) -> Path:
    return pytestconfig.stash[RUN].sqlite_template()


@pytest.fixture(scope="session")
def postgres(pytestconfig: pytest.Config) -> Iterator[Postgres]:
    joined = None
    with contextlib.suppress(UnavailableError):
        joined = Postgres.join(pytestconfig.stash[RUN])
    if joined is None:
        unavailable("PostgreSQL was not to be had, as told below", required_by="CADENCE_REQUIRE_POSTGRES")
    with joined:
        yield joined


@pytest.fixture(params=KINDS)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A migrated database, empty, that no other test sees at the same time."""
    if request.param == "sqlite":
        path = tmp_path / "cadence.db"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
        yield sqlite_url(path)
    else:
        with request.getfixturevalue("postgres").lent() as url:
            yield url


@pytest.fixture(params=KINDS)
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without any table, for tests of the migrations themselves."""
    if request.param == "sqlite":
        yield sqlite_url(tmp_path / "empty.db")
    else:
        with request.getfixturevalue("postgres").database(migrated=False) as url:
            yield url


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium that Playwright may launch."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found is None:
        unavailable("no Chromium is installed", required_by="CADENCE_REQUIRE_BROWSER")
    return found


QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture
async def browser(chromium: str) -> AsyncIterator[Browser]:
    """A browser without a window."""
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(executable_path=chromium, args=QUIET)
        yield running
        await running.close()
