"""What a submission of ours does to the database, recorded, and done again for others on the bare driver."""

import json
import re
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import psycopg
from psycopg.types.json import Json as PsycopgJson
from psycopg.types.json import Jsonb
from sqlalchemy import event, make_url

from bot.ids import new_id
from storage.database import Database
from tests.benchmarks.company import Company, Kind, mark

FRAME = ("BEGIN", "SAVEPOINT", "RELEASE")
"""What begins and ends a transaction: the replay does that by itself."""
PERSON, TEAM, FRESH = "<person>", "<team>", "<fresh {}>"
_FRESH = re.compile(r"[0-9a-f]{8}-?[0-9a-f]{4}-?7[0-9a-f]{3}-?[89ab][0-9a-f]{3}-?[0-9a-f]{12}")
_OURS = re.compile(r"7000-?8000")
_PLACES = re.compile(r"(<person>|<team>|<fresh \d+>)")

Parameters = Sequence[Any] | Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement with its parameters; `many` says that there are several sets of them."""

    sql: str
    parameters: Any
    many: bool


@contextmanager
def recording(database: Database) -> Iterator[list[Statement]]:
    """Every statement of the block's transactions, in order, but for what begins and ends them.

    The database must not have been opened before.
    """
    found: list[Statement] = []

    class Cursor(sqlite3.Cursor):
        def execute(self, sql: str, parameters: Any = ()) -> Any:
            if not sql.startswith(FRAME):
                found.append(Statement(sql, parameters, many=False))
            return super().execute(sql, parameters)

        def executemany(self, sql: str, parameters: Any) -> Any:
            found.append(Statement(sql, list(parameters), many=True))
            return super().executemany(sql, found[-1].parameters)

    class Connection(sqlite3.Connection):
        def cursor(self, *_: Any) -> Any:
            return super().cursor(Cursor)

    class PsycopgCursor(psycopg.Cursor[Any]):
        def execute(self, query: Any, params: Any = None, **how: Any) -> Any:
            if params is not None:
                found.append(Statement(query, params, many=False))
            return super().execute(query, params, **how)

        def executemany(self, query: Any, params_seq: Any, **how: Any) -> None:
            found.append(Statement(query, list(params_seq), many=True))
            super().executemany(query, found[-1].parameters, **how)

    def connect(_dialect: Any, _entry: Any, _arguments: Any, options: dict[str, Any]) -> None:
        options |= {"factory": Connection} if database.is_sqlite else {"cursor_factory": PsycopgCursor}

    for engine in (database._writer.engine, database._reader.engine):
        event.listen(engine, "do_connect", connect)
    yield found


class Opening:
    """Turns what was recorded for one person into what can be done for anybody."""

    def __init__(self, company: Company, person: int) -> None:
        self._person = mark(person)
        team = mark(company.team(person))
        kinds = "|".join(f"{kind:08x}" for kind in (Kind.TEAM, Kind.MANAGER, Kind.CARD))
        self._team = re.compile(f"((?:{kinds})-?0000-?7000-?8000-?){team}")
        self._fresh: dict[str, str] = {}

    def statements(self, recorded: Sequence[Statement]) -> list[Statement]:
        """The same statements with the person, the team and new ids left open."""
        for one in recorded:
            self._parameters(one, self._learn)
        return [Statement(one.sql, self._parameters(one, self._open), one.many) for one in recorded]

    def _parameters(self, one: Statement, change: Any) -> Any:
        if one.many:
            return [_mapped(each, change) for each in one.parameters]
        return _mapped(one.parameters, change)

    def _learn(self, value: str) -> str:
        if _FRESH.fullmatch(value) and not _OURS.search(value):
            self._fresh.setdefault(value.replace("-", ""), FRESH.format(len(self._fresh)))
        return value

    def _open(self, value: str) -> str:
        opened = self._team.sub(rf"\g<1>{TEAM}", value).replace(self._person, PERSON)
        for fresh, name in self._fresh.items():
            dashed = "-".join((fresh[:8], fresh[8:12], fresh[12:16], fresh[16:20], fresh[20:]))
            opened = opened.replace(fresh, name).replace(dashed, name)
        return opened


def _mapped(parameters: Parameters, change: Callable[[str], Any]) -> Any:
    def one(value: Any) -> Any:
        if isinstance(value, PsycopgJson | Jsonb):
            value = json.dumps(value.obj)
        elif isinstance(value, UUID | date):
            value = str(value)
        return change(value) if isinstance(value, str) else value

    if isinstance(parameters, Mapping):
        return {name: one(value) for name, value in parameters.items()}
    return [one(value) for value in parameters]


class Bare:
    """The statements of a submission on the raw driver, one transaction each, on one connection."""

    def __init__(self, url: str, company: Company, statements: Sequence[Statement]) -> None:
        self._company = company
        self._fresh = [FRESH.format(n) for n in range(_fresh_ids(statements))]
        self._statements = [(one.sql, _prepared(one.parameters, many=one.many), one.many) for one in statements]
        self._connection: Any
        if url.startswith("sqlite"):
            database = make_url(url).database or ""
            self._connection = sqlite3.connect(database, timeout=15, isolation_level=None, check_same_thread=False)
            for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
                self._connection.execute(f"PRAGMA {pragma}")
            self._begin = "BEGIN IMMEDIATE"
        else:
            plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
            self._connection = psycopg.connect(plain, autocommit=True)
            self._begin = "BEGIN"

    def submit(self, number: int) -> None:
        """Do what a submission of this person's does."""
        names = {PERSON: mark(number), TEAM: mark(self._company.team(number))}
        names |= {name: new_id().hex for name in self._fresh}
        cursor = self._connection.cursor()
        cursor.execute(self._begin)
        for sql, parameters, many in self._statements:
            if many:
                cursor.executemany(sql, [_filled(each, names) for each in parameters])
            else:
                cursor.execute(sql, _filled(parameters, names))
                if cursor.description is not None:
                    cursor.fetchall()
        cursor.execute("COMMIT")


def _fresh_ids(statements: Sequence[Statement]) -> int:
    return len(set(re.findall(r"<fresh \d+>", repr([one.parameters for one in statements]))))


def _prepared(parameters: Any, *, many: bool) -> Any:
    """Texts that hold open places, cut at these; everything else as it is."""
    if many:
        return [_mapped(each, _cut) for each in parameters]
    return _mapped(parameters, _cut)


def _cut(value: str) -> Any:
    pieces = _PLACES.split(value)
    return value if len(pieces) == 1 else _Open(tuple(pieces))


@dataclass(frozen=True, slots=True)
class _Open:
    pieces: tuple[str, ...]


def _filled(parameters: Any, names: Mapping[str, str]) -> Any:
    def one(value: Any) -> Any:
        return "".join([names.get(piece, piece) for piece in value.pieces]) if type(value) is _Open else value

    if type(parameters) is dict:
        return {name: one(value) for name, value in parameters.items()}
    return [one(value) for value in parameters]
