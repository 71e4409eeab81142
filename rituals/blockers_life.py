"""What becomes of a blocker: what people and the clock do to it, from open to closed (F24, F30-F35)."""

from dataclasses import replace
from datetime import date, datetime

from rituals.actions import Action
from rituals.blockers import (
    HELD,
    LONGEST_SNOOZE,
    AlreadyAcked,
    BadSnooze,
    Blocker,
    BlockerState,
    ChangedMeanwhile,
    Closed,
    DueInThePast,
    NeedsOwner,
    SameBlocker,
    joined,
    too_often,
)
from rituals.people import Person
from rituals.writing import worded


def require_live(blocker: Blocker) -> None:
    """Only what still stops somebody can be acted on; raises Closed."""
    if not blocker.live:
        raise Closed(blocker)


def require_unchanged(blocker: Blocker, version: int) -> None:
    """One press acts on what it saw; raises Closed, or ChangedMeanwhile when somebody was faster."""
    require_live(blocker)
    if blocker.version != version:
        raise ChangedMeanwhile(blocker)


def _done(blocker: Blocker, **facts: object) -> Blocker:
    """The blocker after somebody did something: a snooze is over with it."""
    over = {"snoozed_by_id": None, "snoozed_until": None, "snooze_reason": None}
    return replace(blocker, version=blocker.version + 1, **{**over, **facts})  # type: ignore[arg-type]


def same(before: Blocker, after: Blocker) -> bool:
    """Whether what was done again is what was done before: only its time and the count of acts differ (F106)."""
    unmoved = {"version": before.version, "acked_at": before.acked_at, "moved_at": before.moved_at}
    return replace(after, **unmoved) == before  # type: ignore[arg-type]


def ack(blocker: Blocker, by: Person, now: datetime) -> Blocker:
    """`by` has it: no step is pending until the ack runs out (F30). Without an owner it becomes theirs.

    Raises Closed, or AlreadyAcked when somebody has it already.
    """
    require_live(blocker)
    if blocker.state is BlockerState.ACKED and not blocker.snoozed:
        raise AlreadyAcked(blocker)
    return _held(blocker, by, now, owner_id=blocker.owner_id or by.id)


def take(blocker: Blocker, by: Person, now: datetime) -> Blocker:
    """`by` has it and owns it, whoever had it before; raises Closed, or AlreadyAcked when it is theirs."""
    require_live(blocker)
    if blocker.state is BlockerState.ACKED and not blocker.snoozed and by.id == blocker.owner_id == blocker.acked_by_id:
        raise AlreadyAcked(blocker)
    return _held(blocker, by, now, owner_id=by.id, due_on=None)


def assign(blocker: Blocker, by: Person, to: Person, due_on: date | None, today: date, now: datetime) -> Blocker:
    """`to` has it from now on, by a date if there is one; raises Closed or DueInThePast."""
    require_live(blocker)
    if due_on is not None and due_on < today:
        raise DueInThePast(due_on)
    return _held(blocker, by, now, owner_id=to.id, due_on=due_on)


def _held(blocker: Blocker, by: Person, now: datetime, **facts: object) -> Blocker:
    return _done(blocker, state=BlockerState.ACKED, acked_by_id=by.id, acked_at=now, moved_at=now, **facts)


def park(blocker: Blocker, by: Person, now: datetime) -> Blocker:
    """The weekly has it (D5); raises Closed, or AlreadyAcked when it is parked."""
    require_live(blocker)
    if blocker.state is BlockerState.PARKED and not blocker.snoozed:
        raise AlreadyAcked(blocker)
    owner = blocker.owner_id or by.id
    return _done(blocker, state=BlockerState.PARKED, acked_by_id=by.id, acked_at=now, moved_at=now, owner_id=owner)


def met(blocker: Blocker, by: Person, taken: Action | None, now: datetime) -> Blocker:
    """The weekly that it was parked for is over: whoever took an action for it has it, until that is due.

    Without an action it waits again, where it stood before (D5, F30).
    """
    if taken is None:
        return replace(lapse(blocker, now), version=blocker.version + 1)
    return _held(blocker, by, now, owner_id=taken.owner_id, due_on=taken.due)


def snooze(blocker: Blocker, by: Person, until: date, reason: str, today: date) -> Blocker:
    """Nobody is asked about it before `until`; then `by` is. Raises Closed, BadSnooze or NothingWritten (F31)."""
    require_live(blocker)
    if not today < until <= today + LONGEST_SNOOZE:
        raise BadSnooze(until)
    return _done(blocker, snoozed_by_id=by.id, snoozed_until=until, snooze_reason=worded(reason))


def wake(blocker: Blocker, now: datetime) -> Blocker:
    """The snooze is over: it waits again, for whoever it waited for."""
    return replace(
        blocker,
        state=BlockerState.OPEN,
        snoozed_by_id=None,
        snoozed_until=None,
        snooze_reason=None,
        waiting_since=now,
        warned_id=None,
        warned_at=None,
    )


def lapse(blocker: Blocker, now: datetime) -> Blocker:
    """An ack without progress has run out: a new climb begins where the last one stood (F30)."""
    return replace(
        blocker,
        state=BlockerState.OPEN,
        climb=blocker.climb + 1,
        waiting_since=now,
        moved_at=None,
        warned_id=None,
        warned_at=None,
    )


def moved(blocker: Blocker, now: datetime) -> Blocker:
    """Something happened: the time of an ack, or in the weekly, runs anew."""
    return replace(blocker, moved_at=now) if blocker.state in (BlockerState.ACKED, BlockerState.PARKED) else blocker


def asked(blocker: Blocker, by: Person, ask: str, worth: str | None) -> Blocker:
    """What `by` asks of whoever gets it next; raises Closed or NothingWritten."""
    require_live(blocker)
    return replace(blocker, ask=worded(ask), ask_by_id=by.id, worth=(worth or "").strip() or blocker.worth)


def warned(blocker: Blocker, holder: Person, at: datetime) -> Blocker:
    """`holder` was told that it climbs."""
    return replace(blocker, warned_id=holder.id, warned_at=at)


def climbed(blocker: Blocker, level: int, now: datetime, *, by_clock: bool) -> Blocker:
    """It waits for somebody higher up. By the clock nobody's words go with it (F29)."""
    words = {"ask": None, "ask_by_id": None} if by_clock else {}
    up = {"state": BlockerState.OPEN, "level": level, "waiting_since": now, "warned_id": None, "warned_at": None}
    return replace(blocker, **up, **words)  # type: ignore[arg-type]


def resolve(blocker: Blocker, by: Person, how: str | None, now: datetime) -> Blocker:
    """It stops nobody any more; raises Closed."""
    require_live(blocker)
    return _closed(blocker, BlockerState.RESOLVED, by, (how or "").strip() or None, now)


def drop(blocker: Blocker, by: Person, why: str, now: datetime) -> Blocker:
    """Nobody will move it, with the reason; raises Closed or NothingWritten."""
    require_live(blocker)
    return _closed(blocker, BlockerState.DROPPED, by, worded(why), now)


def _closed(blocker: Blocker, state: BlockerState, by: Person, closing: str | None, now: datetime) -> Blocker:
    return _done(blocker, state=state, closed_at=now, closed_by_id=by.id, closing=closing)


def reopen(blocker: Blocker, now: datetime) -> Blocker:
    """It was closed and still stops its reporter: a new climb begins where the last one stood."""
    reopened = _done(blocker, closed_at=None, closed_by_id=None, closing=None, acked_by_id=None, acked_at=None)
    return lapse(reopened, now)


def take_back(blocker: Blocker, before: BlockerState) -> Blocker:
    """The blocker as if it had not been resolved (F142)."""
    return _done(blocker, state=before, closed_at=None, closed_by_id=None, closing=None)


def merge(one: Blocker, other: Blocker, by: Person, now: datetime) -> tuple[Blocker, Blocker]:
    """Two that are the same: the older one stays, with its clock, and the other points to it (F35).

    It stands as high as the higher of the two, and whoever has either has it. Raises SameBlocker or Closed.
    """
    if one.id == other.id:
        raise SameBlocker
    for each in (one, other):
        require_live(each)
    kept, gone = sorted((one, other), key=lambda each: (each.opened_at, each.number))
    higher = max(kept, gone, key=lambda each: each.level)
    held = _held_of(gone) if kept.waits and gone.state in HELD and not gone.snoozed else {}
    kept = replace(
        kept,
        **held,  # type: ignore[arg-type]
        level=higher.level,
        waiting_since=higher.waiting_since,
        owner_id=kept.owner_id or gone.owner_id,
        needs=kept.needs or gone.needs,
        needs_team_id=kept.needs_team_id or gone.needs_team_id,
        kpi_id=kept.kpi_id or gone.kpi_id,
        impact=kept.impact or gone.impact,
        worth=kept.worth or gone.worth,
        decision_id=kept.decision_id or gone.decision_id,
        tags=joined(kept.tags, gone.tags),
        opened_on=min(kept.opened_on, gone.opened_on),
        version=kept.version + 1,
    )
    closed = _closed(gone, BlockerState.DROPPED, by, None, now)
    return kept, replace(closed, merged_into_id=kept.id)


def _held_of(blocker: Blocker) -> dict[str, object]:
    """Who has it, since when and until when."""
    return {name: getattr(blocker, name) for name in ("state", "acked_by_id", "acked_at", "moved_at", "due_on")}


def restate(blocker: Blocker) -> Blocker:
    """Its reporter plans around it once more; raises NeedsOwner where that was done too often (F34)."""
    if too_often(blocker):
        raise NeedsOwner(blocker)
    return replace(blocker, restated=blocker.restated + 1)
