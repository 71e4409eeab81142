"""What somebody may read of a workspace's decisions, as a condition: the same as `rituals.policy`, for many at once."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, ColumnElement, and_, bindparam, exists, or_, select, true
from sqlalchemy.orm import Session, aliased

from rituals.people import Person, Role
from storage.tables import DecisionReaders, Decisions, People, Teams


def readable(tx: Session, reader: Person, stands_in_for: Collection[UUID]) -> ColumnElement[bool]:
    """The decisions of the reader's workspace that they may read: the open ones, and those that concern them.

    `stands_in_for` are the managers who are away and whose deputy they are (F90).
    """
    here = Decisions.workspace == reader.workspace
    if reader.has(Role.LEADER):
        return and_(here, true())
    below = _below(tx, {reader.id, *stands_in_for}) | {reader.id}
    # Under a name of its own: a query may ask for readers, too.
    readers = aliased(DecisionReaders)
    named = exists().where(readers.decision_id == Decisions.id, readers.person_id == reader.id)
    mine = or_(Decisions.author_id.in_(below), Decisions.owner_id.in_(below), Decisions.approver_id == reader.id, named)
    open_to_all = and_(Decisions.proposed_at.is_not(None), Decisions.restricted.is_(False))
    return and_(here, or_(open_to_all, mine))


_MANAGERS: BindParameter[Any] = bindparam("managers", expanding=True)
_FIRST = select(People.id).where(People.manager_id.in_(_MANAGERS)).cte("below", recursive=True)
# UNION, not UNION ALL: a loop in the data ends.
_LINE = _FIRST.union(select(People.id).where(People.manager_id == _FIRST.c.id))
_BELOW = select(_LINE.c.id)
_OF_TEAM = (
    select(People.id)
    .join(Teams, Teams.id == People.team_id)
    .where(People.manager_id.is_(None), Teams.manager_id.in_(_MANAGERS), Teams.manager_id != People.id)
)


def _below(tx: Session, managers: Collection[UUID]) -> set[UUID]:
    """Everybody who answers to one of these, over however many others, and who has only their team's manager."""
    below = set(tx.execute(_BELOW, {"managers": list(managers)}).scalars())
    return below | set(tx.execute(_OF_TEAM, {"managers": [*managers, *below]}).scalars())
