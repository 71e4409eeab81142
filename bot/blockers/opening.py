"""What the forms about a blocker show, and who may open them."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from bot.blockers import cases, form_views, talking
from bot.blockers.form_views import Meta
from bot.blockers.refusals import NothingToMerge
from bot.catalogue import plain
from bot.decisions.capture_views import Origin
from bot.ids import new_id
from bot.modals import View
from bot.payloads import Who
from rituals.ladder import NobodyAbove
from rituals.policy import Action
from storage import blockers

MOST_TO_MERGE = 100


def assign(tx: Session, meta: Meta, who: Who, now: datetime, *, by: date | None = None) -> View:
    """Each holds what a command's line said already. Each raises Stranger, Gone, NotAllowed or Already."""
    one = cases.look(tx, meta.blocker, Action.BLOCKER_TRIAGE, who, now)
    owner = one.book.known.get(one.blocker.owner_id) if one.blocker.owner_id else None
    return form_views.assign_form(meta, one.blocker, owner if owner is not None and owner.active else None, by)


def resolve(tx: Session, meta: Meta, who: Who, now: datetime) -> View:
    """Whoever else is involved is named."""
    one = cases.look(tx, meta.blocker, Action.BLOCKER_SETTLE, who, now)
    others = [person for person in one.book.involved(one.blocker) if person.id != one.by.id]
    return form_views.resolve_form(meta, one.blocker, others)


def snooze(
    tx: Session, meta: Meta, who: Who, now: datetime, *, until: date | None = None, why: str | None = None
) -> View:
    """A date and a reason."""
    one = cases.look(tx, meta.blocker, Action.BLOCKER_TRIAGE, who, now)
    return form_views.snooze_form(meta, one.blocker, until, why)


def escalate(tx: Session, meta: Meta, who: Who, now: datetime) -> View:
    """What is asked of whoever is next; raises NobodyAbove, too."""
    one = cases.look(tx, meta.blocker, Action.BLOCKER_SETTLE, who, now)
    above = one.book.lines[one.blocker.id].above(one.blocker.level)
    if above is None:
        raise NobodyAbove
    return form_views.escalate_form(meta, one.blocker, above[1])


def merge(tx: Session, meta: Meta, who: Who, now: datetime) -> View:
    """The other live ones of the reporter's team, the newest first; raises NothingToMerge when there are none."""
    one = cases.look(tx, meta.blocker, Action.BLOCKER_TRIAGE, who, now)
    reporter = one.book.lines[one.blocker.id].reporter
    others = blockers.beside(tx, one.blocker, reporter.team_id, MOST_TO_MERGE)
    if not others:
        raise NothingToMerge
    return form_views.merge_form(meta, one.blocker, others)


def ask(tx: Session, meta: Meta, who: Who, now: datetime) -> View:
    """A question to the owner or the reporter."""
    one = cases.look(tx, meta.blocker, Action.BLOCKER_ASK, who, now)
    return form_views.ask_form(meta, one.blocker, talking.whom_to_ask(one))


def update(tx: Session, meta: Meta, who: Who, now: datetime, *, tell: Sequence[str] = ()) -> View:
    """What is new."""
    return form_views.update_form(meta, cases.look(tx, meta.blocker, Action.BLOCKER_SETTLE, who, now).blocker, tell)


def answer(tx: Session, meta: Meta, who: Who, now: datetime) -> View:
    """The answer to the last question."""
    one = cases.look(tx, meta.blocker, Action.BLOCKER_SETTLE, who, now)
    question = talking.last_question(one)
    return form_views.answer_form(meta, one.blocker, None if question is None else question.text)


def decision(tx: Session, blocker_id: UUID, who: Who, now: datetime) -> Origin:
    """Where a decision comes from that a blocker asks for; raises as the forms do."""
    one = cases.look(tx, blocker_id, Action.BLOCKER_SETTLE, who, now)
    blocker = one.blocker
    heading = plain("{label} {text}", label=blocker.label, text=blocker.text)
    return Origin(id=new_id(), heading=heading, source=blocker.link, blocker_id=blocker.id, kpi_id=blocker.kpi_id)
