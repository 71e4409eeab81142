"""Blockers and their numbers."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, bindparam, case, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from rituals.blockers import LIVE, Blocker, Escalation, Update
from storage.tables import Counters, People
from storage.values import TABLES, by_id, columns_of, cut, fetch, find_by, found, selecting

_BLOCKERS = TABLES[Blocker].c
_UPDATES = TABLES[Update].c
_OLDEST_FIRST = (_BLOCKERS.opened_at, _BLOCKERS.number)
_OPEN_OF = (
    selecting(Blocker)
    .where(_BLOCKERS.reporter_id.in_(bindparam("people", expanding=True)), _BLOCKERS.state.in_(LIVE))
    .order_by(*_OLDEST_FIRST)
)
_CONCERNING = (
    selecting(Blocker)
    .where(
        _BLOCKERS.reporter_id == bindparam("person_id"),
        or_(_BLOCKERS.state.in_(LIVE), _BLOCKERS.plan_id == bindparam("plan_id")),
    )
    .order_by(*_OLDEST_FIRST)
)


def open_of(tx: Session, people: Iterable[UUID]) -> list[Blocker]:
    """Live blockers that these people reported, oldest first."""
    return found(tx, Blocker, _OPEN_OF, people=list(people))


def told_by(tx: Session, people: Iterable[UUID], since: datetime) -> list[Blocker]:
    """What these people reported that is not closed, or was closed from `since` on, oldest first."""
    alive = or_(_BLOCKERS.state.in_(LIVE), _BLOCKERS.closed_at >= since)
    return fetch(tx, Blocker, _BLOCKERS.reporter_id.in_(list(people)), alive, order=[_BLOCKERS.number])


def held_by(tx: Session, person_id: UUID) -> list[Blocker]:
    """Live blockers that nobody but this person has: they own them, or reported them and nobody owns them."""
    reported = and_(_BLOCKERS.reporter_id == person_id, _BLOCKERS.owner_id.is_(None))
    mine = (_BLOCKERS.state.in_(LIVE), or_(_BLOCKERS.owner_id == person_id, reported))
    return fetch(tx, Blocker, *mine, order=_OLDEST_FIRST)


def find(tx: Session, blocker_id: UUID, *, lock: bool = False) -> Blocker | None:
    """The blocker with this id; `lock` holds its row until the transaction ends."""
    if not lock:
        return find_by(tx, Blocker, id=blocker_id)
    return locked(tx, [blocker_id]).get(blocker_id)


def some(tx: Session, blocker_ids: Collection[UUID]) -> Mapping[UUID, Blocker]:
    """These blockers, by id."""
    return by_id(fetch(tx, Blocker, _BLOCKERS.id.in_(blocker_ids)))


def locked(tx: Session, blocker_ids: Collection[UUID]) -> Mapping[UUID, Blocker]:
    """These blockers by id, their rows held in one order until the transaction ends."""
    query = selecting(Blocker).where(_BLOCKERS.id.in_(blocker_ids)).order_by(_BLOCKERS.id).with_for_update()
    return by_id(Blocker(*row) for row in tx.execute(query))


def numbered(tx: Session, workspace: str, number: int) -> Blocker | None:
    """The blocker that people call by this number."""
    return find_by(tx, Blocker, workspace=workspace, number=number)


def of_kpi(tx: Session, kpi_id: UUID, limit: int) -> list[Blocker]:
    """What stood in the way of a KPI: live ones first, then the newest."""
    live = case((_BLOCKERS.state.in_(LIVE), 0), else_=1)
    query = selecting(Blocker).where(_BLOCKERS.kpi_id == kpi_id).order_by(live, _BLOCKERS.number.desc()).limit(limit)
    return [Blocker(*row) for row in tx.execute(query)]


def beside(tx: Session, blocker: Blocker, team_id: UUID | None, limit: int) -> list[Blocker]:
    """Other live blockers of people on a team, the newest first; without a team those of the same reporter."""
    mates = select(People.id).where(People.team_id == team_id)
    theirs = _BLOCKERS.reporter_id.in_(mates) if team_id is not None else _BLOCKERS.reporter_id == blocker.reporter_id
    where = (_BLOCKERS.id != blocker.id, _BLOCKERS.workspace == blocker.workspace, _BLOCKERS.state.in_(LIVE), theirs)
    query = selecting(Blocker).where(*where).order_by(_BLOCKERS.number.desc()).limit(limit)
    return [Blocker(*row) for row in tx.execute(query)]


def merged_into(tx: Session, blocker_ids: Collection[UUID]) -> list[Blocker]:
    """What was merged into these blockers, oldest first."""
    return fetch(tx, Blocker, _BLOCKERS.merged_into_id.in_(blocker_ids), order=_OLDEST_FIRST)


def updates(tx: Session, blocker_ids: Collection[UUID]) -> Mapping[UUID, list[Update]]:
    """What was said about these blockers, by blocker, oldest first."""
    said: dict[UUID, list[Update]] = {one: [] for one in blocker_ids}
    for update in fetch(tx, Update, _UPDATES.blocker_id.in_(blocker_ids), order=[_UPDATES.at, _UPDATES.id]):
        said[update.blocker_id].append(update)
    return said


_OF_PLANS = selecting(Blocker).where(_BLOCKERS.plan_id.in_(bindparam("plans", expanding=True)))


def of_plans(tx: Session, plans: Iterable[UUID]) -> Mapping[UUID, Blocker]:
    """The blockers that these plans raised, by plan (F25)."""
    found_ones = found(tx, Blocker, _OF_PLANS, plans=list(plans))
    return {blocker.plan_id: blocker for blocker in found_ones if blocker.plan_id is not None}


def concerning(tx: Session, person_id: UUID, plan_id: UUID) -> tuple[Blocker | None, list[Blocker]]:
    """The blocker that a person's plan raised, if it did, and their other open ones, oldest first."""
    both = found(tx, Blocker, _CONCERNING, person_id=person_id, plan_id=plan_id)
    raised = next((blocker for blocker in both if blocker.plan_id == plan_id), None)
    return raised, [blocker for blocker in both if blocker.plan_id != plan_id]


def escalated(tx: Session, workspace: str, since: datetime, until: datetime) -> list[tuple[Blocker, Escalation]]:
    """What was taken up by hand since an instant and before another, in the order in which it was."""
    kept = TABLES[Escalation].c
    within = (kept.workspace == workspace, kept.at >= since, kept.at < until)
    query = select(*columns_of(Blocker), *columns_of(Escalation)).join(
        TABLES[Escalation], kept.blocker_id == _BLOCKERS.id
    )
    return [tuple(cut(row, Blocker, Escalation)) for row in tx.execute(query.where(*within).order_by(kept.at, kept.id))]


def next_number(tx: Session, workspace: str, letter: str) -> int:
    """The next number behind `letter`; two transactions never get the same one."""
    dialect = sqlite if tx.get_bind().dialect.name == "sqlite" else postgresql
    first = dialect.insert(Counters).values(workspace=workspace, letter=letter, last=1)
    statement = first.on_conflict_do_update(
        index_elements=["workspace", "letter"], set_={"last": Counters.last + 1}
    ).returning(Counters.last)
    return int(tx.execute(statement).scalar_one())
