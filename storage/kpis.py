"""KPIs."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import bindparam, or_
from sqlalchemy.orm import Session

from rituals.kpis import Kpi
from storage.values import TABLES, by_id, found, selecting

_KPIS = TABLES[Kpi].c
_OF_TEAM = (
    selecting(Kpi)
    .where(
        _KPIS.workspace == bindparam("workspace"),
        or_(_KPIS.team_id == bindparam("team_id"), _KPIS.team_id.is_(None)),
    )
    .order_by(_KPIS.name)
)


def of_team(tx: Session, workspace: str, team_id: UUID) -> Mapping[UUID, Kpi]:
    """The KPIs that a team's results can move: its own and the company's, by id, in order of name."""
    return by_id(found(tx, Kpi, _OF_TEAM, workspace=workspace, team_id=team_id))
