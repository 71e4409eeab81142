"""Values in and out of tables: a column is named like the field it keeps, so one pair of functions serves all."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Table, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from rituals.absences import ExcusingWord
from rituals.blockers import Blocker
from rituals.calendar import CompanyDay
from rituals.handover import Handover
from rituals.huddle import Huddle
from rituals.kpis import Kpi
from rituals.people import Absence, DottedLine, Person, Team
from rituals.plans import Item, Plan, Redirect
from storage import audit, tables

V = TypeVar("V")

TABLES: dict[type, Table] = {
    kind: row.metadata.tables[row.__tablename__]
    for kind, row in (
        (Absence, tables.Absences),
        (Blocker, tables.Blockers),
        (CompanyDay, tables.CompanyDays),
        (DottedLine, tables.DottedLines),
        (ExcusingWord, tables.ExcusingWords),
        (Handover, tables.Handovers),
        (Huddle, tables.Huddles),
        (Item, tables.PlanItems),
        (Kpi, tables.Kpis),
        (Person, tables.People),
        (Plan, tables.Plans),
        (Redirect, tables.Redirects),
        (Team, tables.Teams),
    )
}
"""Which table keeps which value."""


UNSYNCED: dict[str, Any] = {"execution_options": {"synchronize_session": False}}
"""For bulk updates: we keep values, not mapped objects, so the session has nothing to bring up to date."""


def to_columns(value: Any) -> dict[str, Any]:
    """A value's fields, by the name of their column."""
    return {field.name: getattr(value, field.name) for field in fields(value)}


def selecting(kind: type[V]) -> Select[Any]:
    """A query for the columns that make up values of `kind`."""
    columns = TABLES[kind].c
    return select(*(columns[field.name] for field in fields(kind)))  # type: ignore[arg-type]


def fetch(tx: Session, kind: type[V], *where: ColumnElement[bool], order: Iterable[Any] = ()) -> list[V]:
    """Every value of `kind` for which `where` holds."""
    rows = tx.execute(selecting(kind).where(*where).order_by(*order))
    return [kind(*row) for row in rows]


def fetch_one(tx: Session, kind: type[V], *where: ColumnElement[bool]) -> V | None:
    """The one value of `kind` for which `where` holds, or None; raises MultipleResultsFound for more."""
    row = tx.execute(selecting(kind).where(*where)).one_or_none()
    return None if row is None else kind(*row)


def add(tx: Session, *values: Any) -> None:
    """Insert values, all of one kind, with one statement."""
    if not values:
        return
    table = TABLES[type(values[0])]
    rows = [to_columns(value) for value in values]
    tx.execute(insert(table), rows)
    if audit.underway(tx):
        audit.record(tx, table, [(row["id"], None, row) for row in rows])


def save(tx: Session, *values: Any) -> None:
    """Write values, all of one kind, over the rows with their ids."""
    if not values:
        return
    table = TABLES[type(values[0])]
    before = _standing(tx, values) if audit.underway(tx) else {}
    for value in values:
        columns = to_columns(value)
        tx.execute(update(table).where(table.c.id == columns.pop("id")).values(columns))
    if before:
        audit.record(tx, table, [(value.id, before.get(value.id), to_columns(value)) for value in values])


def remove(tx: Session, *values: Any) -> None:
    """Delete the rows of values, all of one kind."""
    if not values:
        return
    table = TABLES[type(values[0])]
    tx.execute(delete(table).where(table.c.id.in_([value.id for value in values])))
    if audit.underway(tx):
        audit.record(tx, table, [(value.id, to_columns(value), None) for value in values])


def _standing(tx: Session, values: Sequence[Any]) -> Mapping[UUID, dict[str, Any]]:
    """What the rows of these values say now, by id."""
    kind = type(values[0])
    ids = TABLES[kind].c.id
    return {found.id: to_columns(found) for found in fetch(tx, kind, ids.in_([value.id for value in values]))}


def add_new(tx: Session, table: Table, rows: list[dict[str, Any]]) -> set[UUID]:
    """Insert those rows whose unique key is not taken yet, with one statement; return the ids that went in.

    ON CONFLICT, not a savepoint: on SQLite a savepoint around an insert survives the outer rollback.
    """
    if not rows:
        return set()
    dialect = sqlite if tx.get_bind().dialect.name == "sqlite" else postgresql
    statement = dialect.insert(table).values(rows).on_conflict_do_nothing().returning(table.c.id)
    return set(tx.execute(statement).scalars())


def by_id(values: Iterable[V]) -> Mapping[UUID, V]:
    """Values by their id."""
    return {value.id: value for value in values}  # type: ignore[attr-defined]
