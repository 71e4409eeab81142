"""KPIs: the registry around them, what applies to them, and the values filed."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, and_, bindparam, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from rituals.kpis import Filed, Function, Kpi, Link, Objective, Reading, Share, Terms, reading
from rituals.kpis_changes import Change, State
from storage.tables import (
    Counters,
    Functions,
    KpiChanges,
    KpiLinks,
    Kpis,
    KpiShares,
    KpiTerms,
    KpiValues,
    Objectives,
)
from storage.values import TABLES, by_id, fetch, fetch_one, found, selecting

V = TypeVar("V", Terms, Filed)

LETTER = "K"
PERIODS = 12
"""How many of the last periods a reading shows (M5)."""

_ACTIVE: ColumnElement[bool] = Kpis.retired_on.is_(None)
_KPIS = TABLES[Kpi].c
_EVER_OF_TEAM = (
    selecting(Kpi)
    .where(
        _KPIS.workspace == bindparam("workspace"),
        or_(_KPIS.team_id == bindparam("team_id"), _KPIS.team_id.is_(None)),
    )
    .order_by(_KPIS.name, _KPIS.number)
)
_OF_TEAM = _EVER_OF_TEAM.where(_KPIS.retired_on.is_(None))


def of_team(tx: Session, workspace: str, team_id: UUID, *, retired: bool = False) -> Mapping[UUID, Kpi]:
    """The KPIs that a team's results can move: its own and the company's, by id, in order of name.

    Retired ones only when asked for: yesterday's results still name them.
    """
    statement = _EVER_OF_TEAM if retired else _OF_TEAM
    return by_id(found(tx, Kpi, statement, workspace=workspace, team_id=team_id))


def find(tx: Session, kpi_id: UUID, *, lock: bool = False) -> Kpi | None:
    """The KPI with this id; `lock` makes others who would change it wait."""
    if lock:
        tx.execute(select(Kpis.id).where(Kpis.id == kpi_id).with_for_update())
    return fetch_one(tx, Kpi, Kpis.id == kpi_id)


def numbered(tx: Session, workspace: str, number: int) -> Kpi | None:
    """The KPI that people call K-`number`."""
    return fetch_one(tx, Kpi, Kpis.workspace == workspace, Kpis.number == number)


def some(tx: Session, ids: Iterable[UUID]) -> Mapping[UUID, Kpi]:
    """The KPIs with these ids."""
    return by_id(fetch(tx, Kpi, Kpis.id.in_(list(ids))))


def active(tx: Session, workspace: str) -> Mapping[UUID, Kpi]:
    """Every KPI of a workspace that is not retired, in order of number."""
    return by_id(fetch(tx, Kpi, Kpis.workspace == workspace, _ACTIVE, order=[Kpis.number]))


def of_person(tx: Session, person_id: UUID) -> Mapping[UUID, Kpi]:
    """The KPIs that somebody owns or has a share in, in order of number (M19)."""
    shared = select(KpiShares.kpi_id).where(KpiShares.person_id == person_id, KpiShares.ended_on.is_(None))
    mine = or_(Kpis.owner_id == person_id, Kpis.id.in_(shared))
    return by_id(fetch(tx, Kpi, _ACTIVE, mine, order=[Kpis.number]))


def owned_by(tx: Session, person_id: UUID) -> list[Kpi]:
    """The KPIs that somebody owns, in order of number; retired ones are nobody's any more."""
    return fetch(tx, Kpi, _ACTIVE, Kpis.owner_id == person_id, order=[Kpis.number])


def readings(tx: Session, kpis: Collection[Kpi], today: date) -> Mapping[UUID, Reading]:
    """How KPIs stand today, by id, in the order given: two statements, however many there are."""
    ids = [kpi.id for kpi in kpis]
    known = _grouped(fetch(tx, Terms, KpiTerms.kpi_id.in_(ids)))
    filed = _grouped(recent(tx, ids, PERIODS))
    found = (reading(kpi, known.get(kpi.id, ()), filed.get(kpi.id, ()), today, PERIODS) for kpi in kpis)
    return {one.kpi.id: one for one in found if one is not None}


def recent(tx: Session, ids: Collection[UUID], periods: int) -> list[Filed]:
    """What stands for the newest periods that have anything, each KPI's own: the last revision of each."""
    table = TABLES[Filed]
    ranked = (
        select(
            table.c.id,
            func.row_number()
            .over(partition_by=(table.c.kpi_id, table.c.period), order_by=table.c.revision.desc())
            .label("nth"),
            func.dense_rank().over(partition_by=table.c.kpi_id, order_by=table.c.period.desc()).label("back"),
        )
        .where(table.c.kpi_id.in_(ids))
        .subquery()
    )
    wanted = and_(ranked.c.nth == 1, ranked.c.back <= periods)
    query = selecting(Filed).join(ranked, ranked.c.id == table.c.id).where(wanted).order_by(table.c.period.desc())
    return [Filed(*row) for row in tx.execute(query)]


def _grouped(found: Iterable[V]) -> Mapping[UUID, Sequence[V]]:
    by_kpi: dict[UUID, list[V]] = {}
    for one in found:
        by_kpi.setdefault(one.kpi_id, []).append(one)
    return by_kpi


def history(tx: Session, kpi_id: UUID, limit: int) -> list[Filed]:
    """The newest entries of a KPI, corrections and what they corrected, newest first."""
    query = selecting(Filed).where(KpiValues.kpi_id == kpi_id).order_by(KpiValues.at.desc(), KpiValues.id.desc())
    return [Filed(*row) for row in tx.execute(query.limit(limit))]


def standing(tx: Session, kpi_id: UUID, period: date) -> Filed | None:
    """What is filed for the period that begins on this date: its last revision."""
    query = selecting(Filed).where(KpiValues.kpi_id == kpi_id, KpiValues.period == period)
    row = tx.execute(query.order_by(KpiValues.revision.desc()).limit(1)).one_or_none()
    return None if row is None else Filed(*row)


def terms(tx: Session, kpi_id: UUID) -> list[Terms]:
    """All terms of a KPI, those that wait or were returned included, oldest first."""
    return fetch(tx, Terms, KpiTerms.kpi_id == kpi_id, order=[KpiTerms.version])


def change(tx: Session, change_id: UUID, *, lock: bool = False) -> Change | None:
    """The proposed change with this id; `lock` makes a second approver wait for the first."""
    if lock:
        tx.execute(select(KpiChanges.id).where(KpiChanges.id == change_id).with_for_update())
    return fetch_one(tx, Change, KpiChanges.id == change_id)


def open_change(tx: Session, kpi_id: UUID) -> Change | None:
    """The change of a KPI that waits for an answer."""
    return fetch_one(tx, Change, KpiChanges.kpi_id == kpi_id, KpiChanges.state == State.PROPOSED)


def changes(tx: Session, kpi_id: UUID) -> list[Change]:
    """Every change of a KPI that was ever proposed, newest first (F46)."""
    return fetch(tx, Change, KpiChanges.kpi_id == kpi_id, order=[KpiChanges.proposed_at.desc()])


def decided(tx: Session, workspace: str, first: date, until: date) -> list[Change]:
    """The changes of a workspace that were approved on the days from `first` to the one before `until`, in UTC."""
    since, before = (datetime.combine(day, time(), UTC) for day in (first, until))
    within = (KpiChanges.decided_at >= since, KpiChanges.decided_at < before, KpiChanges.state == State.APPROVED)
    return fetch(tx, Change, KpiChanges.workspace == workspace, *within, order=[KpiChanges.decided_at])


def shares(tx: Session, ids: Collection[UUID]) -> list[Share]:
    """Who has a part in these KPIs now."""
    return fetch(tx, Share, KpiShares.kpi_id.in_(ids), KpiShares.ended_on.is_(None), order=[KpiShares.id])


def shares_of(tx: Session, people: Collection[UUID]) -> list[Share]:
    """What parts in KPIs these people have now, the largest first."""
    mine = (KpiShares.person_id.in_(people), KpiShares.ended_on.is_(None))
    return fetch(tx, Share, *mine, order=[KpiShares.percent.desc(), KpiShares.id])


def share(tx: Session, kpi_id: UUID, person_id: UUID) -> Share | None:
    """A person's share of a KPI, also one that has ended."""
    return fetch_one(tx, Share, KpiShares.kpi_id == kpi_id, KpiShares.person_id == person_id)


def links(tx: Session, workspace: str) -> list[Link]:
    """Every leading and lagging pair of a workspace."""
    return fetch(tx, Link, KpiLinks.workspace == workspace, order=[KpiLinks.id])


def objectives(tx: Session, workspace: str) -> list[Objective]:
    """The objectives that are open, in the order they were set."""
    return fetch(
        tx, Objective, Objectives.workspace == workspace, Objectives.closed_on.is_(None), order=[Objectives.id]
    )


def functions(tx: Session, workspace: str) -> list[Function]:
    """The functions that are open, by name."""
    return fetch(tx, Function, Functions.workspace == workspace, Functions.closed_on.is_(None), order=[Functions.name])


def headed_by(tx: Session, workspace: str, people: Collection[UUID]) -> Mapping[UUID, Sequence[Function]]:
    """The open functions that people head, by who heads them."""
    mine = (Functions.workspace == workspace, Functions.closed_on.is_(None), Functions.head_id.in_(people))
    headed: dict[UUID, list[Function]] = {}
    for one in fetch(tx, Function, *mine, order=[Functions.name]):
        if one.head_id is not None:
            headed.setdefault(one.head_id, []).append(one)
    return headed


def functions_of(tx: Session, ids: Iterable[UUID]) -> list[Function]:
    """The functions with these ids, closed ones included."""
    return fetch(tx, Function, Functions.id.in_(list(ids)))


def objective(tx: Session, objective_id: UUID) -> Objective | None:
    """The objective with this id."""
    return fetch_one(tx, Objective, Objectives.id == objective_id)


def function(tx: Session, function_id: UUID) -> Function | None:
    """The function with this id."""
    return fetch_one(tx, Function, Functions.id == function_id)


def names(tx: Session, kind: type[Objective] | type[Function], workspace: str) -> Mapping[str, UUID]:
    """Every name that an objective or function of a workspace has, closed ones included."""
    table = TABLES[kind]
    rows = tx.execute(select(table.c.name, table.c.id).where(table.c.workspace == workspace))
    return {name: found for name, found in rows}  # noqa: C416 - `dict` takes no rows


def lock(tx: Session, workspace: str) -> None:
    """Have everybody else who changes this workspace's registry wait: caps and loops hold for two at once."""
    dialect = sqlite if tx.get_bind().dialect.name == "sqlite" else postgresql
    first = dialect.insert(Counters).values(workspace=workspace, letter=LETTER, last=0)
    tx.execute(first.on_conflict_do_nothing())
    key = (Counters.workspace == workspace, Counters.letter == LETTER)
    tx.execute(select(Counters.last).where(*key).with_for_update())
