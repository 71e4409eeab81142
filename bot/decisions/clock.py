"""The seven-day rule's part of the ledger (F69)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from bot.catalogue import Mrkdwn
from bot.decisions import clock_views
from bot.ids import new_id, same_id
from rituals.decisions import Decision
from rituals.decisions_clock import Due, dues
from storage import occurrences, outbox, people
from storage.occurrences import Occurrence, State
from storage.outbox import Message, Policy, Rank

CHANGED = "it was decided, or its owner was named"


def ritual_of(workspace: str) -> UUID:
    """The ledger's name for the decisions of a workspace."""
    return same_id("decisions", workspace)


def card_key(occurrence_id: UUID) -> str:
    """Outbox key of what was sent for one entry of the ledger."""
    return f"decision-clock:{occurrence_id}"


def schedule(tx: Session, decision: Decision, zone: str) -> None:
    """Write what the clock owes a decision from now on, and take back what it owes no longer."""
    wanted = {(due.day, due.slot.value): due for due in dues(decision, zone)}
    rows = occurrences.of_subject(tx, decision.workspace, ritual_of(decision.workspace), decision.id)
    known = {(row.day, row.slot): row for row in rows}
    planned = {key: row for key, row in known.items() if row.state == State.PLANNED}
    gone = {row.id: (State.CANCELLED, CHANGED) for key, row in planned.items() if key not in wanted}
    occurrences.close(tx, gone)
    for key, due in wanted.items():
        if key in known:
            occurrences.move(tx, _row(decision, due, zone, known[key].id))
    occurrences.plan(tx, [_row(decision, due, zone, new_id()) for key, due in wanted.items() if key not in known])


def reschedule(tx: Session, decision: Decision) -> None:
    """The same on the calendar of whoever owns it."""
    owner = people.find(tx, decision.owner_id)
    schedule(tx, decision, "UTC" if owner is None else owner.zone)


def _row(decision: Decision, due: Due, zone: str, row_id: UUID) -> Occurrence:
    return Occurrence(
        id=row_id,
        workspace=decision.workspace,
        ritual=ritual_of(decision.workspace),
        subject=decision.id,
        day=due.day,
        slot=due.slot,
        due_at=due.due_at,
        expires_at=due.expires_at,
        zone=zone,
        state=State.PLANNED,
        reason=None,
    )


def settle_cards(tx: Session, decision: Decision, words: Mrkdwn, now: datetime) -> None:
    """Every message of the clock that is out says how it was answered, and has no buttons any more."""
    body = clock_views.answered(decision, words)
    for row in occurrences.of_subject(tx, decision.workspace, ritual_of(decision.workspace), decision.id):
        if row.state == State.OPENED:
            key = card_key(row.id)
            message = Message(new_id(), decision.workspace, f"edit:{key}", Policy.RESEND, Rank.REPLY, body, now)
            outbox.edit(tx, message, key)
