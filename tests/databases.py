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
from sqlalchemy.engine import make_url

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
        self.prefix = f"cadence_{directory.name.rpartition('-')[2]}"
        self.server = directory / "server"  # its address, once it is known
        self.failure = directory / "failure"  # why there is none, once that is known
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
        if real_server() and self.server.exists() and not self.failure.exists():
            with contextlib.suppress(psycopg.OperationalError), Postgres(self) as postgres:
                postgres.drop_all()
        kept = (self.directory / "kept").exists()
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


TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
SHAPE = """
    SELECT md5(string_agg(part, ',' ORDER BY part)) FROM (
        SELECT concat(attrelid::regclass, attname, atttypid, attnotnull) FROM pg_attribute
            JOIN pg_class ON pg_class.oid = attrelid WHERE relnamespace = 'public'::regnamespace AND attnum > 0
        UNION ALL SELECT concat(tgrelid::regclass, tgname, tgenabled) FROM pg_trigger WHERE NOT tgisinternal
        UNION ALL SELECT concat(conrelid::regclass, conname) FROM pg_constraint WHERE conrelid <> 0
        UNION ALL SELECT version_num FROM alembic_version
    ) AS shape (part)
"""


class Postgres(AbstractContextManager["Postgres"]):
    """The server, through one connection that makes and drops databases."""

    def __init__(self, run: Run) -> None:
        self._server = make_url(run.server.read_text())
        self._prefix = run.prefix
        self._template = f"{run.prefix}_template"
        self._spare: list[str] = []
        self._lent: dict[str, object] = {}
        self._admin = psycopg.connect(
            self._server.set(drivername="postgresql").render_as_string(hide_password=False), autocommit=True
        )

    @classmethod
    def join(cls, run: Run) -> "Postgres":
        """Use the run's server and its template; the first caller starts the one and builds the other."""
        with run.alone():
            if run.failure.exists():
                raise UnavailableError(run.failure.read_text())
            try:
                if not run.server.exists():
                    run.server.write_text(real_server() or start_server(run))
                postgres = cls(run)
            except (UnavailableError, psycopg.OperationalError) as error:
                run.failure.write_text(str(error))
                raise UnavailableError(str(error)) from error
            with contextlib.ExitStack() as on_failure:
                on_failure.push(postgres)
                postgres.build_template()
                on_failure.pop_all()
            return postgres

    def __exit__(self, *_: object) -> None:
        self._admin.close()

    def url(self, database: str) -> str:
        """Give the address of a database in the form that `DATABASE_URL` takes."""
        url = self._server.set(drivername="postgresql+psycopg", database=database)
        return url.render_as_string(hide_password=False)

    def build_template(self) -> None:
        """Migrate a database unless it is done, then close it to everybody but `CREATE DATABASE`."""
        built = "SELECT FROM pg_database WHERE datname = %s AND NOT datallowconn"
        if self._admin.execute(built, (self._template,)).fetchone() is None:
            self._execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", self._template)
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

    @contextmanager
    def lent(self) -> Iterator[str]:
        """The same, emptied and lent again afterwards: to make one costs several times what a small test does."""
        name = self._spare.pop() if self._spare else f"{self._prefix}_{uuid.uuid4().hex[:12]}"
        if name not in self._lent:
            self._execute("CREATE DATABASE {} TEMPLATE {}", name, self._template)
            with self._connected(name) as connection:
                self._lent[name] = shape(connection)
        try:
            yield self.url(name)
        finally:
            self._admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))
            with self._connected(name) as connection:
                as_it_was = shape(connection) == self._lent[name]
                if as_it_was:
                    empty(connection)
            if as_it_was:
                self._spare.append(name)
            else:
                self._drop(name)

    def _connected(self, name: str) -> psycopg.Connection:
        return psycopg.connect(make_url(self.url(name)).set(drivername="postgresql").render_as_string(False))

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


def shape(connection: psycopg.Connection) -> object:
    """What a test may have changed of the tables themselves."""
    return connection.execute(SHAPE).fetchone()


def empty(connection: psycopg.Connection) -> None:
    """Remove every row, and number again from the beginning."""
    # The record of changes is append-only by triggers, which a replica does not run.
    connection.execute("SET session_replication_role = replica")
    tables = [table for (table,) in connection.execute(TABLES)]
    some = (sql.SQL("SELECT {} WHERE EXISTS (SELECT FROM {})").format(table, sql.Identifier(table)) for table in tables)
    for (table,) in connection.execute(sql.SQL(" UNION ALL ").join(some)).fetchall():
        connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
    connection.execute("SELECT setval(c.oid, 1, false) FROM pg_class c WHERE relkind = 'S'")


def sqlite_url(path: Path) -> str:
    """Give the address of a SQLite file in the form that `DATABASE_URL` takes."""
    return f"sqlite:///{path}"


def real_server() -> str | None:
    """Give the PostgreSQL server that the caller of the tests named, if any."""
    return os.environ.get("CADENCE_TEST_POSTGRES_URL") or None


def start_server(run: Run) -> str:
    """Start PostgreSQL from its wheel, whatever the caller's locale is and whether it is installed or not.

    The wheel keeps its lock in the runtime or temporary directory, where another user's would stand in the way.
    """
    command = [sys.executable, str(KEEPER), str(run.directory)]
    ours = str(run.directory)
    environment = {**os.environ, "LC_ALL": "C", "TMPDIR": ours, "XDG_RUNTIME_DIR": ours}
    try:
        started = subprocess.run(  # noqa: S603 - our own file, run by our own interpreter
            command, env=environment, capture_output=True, text=True, check=True, timeout=SECONDS_TO_START
        )
    except subprocess.CalledProcessError as error:
        raise UnavailableError(f"PostgreSQL did not start:\n{error.stderr}") from error
    except subprocess.TimeoutExpired as error:
        raise UnavailableError(f"PostgreSQL did not start in {SECONDS_TO_START} s") from error
    return started.stdout.strip()
