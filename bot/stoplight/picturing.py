"""The picture of twelve months that comes with a leader's digest: what is on it, and for whom."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from bot import reviews
from bot.files import Drawing, File
from bot.kpis.lines import distance
from bot.stoplight import loading, picture_views
from bot.stoplight.picture_views import Picture, Row
from rituals.kpis import Colour, badness, colour
from rituals.kpis_periods import Period
from rituals.people import Person, Role
from rituals.stoplight import SHOWN, standing
from rituals.stoplight_history import months_of
from storage import kpis, people, stoplight

FILE = "month.picture"


def body(leader: Person, month: Period) -> Mapping[str, str]:
    """What an outbox row says of a leader's picture."""
    return {"file": FILE, "leader": str(leader.id), "month": month.first.isoformat()}


def make(tx: Session, workspace: str, asked: Mapping[str, Any], _now: datetime) -> Drawing | None:
    """The picture that an outbox row asks for, of what is stored now; None for whoever leads no more, or owes none."""
    leader, month = people.find(tx, UUID(asked["leader"])), reviews.month_of(date.fromisoformat(asked["month"]))
    if leader is None or not leader.active or not leader.has(Role.LEADER):
        return None
    picture = Picture(month, rows(tx, workspace, month, leader))
    if not picture.rows:
        return None

    def files() -> list[File]:
        pages = picture_views.draw(picture)
        names = (f"stoplight-{month.first:%Y-%m}-{n}.png" for n in range(1, len(pages) + 1))
        return [File(name, picture_views.title(picture), page) for name, page in zip(names, pages, strict=True)]

    return Drawing(picture_views.told(picture), files)


def rows(tx: Session, workspace: str, month: Period, leader: Person) -> list[Row]:
    """A leader's KPIs of a month, worst first; five statements, however many there are."""
    owed = stoplight.reviews_in(tx, workspace, month.first, list(Colour), leader.id)
    known = kpis.some(tx, {one.kpi_id for one in owed})
    functions = {one.id: one.name for one in kpis.functions_of(tx, {kpi.function_id for kpi in known.values()})}
    recorded = stoplight.on_record(tx, known, month, SHOWN - 1 + loading.FURTHEST)
    found = []
    for kpi in known.values():
        mine = recorded[kpi.id]
        stood = standing(kpi, *mine, month)
        if stood is not None:
            stands = picture_views.stands(colour(stood), distance(stood))
            row = Row(kpi.label, kpi.name, functions[kpi.function_id], stands, months_of(kpi, *mine, month))
            found.append((badness(stood), kpi.number, row))
    return [row for *_, row in sorted(found, key=lambda one: one[:2])]
