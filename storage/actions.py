"""Actions, by what they came out of, by owner and by team."""

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from rituals.actions import OWED, Action
from storage import audit
from storage.tables import Actions
from storage.values import TABLES, add_new, fetch, fetch_one, to_columns

_FIRST_DUE = (Actions.due, Actions.made_at, Actions.id)


def find(tx: Session, action_id: UUID, *, lock: bool = False) -> Action | None:
    """The action with this id; `lock` makes others who would change it wait."""
    if lock:
        tx.execute(select(Actions.id).where(Actions.id == action_id).with_for_update())
    return fetch_one(tx, Action, Actions.id == action_id)


def add_once(tx: Session, action: Action) -> bool:
    """Keep a new action; one whose form was sent before is left as it is, and False."""
    if not add_new(tx, TABLES[Action], [to_columns(action)]):
        return False
    audit.record(tx, TABLES[Action], [(action.id, None, to_columns(action))])
    return True


def owned_by(tx: Session, people: Iterable[UUID]) -> list[Action]:
    """What these people owe still, the first due first."""
    return fetch(tx, Action, Actions.owner_id.in_(list(people)), Actions.state.in_(OWED), order=_FIRST_DUE)


def owed_by_team(tx: Session, team_id: UUID) -> list[Action]:
    """All that stands on a team's agenda and is owed."""
    return fetch(tx, Action, Actions.team_id == team_id, Actions.state.in_(OWED), order=_FIRST_DUE)


def of_team(tx: Session, team_id: UUID, settled_since: datetime) -> list[Action]:
    """What stands on a team's agenda: all that is owed, and what was settled since (W3)."""
    counts = or_(Actions.state.in_(OWED), Actions.settled_at >= settled_since)
    return fetch(tx, Action, Actions.team_id == team_id, counts, order=_FIRST_DUE)


def of_subjects(tx: Session, subjects: Collection[UUID]) -> list[Action]:
    """Every action that came out of these weeklies, themes, blockers, stoplights or triggers."""
    return fetch(tx, Action, Actions.subject_id.in_(subjects), order=_FIRST_DUE)


def of_kpi(tx: Session, kpi_id: UUID) -> list[Action]:
    """Every action that was to move a KPI, the newest first."""
    return fetch(tx, Action, Actions.kpi_id == kpi_id, order=[Actions.made_at.desc(), Actions.id])
