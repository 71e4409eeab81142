"""What may be expected of a KPI, and how that changes: proposed, approved by another, from the next period (F46)."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from fractions import Fraction
from uuid import UUID

from rituals.kpis import Bands, Kpi, Pace, Terms
from rituals.kpis_periods import LENGTH, SHARES, Span, period_of
from rituals.refusals import Refusal

WHOLE = 100
"""Percent that a profile's parts must make."""


class NeedsAbsoluteBands(Refusal):
    """A target of zero or less has no percentage: its bands must be in the KPI's unit (F50)."""

    def __init__(self, target: Decimal) -> None:
        super().__init__(target)
        self.target = target


class BandsOutOfOrder(Refusal):
    """Yellow must begin at 0 or more and end where it begins or later."""

    def __init__(self, yellow_from: Decimal, yellow_until: Decimal) -> None:
        super().__init__(yellow_from, yellow_until)
        self.yellow_from = yellow_from
        self.yellow_until = yellow_until


class GoalTooShort(Refusal):
    """The target's time is shorter than the KPI's own periods."""

    def __init__(self, goal: Span, cadence: Span) -> None:
        super().__init__(goal, cadence)
        self.goal = goal
        self.cadence = cadence


class ProfileUnclear(Refusal):
    """`text` is no profile for `goal`: its parts are of a wrong number, do not make 100, or start with nothing."""

    def __init__(self, text: str, goal: Span) -> None:
        super().__init__(text, goal)
        self.text = text
        self.goal = goal


class NothingChanges(Refusal):
    """The proposed terms are those that apply."""


class ReasonMissing(Refusal):
    """A commitment is changed for a reason, in writing."""


class ChangeOpen(Refusal):
    """Another change of this KPI waits for an answer."""

    def __init__(self, kpi: Kpi) -> None:
        super().__init__(kpi.id)
        self.kpi = kpi


class State(StrEnum):
    """Where a proposed change stands."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    RETURNED = "returned"


class AlreadyDecided(Refusal):
    """Somebody else answered this change before."""

    def __init__(self, change: "Change") -> None:
        super().__init__(change.id)
        self.change = change


@dataclass(frozen=True, slots=True)
class Change:
    """One commitment changed: which terms, into which, who asked and why, who answered and when. Never deleted."""

    id: UUID
    workspace: str
    kpi_id: UUID
    before_id: UUID
    after_id: UUID
    reason: str
    proposed_by_id: UUID
    proposed_at: datetime
    state: State
    approver_id: UUID | None
    decided_by_id: UUID | None
    decided_at: datetime | None
    answer: str | None


def check_terms(terms: Terms, cadence: Span) -> Terms:
    """The terms, tidied: without a pace the goal is the KPI's own period and there is no profile.

    Raises NeedsAbsoluteBands, BandsOutOfOrder, GoalTooShort or ProfileUnclear.
    """
    if terms.pace is Pace.NONE:
        terms = replace(terms, goal=cadence)
    if terms.pace is not Pace.PROFILE:
        terms = replace(terms, profile="")
    else:
        terms = replace(terms, profile=read_profile(terms.profile, terms.goal))
    if terms.bands is Bands.PERCENT and terms.target <= 0:
        raise NeedsAbsoluteBands(terms.target)
    if not 0 <= terms.yellow_from <= terms.yellow_until:
        raise BandsOutOfOrder(terms.yellow_from, terms.yellow_until)
    if LENGTH.get(terms.goal, 0) < LENGTH.get(cadence, 0):
        raise GoalTooShort(terms.goal, cadence)
    return terms


def read_profile(text: str, goal: Span) -> str:
    """A profile as it is kept: "20 / 30,5 / 49.5" → "20/30.5/49.5"; raises ProfileUnclear.

    Its parts are percent of the target, for the months of a quarter, the quarters or the months of a year; they make
    100 exactly, none is negative, and the first is more than nothing, or nobody could be behind.
    """
    words = text.replace("/", " ").replace("%", " ").replace(";", " ").split()
    try:
        parts = [Decimal(word.replace(",", ".")) for word in words]
    except InvalidOperation:
        raise ProfileUnclear(text, goal) from None
    fine = len(parts) in SHARES[goal] and all(part.is_finite() and part >= 0 for part in parts)
    if not fine or parts[0] == 0 or sum(map(Fraction, parts)) != WHOLE:
        raise ProfileUnclear(text, goal)
    return "/".join(f"{part:f}" for part in parts)


def propose(kpi: Kpi, before: Terms, after: Terms, reason: str) -> Terms:
    """The terms to propose in place of `before`, in force for nobody yet (F46).

    Raises NothingChanges, ReasonMissing, or what `check_terms` raises.
    """
    checked = replace(check_terms(after, kpi.cadence), effective_from=None)
    if _same(before, checked):
        raise NothingChanges
    if not reason.strip():
        raise ReasonMissing
    return checked


def _same(one: Terms, other: Terms) -> bool:
    return replace(one, id=other.id, version=other.version, effective_from=other.effective_from) == other


def effective_from(kpi: Kpi, today: date) -> date:
    """From when a change approved today applies: the first day of the KPI's next period (F46)."""
    return period_of(kpi.cadence, today).shifted(1).first


def decide(change: Change, by_id: UUID, now: datetime, *, approved: bool, answer: str | None = None) -> Change:
    """The change with somebody's answer, once; raises AlreadyDecided, and ReasonMissing for a return without words."""
    if change.state is not State.PROPOSED:
        raise AlreadyDecided(change)
    if not approved and not (answer or "").strip():
        raise ReasonMissing
    state = State.APPROVED if approved else State.RETURNED
    return replace(change, state=state, decided_by_id=by_id, decided_at=now, answer=(answer or "").strip() or None)
