"""Huddles that are being held."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from rituals.run_sheet import Run
from storage.tables import Runs
from storage.values import fetch, fetch_one


def find(tx: Session, run_id: UUID) -> Run | None:
    """The run with this id."""
    return fetch_one(tx, Run, Runs.id == run_id)


def on(tx: Session, team_id: UUID, day: date) -> Run | None:
    """A team's run of a date."""
    return fetch_one(tx, Run, Runs.team_id == team_id, Runs.day == day)


def ticking(tx: Session, drawn_before: datetime) -> list[Run]:
    """Runs that go on and whose clock was last shown before an instant."""
    return fetch(tx, Run, Runs.ended_at.is_(None), Runs.drawn_at <= drawn_before, order=[Runs.drawn_at])
