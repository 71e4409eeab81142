"""KPIs."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import or_
from sqlalchemy.orm import Session

from rituals.kpis import Kpi
from storage.tables import Kpis
from storage.values import by_id, fetch


def of_team(tx: Session, workspace: str, team_id: UUID) -> Mapping[UUID, Kpi]:
    """The KPIs that a team's results can move: its own and the company's, by id, in order of name."""
    mine = or_(Kpis.team_id == team_id, Kpis.team_id.is_(None))
    return by_id(fetch(tx, Kpi, Kpis.workspace == workspace, mine, order=[Kpis.name]))
