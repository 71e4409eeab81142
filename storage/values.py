"""Values in and out of tables: a column is named like the field it keeps, so one pair of functions serves all."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from functools import cache
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Table, bindparam, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from rituals.absences import ExcusingWord
from rituals.actions import Action
from rituals.blockers import Blocker, Escalation, Update
from rituals.calendar import CompanyDay
from rituals.decisions import Decision
from rituals.decisions_lanes import Guardrail
from rituals.decisions_readers import Effect, Reader
from rituals.good_week import GoodWeek
from rituals.handover import Handover
from rituals.huddle import Huddle
from rituals.kpis import Filed, Function, Kpi, Link, Objective, Share, Terms
from rituals.kpis_changes import Change
from rituals.kpis_uses import Informed
from rituals.meetings import Input, Line, Meeting, OffTrack
from rituals.owed import Owed
from rituals.partners import Pair, Promise, Wish
from rituals.people import Absence, DottedLine, Person, Team
from rituals.plans import Item, Plan, Redirect
from rituals.questions import Question
from rituals.run_sheet import Run
from rituals.stoplight import Climb, Explanation, Review
from rituals.stoplight_digest import Digest
from rituals.stoplight_greens import Named, TurnedGreen
from rituals.stoplight_words import Inquiry, Narrative, Unnamed, Win
from rituals.strategy import Mark, Strategy
from rituals.talks import Talk
from rituals.team_questions import PlanAnswer, TeamQuestion
from rituals.themes import Grouped, Theme
from rituals.triggers import Firing, Trigger
from rituals.weekly import Weekly
from storage import audit, many, tables

V = TypeVar("V")

TABLES: dict[type, Table] = {
    kind: row.metadata.tables[row.__tablename__]
    for kind, row in (
        (Absence, tables.Absences),
        (Action, tables.Actions),
        (Blocker, tables.Blockers),
        (Change, tables.KpiChanges),
        (Climb, tables.Climbs),
        (CompanyDay, tables.CompanyDays),
        (Digest, tables.Digests),
        (Decision, tables.Decisions),
        (DottedLine, tables.DottedLines),
        (Escalation, tables.Escalations),
        (Effect, tables.DecisionEffects),
        (ExcusingWord, tables.ExcusingWords),
        (Explanation, tables.Explanations),
        (Handover, tables.Handovers),
        (Filed, tables.KpiValues),
        (Firing, tables.Firings),
        (Informed, tables.InformedDecisions),
        (Inquiry, tables.Inquiries),
        (Named, tables.NamedPeople),
        (Narrative, tables.Narratives),
        (Function, tables.Functions),
        (GoodWeek, tables.GoodWeeks),
        (Guardrail, tables.Guardrails),
        (Huddle, tables.Huddles),
        (Item, tables.PlanItems),
        (Input, tables.MeetingInputs),
        (Kpi, tables.Kpis),
        (Line, tables.MeetingLines),
        (Link, tables.KpiLinks),
        (Meeting, tables.Meetings),
        (Objective, tables.Objectives),
        (OffTrack, tables.MeetingOffTrack),
        (Owed, tables.OwedAnswers),
        (Pair, tables.Pairs),
        (Person, tables.People),
        (Plan, tables.Plans),
        (PlanAnswer, tables.PlanAnswers),
        (Promise, tables.Promises),
        (Strategy, tables.Strategies),
        (Mark, tables.StrategyMarks),
        (Question, tables.Questions),
        (Reader, tables.DecisionReaders),
        (Redirect, tables.Redirects),
        (Review, tables.Reviews),
        (Run, tables.Runs),
        (Share, tables.KpiShares),
        (Talk, tables.Talks),
        (Team, tables.Teams),
        (TeamQuestion, tables.TeamQuestions),
        (Terms, tables.KpiTerms),
        (Theme, tables.Themes),
        (Grouped, tables.ThemeBlockers),
        (Weekly, tables.Weeklies),
        (Wish, tables.Wishes),
        (Trigger, tables.Triggers),
        (TurnedGreen, tables.GreenTurns),
        (Unnamed, tables.UnnamedPeople),
        (Win, tables.Wins),
        (Update, tables.BlockerUpdates),
    )
}
"""Which table keeps which value."""


UNSYNCED: dict[str, Any] = {"execution_options": {"synchronize_session": False}}
"""For bulk updates: we keep values, not mapped objects, so the session has nothing to bring up to date."""


# To write a statement costs SQLAlchemy several times what a small one costs the database, so the busy ones are written
# once and run with parameters.
_INSERT = {kind: insert(table) for kind, table in TABLES.items()}
# A parameter named like a column sets it, so the condition's has another name.
_UPDATE = {kind: update(table).where(table.c.id == bindparam("its_id")) for kind, table in TABLES.items()}


def to_columns(value: Any) -> dict[str, Any]:
    """A value's fields, by the name of their column."""
    return {name: getattr(value, name) for name in value.__slots__}


def columns_of(kind: Any) -> list[ColumnElement[Any]]:
    """The columns that make up values of `kind`."""
    return [TABLES[kind].c[field.name] for field in fields(kind)]


def selecting(kind: type[V]) -> Select[Any]:
    """A query for the columns that make up values of `kind`."""
    return select(*columns_of(kind))


_BY_IDS = {
    kind: selecting(kind).where(table.c.id.in_(bindparam("ids", expanding=True))) for kind, table in TABLES.items()
}


def found(tx: Session, kind: type[V], query: Select[Any], **parameters: Any) -> list[V]:
    """Every value of `kind` that a query on its columns finds."""
    return [kind(*row) for row in tx.execute(query, parameters).all()]


@cache
def _by(kind: Any, names: tuple[str, ...]) -> Select[Any]:
    return select(*columns_of(kind)).where(*(TABLES[kind].c[name] == bindparam(name) for name in names))


def find_by(tx: Session, kind: type[V], **columns: Any) -> V | None:
    """The value of `kind` whose columns are these, which no two can share, or None."""
    rows = found(tx, kind, _by(kind, tuple(columns)), **columns)  # type: ignore[arg-type] # a class is hashable
    return rows[0] if rows else None


def cut(row: Sequence[Any], *kinds: Any) -> list[Any]:
    """The values of these kinds, side by side in one row; None for one that an outer join did not find."""
    values, start = [], 0
    for kind in kinds:
        end = start + len(kind.__slots__)
        values.append(None if row[start] is None else kind(*row[start:end]))
        start = end
    return values


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
    kind = type(values[0])
    rows = [to_columns(value) for value in values]
    tx.execute(_INSERT[kind], rows)
    if audit.underway(tx):
        audit.record(tx, TABLES[kind], [(row["id"], None, row) for row in rows])


def save(tx: Session, *values: Any, was: Iterable[Any] | None = None) -> None:
    """Write values, all of one kind, over the rows with their ids, with one statement.

    The record of changes reads what the rows say now, unless the caller has read them in this transaction: `was`.
    """
    if not values:
        return
    kind = type(values[0])
    before: Mapping[UUID, dict[str, Any]] = {}
    if audit.underway(tx):
        before = {one.id: to_columns(one) for one in (_standing(tx, values) if was is None else was)}
    rows = {value.id: to_columns(value) for value in values}
    tx.execute(_UPDATE[kind], [_without_id(row) | {"its_id": row_id} for row_id, row in rows.items()])
    if audit.underway(tx):
        audit.record(tx, TABLES[kind], [(row_id, before.get(row_id), row) for row_id, row in rows.items()])


def remove(tx: Session, *values: Any) -> None:
    """Delete the rows of values, all of one kind."""
    if not values:
        return
    table = TABLES[type(values[0])]
    tx.execute(delete(table).where(table.c.id.in_([value.id for value in values])))
    if audit.underway(tx):
        audit.record(tx, table, [(value.id, to_columns(value), None) for value in values])


def _standing(tx: Session, values: Sequence[Any]) -> Sequence[Any]:
    """What the rows of these values say now."""
    kind = type(values[0])
    return found(tx, kind, _BY_IDS[kind], ids=[value.id for value in values])


def _without_id(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: fact for name, fact in row.items() if name != "id"}


def add_new(tx: Session, table: Table, rows: list[dict[str, Any]]) -> set[UUID]:
    """Insert those rows whose unique key is not taken yet, with one statement; return the ids that went in.

    ON CONFLICT, so that a row whose key is taken does not undo the others.
    """
    if not rows:
        return set()
    if many.is_sqlite(tx):
        return set(tx.execute(_new(table), rows).scalars())
    return set(tx.execute(_new_in_columns(table, tuple(rows[0])), many.rows(rows)).scalars())


@cache
def _new(table: Table) -> Any:
    return sqlite.insert(table).on_conflict_do_nothing().returning(table.c.id)


@cache
def _new_in_columns(table: Table, names: tuple[str, ...]) -> Any:
    given = many.given({name: table.c[name].type for name in names})
    statement = postgresql.insert(table).from_select(names, select(given))
    return statement.on_conflict_do_nothing().returning(table.c.id)


def by_id(values: Iterable[V]) -> Mapping[UUID, V]:
    """Values by their id."""
    return {value.id: value for value in values}  # type: ignore[attr-defined]
