"""A database for each test, copied from a template that the migrations built once for the whole run.

Every pytest-xdist worker shares one run directory: the templates, and the PostgreSQL server that starts when the first
test asks for it (see `postgres_keeper.py`). `CADENCE_TEST_POSTGRES_URL` names a real server to use instead.
"""

import contextlib
import fcntl
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import IO

import psycopg
from psycopg import sql
from sqlalchemy.engine import URL, make_url

from storage import schema

KEEPER = Path(__file__).with_name("postgres_keeper.py")
SECONDS_TO_START = 60
SECONDS_TO_STOP = 20


class UnavailableError(Exception):
    """PostgreSQL cannot be had here; the message says why."""


class Run:
    """What one `pytest` command shares with its workers."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.prefix = f"cadence_{directory.name.rpartition('-')[2].lower()}"
        self._alive: IO[bytes] | None = None

    @classmethod
    def begin(cls) -> "Run":
        """Make the run directory; it lives until `end`, or until this process dies."""
        run = cls(Path(tempfile.mkdtemp(prefix="cadence-tests-")))
        run._alive = (run.directory / "alive").open("wb")
        fcntl.flock(run._alive, fcntl.LOCK_EX)
        return run

    def end(self) -> None:
        """Leave nothing behind: neither server, nor database, nor file."""
        if self._alive is None:
            return
        if (self.directory / "server").exists() and real_server():
            with contextlib.suppress(psycopg.OperationalError), Postgres.join(self) as postgres:
                postgres.drop_all()
        kept = (self.directory / "keeper.log").exists()
        self._alive.close()
        self._alive = None
        deadline = time.monotonic() + SECONDS_TO_STOP
        while kept and self.directory.exists() and time.monotonic() < deadline:
            time.sleep(0.02)
        shutil.rmtree(self.directory, ignore_errors=True)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Let one worker at a time build what all of them use."""
        with (self.directory / "lock").open("wb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def sqlite_template(self) -> Path:
        """Build the migrated file that each SQLite test starts from."""
        template = self.directory / "template.db"
        with self.alone():
            if not template.exists():
                partial = self.directory / "partial.db"
                schema.upgrade(sqlite_url(partial))
                with contextlib.closing(sqlite3.connect(partial)) as connection:
                    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                partial.rename(template)
        return template


class Postgres(AbstractContextManager["Postgres"]):
    """The server, through one connection that makes and drops databases."""

    def __init__(self, server: URL, prefix: str) -> None:
        self._server = server
        self._prefix = prefix
        self._template = f"{prefix}_template"
        self._admin = psycopg.connect(
            server.set(drivername="postgresql").render_as_string(hide_password=False), autocommit=True
        )

    @classmethod
    def join(cls, run: Run) -> "Postgres":
        """Use the run's server and its template; the first caller starts the one and builds the other."""
        known = run.directory / "server"
        failed = run.directory / "failed"
        with run.alone():
            if failed.exists():
                raise UnavailableError(failed.read_text())
            if known.exists():
                return cls(make_url(known.read_text()), run.prefix)
            try:
                server = make_url(real_server() or start_server(run))
                postgres = cls(server.set(drivername="postgresql+psycopg"), run.prefix)
            except (UnavailableError, psycopg.OperationalError) as error:
                failed.write_text(str(error))
                raise UnavailableError(str(error)) from error
            postgres.build_template()
            known.write_text(postgres.url(server.database))
            return postgres

    def __exit__(self, *_: object) -> None:
        self._admin.close()

    def url(self, database: str | None) -> str:
        """Give the address of a database in the form that `DATABASE_URL` takes."""
        return self._server.set(database=database).render_as_string(hide_password=False)

    def build_template(self) -> None:
        """Migrate a database once, then close it to everybody but `CREATE DATABASE`."""
        self._execute("CREATE DATABASE {}", self._template)
        schema.upgrade(self.url(self._template))
        self._execute("ALTER DATABASE {} ALLOW_CONNECTIONS false", self._template)

    @contextmanager
    def database(self, *, migrated: bool = True) -> Iterator[str]:
        """Lend a database of its own; a connection left open does not keep it alive."""
        name = f"{self._prefix}_{uuid.uuid4().hex[:12]}"
        self._execute("CREATE DATABASE {} TEMPLATE {}", name, self._template if migrated else "template0")
        try:
            yield self.url(name)
        finally:
            self._drop(name)

    def drop_all(self) -> None:
        """Drop every database of this run, the template and what a killed worker left."""
        found = self._admin.execute(
            "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", (f"{self._prefix}_",)
        )
        for (name,) in found.fetchall():
            self._drop(name)

    def _drop(self, name: str) -> None:
        self._execute("DROP DATABASE {} WITH (FORCE)", name)

    def _execute(self, statement: str, *names: str) -> None:
        self._admin.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def sqlite_url(path: Path) -> str:
    """Give the address of a SQLite file in the form that `DATABASE_URL` takes."""
    return f"sqlite:///{path}"


def real_server() -> str | None:
    """Give the PostgreSQL server that the caller of the tests named, if any."""
    return os.environ.get("CADENCE_TEST_POSTGRES_URL") or None


def start_server(run: Run) -> str:
    """Start PostgreSQL from its wheel. Its locale is C, whatever the caller's is and whether it is installed or not."""
    command = [sys.executable, str(KEEPER), str(run.directory)]
    environment = {**os.environ, "LC_ALL": "C"}
    try:
        started = subprocess.run(  # noqa: S603 - our own file, run by our own interpreter
            command, env=environment, capture_output=True, text=True, check=True, timeout=SECONDS_TO_START
        )
    except subprocess.CalledProcessError as error:
        raise UnavailableError(f"PostgreSQL did not start:\n{error.stderr}") from error
    except subprocess.TimeoutExpired as error:
        raise UnavailableError(f"PostgreSQL did not start in {SECONDS_TO_START} s") from error
    return started.stdout.strip()
