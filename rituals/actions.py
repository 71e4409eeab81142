"""Actions: what somebody took on by a date, out of a weekly, a theme, a stoplight or a trigger (W3, M7, F40)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from rituals.people import Person
from rituals.refusals import Refusal

LONGEST = 300
"""Characters that an action, or why it was not done, may have."""


class NothingToDo(Refusal):
    """An action without a word in it."""


class NoOwner(Refusal):
    """An action that nobody owns: the named one is none, or has left (F40)."""


class NoDate(Refusal):
    """An action without a date to come (F40); `today` is the first that will do."""

    def __init__(self, today: date) -> None:
        super().__init__(today)
        self.today = today


class WhyNotDone(Refusal):
    """Moved or dropped without a word on what stood in the way (F59)."""


class AlreadySettled(Refusal):
    """The action was done or dropped before."""

    def __init__(self, action: "Action") -> None:
        super().__init__(action.id)
        self.action = action


class Source(StrEnum):
    """What an action came out of; `subject_id` is that weekly, theme, parked blocker, stoplight or trigger."""

    WEEKLY = "weekly"
    THEME = "theme"
    BLOCKER = "blocker"
    STOPLIGHT = "stoplight"
    TRIGGER = "trigger"


class ActionState(StrEnum):
    """Open and moved ones are owed still; done and dropped ones are settled."""

    OPEN = "open"
    MOVED = "moved"
    DONE = "done"
    DROPPED = "dropped"


OWED = (ActionState.OPEN, ActionState.MOVED)


@dataclass(frozen=True, slots=True)
class Action:
    """What `owner_id` took on by `due`; `helper_id` is who helps (M8).

    `team_id` is the team on whose agenda it stands, None for one of the leaders'. `kpi_id` is the number it is to move.
    `promised` is the first date it had. `obstacle` says why it was moved or dropped. `by_id` wrote it down.
    """

    id: UUID
    workspace: str
    source: Source
    subject_id: UUID
    team_id: UUID | None
    kpi_id: UUID | None
    text: str
    owner_id: UUID
    helper_id: UUID | None
    due: date
    promised: date
    state: ActionState
    obstacle: str | None
    by_id: UUID
    made_at: datetime
    settled_at: datetime | None

    @property
    def owed(self) -> bool:
        """Whether it is still to be done."""
        return self.state in OWED


def worded(text: str) -> str:
    """What an action says; raises NothingToDo."""
    words = " ".join(text.split())
    if not words:
        raise NothingToDo
    return words[:LONGEST]


def owner_of(owner: Person | None) -> UUID:
    """Who owns an action; raises NoOwner for nobody and for whoever has left."""
    if owner is None or not owner.active:
        raise NoOwner
    return owner.id


def due_by(due: date | None, today: date) -> date:
    """When an action is due; raises NoDate without a date, and for one that is over."""
    if due is None or due < today:
        raise NoDate(today)
    return due


def done(action: Action, now: datetime) -> Action:
    """The action, done; raises AlreadySettled."""
    return replace(require_owed(action), state=ActionState.DONE, settled_at=now)


def dropped(action: Action, obstacle: str, now: datetime) -> Action:
    """The action, given up, and why; raises AlreadySettled or WhyNotDone."""
    return replace(require_owed(action), state=ActionState.DROPPED, obstacle=_why(obstacle), settled_at=now)


def moved(action: Action, due: date | None, obstacle: str, today: date) -> Action:
    """The action with another date, and what stood in the way; raises AlreadySettled, NoDate or WhyNotDone."""
    return replace(require_owed(action), state=ActionState.MOVED, due=due_by(due, today), obstacle=_why(obstacle))


def handed_on(action: Action, owner: Person | None) -> Action:
    """The action with another owner; raises AlreadySettled or NoOwner."""
    return replace(require_owed(action), owner_id=owner_of(owner))


def by_owner(actions: Iterable[Action], people: Mapping[UUID, Person]) -> list[tuple[Person, list[Action]]]:
    """Actions in the order in which they are read out: by owner's name, then by date; settled ones first (W3, M7)."""
    piles: dict[UUID, list[Action]] = {}
    for action in sorted(actions, key=lambda one: (one.owed, one.due, one.made_at)):
        piles.setdefault(action.owner_id, []).append(action)
    return sorted(((people[owner], pile) for owner, pile in piles.items()), key=lambda pair: pair[0].name)


def require_owed(action: Action) -> Action:
    """Only what is owed can be settled; raises AlreadySettled."""
    if not action.owed:
        raise AlreadySettled(action)
    return action


def _why(obstacle: str) -> str:
    words = " ".join(obstacle.split())
    if not words:
        raise WhyNotDone
    return words[:LONGEST]
