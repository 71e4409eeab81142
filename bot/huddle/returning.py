"""Whoever is back from days away, and what happened to their blockers meanwhile."""

from collections.abc import Mapping
from datetime import date, time, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from rituals import absences, calendar
from rituals.people import Person
from storage import blockers, calendars


def returned(tx: Session, some: Mapping[UUID, Person], day: date) -> Mapping[UUID, int]:
    """Who of some people of one workspace is back on a date, with how many of their blockers moved while away."""
    workspace = next(iter(some.values())).workspace
    days_off = calendars.days_off(tx, workspace, list(some), day - absences.LOOK_BACK, day - timedelta(days=1))
    since = {}
    for person in some.values():
        absence = absences.back_from(person, day, days_off)
        begins = None if absence is None else calendar.instant(absence.first_day, time(0), person.zone)
        if begins is not None:
            since[person.id] = begins
    if not since:
        return {}
    told = blockers.told_by(tx, since, min(since.values()))
    said = blockers.updates(tx, [blocker.id for blocker in told])
    moved = dict.fromkeys(since, 0)
    for blocker in told:
        begins, who = since[blocker.reporter_id], blocker.reporter_id
        closed = blocker.closed_at is not None and blocker.closed_at >= begins
        heard = any(update.at >= begins and update.by_id != who for update in said[blocker.id])
        acked = blocker.moved_at is not None and blocker.moved_at >= begins
        moved[who] += closed or heard or acked
    return moved
