"""Blockers and their numbers."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import bindparam, or_
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from rituals.blockers import Blocker, BlockerState
from storage.tables import Counters
from storage.values import TABLES, find_by, found, selecting

_BLOCKERS = TABLES[Blocker].c
_OLDEST_FIRST = (_BLOCKERS.opened_at, _BLOCKERS.number)
_OPEN_OF = (
    selecting(Blocker)
    .where(_BLOCKERS.reporter_id.in_(bindparam("people", expanding=True)), _BLOCKERS.state == BlockerState.OPEN)
    .order_by(*_OLDEST_FIRST)
)
_CONCERNING = (
    selecting(Blocker)
    .where(
        _BLOCKERS.reporter_id == bindparam("person_id"),
        or_(_BLOCKERS.state == BlockerState.OPEN, _BLOCKERS.plan_id == bindparam("plan_id")),
    )
    .order_by(*_OLDEST_FIRST)
)


def open_of(tx: Session, people: Iterable[UUID]) -> list[Blocker]:
    """Open blockers that these people reported, oldest first."""
    return found(tx, Blocker, _OPEN_OF, people=list(people))


def find(tx: Session, blocker_id: UUID) -> Blocker | None:
    """The blocker with this id."""
    return find_by(tx, Blocker, id=blocker_id)


def of_plan(tx: Session, plan_id: UUID) -> Blocker | None:
    """The blocker that a plan raised, if it did (F25)."""
    return find_by(tx, Blocker, plan_id=plan_id)


def concerning(tx: Session, person_id: UUID, plan_id: UUID) -> tuple[Blocker | None, list[Blocker]]:
    """The blocker that a person's plan raised, if it did, and their other open ones, oldest first."""
    both = found(tx, Blocker, _CONCERNING, person_id=person_id, plan_id=plan_id)
    raised = next((blocker for blocker in both if blocker.plan_id == plan_id), None)
    return raised, [blocker for blocker in both if blocker.plan_id != plan_id]


def next_number(tx: Session, workspace: str, letter: str) -> int:
    """The next number behind `letter`; two transactions never get the same one."""
    dialect = sqlite if tx.get_bind().dialect.name == "sqlite" else postgresql
    first = dialect.insert(Counters).values(workspace=workspace, letter=letter, last=1)
    statement = first.on_conflict_do_update(
        index_elements=["workspace", "letter"], set_={"last": Counters.last + 1}
    ).returning(Counters.last)
    return int(tx.execute(statement).scalar_one())
