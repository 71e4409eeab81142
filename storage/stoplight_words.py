"""What is written around a month: narratives, questions, wins."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from rituals.stoplight_words import Inquiry, Narrative, Unnamed, Win
from storage.tables import Inquiries, Narratives, UnnamedPeople, Wins
from storage.values import fetch, find_by


def narratives(tx: Session, workspace: str, month: date) -> list[Narrative]:
    """What the heads of functions say of a month, in the order it came."""
    return fetch(tx, Narrative, Narratives.workspace == workspace, Narratives.month == month, order=[Narratives.at])


def narrative(tx: Session, function_id: UUID, month: date) -> Narrative | None:
    """What one head says of a month."""
    return find_by(tx, Narrative, function_id=function_id, month=month)


def inquiry(tx: Session, inquiry_id: UUID) -> Inquiry | None:
    """The question with this id."""
    return find_by(tx, Inquiry, id=inquiry_id)


def inquiries(tx: Session, kpis: Collection[UUID], month: date) -> list[Inquiry]:
    """What was asked about KPIs in a month's review, oldest first."""
    return fetch(tx, Inquiry, Inquiries.kpi_id.in_(kpis), Inquiries.month == month, order=[Inquiries.at])


def wins(tx: Session, workspace: str, first: date, last: date) -> list[Win]:
    """The wins of the days from `first` to `last`, oldest first."""
    return fetch(tx, Win, Wins.workspace == workspace, Wins.day >= first, Wins.day <= last, order=[Wins.at])


def unnamed(tx: Session, people: Collection[UUID]) -> set[UUID]:
    """Which of these people are not to be named where others read it."""
    return {one.person_id for one in fetch(tx, Unnamed, UnnamedPeople.person_id.in_(people))}


def unnamed_one(tx: Session, person_id: UUID) -> Unnamed | None:
    """Somebody's wish not to be named, if they said so."""
    return find_by(tx, Unnamed, person_id=person_id)
