"""Values for tests: name what matters, the rest is filled in."""

from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from bot.ids import new_id
from rituals.blockers import Blocker, BlockerState
from rituals.calendar import CompanyDay
from rituals.huddle import Huddle
from rituals.kpis import Direction, Kpi
from rituals.people import Absence, Part, Person, Role, Team
from rituals.plans import Answer, Item, Outcome, Plan, PlanState, Redirect

WORKSPACE = "T0TEST"
NOW = datetime(2026, 11, 23, 7, 30, tzinfo=UTC)
DAY = date(2026, 11, 23)


def person(name: str = "Ana Torres", **facts: Any) -> Person:
    given: dict[str, Any] = {
        "id": new_id(),
        "workspace": WORKSPACE,
        "slack_id": f"U0{name.split(maxsplit=1)[0].upper()}",
        "name": name,
        "zone": "Europe/Berlin",
        "role": Role.REP,
        "team_id": None,
        "manager_id": None,
        "working_days": "12345",
        "active": True,
        "holidays": None,
    }
    return Person(**(given | facts))


def team(name: str = "EMEA", **facts: Any) -> Team:
    given: dict[str, Any] = {
        "id": new_id(),
        "workspace": WORKSPACE,
        "name": name,
        "manager_id": None,
        "channel": "C0EMEA",
    }
    return Team(**(given | facts))


def absence(
    person_id: UUID, first_day: date, last_day: date, reason: str = "holiday", part: Part = Part.WHOLE
) -> Absence:
    return Absence(new_id(), WORKSPACE, person_id, first_day, last_day, reason, part)


def company_day(day: date, name: str = "summer party", **facts: Any) -> CompanyDay:
    given: dict[str, Any] = {
        "id": new_id(),
        "workspace": WORKSPACE,
        "calendar": None,
        "day": day,
        "name": name,
        "working": False,
    }
    return CompanyDay(**(given | facts))


def huddle(team_id: UUID, **facts: Any) -> Huddle:
    given: dict[str, Any] = {
        "id": new_id(),
        "workspace": WORKSPACE,
        "team_id": team_id,
        "weekdays": "12345",
        "asks_at": time(8, 30),
        "reminds_at": time(8, 50),
        "closes_at": time(9, 0),
        "card_at": time(9, 0),
        "meets_at": time(9, 15),
        "posts_at": time(9, 30),
        "since": datetime(2026, 1, 1, tzinfo=UTC),
        "paused": False,
        "lead_minutes": 0,
    }
    return Huddle(**(given | facts))


def kpi(name: str = "New bookings", **facts: Any) -> Kpi:
    given: dict[str, Any] = {
        "id": new_id(),
        "workspace": WORKSPACE,
        "team_id": None,
        "name": name,
        "unit": "EUR",
        "direction": Direction.HIGHER,
        "target": Decimal(100),
        "value": Decimal(88),
    }
    return Kpi(**(given | facts))


def plan(person_id: UUID, team_id: UUID, **facts: Any) -> Plan:
    given: dict[str, Any] = {
        "id": new_id(),
        "workspace": WORKSPACE,
        "person_id": person_id,
        "team_id": team_id,
        "day": DAY,
        "state": PlanState.FILED,
        "filed_at": NOW,
        "late": False,
        "revision": 1,
        "note": None,
        "note_shared": False,
        "excuse": None,
    }
    return Plan(**(given | facts))


def item(plan_id: UUID, text: str = "Beltrán says yes or no", **facts: Any) -> Item:
    given: dict[str, Any] = {
        "id": new_id(),
        "workspace": WORKSPACE,
        "plan_id": plan_id,
        "position": 1,
        "text": text,
        "kpi_id": None,
        "guessed": False,
        "why_no_kpi": None,
        "answer": Answer.NONE,
        "kept_because": None,
        "outcome": Outcome.OPEN,
        "dropped_because": None,
        "removed_in": None,
    }
    return Item(**(given | facts))


def redirect(item_id: UUID, by_id: UUID, **facts: Any) -> Redirect:
    given: dict[str, Any] = {
        "id": new_id(),
        "workspace": WORKSPACE,
        "item_id": item_id,
        "by_id": by_id,
        "was": "Slides for Friday",
        "was_kpi_id": None,
        "instead": "Three slipped renewals called",
        "why": "Slides can wait",
        "live": False,
        "at": NOW,
        "reply": None,
    }
    return Redirect(**(given | facts))


def blocker(reporter_id: UUID, number: int = 42, **facts: Any) -> Blocker:
    given: dict[str, Any] = {
        "id": new_id(),
        "workspace": WORKSPACE,
        "number": number,
        "reporter_id": reporter_id,
        "plan_id": None,
        "text": "Legal has not returned the NDA",
        "needs": None,
        "impact": None,
        "state": BlockerState.OPEN,
        "opened_at": NOW,
        "opened_on": date(2026, 11, 19),
        "restated": 0,
    }
    return Blocker(**(given | facts))
