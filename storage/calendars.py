"""Absences and company days: what keeps people from working."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import bindparam
from sqlalchemy.orm import Session

from rituals.absences import Joined
from rituals.calendar import CompanyDay, DaysOff
from rituals.people import Absence
from storage.tables import Absences
from storage.values import TABLES, add, fetch, found, remove, save, selecting

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


def absences_of(tx: Session, people: Collection[UUID], since: date) -> list[Absence]:
    """The absences of these people that end on `since` or later, earliest first."""
    mine = (Absences.person_id.in_(people), Absences.last_day >= since)
    return fetch(tx, Absence, *mine, order=[Absences.first_day, Absences.id])


def keep(tx: Session, joined: Joined) -> None:
    """Write an absence, and remove those that it took in."""
    remove(tx, *joined.gone)
    add(tx, joined.kept)


def end_absences(tx: Session, person_id: UUID, today: date, now: datetime) -> int:
    """End the absence that covers `today` the day before, and delete those to come; return how many there were.

    One that a Slack status says ends at `now`, and does not begin again while the status stays as it is (F88).
    """
    found = absences_of(tx, [person_id], today)
    shown = [each for each in found if each.until is not None and each.until > now]
    running = [each for each in found if each.until is None]
    save(tx, *(replace(each, until=now, last_day=max(each.first_day, today)) for each in shown))
    remove(tx, *(each for each in running if each.first_day >= today))
    yesterday = today - timedelta(days=1)
    save(tx, *(replace(each, last_day=yesterday) for each in running if each.first_day < today))
    return len(shown) + len(running)
