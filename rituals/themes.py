"""Themes: what several blockers have in common, proposed, then named, split or refused by the manager (W2, F33)."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from rituals.refusals import Refusal

LEAST = 3
"""Blockers that make a proposal (F33)."""
LEAST_SPLIT = 2
"""Blockers that a split leaves a proposal of their own."""
LONGEST_NAME = 75
MOST_BOTTLENECKS = 2
"""Themes of a flow that are worth an owner and a date at a time (W12)."""
FLOW_LOOKS_BACK = timedelta(days=91)
"""How old the themes are that count to a flow: a quarter."""


class NoName(Refusal):
    """A theme without a name."""


class AlreadyDecided(Refusal):
    """Somebody has made a theme of it, refused or split it before."""

    def __init__(self, theme: "Theme") -> None:
        super().__init__(theme.id)
        self.theme = theme


class SplitsNothing(Refusal):
    """A split that leaves everything, or nothing, together."""


class ThemeState(StrEnum):
    """Proposed until somebody decides; a made one stands on the agenda until it ends in an action (W3).

    `LEFT` is what nobody decided before the next proposals, and what a split leaves over.
    """

    PROPOSED = "proposed"
    MADE = "made"
    AGREED = "agreed"
    REFUSED = "refused"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Theme:
    """A theme of a team, proposed on `day`; `Grouped` says which blockers it holds.

    `root_id` is the proposal that it was split off, its own id when it was not. `flow` is the path of work that it
    holds up, quote to cash for one (W12).
    """

    id: UUID
    workspace: str
    team_id: UUID
    root_id: UUID
    name: str
    day: date
    state: ThemeState
    decided_by_id: UUID | None
    decided_at: datetime | None
    flow: str | None = None


@dataclass(frozen=True, slots=True)
class Flow:
    """A path of work, and the themes in which it idled most, the worst first."""

    name: str
    worst: Sequence[UUID]


@dataclass(frozen=True, slots=True)
class Grouped:
    """A blocker in a theme."""

    id: UUID
    workspace: str
    theme_id: UUID
    blocker_id: UUID


def made(theme: Theme, name: str, flow: str | None, by: UUID, now: datetime) -> Theme:
    """The proposal as a theme of the next agenda, and of a `flow`; raises AlreadyDecided or NoName."""
    proposed = replace(require_proposed(theme), name=named(name), flow=flow)
    return replace(proposed, state=ThemeState.MADE, decided_by_id=by, decided_at=now)


def flow_named(text: str, known: Iterable[str]) -> str | None:
    """A flow's name in one line, as it was written first among those `known`; None without a word."""
    words = " ".join(text.split())[:LONGEST_NAME]
    return next((one for one in known if one.casefold() == words.casefold()), words or None)


def flows(idle: Iterable[tuple[Theme, int]]) -> list[Flow]:
    """What each flow's themes cost in idle days: its top two, and the flow that idles most first (W12)."""
    found: dict[str, list[tuple[Theme, int]]] = {}
    for theme, days in idle:
        if theme.flow is not None and days:
            found.setdefault(theme.flow, []).append((theme, days))
    for held in found.values():
        held.sort(key=lambda one: (-one[1], one[0].day, one[0].id))
    ordered = sorted(found.items(), key=lambda each: (-sum(days for _, days in each[1]), each[0]))
    return [Flow(name, [theme.id for theme, _ in held[:MOST_BOTTLENECKS]]) for name, held in ordered]


def refused(theme: Theme, by: UUID, now: datetime) -> Theme:
    """The proposal as what it is not; also a made theme may turn out to be none. Raises AlreadyDecided."""
    if theme.state not in (ThemeState.PROPOSED, ThemeState.MADE):
        raise AlreadyDecided(theme)
    return replace(theme, state=ThemeState.REFUSED, decided_by_id=by, decided_at=now)


def left(theme: Theme) -> Theme:
    """The proposal, undecided when the next ones came."""
    return replace(theme, state=ThemeState.LEFT)


def agreed(theme: Theme) -> Theme:
    """The theme, ended in an action."""
    return replace(theme, state=ThemeState.AGREED)


def parted(theme: Theme, members: Collection[UUID], kept: Collection[UUID]) -> list[UUID]:
    """Which blockers a split takes out; raises AlreadyDecided, or SplitsNothing when all or none would go."""
    require_proposed(theme)
    gone = [member for member in members if member not in kept]
    if not gone or len(gone) == len(members):
        raise SplitsNothing
    return gone


def named(name: str) -> str:
    """A theme's name in one line; raises NoName."""
    words = " ".join(name.split())
    if not words:
        raise NoName
    return words[:LONGEST_NAME]


def require_proposed(theme: Theme) -> Theme:
    """Only a proposal can be decided; raises AlreadyDecided."""
    if theme.state is not ThemeState.PROPOSED:
        raise AlreadyDecided(theme)
    return theme
