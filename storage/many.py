"""One statement for many rows: a parameter a row on SQLite, a parameter a column on PostgreSQL.

psycopg sends a row at a time, and reads a long list of rows for longer than the server works on it; a list a column it
sends once.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Subquery, bindparam, func, select
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session


def is_sqlite(tx: Session) -> bool:
    """Whether a transaction is on SQLite."""
    return tx.get_bind().dialect.name == "sqlite"


def given(columns: Mapping[str, Any]) -> Subquery:
    """Rows made of one list parameter a column, named and typed by `columns`, for a statement on PostgreSQL."""
    lists = (func.unnest(bindparam(name, type_=postgresql.ARRAY(kind))).label(name) for name, kind in columns.items())
    return select(*lists).subquery("given")


def by_column(rows: Sequence[Mapping[str, Any]]) -> dict[str, list[Any]]:
    """The parameters of `given`: rows that all have the same names."""
    return {name: [row[name] for row in rows] for name in rows[0]}
