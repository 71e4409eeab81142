"""Blockers: what stops somebody and needs somebody else to move; their life from open to closed (F24, F30-F35)."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from rituals.people import Person
from rituals.refusals import Refusal

LONGEST = 500
"""Characters of a blocker, and of what is said about one."""
LONGEST_REASON = 300
LONGEST_SNOOZE = timedelta(days=30)
MOST_RESTATED = 3
"""So often the same blocker may be planned around before somebody must own, escalate or decide it (F34)."""


class StuckSinceLater(Refusal):
    """Nobody has been stuck since a day that has not come."""


class NothingSaid(Refusal):
    """Words are asked for, and there are none: a blocker, a reason, an ask, an update."""


class Closed(Refusal):
    """It was resolved, dropped or merged already; `by` closed it, None when nobody knows."""

    def __init__(self, blocker: "Blocker") -> None:
        super().__init__(blocker.id)
        self.blocker = blocker


class AlreadyAcked(Refusal):
    """Somebody has it already, and the time they have for it runs."""

    def __init__(self, blocker: "Blocker") -> None:
        super().__init__(blocker.id)
        self.blocker = blocker


class ChangedMeanwhile(Refusal):
    """Somebody changed it after what was pressed on had been drawn."""

    def __init__(self, blocker: "Blocker") -> None:
        super().__init__(blocker.id)
        self.blocker = blocker


class BadSnooze(Refusal):
    """A snooze ends after today and at most 30 days ahead (F31)."""

    def __init__(self, until: date) -> None:
        super().__init__(until)
        self.until = until


class DueInThePast(Refusal):
    """Nobody can be given something by a day that is over."""

    def __init__(self, due_on: date) -> None:
        super().__init__(due_on)
        self.due_on = due_on


class SameBlocker(Refusal):
    """A blocker is not merged with itself."""


class NeedsOwner(Refusal):
    """Restated three times: before the next it needs an owner, an escalation or a decision (F34)."""

    def __init__(self, blocker: "Blocker") -> None:
        super().__init__(blocker.id)
        self.blocker = blocker


class BlockerState(StrEnum):
    """A blocker waits (open), somebody has it (acked), the weekly has it (parked), or it is closed."""

    OPEN = "open"
    RESOLVED = "resolved"
    ACKED = "acked"
    PARKED = "parked"
    DROPPED = "dropped"


LIVE = (BlockerState.OPEN, BlockerState.ACKED, BlockerState.PARKED)
"""States of a blocker that still stops somebody."""


@dataclass(frozen=True, slots=True)
class Blocker:
    """One blocker. `number` is what people say ("B-42"); `plan_id` is the plan that raised it, `link` the message.

    Its reporter is stuck; its owner has it, to be done by `due_on`. `needs` says in words who must move,
    `needs_team_id` which team that is (F42). `restated` counts how often its reporter planned around it again.

    The ladder: `climb` counts its climbs, from 1; at `level` 0 the reporter's manager must act, since `waiting_since`
    (None: since it was opened); whoever was warned of the next step, and when; `ask` is what `ask_by_id` asks of
    whoever gets it next, `worth` what hangs on it. An ack runs from `moved_at`. `version` counts what people did.
    """

    id: UUID
    workspace: str
    number: int
    reporter_id: UUID
    plan_id: UUID | None
    text: str
    needs: str | None
    impact: str | None
    state: BlockerState
    opened_at: datetime
    opened_on: date
    restated: int
    owner_id: UUID | None = None
    due_on: date | None = None
    kpi_id: UUID | None = None
    tags: str = ""
    needs_team_id: UUID | None = None
    link: str | None = None
    acked_by_id: UUID | None = None
    acked_at: datetime | None = None
    moved_at: datetime | None = None
    snoozed_by_id: UUID | None = None
    snoozed_until: date | None = None
    snooze_reason: str | None = None
    climb: int = 1
    level: int = 0
    waiting_since: datetime | None = None
    warned_id: UUID | None = None
    warned_at: datetime | None = None
    ask: str | None = None
    ask_by_id: UUID | None = None
    worth: str | None = None
    closed_at: datetime | None = None
    closed_by_id: UUID | None = None
    closing: str | None = None
    merged_into_id: UUID | None = None
    decision_id: UUID | None = None
    version: int = 0

    @property
    def label(self) -> str:
        """The name that people use: "B-42"."""
        return f"B-{self.number}"

    @property
    def live(self) -> bool:
        """Whether it still stops somebody."""
        return self.state in LIVE

    @property
    def snoozed(self) -> bool:
        """Whether nobody is asked about it until a date."""
        return self.live and self.snoozed_until is not None

    @property
    def since(self) -> datetime:
        """Since when whoever must act has it."""
        return self.waiting_since or self.opened_at

    @property
    def shared(self) -> bool:
        """Whether others are involved, so that it is never closed silently (F32)."""
        return self.owner_id is not None or self.acked_by_id is not None or self.level > 0 or self.version > 0


class Said(StrEnum):
    """What somebody said about a blocker: news, a question, the answer to one."""

    NEWS = "news"
    ASK = "ask"
    ANSWER = "answer"


@dataclass(frozen=True, slots=True)
class Update:
    """One thing said about a blocker (F36)."""

    id: UUID
    workspace: str
    blocker_id: UUID
    by_id: UUID
    kind: Said
    text: str
    at: datetime


def worded(text: str | None) -> str:
    """The words that somebody owes, on one line; raises NothingSaid when there are none."""
    words = " ".join((text or "").split())
    if not words:
        raise NothingSaid
    return words


def tags_of(text: str) -> str:
    """The tags in a text, "#legal" for one, as they are kept: lower-case, in order, a space between."""
    found = {word.lstrip("#").strip(".,;:!?").casefold() for word in text.split() if word.startswith("#")}
    return " ".join(sorted(filter(None, found)))[:200]


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


def snooze(blocker: Blocker, by: Person, until: date, reason: str, today: date) -> Blocker:
    """Nobody is asked about it before `until`; then `by` is. Raises Closed, BadSnooze or NothingSaid (F31)."""
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
    """What `by` asks of whoever gets it next; raises Closed or NothingSaid."""
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
    """Nobody will move it, with the reason; raises Closed or NothingSaid."""
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

    It stands as high as the higher of the two. Raises SameBlocker or Closed.
    """
    if one.id == other.id:
        raise SameBlocker
    for each in (one, other):
        require_live(each)
    kept, gone = sorted((one, other), key=lambda each: (each.opened_at, each.number))
    higher = max(kept, gone, key=lambda each: each.level)
    kept = replace(
        kept,
        level=higher.level,
        waiting_since=higher.waiting_since,
        owner_id=kept.owner_id or gone.owner_id,
        needs=kept.needs or gone.needs,
        needs_team_id=kept.needs_team_id or gone.needs_team_id,
        kpi_id=kept.kpi_id or gone.kpi_id,
        opened_on=min(kept.opened_on, gone.opened_on),
        version=kept.version + 1,
    )
    closed = _closed(gone, BlockerState.DROPPED, by, None, now)
    return kept, replace(closed, merged_into_id=kept.id)


def restate(blocker: Blocker) -> Blocker:
    """Its reporter plans around it once more; raises NeedsOwner where that was done too often (F34)."""
    if too_often(blocker):
        raise NeedsOwner(blocker)
    return replace(blocker, restated=blocker.restated + 1)


def too_often(blocker: Blocker) -> bool:
    """Whether it can't be planned around again: it has neither an owner, nor an escalation, nor a decision."""
    nobody = blocker.owner_id is None and blocker.level == 0 and blocker.decision_id is None
    return blocker.live and nobody and blocker.restated >= MOST_RESTATED
