"""The database on threads: `write` and `read` run a plain function inside one transaction.

Nothing can be awaited and no Slack client exists inside a transaction, because a transaction is a synchronous
function. A second session cannot be opened in one.
"""

import asyncio
import contextlib
import random
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from pydantic_core import from_json, to_json
from sqlalchemy import Connection, Engine, create_engine, event, func, make_url, select
from sqlalchemy.exc import DatabaseError, DBAPIError, OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry, NullPool

from storage import audit, schema
from storage.groups import Groups
from storage.prepared import Statements
from storage.tables.base import UtcDateTime

P = ParamSpec("P")
R = TypeVar("R")

BUSY_SECONDS = 15.0
"""How long SQLite waits for another process's lock before it gives up: a form still comes after 5 s (F105)."""
POSTGRES_WRITERS = 4
TRIES = 4
"""How often a transaction is run when PostgreSQL reports a serialisation failure or a deadlock, or has been away."""
JSON: Mapping[str, Any] = {"json_serializer": lambda value: to_json(value).decode(), "json_deserializer": from_json}
"""Several times as fast as the standard library's."""
BEGIN = "begin"
"""The execution option that says how a transaction begins where the driver does not begin it."""
RETRIED_SQLSTATES = {"40001", "40P01"}


class Unreachable(Exception):  # noqa: N818 - reads as the state it names
    """The database at `url` (password hidden) does not answer; `why` is its own word."""

    def __init__(self, url: str, why: str) -> None:
        super().__init__(url, why)
        self.url = url
        self.why = why


class Behind(Exception):  # noqa: N818 - reads as the state it names
    """The schema is older than this build needs."""


class Ahead(Exception):  # noqa: N818 - reads as the state it names
    """The schema is that of a newer build."""


class Transaction(Session):
    """A session that hands statements straight to its connection: we keep values, and no mapped objects."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self._connection = connection
        self._statements = Statements(connection)

    def execute(self, statement: Any, params: Any = None, **options: Any) -> Any:
        """Run one statement."""
        ready = self._statements.find(statement, params) if params and not options else None
        if ready is None:
            return self._connection.execute(statement, params, **options)
        return ready.execute(self._connection, params)


class Database:
    """Transactions on database threads.

    SQLite: one writer thread, which commits together what waits (WAL lets others read meanwhile). PostgreSQL: several,
    a transaction each. Both: a few threads that only read. Each thread has one connection; more throughput comes from
    more processes.
    """

    def __init__(self, url: str) -> None:
        """`url` is SQLAlchemy's; a bare `postgresql://` gets the psycopg driver. Nothing is opened yet."""
        self.url = sqlalchemy_url(url)
        self.is_sqlite = self.url.startswith("sqlite")
        if self.is_sqlite:
            self._writer = Connections(_sqlite_engine(self.url, read_only=False))
            self._reader = Connections(_sqlite_engine(self.url, read_only=True))
            self._writers: Groups | ThreadPoolExecutor = Groups(self._writer.run, "db-write")
        else:
            self._writer = Connections(create_engine(self.url, poolclass=NullPool, **JSON))
            self._reader = Connections(_postgres_reader(self.url))
            self._writers = ThreadPoolExecutor(POSTGRES_WRITERS, "db-write")
        self._readers = Groups(self._reader.run, "db-read", helped=True)

    async def write(self, fn: Callable[Concatenate[Session, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run `fn(session, …)` in one transaction; commit when it returns, roll back when it raises.

        It may run again after a failure that was not its own, so it must do nothing but read and write.
        """

        def work(connection: Connection) -> R:
            tx = Transaction(connection)
            result = fn(tx, *args, **kwargs)
            audit.write(tx)
            return result

        if isinstance(self._writers, Groups):
            return cast(R, await self._writers.do(work))
        return await asyncio.get_running_loop().run_in_executor(self._writers, self._writer.run, work)

    async def read(self, fn: Callable[Concatenate[Session, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run `fn(session, …)`, which only reads: the database refuses a write.

        Each statement sees what was committed before it, on both databases.
        """

        def work(connection: Connection) -> R:
            return fn(Transaction(connection), *args, **kwargs)

        return cast(R, await self._readers.do(work))

    def check(self) -> None:
        """Raise Unreachable when the database does not answer, Behind or Ahead when its schema is not this build's."""
        with self._answering(), self._writer.engine.connect() as connection:
            current, known = schema.is_current(connection), schema.is_known(connection)
        if not known:
            raise Ahead
        if not current:
            raise Behind

    def migrate(self) -> None:
        """Bring the schema to head; raises Unreachable, or Ahead when a newer build did so already."""
        with contextlib.suppress(Behind):
            self.check()
        with self._answering():
            schema.upgrade(self.url)

    @contextlib.contextmanager
    def _answering(self) -> Any:
        try:
            if self.is_sqlite and (path := make_url(self.url).database):
                Path(path).parent.mkdir(parents=True, exist_ok=True)
            yield
        except (DatabaseError, OSError) as error:
            # A file that is no database is a bare DatabaseError; its other kinds are faults of ours.
            if isinstance(error, DatabaseError) and type(error) not in {DatabaseError, OperationalError}:
                raise
            why = str(getattr(error, "orig", error)).strip().splitlines()[0]
            raise Unreachable(_without_secrets(self.url), why) from error

    async def skew(self, machine_now: datetime) -> timedelta:
        """How far the database's clock is ahead of this machine's; none on SQLite, which has no clock of its own."""
        if self.is_sqlite:
            return timedelta(0)
        theirs = await self.read(lambda tx: tx.execute(select(func.now())).scalar_one())
        return theirs - machine_now

    async def close(self) -> None:
        """Let running transactions end, then close every connection."""
        for threads in (self._writers, self._readers):
            await asyncio.to_thread(threads.shutdown)
        self._writer.close()
        self._reader.close()


class Connections:
    """A connection of its own for each thread that asks, kept until `close`: a pool would cost at each transaction."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._mine = threading.local()
        self._all: list[Connection] = []

    @contextlib.contextmanager
    def begun(self) -> Iterator[Connection]:
        """The thread's connection in a transaction, which is committed unless the block raises."""
        connection: Connection | None = getattr(self._mine, "connection", None)
        if connection is None:
            connection = self._mine.connection = self.engine.connect()
            self._all.append(connection)
        try:
            with connection.begin():
                if (begin := connection.get_execution_options().get(BEGIN)) is not None:
                    # Said here and not by a listener: an engine that has one pays for it at every statement.
                    connection.connection.cursor().execute(begin)
                yield connection
        except BaseException:
            if not connection.invalidated:
                connection.connection.rollback()  # SQLite leaves a transaction open whose commit it refused
            raise

    def run(self, work: Callable[[Connection], R]) -> R:
        """Do work in a transaction, again where PostgreSQL asks for that or the connection was lost."""
        for attempt in range(1, TRIES + 1):
            try:
                with self.begun() as connection:
                    return work(connection)
            except DBAPIError as error:
                # A connection that is lost while a statement runs has committed nothing. At the commit, nobody knows.
                lost = error.connection_invalidated and error.statement is not None
                if attempt == TRIES or not (lost or getattr(error.orig, "sqlstate", None) in RETRIED_SQLSTATES):
                    raise
                time.sleep(random.uniform(0, 0.02 * attempt))  # noqa: S311 - jitter, not a secret
        raise AssertionError("unreachable")

    def close(self) -> None:
        """Close them, when no thread uses them any more."""
        for connection in self._all:
            connection.close()


def clock_of(tx: Session) -> datetime | None:
    """What PostgreSQL's clock shows now; None on SQLite, which has none of its own.

    Not `now()`, which is when the transaction began: it may have waited for a lock since.
    """
    if tx.get_bind().dialect.name == "sqlite":
        return None
    return tx.execute(select(func.clock_timestamp(type_=UtcDateTime))).scalar_one()


def sqlalchemy_url(url: str) -> str:
    """Name the psycopg 3 driver in a plain PostgreSQL address; other addresses stay as they are."""
    for plain in ("postgres://", "postgresql://"):
        if url.startswith(plain):
            return "postgresql+psycopg://" + url.removeprefix(plain)
    return url


def _without_secrets(url: str) -> str:
    """The address as an operator may see it: a password may stand among its parameters too."""
    return make_url(url).set(query={}).render_as_string(hide_password=True)


def _sqlite_engine(url: str, *, read_only: bool) -> Engine:
    # One connection per thread and no implicit BEGIN: the driver's own would start a deferred transaction,
    # which can fail with SQLITE_BUSY when it turns into a write.
    engine = create_engine(
        url,
        poolclass=NullPool,
        connect_args={"timeout": BUSY_SECONDS, "isolation_level": None, "check_same_thread": False},
        execution_options={} if read_only else {BEGIN: "BEGIN IMMEDIATE"},
        **JSON,
    )

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _entry: ConnectionPoolEntry) -> None:
        _write_ahead(connection)
        for pragma in ("synchronous=FULL", "foreign_keys=ON", f"query_only={int(read_only)}"):
            connection.execute(f"PRAGMA {pragma}")

    return engine


def _write_ahead(connection: sqlite3.Connection) -> None:
    # A file keeps this once it is said. SQLite does not wait for the lock that the first to say it needs.
    until = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(random.uniform(0, 0.02))  # noqa: S311 - jitter, not a secret
        else:
            return


def _postgres_reader(url: str) -> Engine:
    # Under READ COMMITTED each statement sees a snapshot of its own anyhow: a BEGIN and a COMMIT around those of a
    # reader would say nothing, and cost two trips.
    engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT", **JSON)

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _entry: ConnectionPoolEntry) -> None:
        connection.execute("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY")

    return engine
