"""Statements that come again and again: compiled once, then handed straight to the driver.

For a small statement SQLAlchemy works several times as long as the database does. Here its compiler and its types are
asked once, when the same statement comes for the second time; from then on only the driver stands between.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from itertools import chain
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import ColumnElement, Connection, Dialect, SelectBase, UpdateBase
from sqlalchemy.engine import IteratorResult
from sqlalchemy.engine.result import SimpleResultMetaData
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

LONGEST = 20
"""A longer list in `IN (…)` makes no statement of its own: there would be as many as there are lengths."""

Process = Callable[[Any], Any] | None


class Prepared:
    """A statement of one shape: these names given, lists of these lengths, one set of parameters or many."""

    def __init__(self, compiled: SQLCompiler, parameters: Mapping[str, Any], *, many: bool) -> None:
        dialect = compiled.dialect
        expanded = compiled.construct_expanded_state(parameters, escape_names=False)
        write = {name: _impl(bind.type, dialect).bind_processor(dialect) for bind, name in compiled.bind_names.items()}
        for name, each in expanded.parameter_expansion.items():
            write |= dict.fromkeys(each, write[name])
        self._sql = expanded.statement
        self._many = many
        self._lists = {name: each for name, each in expanded.parameter_expansion.items() if name in parameters}
        given = {*parameters, *chain.from_iterable(self._lists.values())}
        # What the statement says itself: in `state = 'filed'` the word is a parameter that nobody gives.
        self._constants = {name: fact for name, fact in expanded.parameters.items() if name not in given}
        self._by_name = expanded.positiontup is None
        self._binds = [(name, write[name]) for name in expanded.positiontup or expanded.parameters]
        self._columns = _columns(compiled)
        self._names = SimpleResultMetaData([column.key or "" for column in self._columns])
        self._read: list[Process] | None = None

    def execute(self, connection: Connection, parameters: Any) -> IteratorResult[Any]:
        """Run it and give what SQLAlchemy would: no row for a statement that only writes; the errors, too."""
        return IteratorResult(self._names, iter(self._rows(connection, parameters)))

    def _rows(self, connection: Connection, parameters: Any) -> Sequence[Sequence[Any]]:
        cursor = connection.connection.cursor()
        try:
            if self._many:
                cursor.executemany(self._sql, [self._given(each) for each in parameters])
            else:
                cursor.execute(self._sql, self._given(parameters))
            if not self._columns:
                return ()
            if self._read is None:
                self._read = self._readers(connection.dialect, cursor.description)
            return [
                [fact if read is None else read(fact) for fact, read in zip(row, self._read, strict=True)]
                for row in cursor.fetchall()
            ]
        except Exception as error:
            raise _told(connection, self._sql, parameters, error) from error
        finally:
            cursor.close()

    def _given(self, parameters: Mapping[str, Any]) -> Any:
        if self._constants or self._lists:
            parameters = {**self._constants, **parameters}
            for name, each in self._lists.items():
                parameters |= zip(each, parameters[name], strict=True)
        if self._by_name:
            return {name: parameters[name] if write is None else write(parameters[name]) for name, write in self._binds}
        return [parameters[name] if write is None else write(parameters[name]) for name, write in self._binds]

    def _readers(self, dialect: Dialect, description: Sequence[Sequence[Any]]) -> list[Process]:
        return [
            _impl(column.type, dialect).result_processor(dialect, told[1])
            for column, told in zip(self._columns, description, strict=True)
        ]


class _Shapes:
    """One statement on one kind of database, in each shape that it has come in."""

    def __init__(self, statement: Any, dialect: Dialect) -> None:
        self._dialect = dialect
        self._writes = isinstance(statement, UpdateBase)
        binds = statement.compile(dialect=dialect).bind_names
        self._lists = [name for bind, name in binds.items() if bind.expanding and bind.required]
        self._prepared: dict[Any, Prepared | None] = {}

    def find(self, statement: Any, parameters: Any) -> Prepared | None:
        """The statement in the shape of these parameters; None when it must go SQLAlchemy's way."""
        many = isinstance(parameters, list)
        first = parameters[0] if many else parameters
        lengths = tuple([len(first[name]) for name in self._lists])
        if lengths and (many or max(lengths) > LONGEST):
            return None
        shape = (many, lengths, tuple(first) if self._writes else None)
        if shape not in self._prepared:
            self._prepared[shape] = self._prepare(statement, first, many=many)
        return self._prepared[shape]

    def _prepare(self, statement: Any, first: Mapping[str, Any], *, many: bool) -> Prepared | None:
        how = {"column_keys": list(first), "for_executemany": many} if self._writes else {}
        compiled = statement.compile(dialect=self._dialect, **how)
        filled_in = compiled.insert_prefetch or compiled.update_prefetch  # defaults that Python works out
        if filled_in or (many and _columns(compiled)) or compiled.literal_execute_params:
            return None
        return Prepared(compiled, first, many=many)


_KNOWN: dict[str, WeakKeyDictionary[Any, _Shapes | None]] = defaultdict(WeakKeyDictionary)


class Statements:
    """What of one connection's statements is prepared; the connections of all databases of a kind share it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._known = _KNOWN[connection.dialect.name]
        # Whoever listens to the statements hears all of them.
        self._overheard = bool(connection.engine.dispatch.before_cursor_execute)

    def find(self, statement: Any, parameters: Any) -> Prepared | None:
        """The statement, prepared; None when it comes for the first time or must go SQLAlchemy's way."""
        shapes = self._known.get(statement)
        if shapes is None:
            if statement not in self._known or not isinstance(statement, SelectBase | UpdateBase):
                self._known[statement] = None  # one that is written for a single use costs no more than this
                return None
            shapes = self._known[statement] = _Shapes(statement, self._connection.dialect)
        return None if self._overheard else shapes.find(statement, parameters)


def _columns(compiled: SQLCompiler) -> Sequence[ColumnElement[Any]]:
    statement: Any = compiled.statement
    if isinstance(statement, SelectBase):
        return list(statement.selected_columns)
    return compiled.effective_returning or ()


def _impl(kind: TypeEngine[Any], dialect: Dialect) -> TypeEngine[Any]:
    return kind.dialect_impl(dialect)


def _told(connection: Connection, sql: str, parameters: Any, error: Exception) -> BaseException:
    """What SQLAlchemy makes of an error; a connection that is lost is not used again."""
    dialect, driver = connection.dialect, connection.dialect.loaded_dbapi
    lost = isinstance(error, driver.Error) and dialect.is_disconnect(
        error, connection.connection.dbapi_connection, None
    )
    if lost:
        connection.invalidate(error)
    return DBAPIError.instance(
        sql,
        parameters,
        error,
        driver.Error,
        hide_parameters=connection.engine.hide_parameters,
        connection_invalidated=lost,
        dialect=dialect,
    )
