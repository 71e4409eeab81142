"""Blockers and their numbers."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from rituals.blockers import Blocker, BlockerState
from storage.tables import Blockers, Counters
from storage.values import fetch, fetch_one


def open_of(tx: Session, people: Iterable[UUID]) -> list[Blocker]:
    """Open blockers that these people reported, oldest first."""
    return fetch(
        tx,
        Blocker,
        Blockers.reporter_id.in_(list(people)),
        Blockers.state == BlockerState.OPEN,
        order=[Blockers.opened_at, Blockers.number],
    )


def find(tx: Session, blocker_id: UUID) -> Blocker | None:
    """The blocker with this id."""
    return fetch_one(tx, Blocker, Blockers.id == blocker_id)


def of_plan(tx: Session, plan_id: UUID) -> Blocker | None:
    """The blocker that a plan raised, if it did (F25)."""
    return fetch_one(tx, Blocker, Blockers.plan_id == plan_id)


def next_number(tx: Session, workspace: str, letter: str) -> int:
    """The next number behind `letter`; two transactions never get the same one."""
    dialect = sqlite if tx.get_bind().dialect.name == "sqlite" else postgresql
    first = dialect.insert(Counters).values(workspace=workspace, letter=letter, last=1)
    statement = first.on_conflict_do_update(
        index_elements=["workspace", "letter"], set_={"last": Counters.last + 1}
    ).returning(Counters.last)
    return int(tx.execute(statement).scalar_one())
