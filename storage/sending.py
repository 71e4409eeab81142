"""The sender's side of the outbox: claim a batch, record how each message of it went.

`now` is ritual time and says what is due; `machine_now` runs leases. Only `bot.delivery` and its tests come here.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Update, and_, any_, bindparam, case, func, not_, or_, select, update
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session, aliased

from rituals.budget import Turn, Unasked
from storage import budget, many
from storage.outbox import Kind, Place, Policy, State
from storage.tables import Outbox, Recipients

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
    out = select(TARGET.id).where(OF_TARGET, TARGET.state == State.SENT).exists()
    due = (Outbox.state == State.READY, Outbox.not_before <= now, or_(Outbox.target.is_(None), out))
    return list(tx.execute(select(Outbox.workspace).where(*due).distinct()).scalars())


TARGET = aliased(Outbox)
ROOT = aliased(Outbox)
OF_TARGET = and_(TARGET.workspace == Outbox.workspace, TARGET.key == Outbox.target)
# Slack's threads have one level: what answers a reply stands under the message that the reply stands under.
OF_ROOT = and_(
    ROOT.workspace == Outbox.workspace,
    ROOT.key == TARGET.target,
    TARGET.kind == Kind.REPLY,
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
        TARGET.channel.label("target_channel"),
        func.coalesce(ROOT.ts, TARGET.ts).label("target_ts"),
        Recipients.dm,
    )
    .outerjoin(TARGET, OF_TARGET)
    .outerjoin(ROOT, OF_ROOT)
    .outerjoin(Recipients, and_(Recipients.workspace == Outbox.workspace, Recipients.slack_id == Outbox.recipient))
    .where(
        Outbox.state == State.READY,
        Outbox.workspace == bindparam("workspace"),
        Outbox.not_before <= bindparam("now"),
        or_(Outbox.target.is_(None), TARGET.state == State.SENT),
    )
    .order_by(Outbox.rank, Outbox.expires_at.is_(None), Outbox.expires_at, Outbox.not_before, Outbox.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True, of=Outbox)
)
# What goes by Slack's own address for a press is no edit to its limits.
_PACED_EDIT = and_(
    Outbox.kind == Kind.EDIT,
    or_(Outbox.response_until.is_(None), Outbox.response_until <= bindparam("machine_now")),
)
_CLAIM_EDITS = _CLAIM.where(_PACED_EDIT)
_CLAIM_OTHERS = _CLAIM.where(not_(_PACED_EDIT))
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
    tx: Session,
    workspace: str,
    now: datetime,
    machine_now: datetime,
    *,
    token: UUID,
    lease: timedelta,
    limit: int,
    edits: int | None = None,
) -> list[Envelope]:
    """Take up to `limit` ready rows for sending; what is past its expiry, or nobody can receive, is settled instead.

    With `edits`, up to so many edits come on top of `limit` others: Slack lets us edit more slowly than send, and
    nobody's message waits behind a row of edits. One that answers a press is no edit to Slack's limits.

    `now` is ritual time (what is due), `machine_now` runs the lease. An edit or a reply waits until its target is out.
    What is more than its reader's day allows stays behind, and the next message to them names it (F109).
    """
    for settle in _SETTLE:
        tx.execute(settle, {"of_workspace": workspace, "now": now})
    which = [(_CLAIM, limit)] if edits is None else [(_CLAIM_OTHERS, limit), (_CLAIM_EDITS, edits)]
    ready = {"workspace": workspace, "now": now, "machine_now": machine_now}

    def claimed() -> list[Any]:
        return [row for statement, most in which for row in tx.execute(statement, ready | {"most": most})]

    rows = claimed()
    while (unasked := _unasked(rows)) and budget.held_back(tx, workspace, unasked, now):
        rows = claimed()
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
            tx.execute(_recording_all(columns), many.rows(rows))
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
        changes |= {"not_before": result.again_at, "response_url": None, "response_until": None}
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
