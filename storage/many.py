"""One statement for many rows: a parameter a row on SQLite, one for all of them on PostgreSQL.

psycopg sends a row at a time, and looks at each value of a long list for longer than the server works on it. One
document it sends as it is.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic_core import to_json
from sqlalchemy import JSON, String, bindparam, cast, column, func
from sqlalchemy.orm import Session
from sqlalchemy.sql.selectable import NamedFromClause


def is_sqlite(tx: Session) -> bool:
    """Whether a transaction is on SQLite."""
    return tx.get_bind().dialect.name == "sqlite"


def given(columns: Mapping[str, Any]) -> NamedFromClause:
    """The rows of the parameters `rows`, named and typed by `columns`, for a statement on PostgreSQL."""
    typed = (column(name, kind) for name, kind in columns.items())
    document = cast(bindparam("rows", type_=String), JSON)
    return func.json_to_recordset(document).table_valued(*typed).render_derived("given", with_types=True)


def rows(given: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The parameters for `given`."""
    return {"rows": to_json(given).decode()}
