"""Values for tests: name what matters, the rest is filled in."""

import itertools
from dataclasses import replace
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from bot.ids import new_id
from rituals.actions import Action, ActionState
from rituals.actions import Source as From
from rituals.blockers import Blocker, BlockerState
from rituals.calendar import CompanyDay
from rituals.huddle import Huddle
from rituals.kpis import (
    Bands,
    Direction,
    Filed,
    Function,
    Kpi,
    Objective,
    Pace,
    Paid,
    Reading,
    Share,
    Source,
    Terms,
)
from rituals.kpis_periods import Span
from rituals.meetings import Meeting
from rituals.people import Absence, Part, Person, Role, Team
from rituals.plans import Answer, Item, Outcome, Plan, PlanState, Redirect
from rituals.team_questions import Kind, TeamQuestion
from rituals.themes import Theme, ThemeState
from rituals.triggers import Comparison, Trigger
from rituals.weekly import Weekly, first_weekly

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


OBJECTIVE = Objective(UUID("00000000-0000-7000-8000-000000000b01"), WORKSPACE, "Grow in EMEA", None)
FUNCTION = Function(UUID("00000000-0000-7000-8000-000000000f01"), WORKSPACE, "Sales", None, None)
"""Where a KPI of these factories stands; a test that stores one stores these first."""
_numbers = itertools.count(1)


def objective(name: str = "Keep what we have", **facts: Any) -> Objective:
    given: dict[str, Any] = {"id": new_id(), "workspace": WORKSPACE, "name": name, "closed_on": None}
    return Objective(**(given | facts))


def function(name: str = "Marketing", **facts: Any) -> Function:
    given: dict[str, Any] = {
        "id": new_id(),
        "workspace": WORKSPACE,
        "name": name,
        "head_id": None,
        "closed_on": None,
    }
    return Function(**(given | facts))


def kpi(name: str = "New bookings", **facts: Any) -> Kpi:
    given: dict[str, Any] = {
        "id": new_id(),
        "workspace": WORKSPACE,
        "number": next(_numbers),
        "objective_id": OBJECTIVE.id,
        "function_id": FUNCTION.id,
        "team_id": None,
        "owner_id": None,
        "name": name,
        "unit": "EUR",
        "cadence": Span.MONTH,
        "definition": "",
        "retired_on": None,
    }
    return Kpi(**(given | facts))


def terms(kpi_id: UUID, **facts: Any) -> Terms:
    given: dict[str, Any] = {
        "id": new_id(),
        "workspace": WORKSPACE,
        "kpi_id": kpi_id,
        "version": 1,
        "effective_from": date(2026, 1, 1),
        "target": Decimal(100),
        "direction": Direction.HIGHER,
        "bands": Bands.PERCENT,
        "yellow_from": Decimal(10),
        "yellow_until": Decimal(15),
        "pace": Pace.NONE,
        "goal": Span.MONTH,
        "profile": "",
    }
    return Terms(**(given | facts))


def filed(kpi_id: UUID, value: Decimal | str | None = "88", **facts: Any) -> Filed:
    given: dict[str, Any] = {
        "id": new_id(),
        "workspace": WORKSPACE,
        "kpi_id": kpi_id,
        "period": date(2026, 11, 1),
        "revision": 1,
        "value": None if value is None else Decimal(value),
        "as_of": DAY,
        "by_id": None,
        "at": NOW,
        "source": Source.FORM,
        "note": None,
    }
    return Filed(**(given | facts))


def reading(name: str = "New bookings", value: Decimal | str | None = "88", **facts: Any) -> Reading:
    """A KPI with a value against the given terms; `facts` may hold `as_of`."""
    one = kpi(name)
    as_of = facts.pop("as_of", DAY)
    return Reading(one, terms(one.id, **facts), None if value is None else filed(one.id, value, as_of=as_of))


def share(kpi_id: UUID, person_id: UUID, **facts: Any) -> Share:
    given: dict[str, Any] = {
        "id": new_id(),
        "workspace": WORKSPACE,
        "kpi_id": kpi_id,
        "person_id": person_id,
        "percent": Decimal(25),
        "paid": Paid.YES,
        "ended_on": None,
    }
    return Share(**(given | facts))


def trigger(kpi_id: UUID, owner_id: UUID, **facts: Any) -> Trigger:
    """Below 90 for two months."""
    given: dict[str, Any] = {
        "id": new_id(),
        "workspace": WORKSPACE,
        "kpi_id": kpi_id,
        "comparison": Comparison.BELOW,
        "bound": Decimal(90),
        "periods": 2,
        "action": "Freeze non-essential hiring",
        "owner_id": owner_id,
        "by_id": owner_id,
        "at": NOW,
        "since": date(2026, 1, 1),
        "ended_on": None,
    }
    return Trigger(**(given | facts))


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


def action(owner_id: UUID, text: str = "Two-day answer from Legal agreed", **facts: Any) -> Action:
    given: dict[str, Any] = {
        "id": new_id(),
        "workspace": WORKSPACE,
        "source": From.WEEKLY,
        "subject_id": new_id(),
        "team_id": None,
        "kpi_id": None,
        "text": text,
        "owner_id": owner_id,
        "helper_id": None,
        "due": date(2026, 12, 3),
        "promised": facts.get("due", date(2026, 12, 3)),
        "state": ActionState.OPEN,
        "obstacle": None,
        "by_id": owner_id,
        "made_at": NOW,
        "settled_at": None,
    }
    return Action(**(given | facts))


def theme(team_id: UUID, name: str = "Legal turnaround", **facts: Any) -> Theme:
    given: dict[str, Any] = {
        "id": new_id(),
        "workspace": WORKSPACE,
        "team_id": team_id,
        "name": name,
        "day": DAY,
        "state": ThemeState.PROPOSED,
        "decided_by_id": None,
        "decided_at": None,
    }
    given |= {"root_id": given["id"]} | facts
    return Theme(**given)


def weekly(team_id: UUID, **facts: Any) -> Weekly:
    return replace(first_weekly(new_id(), team(id=team_id), datetime(2026, 1, 1, tzinfo=UTC)), **facts)


def meeting(weekly_id: UUID, team_id: UUID, **facts: Any) -> Meeting:
    given: dict[str, Any] = {
        "id": new_id(),
        "workspace": WORKSPACE,
        "weekly_id": weekly_id,
        "team_id": team_id,
        "day": date(2026, 11, 26),
        "lead_id": None,
        "started_at": None,
        "closed_at": None,
        "closed_by_id": None,
        "minutes": None,
        "made_none": False,
        "needed_none": False,
    }
    return Meeting(**(given | facts))


def team_question(team_id: UUID, text: str = "Commit for today", **facts: Any) -> TeamQuestion:
    given: dict[str, Any] = {
        "id": new_id(),
        "workspace": WORKSPACE,
        "team_id": team_id,
        "kind": Kind.TEXT,
        "position": 1,
        "text": text,
        "required": False,
        "since": datetime(2026, 1, 1, tzinfo=UTC),
        "retired_at": None,
    }
    return TeamQuestion(**(given | facts))
