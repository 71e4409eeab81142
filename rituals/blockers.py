"""Blockers: what stops somebody and needs somebody else to move; their life from open to closed (F24, F30-F35)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from rituals.refusals import Refusal

LONGEST = 500
"""Characters of a blocker, and of what is said about one."""
LONGEST_REASON = 300
LONGEST_SNOOZE = timedelta(days=30)
MOST_RESTATED = 3
"""So often the same blocker may be planned around before somebody must own, escalate or decide it (F34)."""


class StuckSinceLater(Refusal):
    """Nobody has been stuck since a day that has not come."""


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
HELD = (BlockerState.ACKED, BlockerState.PARKED)
"""States of one that somebody, or the weekly, has."""


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
    def waits(self) -> bool:
        """Whether nobody has it yet, and nobody said that it can wait."""
        return self.state is BlockerState.OPEN and not self.snoozed

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
class Escalation:
    """Somebody took a blocker to the next level before the clock did, which a month's digest credits (M16)."""

    id: UUID
    workspace: str
    blocker_id: UUID
    by_id: UUID
    to_id: UUID
    at: datetime


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


def tags_of(text: str) -> str:
    """The tags in a text, "#legal" for one, as they are kept: lower-case, in order, a space between."""
    found = {word.lstrip("#").strip(".,;:!?").casefold() for word in text.split() if word.startswith("#")}
    return joined(*filter(None, found))


def joined(*tags: str) -> str:
    """Tags as they are kept, each once."""
    return " ".join(sorted({one for several in tags for one in several.split()}))[:200]


def too_often(blocker: Blocker) -> bool:
    """Whether it can't be planned around again: it has neither an owner, nor an escalation, nor a decision."""
    nobody = blocker.owner_id is None and blocker.level == 0 and blocker.decision_id is None
    return blocker.live and nobody and blocker.restated >= MOST_RESTATED
