"""A leader's digest: how long it takes, and when its month may close (F56, F135)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from rituals.actions import Action
from rituals.kpis import Colour
from rituals.refusals import Refusal
from rituals.stoplight import Review


@dataclass(frozen=True, slots=True)
class Digest:
    """One leader's month. It is closed once each of its reds has an agreed action (F135).

    `guardrails` are the limits that were changed, a line each with before and after (M13).
    """

    id: UUID
    workspace: str
    month: date
    leader_id: UUID
    opened_at: datetime
    closed_at: datetime | None
    guardrails: str


class MonthOpen(Refusal):
    """The month can't close: these reds have no agreed action with owner, helper and date (F135)."""

    def __init__(self, kpis: Sequence[UUID]) -> None:
        super().__init__(*kpis)
        self.kpis = kpis


class MonthClosed(Refusal):
    """It was closed before."""

    def __init__(self, digest: Digest) -> None:
        super().__init__(digest.id)
        self.digest = digest


def open_reds(reviews: Iterable[Review], actions: Iterable[Action]) -> list[Review]:
    """The reds without an agreed action that has a helper; an owner and a date it has always (F135)."""
    agreed = {action.subject_id for action in actions if action.helper_id is not None}
    return [one for one in reviews if one.colour is Colour.RED and one.id not in agreed]


def close(
    digest: Digest, reviews: Iterable[Review], actions: Iterable[Action], guardrails: str, now: datetime
) -> Digest:
    """A leader's month, closed: each red leaves with an agreed action, its owner, a helper and a date (F135, M8).

    Raises MonthClosed, or MonthOpen with the KPIs that keep it open.
    """
    if digest.closed_at is not None:
        raise MonthClosed(digest)
    if bare := open_reds(reviews, actions):
        raise MonthOpen([one.kpi_id for one in bare])
    return replace(digest, closed_at=now, guardrails=guardrails.strip())


SECONDS = {"red": 60, "yellow": 30, "trigger": 45, "action": 5, "screen": 15}
"""How long each thing of a digest takes to read and answer; three screens come with every digest."""
SCREENS = 3


def minutes(reds: int, yellows: int, triggers: int, actions: int) -> int:
    """About how long a digest takes, in whole minutes (F56)."""
    numbers = {"red": reds, "yellow": yellows, "trigger": triggers, "action": actions, "screen": SCREENS}
    return max(1, round(sum(SECONDS[what] * number for what, number in numbers.items()) / 60))
