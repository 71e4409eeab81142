"""What several tests of storage need: a company in values, and a meeting point for threads."""

from datetime import UTC, date, datetime
from threading import Barrier
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from rituals.blockers import BlockerState
from rituals.kpis import Colour
from rituals.partners import Pair
from rituals.people import Role
from rituals.stoplight import Answered, Review
from rituals.strategy import Strategy
from storage.values import add
from tests import decisions, factories

NOW = datetime(2026, 11, 23, 7, 30, tzinfo=UTC)
MONDAY = date(2026, 11, 23)
WORKSPACE = factories.WORKSPACE
SECONDS = 10

TEAM = factories.team()
DANA = factories.person("Dana Weiss", role=Role.MANAGER, team_id=TEAM.id)
ANA = factories.person("Ana Torres", team_id=TEAM.id, manager_id=DANA.id)
TOM = factories.person("Tom Becker", team_id=TEAM.id, manager_id=DANA.id)
KPI = factories.kpi(team_id=TEAM.id)
PLAN = factories.plan(ANA.id, TEAM.id)
ITEM = factories.item(PLAN.id)
TERMS = factories.terms(KPI.id)
BLOCKER = factories.blocker(TOM.id, 999, state=BlockerState.RESOLVED)
QUESTION = factories.team_question(TEAM.id)
GUARDRAIL = decisions.guardrail()
DECISION = decisions.decision(ANA.id)
TRIGGER = factories.trigger(KPI.id, DANA.id)
REVIEW = Review(
    *(UUID(int=8), WORKSPACE, KPI.id, date(2026, 10, 1), Colour.RED, None, DANA.id),
    *(Answered.NONE, None, None, None, None),
)
NORTH = factories.team("North", workspace="T0NORTH")
WEEKLY = factories.weekly(NORTH.id)
MEETING = factories.meeting(WEEKLY.id, NORTH.id)
THEME = factories.theme(NORTH.id)
STRATEGY = Strategy(UUID(int=8), WORKSPACE, 1, "We grow.", "Renewals first", DANA.id, NOW)
PAIR = Pair(UUID(int=7), WORKSPACE, date(2026, 11, 1), TOM.id, DANA.id, None)
COMPANY = (
    *(TEAM, DANA, ANA, TOM, factories.OBJECTIVE, factories.FUNCTION, KPI, TERMS, PLAN, ITEM, BLOCKER),
    *(GUARDRAIL, DECISION, TRIGGER, REVIEW, QUESTION, NORTH, WEEKLY, MEETING, THEME, PAIR, STRATEGY),
)


def put(tx: Session, *values: Any) -> None:
    """Write values of any kinds, in this order."""
    for value in values:
        add(tx, value)


class Meeting(Barrier):
    """A place where threads wait for each other, or fail."""

    def __init__(self, parties: int = 2) -> None:
        super().__init__(parties, timeout=SECONDS)
