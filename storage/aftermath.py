"""What did not simply go out: rows whose sender is gone, messages of which nobody knows, those that wait for a word.

`now` is ritual time; `machine_now` runs leases.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.orm import Session

from storage.outbox import WITHDRAWN, Kind, Place, Policy, Rank, State
from storage.sending import OF_ROOT, OF_TARGET, ROOT, TARGET
from storage.tables import Outbox, Recipients
from storage.values import UNSYNCED

_TABLE = Outbox.metadata.tables["outbox"]

AFTER_POLICY = {Policy.RESEND: State.READY, Policy.DROP: State.DEAD, Policy.HOLD: State.UNKNOWN}
"""What an uncertain message becomes when nobody can look: a prompt goes again (answers cannot fork), a reminder does
not, a digest is held until somebody decides."""


def reap(tx: Session, machine_now: datetime) -> int:
    """Take rows from senders that are gone; return how many.

    Nobody knows whether Slack took them. An edit just goes again, and so does a file that nobody began to share; a
    message to a known DM and a file that was being shared will be looked for; the rest is settled by its policy.
    """
    known = select(Recipients.dm).where(
        Recipients.workspace == Outbox.workspace, Recipients.slack_id == Outbox.recipient, Recipients.dm.is_not(None)
    )
    lost = (Outbox.state == State.SENDING, Outbox.lease_until <= machine_now)
    free: dict[str, Any] = {"lease_token": None, "last_error": "its sender was lost"}
    looked_for = free | {"state": State.UNKNOWN, "lease_until": machine_now, "looks": 0}
    steps: list[tuple[Any, dict[str, Any]]] = [
        (_HARMLESS, free | {"state": State.READY, "lease_until": None}),
        (or_(and_(Outbox.kind == Kind.POST, known.exists()), Outbox.kind == Kind.FILE), looked_for),
    ]
    steps += [
        (Outbox.policy == policy, free | {"state": state, "lease_until": None})
        for policy, state in AFTER_POLICY.items()
    ]
    settled = 0
    for which, changes in steps:
        done = tx.execute(update(Outbox).where(*lost, which).values(changes).returning(Outbox.id), **UNSYNCED)
        settled += len(done.scalars().all())
    return settled


_HARMLESS = or_(Outbox.kind == Kind.EDIT, and_(Outbox.kind == Kind.FILE, Outbox.file_id.is_(None)))


def orphans(tx: Session, now: datetime) -> int:
    """Settle edits, replies and files whose message never went out and never will; return how many.

    Where a person waits for it, as for the receipt of a plan, the message goes out after all and shows the newest: only
    one that may be sent again anyhow, to somebody who can be reached. The rest is skipped.
    """
    lost = TARGET.state.in_(GIVEN_UP)
    rows = tx.execute(
        select(Outbox.id, Outbox.kind, Outbox.rank, Outbox.body, TARGET.id.label("target_id"), _WORTH_SENDING)
        .outerjoin(TARGET, OF_TARGET)
        .outerjoin(Recipients, and_(Recipients.workspace == TARGET.workspace, Recipients.slack_id == TARGET.recipient))
        .where(Outbox.state == State.READY, Outbox.target.is_not(None), or_(lost, TARGET.id.is_(None)))
        .with_for_update(skip_locked=True, of=Outbox)
    ).all()
    for row in rows:
        why = "its message was never sent"
        if row.kind == Kind.EDIT and row.rank == Rank.REPLY and row.worth_sending:
            fresh = {"body": row.body, "state": State.READY, "not_before": now, "expires_at": None, "last_error": None}
            given_up = (_TABLE.c.id == row.target_id, _TABLE.c.state.in_(GIVEN_UP))
            tx.execute(update(_TABLE).where(*given_up).values(fresh | {"attempt": 0, "plain": False}))
            why = "its message goes out with it"
        tx.execute(update(_TABLE).where(_TABLE.c.id == row.id).values(state=State.SKIPPED, last_error=why))
    return len(rows)


GIVEN_UP = (State.DEAD, State.EXPIRED)
_WORTH_SENDING = and_(
    TARGET.kind == Kind.POST,
    TARGET.policy == Policy.RESEND,
    func.coalesce(TARGET.last_error, "") != WITHDRAWN,
    Recipients.unreachable.is_(None),
).label("worth_sending")
"""Of a message that was given up: whether it may go out again. One that was taken back has another in its place."""


@dataclass(frozen=True, slots=True)
class Uncertain:
    """A message that Slack may or may not have: look for `key` in the DM `dm`, for a file in its `thread`."""

    id: UUID
    workspace: str
    key: str
    policy: Policy
    recipient: str
    dm: str | None
    looks: int
    file_id: str | None = None
    thread: Place | None = None


def uncertain(tx: Session, machine_now: datetime, limit: int) -> list[Uncertain]:
    """Messages to look for now, locked for this transaction; each comes back after `LOOK_AGAIN` unless settled."""
    rows = tx.execute(
        select(
            Outbox.id,
            Outbox.workspace,
            Outbox.key,
            Outbox.policy,
            Outbox.recipient,
            Recipients.dm,
            Outbox.looks,
            Outbox.file_id,
            TARGET.channel.label("target_channel"),
            func.coalesce(ROOT.ts, TARGET.ts).label("target_ts"),
        )
        .outerjoin(TARGET, OF_TARGET)
        .outerjoin(ROOT, OF_ROOT)
        .outerjoin(Recipients, and_(Recipients.workspace == Outbox.workspace, Recipients.slack_id == Outbox.recipient))
        .where(Outbox.state == State.UNKNOWN, Outbox.lease_until <= machine_now)
        .order_by(Outbox.lease_until)
        .limit(limit)
        .with_for_update(skip_locked=True, of=Outbox)
    ).all()
    if rows:
        again = machine_now + LOOK_AGAIN
        tx.execute(update(_TABLE).where(_TABLE.c.id.in_([row.id for row in rows])).values(lease_until=again))
    return [
        Uncertain(
            row.id,
            row.workspace,
            row.key,
            Policy(row.policy),
            row.recipient or "",
            row.dm,
            row.looks,
            row.file_id,
            Place(row.target_channel, row.target_ts) if row.target_channel and row.target_ts else None,
        )
        for row in rows
    ]


LOOK_AGAIN = timedelta(seconds=10)
"""Between two looks: long enough for a message that was still on its way to show."""
LOOKS = 2
"""Absent that often is absent."""


def looked(tx: Session, message: Uncertain, place: Place | None) -> None:
    """Write down a look: found is sent; absent twice is ready again."""
    row = update(_TABLE).where(_TABLE.c.id == message.id, _TABLE.c.state == State.UNKNOWN)
    if place is not None:
        tx.execute(row.values(state=State.SENT, channel=place.channel, ts=place.ts, lease_until=None))
    elif message.looks + 1 < LOOKS:
        tx.execute(row.values(looks=message.looks + 1))
    else:
        tx.execute(row.values(state=State.READY, looks=0, lease_until=None, file_id=None))


def unknowable(tx: Session, message: Uncertain) -> None:
    """Nobody can look: settle by the message's policy. A held one keeps its `last_error` until somebody decides."""
    row = update(_TABLE).where(_TABLE.c.id == message.id, _TABLE.c.state == State.UNKNOWN)
    tx.execute(row.values(state=AFTER_POLICY[message.policy], lease_until=None))


def doubt(tx: Session, machine_now: datetime) -> int:
    """The database was put back from a backup: nobody knows what went out since; return how many are looked for.

    A message to a known DM is looked for before it is sent. For others there is no looking: a prompt goes again, a
    reminder does not, a digest waits for somebody's decision.
    """
    known = select(Recipients.dm).where(
        Recipients.workspace == Outbox.workspace, Recipients.slack_id == Outbox.recipient, Recipients.dm.is_not(None)
    )
    unsent = (Outbox.state.in_([State.READY, State.SENDING]), Outbox.kind != Kind.EDIT)
    free: dict[str, Any] = {"lease_token": None, "last_error": "put back from a backup"}
    looked_for = free | {"state": State.UNKNOWN, "lease_until": machine_now, "looks": 0}
    found = tx.execute(
        update(Outbox).where(*unsent, Outbox.kind == Kind.POST, known.exists()).values(looked_for).returning(Outbox.id),
        **UNSYNCED,
    )
    count = len(found.scalars().all())
    for policy, state in AFTER_POLICY.items():
        rest = (Outbox.policy == policy, *unsent)
        tx.execute(update(Outbox).where(*rest).values(free | {"state": state, "lease_until": None}), **UNSYNCED)
    return count


@dataclass(frozen=True, slots=True)
class Held:
    """A message that waits for somebody's decision; `text` is its one line."""

    id: UUID
    workspace: str
    key: str
    text: str


_HELD = select(Outbox.id, Outbox.workspace, Outbox.key, Outbox.body)


def held(tx: Session) -> list[Held]:
    """Messages of which nobody can know whether they arrived."""
    rows = tx.execute(_HELD.where(Outbox.state == State.UNKNOWN, Outbox.lease_until.is_(None)))
    return [Held(row.id, row.workspace, row.key, str(row.body.get("text", ""))) for row in rows]


def undelivered(tx: Session, workspace: str, message_id: UUID) -> Held | None:
    """A held or dead message of this workspace."""
    mine = (Outbox.id == message_id, Outbox.workspace == workspace, Outbox.state.in_([State.UNKNOWN, State.DEAD]))
    row = tx.execute(_HELD.where(*mine)).one_or_none()
    return None if row is None else Held(row.id, row.workspace, row.key, str(row.body.get("text", "")))


def revive(tx: Session, message_id: UUID, now: datetime, *, recipient: str | None = None) -> bool:
    """Send a held or dead message after all, to `recipient` when one is given; False when it is neither.

    What was skipped for its sake follows it.
    """
    changes: dict[str, Any] = {"state": State.READY, "not_before": now, "attempt": 0, "expires_at": None}
    if recipient is not None:
        changes["recipient"] = recipient
    row = (_TABLE.c.id == message_id, _TABLE.c.state.in_([State.UNKNOWN, State.DEAD]))
    found = tx.execute(update(_TABLE).where(*row).values(changes).returning(_TABLE.c.workspace, _TABLE.c.key)).first()
    if found is None:
        return False
    of_it = (_TABLE.c.workspace == found.workspace, _TABLE.c.target == found.key, _TABLE.c.state == State.SKIPPED)
    tx.execute(update(_TABLE).where(*of_it).values(state=State.READY, last_error=None))
    return True


def let_be(tx: Session, message_id: UUID) -> bool:
    """Never send a held message: somebody has it already; False when it is not held."""
    row = (_TABLE.c.id == message_id, _TABLE.c.state == State.UNKNOWN)
    done = tx.execute(update(_TABLE).where(*row).values(state=State.DEAD, last_error="let be").returning(_TABLE.c.id))
    return done.first() is not None
