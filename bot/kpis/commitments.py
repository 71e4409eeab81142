"""A target, band, direction or pace changed: proposed, answered by somebody who does not own the KPI, told (F46)."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from bot import blocks
from bot.acting import acting, actor
from bot.catalogue import Mrkdwn, plain, say
from bot.errors import Gone
from bot.fields import OnField
from bot.ids import new_id
from bot.kpis import form_views, loading, views
from bot.kpis.fields import read_terms
from bot.kpis.form_views import Meta
from bot.kpis.sentences import DecidedBefore, NoApprover
from bot.payloads import Who, as_field
from rituals.budget import Turn
from rituals.kpis import Kpi, Terms, terms_on
from rituals.kpis_changes import (
    AlreadyDecided,
    Change,
    ChangeOpen,
    NothingChanges,
    ReasonMissing,
    State,
    decide,
    effective_from,
    propose,
)
from rituals.kpis_periods import Period, period_of
from rituals.kpis_registry import Retired
from rituals.people import Person
from rituals.policy import About, Action, may, require
from rituals.refusals import Refusal
from storage import kpis, outbox, people, values
from storage.outbox import Message, Policy, Rank


def load_form(tx: Session, who: Who, kpi_id: UUID, meta: Meta, now: datetime) -> Any:
    """The form that proposes other terms; raises NotAllowed, Retired or ChangeOpen."""
    reader = actor(tx, who)
    kpi = loading.of_id(tx, who.workspace, kpi_id)
    require(Action.KPI_PROPOSE, reader, loading.about(tx, kpi))
    _free(tx, kpi)
    today = loading.today(reader, now)
    standing = standing_terms(tx, kpi, now, reader)
    applies = Period(effective_from(kpi, today), kpi.cadence).label
    return form_views.change_form(meta.model_copy(update={"period": str(kpi.id)}), kpi, standing, applies)


def _free(tx: Session, kpi: Kpi) -> None:
    if kpi.retired_on is not None:
        raise Retired(kpi)
    if kpis.open_change(tx, kpi.id) is not None:
        raise ChangeOpen(kpi)


def standing_terms(tx: Session, kpi: Kpi, now: datetime, reader: Person) -> Terms:
    """What is agreed for the next period: an approved change counts, though it does not apply yet. Raises Gone."""
    coming = effective_from(kpi, loading.today(reader, now))
    found = terms_on(kpis.terms(tx, kpi.id), coming)
    if found is None:
        raise Gone
    return found


def submit(tx: Session, who: Who, meta: Meta, fields: Any, now: datetime) -> Mrkdwn:
    """Keep a proposal and ask its approver; the same form again changes nothing.

    Raises OnField, NotAllowed, ChangeOpen, Retired or NoApprover.
    """
    by = acting(tx, who, now)
    if meta.period is None:
        raise Gone
    kpi = loading.of_id(tx, who.workspace, UUID(meta.period), lock=True)
    thing = loading.about(tx, kpi)
    require(Action.KPI_PROPOSE, by, thing)
    if kpis.change(tx, meta.id) is not None:
        return _waits(kpi, None)
    _free(tx, kpi)
    before = standing_terms(tx, kpi, now, by)
    reason = str(as_field(fields, "reason") or "")
    version = kpis.terms(tx, kpi.id)[-1].version + 1
    wanted = read_terms(fields, kpi, version)
    try:
        after = propose(kpi, before, wanted, reason)
    except (NothingChanges, ReasonMissing) as refusal:
        raise OnField("reason" if isinstance(refusal, ReasonMissing) else "target", refusal) from refusal
    approver = _approver(tx, thing, by)
    change = Change(
        id=meta.id,
        workspace=kpi.workspace,
        kpi_id=kpi.id,
        before_id=before.id,
        after_id=after.id,
        reason=reason.strip(),
        proposed_by_id=by.id,
        proposed_at=now,
        state=State.PROPOSED,
        approver_id=approver.id,
        decided_by_id=None,
        decided_at=None,
        answer=None,
    )
    values.add(tx, after)
    values.add(tx, change)
    body = asked(kpi, change, before, after, by)
    outbox.post(tx, _message(change, asked_key(change.id), body, now), approver.slack_id)
    return _waits(kpi, approver)


def _waits(kpi: Kpi, approver: Person | None) -> Mrkdwn:
    who = approver.given_name if approver is not None else plain("its approver")
    return say("Proposed. {who} has it; until then {label} stays as it is.", who=who, label=kpi.label)


def _approver(tx: Session, thing: About, by: Person) -> Person:
    """Who is asked: the nearest above the owner, else a leader or an admin; the proposer only when nobody else may.

    Raises NoApprover.
    """
    everybody = sorted(people.everybody(tx, thing.workspace).values(), key=lambda person: (person.role, person.name))
    candidates = [person for person in (*thing.above, *everybody) if may(Action.KPI_APPROVE, person, thing)]
    found = next((person for person in candidates if person.id != by.id), next(iter(candidates), None))
    if found is None:
        raise NoApprover
    return found


def asked_key(change_id: UUID) -> str:
    """Outbox key of the DM that asks for an approval."""
    return f"kpi-change:{change_id}"


def _message(change: Change, key: str, body: dict[str, Any], now: datetime) -> Message:
    return Message(new_id(), change.workspace, key, Policy.RESEND, Rank.REPLY, body, now, turn=Turn.REST)


def asked(kpi: Kpi, change: Change, before: Terms, after: Terms, by: Person) -> dict[str, Any]:
    """The approver's DM: before, after, why, and the two answers."""
    text = views.change_text(kpi, change, before, after, by.name, say("proposed"))
    body = [blocks.section(text), views.change_buttons(change.id)]
    body.append(blocks.context(say("Approved, it applies from the next period. The KPI's owner can't approve it.")))
    return blocks.message(plain("{who} proposes to change {kpi}", who=by.given_name, kpi=kpi.name), body)


def load_return(tx: Session, who: Who, change_id: UUID, response_url: str | None) -> Any:
    """The form that sends a proposal back; raises NotAllowed, Gone or DecidedBefore."""
    reader = actor(tx, who)
    change, kpi = _of_here(tx, who, change_id)
    require(Action.KPI_APPROVE, reader, loading.about(tx, kpi))
    if change.state is not State.PROPOSED:
        raise _decided(tx, change)
    return form_views.return_form(change, kpi, response_url)


def _of_here(tx: Session, who: Who, change_id: UUID, *, lock: bool = False) -> tuple[Change, Kpi]:
    change = kpis.change(tx, change_id, lock=lock)
    if change is None or change.workspace != who.workspace:
        raise Gone
    return change, loading.of_id(tx, who.workspace, change.kpi_id)


def _decided(tx: Session, change: Change) -> Refusal:
    by = None if change.decided_by_id is None else people.find(tx, change.decided_by_id)
    return DecidedBefore(change, by)


def answer(
    tx: Session, who: Who, change_id: UUID, now: datetime, *, approved: bool, words: str | None = None
) -> Mrkdwn:
    """Approve or return a proposal, once; approved terms apply from the KPI's next period. Tell whoever waits for it.

    Raises NotAllowed, Gone, ReasonMissing, or DecidedBefore for the second of two.
    """
    by = acting(tx, who, now)
    change, kpi = _of_here(tx, who, change_id, lock=True)
    require(Action.KPI_APPROVE, by, loading.about(tx, kpi))
    try:
        decided = decide(change, by.id, now, approved=approved, answer=words)
    except AlreadyDecided as refusal:
        raise _decided(tx, change) from refusal
    by_id = {terms.id: terms for terms in kpis.terms(tx, kpi.id)}
    before, after = by_id[change.before_id], by_id[change.after_id]
    if approved:
        after = replace(after, effective_from=effective_from(kpi, loading.today(by, now)))
        values.save(tx, after)
    values.save(tx, decided)
    text = _tell(tx, kpi, decided, (before, after), by, now)
    return say("{outcome}.", outcome=text)


def send_back(tx: Session, who: Who, meta: Meta, fields: Any, now: datetime) -> Mrkdwn:
    """Return a proposal with the words of the form; raises OnField, NotAllowed, Gone or DecidedBefore."""
    try:
        return answer(tx, who, meta.id, now, approved=False, words=as_field(fields, "answer"))
    except ReasonMissing as refusal:
        raise OnField("answer", refusal) from refusal


def _tell(tx: Session, kpi: Kpi, change: Change, terms: tuple[Terms, Terms], by: Person, now: datetime) -> Mrkdwn:
    """Redraw the approver's DM, and tell the proposer and the owner how it ended."""
    before, after = terms
    proposer = people.find(tx, change.proposed_by_id)
    outcome = views.outcome(change, by.name)
    if after.effective_from is not None:
        when = period_of(kpi.cadence, after.effective_from).label
        outcome = say("{outcome}, from {when}", outcome=outcome, when=when)
    name = proposer.name if proposer is not None else plain("somebody")
    text = views.change_text(kpi, change, before, after, name, outcome)
    body = blocks.message(
        plain("The change of {kpi} is {state}", kpi=kpi.name, state=change.state), [blocks.section(text)]
    )
    outbox.edit(tx, _message(change, f"edit:{asked_key(change.id)}", body, now), asked_key(change.id))
    owner = people.find(tx, kpi.owner_id) if kpi.owner_id else None
    for person in {one.id: one for one in (proposer, owner) if one is not None and one.id != by.id}.values():
        outbox.post(tx, _message(change, f"kpi-outcome:{change.id}:{person.id}", body, now), person.slack_id)
    return say("{label}: {outcome}", label=kpi.label, outcome=outcome)
