"""Absences and company days: what keeps people from working."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from rituals.calendar import CompanyDay, DaysOff
from rituals.people import Absence
from storage.tables import Absences, CompanyDays
from storage.values import fetch, remove, save


def company_days(tx: Session, workspace: str, first: date, last: date) -> list[CompanyDay]:
    """What the company of a workspace says about the dates from `first` to `last`, both included."""
    return fetch(
        tx,
        CompanyDay,
        CompanyDays.workspace == workspace,
        CompanyDays.day >= first,
        CompanyDays.day <= last,
        order=[CompanyDays.day, CompanyDays.name],
    )


def days_off(tx: Session, workspace: str, people: Collection[UUID] | None, first: date, last: date) -> DaysOff:
    """What keeps these people of a workspace, None for all of them, from working between two dates, both included.

    Two queries, however many people.
    """
    found: dict[UUID, list[Absence]] = {}
    whose = Absences.workspace == workspace if people is None else Absences.person_id.in_(people)
    overlapping = (Absences.first_day <= last, Absences.last_day >= first)
    for absence in fetch(tx, Absence, whose, *overlapping, order=[Absences.id]):
        found.setdefault(absence.person_id, []).append(absence)
    return DaysOff(found, company_days(tx, workspace, first, last))


def end_absences(tx: Session, person_id: UUID, today: date) -> int:
    """End the absence that covers `today` the day before, and delete those to come; return how many there were."""
    running = fetch(tx, Absence, Absences.person_id == person_id, Absences.last_day >= today)
    remove(tx, *(absence for absence in running if absence.first_day >= today))
    yesterday = today - timedelta(days=1)
    save(tx, *(replace(absence, last_day=yesterday) for absence in running if absence.first_day < today))
    return len(running)
