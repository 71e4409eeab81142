"""Triggers: "below 5 % for 2 months, then freeze hiring", agreed before anybody is upset (M15, F58)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from rituals.kpis import Filed
from rituals.kpis_periods import Period, Span
from rituals.refusals import Refusal

MOST_PERIODS = 12
LONGEST_ACTION = 300


class Comparison(StrEnum):
    """On which side of the bound a period counts; the bound itself does not."""

    BELOW = "below"
    ABOVE = "above"


class Started(StrEnum):
    """What became of a trigger that fired."""

    OPEN = "open"
    STARTED = "started"
    OVERRULED = "overruled"


class PeriodsUnclear(Refusal):
    """A trigger waits for one to twelve periods in a row."""


class NothingAgreed(Refusal):
    """A trigger without an action agreed beforehand."""


class WhyOverruled(Refusal):
    """What was agreed is not set aside without a reason."""


class FiringAnswered(Refusal):
    """Somebody answered this before."""

    def __init__(self, firing: "Firing") -> None:
        super().__init__(firing.id)
        self.firing = firing


@dataclass(frozen=True, slots=True)
class Trigger:
    """So many periods in a row on the wrong side of `bound`, and `action` is what was agreed; `owner_id` does it."""

    id: UUID
    workspace: str
    kpi_id: UUID
    comparison: Comparison
    bound: Decimal
    periods: int
    action: str
    owner_id: UUID
    by_id: UUID
    at: datetime
    since: date
    ended_on: date | None


@dataclass(frozen=True, slots=True)
class Firing:
    """A trigger that fired, for the run of periods that began on `since` and reached its length in `period`."""

    id: UUID
    workspace: str
    trigger_id: UUID
    since: date
    period: date
    at: datetime
    answer: Started
    answered_by_id: UUID | None
    answered_at: datetime | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class Run:
    """Periods in a row on the wrong side, grey ones left out: the first, the last, and the one in which it fires."""

    first: date
    last: date
    fires: date | None


def checked(trigger: Trigger) -> Trigger:
    """The trigger, tidied; raises PeriodsUnclear or NothingAgreed."""
    if not 1 <= trigger.periods <= MOST_PERIODS:
        raise PeriodsUnclear
    if not trigger.action.strip():
        raise NothingAgreed
    return replace(trigger, action=trigger.action.strip()[:LONGEST_ACTION])


def runs(trigger: Trigger, filed: Iterable[Filed], span: Span, today: date) -> list[Run]:
    """Every run there was, oldest first. A period without a value neither counts nor resets (M15).

    Only periods that are over count, and a run fires in the first one that is long enough and not over before the
    trigger was agreed.
    """
    newest: dict[date, Filed] = {}
    for one in sorted(filed, key=lambda one: one.revision):
        newest[one.period] = one
    found: list[Run] = []
    length = 0
    for first in sorted(newest):
        value, period = newest[first].value, Period(first, span)
        if value is None or period.last >= today:
            continue
        if not _wrong(trigger, value):
            length = 0
            continue
        length += 1
        fires = first if length >= trigger.periods and period.last >= trigger.since else None
        if length == 1:
            found.append(Run(first, first, fires))
        else:
            found[-1] = Run(found[-1].first, first, found[-1].fires or fires)
    return found


def _wrong(trigger: Trigger, value: Decimal) -> bool:
    return value < trigger.bound if trigger.comparison is Comparison.BELOW else value > trigger.bound


def to_fire(
    trigger: Trigger, filed: Iterable[Filed], span: Span, today: date, known: Iterable[Firing]
) -> Sequence[tuple[date, date]]:
    """Which runs fire now, as (first period, period that fires): each once, whatever is corrected afterwards (F58)."""
    fired = [one.period for one in known if one.trigger_id == trigger.id]
    return [
        (run.first, run.fires)
        for run in runs(trigger, filed, span, today)
        if run.fires is not None and not any(run.first <= period <= run.last for period in fired)
    ]


def answer(firing: Firing, how: Started, by_id: UUID, now: datetime, reason: str = "") -> Firing:
    """The firing with a leader's answer, once; raises FiringAnswered, and WhyOverruled without a reason."""
    if firing.answer is not Started.OPEN:
        raise FiringAnswered(firing)
    if how is Started.OVERRULED and not reason.strip():
        raise WhyOverruled
    return replace(firing, answer=how, answered_by_id=by_id, answered_at=now, reason=reason.strip() or None)
