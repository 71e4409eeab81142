"""Absences and company days: what keeps people from working."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import bindparam
from sqlalchemy.orm import Session

from rituals.calendar import CompanyDay, DaysOff
from rituals.people import Absence
from storage.tables import Absences
from storage.values import TABLES, fetch, found, remove, save, selecting

_ABSENCES, _DAYS = TABLES[Absence].c, TABLES[CompanyDay].c
_COMPANY_DAYS = (
    selecting(CompanyDay)
    .where(_DAYS.workspace == bindparam("workspace"), _DAYS.day >= bindparam("first"), _DAYS.day <= bindparam("last"))
    .order_by(_DAYS.day, _DAYS.name)
)
_OVERLAPPING = (
    selecting(Absence)
    .where(_ABSENCES.first_day <= bindparam("last"), _ABSENCES.last_day >= bindparam("first"))
    .order_by(_ABSENCES.id)
)
_OF_ALL = _OVERLAPPING.where(_ABSENCES.workspace == bindparam("workspace"))
_OF_SOME = _OVERLAPPING.where(_ABSENCES.person_id.in_(bindparam("people", expanding=True)))


def company_days(tx: Session, workspace: str, first: date, last: date) -> list[CompanyDay]:
    """What the company of a workspace says about the dates from `first` to `last`, both included."""
    return found(tx, CompanyDay, _COMPANY_DAYS, workspace=workspace, first=first, last=last)


def days_off(tx: Session, workspace: str, people: Collection[UUID] | None, first: date, last: date) -> DaysOff:
    """What keeps these people of a workspace, None for all of them, from working between two dates, both included.

    Two queries, however many people.
    """
    if people is None:
        absences = found(tx, Absence, _OF_ALL, workspace=workspace, first=first, last=last)
    else:
        absences = found(tx, Absence, _OF_SOME, people=list(people), first=first, last=last)
    away: dict[UUID, list[Absence]] = {}
    for absence in absences:
        away.setdefault(absence.person_id, []).append(absence)
    return DaysOff(away, company_days(tx, workspace, first, last))


def end_absences(tx: Session, person_id: UUID, today: date) -> int:
    """End the absence that covers `today` the day before, and delete those to come; return how many there were."""
    running = fetch(tx, Absence, Absences.person_id == person_id, Absences.last_day >= today)
    remove(tx, *(absence for absence in running if absence.first_day >= today))
    yesterday = today - timedelta(days=1)
    save(tx, *(replace(absence, last_day=yesterday) for absence in running if absence.first_day < today))
    return len(running)
