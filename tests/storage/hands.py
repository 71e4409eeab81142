"""The sender's side of the outbox as these tests use it: one workspace, one clock for what is due and for leases."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from bot.ids import new_id
from storage import aftermath, sending
from storage.outbox import Message, Place, Policy, Rank, State
from storage.sending import Envelope, Result
from tests.storage.support import NOW, WORKSPACE

LEASE = timedelta(seconds=35)
OUT = Place("D0ANA", "1764.0001")


def message(key: str = "plan:1", **facts: Any) -> Message:
    """Something to say."""
    given: dict[str, Any] = {
        "id": new_id(),
        "workspace": WORKSPACE,
        "key": key,
        "policy": Policy.RESEND,
        "rank": Rank.PROMPT,
        "body": {"text": key},
        "not_before": NOW,
        "expires_at": None,
    }
    return Message(**(given | facts))


def claim(
    tx: Session, now: datetime = NOW, limit: int = 50, token: UUID | None = None, edits: int | None = None
) -> list[Envelope]:
    """Take what is ready into a new pair of hands."""
    return sending.claim(tx, WORKSPACE, now, now, token=token or new_id(), lease=LEASE, limit=limit, edits=edits)


def sent(tx: Session, *envelopes: Envelope, place: Place = OUT) -> None:
    """Slack took them."""
    sending.record(tx, [Result(envelope, State.SENT, place) for envelope in envelopes])


def busy(tx: Session, envelope: Envelope, again_at: datetime, *, counts: bool = True) -> None:
    """Slack did not take it and says when it will."""
    sending.record(tx, [Result(envelope, State.READY, error="ratelimited", again_at=again_at, counts=counts)])


def became(tx: Session, envelope: Envelope, state: State, error: str) -> None:
    """Anything else."""
    sending.record(tx, [Result(envelope, state, error=error)])


def reap(tx: Session, now: datetime) -> int:
    """Settle what lost senders left."""
    return aftermath.reap(tx, now)


def orphans(tx: Session, now: datetime) -> int:
    """Settle what waits for a message that never went out."""
    return aftermath.orphans(tx, now)


def addressed_to(envelope: Envelope) -> str:
    """Where an envelope goes."""
    return envelope.recipient


def keys(envelopes: list[Envelope]) -> list[str]:
    """What they are about."""
    return [envelope.key for envelope in envelopes]
