"""What somebody may read of a workspace's decisions, as a condition: the same as `rituals.policy`, for many at once."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, ColumnElement, and_, bindparam, exists, or_, select
from sqlalchemy.orm import Session

from rituals.decisions import Decision
from rituals.decisions_readers import Reader
from rituals.people import Person, Role
from storage.tables import People, Teams
from storage.values import TABLES

_DECISIONS = TABLES[Decision].c
# Under a name of its own: a query may ask for readers, too. Columns of tables, which cost less than mapped ones.
_ASKED = TABLES[Reader].alias("asked")
_OPEN_TO_ALL = and_(_DECISIONS.proposed_at.is_not(None), _DECISIONS.restricted.is_(False))


def readable(tx: Session, reader: Person, stands_in_for: Collection[UUID]) -> ColumnElement[bool]:
    """The decisions of the reader's workspace that they may read: the open ones, and those that concern them.

    `stands_in_for` are the managers who are away and whose deputy they are (F90).
    """
    here = _DECISIONS.workspace == reader.workspace
    if reader.has(Role.LEADER):
        return here
    below = _below(tx, {reader.id, *stands_in_for}) | {reader.id, *stands_in_for}
    named = exists().where(_ASKED.c.decision_id == _DECISIONS.id, _ASKED.c.person_id == reader.id)
    mine = (_DECISIONS.author_id.in_(below), _DECISIONS.owner_id.in_(below), _DECISIONS.approver_id == reader.id)
    return and_(here, or_(_OPEN_TO_ALL, *mine, named))


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
