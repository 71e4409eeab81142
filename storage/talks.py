"""When a manager and their reports last had words: talks that one of them noted, and what the manager wrote to them."""

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select, union_all
from sqlalchemy.orm import Session

from rituals.talks import Talk
from storage import audit
from storage.tables import Blockers, BlockerUpdates, PlanItems, Plans, Questions, Redirects, Talks
from storage.values import TABLES, add_new, to_columns


def note(tx: Session, talk: Talk) -> None:
    """Keep a talk; the same noted again changes nothing."""
    if add_new(tx, TABLES[Talk], [to_columns(talk)]):
        audit.record(tx, TABLES[Talk], [(talk.id, None, to_columns(talk))])


def last_words(tx: Session, manager_id: UUID, people: Collection[UUID], since: datetime) -> Mapping[UUID, datetime]:
    """When each of these people and a manager last had words, if since an instant: one statement.

    A talk, and a redirect, a question or words about a blocker that the manager wrote.
    """
    theirs = (Plans.person_id.in_(people), Plans.day >= since.date() - timedelta(days=1))
    said = union_all(
        select(Talks.person_id, Talks.at).where(
            Talks.with_id == manager_id, Talks.person_id.in_(people), Talks.at >= since
        ),
        select(Plans.person_id, Redirects.at)
        .join(PlanItems, PlanItems.id == Redirects.item_id)
        .join(Plans, Plans.id == PlanItems.plan_id)
        .where(*theirs, Redirects.by_id == manager_id, Redirects.at >= since),
        select(Plans.person_id, Questions.at)
        .join(Plans, Plans.id == Questions.plan_id)
        .where(*theirs, Questions.by_id == manager_id, Questions.at >= since),
        select(Blockers.reporter_id, BlockerUpdates.at)
        .join(Blockers, Blockers.id == BlockerUpdates.blocker_id)
        .where(Blockers.reporter_id.in_(people), BlockerUpdates.by_id == manager_id, BlockerUpdates.at >= since),
    ).subquery()
    newest = select(said.c.person_id, func.max(said.c.at)).group_by(said.c.person_id)
    return {person: at for person, at in tx.execute(newest)}  # noqa: C416 - `dict` takes no rows


def asked_since(tx: Session, people: Collection[UUID], first: date) -> Mapping[UUID, date]:
    """The first date from `first` on for which each of these people was asked for a plan, if any."""
    days = select(Plans.person_id, func.min(Plans.day)).where(Plans.person_id.in_(people), Plans.day >= first)
    return {person: day for person, day in tx.execute(days.group_by(Plans.person_id))}  # noqa: C416 - as above
