"""One weekly as it is held: what was collected for it, what it decided, when it may close (W3, W6, W8, F40, F41)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from rituals.actions import Action
from rituals.people import Person
from rituals.refusals import Refusal
from rituals.themes import Theme

LONGEST_LINE = 300
LONGEST_INPUT = 500


class BadMinutes(Refusal):
    """How long a weekly took is a whole number of minutes."""


class AlreadyClosed(Refusal):
    """The weekly was closed before."""

    def __init__(self, meeting: "Meeting") -> None:
        super().__init__(meeting.id)
        self.meeting = meeting


class CollectionOver(Refusal):
    """Nothing more is collected: the agenda is out."""


class NotSaid(Refusal):
    """A list is neither filled nor ticked empty (F41)."""

    def __init__(self, kind: "Kind") -> None:
        super().__init__(kind)
        self.kind = kind


class ActionsLack(Refusal):
    """`actions` have an owner who has left, or a date that has come; `themes` have no action (F40, W3)."""

    def __init__(self, actions: Sequence[Action], themes: Sequence[Theme]) -> None:
        super().__init__([action.id for action in actions], [theme.id for theme in themes])
        self.actions = actions
        self.themes = themes


class Kind(StrEnum):
    """What a weekly ends with: decisions made and decisions needed (W6)."""

    MADE = "made"
    NEEDED = "needed"


@dataclass(frozen=True, slots=True)
class Meeting:
    """One weekly of one date. `minutes` is how long it took; `lead_id` who has its agenda.

    `made_none` and `needed_none` say that a list was ticked empty.
    """

    id: UUID
    workspace: str
    weekly_id: UUID
    team_id: UUID
    day: date
    lead_id: UUID | None
    started_at: datetime | None
    closed_at: datetime | None
    closed_by_id: UUID | None
    minutes: int | None
    made_none: bool
    needed_none: bool


@dataclass(frozen=True, slots=True)
class Input:
    """What somebody wants talked about in a weekly; empty when they have nothing."""

    id: UUID
    workspace: str
    meeting_id: UUID
    person_id: UUID
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class OffTrack:
    """Why a KPI is off track, and what changes by next week, in its owner's words (W4)."""

    id: UUID
    workspace: str
    meeting_id: UUID
    kpi_id: UUID
    by_id: UUID
    why: str
    next_week: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Line:
    """A decision that a weekly made or needs; a needed one has an owner, and a memo once it is begun (W6, F41)."""

    id: UUID
    workspace: str
    meeting_id: UUID
    kind: Kind
    text: str
    owner_id: UUID | None
    by_id: UUID
    at: datetime
    memo_id: UUID | None


def require_open(meeting: Meeting) -> Meeting:
    """A closed weekly takes nothing more; raises AlreadyClosed."""
    if meeting.closed_at is not None:
        raise AlreadyClosed(meeting)
    return meeting


def started(meeting: Meeting, now: datetime) -> Meeting:
    """The meeting, begun; it began once."""
    return meeting if meeting.started_at is not None else replace(meeting, started_at=now)


def lacking(actions: Iterable[Action], people: Mapping[UUID, Person], today: date) -> list[Action]:
    """The actions that have no owner any more, or no date to come, and are not done: each must be answered (W3, F40).

    What is due today is to be answered today.
    """
    return [action for action in actions if action.owed and (not people[action.owner_id].active or action.due <= today)]


def taken(meeting: Meeting, now: datetime) -> int:
    """How many minutes a meeting has taken so far, from 1 on."""
    begun = meeting.started_at or now
    return max(1, round((now - begun).total_seconds() / 60))


def closed(
    meeting: Meeting,
    lines: Iterable[Line],
    *,
    empty: Iterable[Kind],
    minutes: int | None,
    by: UUID,
    now: datetime,
) -> Meeting:
    """The weekly, closed; `empty` are the lists that were ticked empty. `minutes` None: by the clock (W8).

    Raises AlreadyClosed, or NotSaid for a list that is neither filled nor ticked (F41).
    """
    filled, ticked = {line.kind for line in lines}, set(empty)
    for kind in Kind:
        if kind not in filled | ticked:
            raise NotSaid(kind)
    return replace(
        require_open(meeting),
        closed_at=now,
        closed_by_id=by,
        minutes=taken(meeting, now) if minutes is None else minutes,
        made_none=Kind.MADE not in filled,
        needed_none=Kind.NEEDED not in filled,
    )


def ended_early(meeting: Meeting, planned: int) -> bool:
    """Whether it ended before the minutes that were planned, which is healthy (W8)."""
    return meeting.minutes is not None and meeting.minutes < planned
