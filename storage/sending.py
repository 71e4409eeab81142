"""The sender's side of the outbox: claim, record, and find out about what was left uncertain.

`now` is ritual time and says what is due; `machine_now` runs leases. Only `bot.delivery` and its tests come here.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Update, and_, any_, bindparam, case, func, or_, select, update
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session, aliased

from rituals.budget import Turn, Unasked
from storage import budget, many
from storage.outbox import WITHDRAWN, Kind, Place, Policy, Rank, State
from storage.tables import Outbox, Recipients
from storage.values import UNSYNCED

_TABLE = Outbox.metadata.tables["outbox"]


@dataclass(frozen=True, slots=True)
class Envelope:
    """A claimed row, ready for the wire: where it goes, and `ts` of the message that it edits or replies to."""

    id: UUID
    workspace: str
    key: str
    kind: Kind
    policy: Policy
    recipient: str
    ts: str | None
    body: Mapping[str, Any]
    response_url: str | None
    attempt: int
    token: UUID
    plain: bool
    revision: int
    expires_at: datetime | None
    lease_until: datetime
    dm: str | None
    """The recipient's DM, when they were written to before: where an uncertain message can be looked for."""
    folded: Sequence[str] = ()
    """One line each of the messages that the recipient's day had no room for."""


def ready_workspaces(tx: Session, now: datetime) -> list[str]:
    """Workspaces that have something to send at `now` (ritual time)."""
    out = select(_TARGET.id).where(_OF_TARGET, _TARGET.state == State.SENT).exists()
    due = (Outbox.state == State.READY, Outbox.not_before <= now, or_(Outbox.target.is_(None), out))
    return list(tx.execute(select(Outbox.workspace).where(*due).distinct()).scalars())


_TARGET = aliased(Outbox)
_ROOT = aliased(Outbox)
_OF_TARGET = and_(_TARGET.workspace == Outbox.workspace, _TARGET.key == Outbox.target)
# Slack's threads have one level: what answers a reply stands under the message that the reply stands under.
_OF_ROOT = and_(
    _ROOT.workspace == Outbox.workspace,
    _ROOT.key == _TARGET.target,
    _TARGET.kind == Kind.REPLY,
    Outbox.kind.in_((Kind.REPLY, Kind.FILE)),
)
_CLAIM = (
    select(
        Outbox.id,
        Outbox.key,
        Outbox.kind,
        Outbox.policy,
        Outbox.recipient,
        Outbox.ts,
        Outbox.body,
        Outbox.response_url,
        Outbox.response_until,
        Outbox.attempt,
        Outbox.plain,
        Outbox.revision,
        Outbox.expires_at,
        Outbox.turn,
        _TARGET.channel.label("target_channel"),
        func.coalesce(_ROOT.ts, _TARGET.ts).label("target_ts"),
        Recipients.dm,
    )
    .outerjoin(_TARGET, _OF_TARGET)
    .outerjoin(_ROOT, _OF_ROOT)
    .outerjoin(Recipients, and_(Recipients.workspace == Outbox.workspace, Recipients.slack_id == Outbox.recipient))
    .where(
        Outbox.state == State.READY,
        Outbox.workspace == bindparam("workspace"),
        Outbox.not_before <= bindparam("now"),
        or_(Outbox.target.is_(None), _TARGET.state == State.SENT),
    )
    .order_by(Outbox.rank, Outbox.expires_at.is_(None), Outbox.expires_at, Outbox.not_before, Outbox.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True, of=Outbox)
)
_GONE = select(Recipients.slack_id).where(
    Recipients.workspace == bindparam("of_workspace"), Recipients.unreachable.is_not(None)
)
_SETTLE = tuple(
    update(_TABLE)
    .where(_TABLE.c.workspace == bindparam("of_workspace"), _TABLE.c.state.in_((State.READY, State.FOLDED)), lost)
    .values(state=state, last_error=why)
    for lost, why, state in (
        (_TABLE.c.expires_at <= bindparam("now"), "expired before it could be sent", State.EXPIRED),
        (_TABLE.c.recipient.in_(_GONE), "its recipient can't be reached", State.DEAD),
    )
)
_TAKE = update(_TABLE).values(
    state=State.SENDING,
    attempt=_TABLE.c.attempt + 1,
    lease_token=bindparam("token"),
    lease_until=bindparam("until"),
)
# Of a list of ids SQLite would read all that is planned.
_TAKE_ONE = _TAKE.where(_TABLE.c.id == bindparam("its_id"))
_TAKE_ALL = _TAKE.where(_TABLE.c.id == any_(bindparam("ids", type_=postgresql.ARRAY(_TABLE.c.id.type))))


def claim(
    tx: Session, workspace: str, now: datetime, machine_now: datetime, *, token: UUID, lease: timedelta, limit: int
) -> list[Envelope]:
    """Take up to `limit` ready rows for sending; what is past its expiry, or nobody can receive, is settled instead.

    `now` is ritual time (what is due), `machine_now` runs the lease. An edit or a reply waits until its target is out.
    What is more than its reader's day allows stays behind, and the next message to them names it (F109).
    """
    for settle in _SETTLE:
        tx.execute(settle, {"of_workspace": workspace, "now": now})
    ready = {"workspace": workspace, "now": now, "most": limit}
    rows = tx.execute(_CLAIM, ready).all()
    while (unasked := _unasked(rows)) and budget.held_back(tx, workspace, unasked, now):
        rows = tx.execute(_CLAIM, ready).all()
    folded = budget.folded(tx, workspace, list(unasked), now) if unasked else {}
    until = machine_now + lease
    lease_of = {"token": token, "until": until}
    if rows and many.is_sqlite(tx):
        tx.execute(_TAKE_ONE, [lease_of | {"its_id": row.id} for row in rows])
    elif rows:
        tx.execute(_TAKE_ALL, lease_of | {"ids": [row.id for row in rows]})
    return [
        Envelope(
            id=row.id,
            workspace=workspace,
            key=row.key,
            kind=Kind(row.kind),
            policy=Policy(row.policy),
            recipient=row.target_channel or row.recipient or "",
            ts=row.target_ts or row.ts,
            body=row.body,
            response_url=row.response_url if (row.response_until or machine_now) > machine_now else None,
            attempt=row.attempt + 1,
            token=token,
            plain=row.plain,
            revision=row.revision,
            expires_at=row.expires_at,
            lease_until=until,
            dm=row.dm,
            folded=folded.get(row.recipient, ()) if row.turn != Turn.FREE else (),
        )
        for row in rows
    ]


def _unasked(rows: Iterable[Any]) -> Mapping[str, Sequence[Unasked[str]]]:
    """Those of claimed rows that count in their reader's message budget, by reader."""
    found: dict[str, list[Unasked[str]]] = defaultdict(list)
    for row in rows:
        if row.kind == Kind.POST and row.turn != Turn.FREE:
            found[row.recipient].append(Unasked(row.key, Turn(row.turn), row.expires_at))
    return found


@dataclass(frozen=True, slots=True)
class Result:
    """What became of an envelope: `place` goes with SENT, `again_at` with READY, `look_at` with UNKNOWN."""

    envelope: Envelope
    state: State
    place: Place | None = None
    error: str | None = None
    again_at: datetime | None = None
    look_at: datetime | None = None
    counts: bool = True
    plain: bool = False
    refused: Any = None
    """Why Slack refused, for whoever must act on it."""


_OURS = (
    select(_TABLE.c.id, _TABLE.c.lease_token)
    .where(_TABLE.c.id.in_(bindparam("ids", expanding=True)))
    .order_by(_TABLE.c.id)
    .with_for_update()
)


def record(tx: Session, results: Collection[Result]) -> set[UUID]:
    """Write what became of claimed rows; return the ids that were still ours.

    A row whose lease was lost is left alone; an edit that has a newer body by now goes out again.
    """
    claimed = {result.envelope.id: result.envelope.token for result in results}
    ours = {row.id for row in tx.execute(_OURS, {"ids": list(claimed)}) if row.lease_token == claimed[row.id]}
    alike: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for result in results:
        if result.envelope.id in ours:
            changes = _changes(result)
            alike.setdefault(tuple(changes), []).append(changes)
    for columns, rows in alike.items():
        if many.is_sqlite(tx):
            tx.execute(_recording(columns), rows)
        else:
            tx.execute(_recording_all(columns), many.by_column(rows))
    return ours


def _changes(result: Result) -> dict[str, Any]:
    envelope = result.envelope
    changes: dict[str, Any] = {
        "its_id": envelope.id,
        "its_revision": envelope.revision,
        "its_state": result.state.value,
        "last_error": result.error,
        "lease_token": None,
        "lease_until": result.look_at,
        "looks": 0,
    }
    if result.place is not None:
        changes |= {"channel": result.place.channel, "ts": result.place.ts}
    if result.again_at is not None:
        # A used or refused response_url must not be tried for ever: the next try goes the long way.
        changes |= {"not_before": result.again_at, "response_url": None}
    if not result.counts:
        changes["attempt"] = envelope.attempt - 1
    if result.plain:
        changes["plain"] = True
    return changes


@cache
def _recording(columns: tuple[str, ...]) -> Update:
    return _written({name: bindparam(name) for name in columns})


@cache
def _recording_all(columns: tuple[str, ...]) -> Update:
    rows = many.given({name: _TABLE.c[name.removeprefix("its_")].type for name in columns})
    return _written({name: rows.c[name] for name in columns})


def _written(given: Mapping[str, Any]) -> Update:
    """Write these columns of a row; its state too, unless it got a newer body in between."""
    newer = _TABLE.c.revision != given["its_revision"]
    state = case((newer, State.READY.value), else_=given["its_state"])
    same = {name: fact for name, fact in given.items() if not name.startswith("its_")}
    return update(_TABLE).where(_TABLE.c.id == given["its_id"]).values(same | {"state": state})


def uploaded(tx: Session, envelope: Envelope, file_id: str) -> bool:
    """Remember what Slack calls a file that is about to be shared; False when its lease was lost.

    Before this nobody can have seen it; from here on it can be looked for.
    """
    mine = (_TABLE.c.id == envelope.id, _TABLE.c.lease_token == envelope.token)
    done = tx.execute(update(_TABLE).where(*mine).values(file_id=file_id).returning(_TABLE.c.id))
    return done.first() is not None


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
    lost = _TARGET.state.in_(GIVEN_UP)
    rows = tx.execute(
        select(Outbox.id, Outbox.kind, Outbox.rank, Outbox.body, _TARGET.id.label("target_id"), _WORTH_SENDING)
        .outerjoin(_TARGET, _OF_TARGET)
        .outerjoin(
            Recipients, and_(Recipients.workspace == _TARGET.workspace, Recipients.slack_id == _TARGET.recipient)
        )
        .where(Outbox.state == State.READY, Outbox.target.is_not(None), or_(lost, _TARGET.id.is_(None)))
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
    _TARGET.kind == Kind.POST,
    _TARGET.policy == Policy.RESEND,
    func.coalesce(_TARGET.last_error, "") != WITHDRAWN,
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
            _TARGET.channel.label("target_channel"),
            func.coalesce(_ROOT.ts, _TARGET.ts).label("target_ts"),
        )
        .outerjoin(_TARGET, _OF_TARGET)
        .outerjoin(_ROOT, _OF_ROOT)
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
