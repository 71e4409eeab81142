"""How long deciding takes and in which lane, and which approvals change nothing (C7, C9, C10, F115)."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from statistics import median
from uuid import UUID

from rituals.decisions import Decision, Lane, State

UNTOUCHED = 10
"""Approvals in a row of one approver that sent nothing back: is this asking still worth its time? (C9)"""
STEADY = 5
"""Commitments in a row of one owner that were approved as written: their judgement is consistent (C10)."""
DECIDED = frozenset({State.APPROVED, State.RECORDED, State.SUPERSEDED})


@dataclass(frozen=True, slots=True)
class LaneNumbers:
    """One lane: how many were decided in it, their share of all (a fraction), the median time from their capture."""

    lane: Lane
    decided: int
    share: float
    median: timedelta | None


def by_lane(decisions: Iterable[Decision]) -> Sequence[LaneNumbers]:
    """Every lane, those without a decision too; killed ones count in none."""
    done = [one for one in decisions if one.state in DECIDED and one.lane is not None and one.settled_at is not None]
    counted = Counter(one.lane for one in done)
    found = []
    for lane in Lane:
        times = [one.settled_at - one.captured_at for one in done if one.lane is lane and one.settled_at is not None]
        middle = timedelta(seconds=median(time.total_seconds() for time in times)) if times else None
        found.append(LaneNumbers(lane, counted[lane], counted[lane] / len(done) if done else 0.0, middle))
    return found


@dataclass(frozen=True, slots=True)
class Approval:
    """A commitment that was approved, and whether it had been sent back before."""

    decision: Decision
    returned: bool


def untouched(approvals: Sequence[Approval]) -> Mapping[UUID, int]:
    """Approvers whose newest ten approvals or more sent nothing back, with how many (C9); the newest come first."""
    return _unchanged(approvals, lambda one: one.settled_by_id, UNTOUCHED)


def steady(approvals: Sequence[Approval]) -> Mapping[UUID, int]:
    """Owners whose newest five commitments or more were approved as written, with how many (C10); newest first."""
    return _unchanged(approvals, lambda one: one.owner_id, STEADY)


def _unchanged(
    approvals: Sequence[Approval], whose: Callable[[Decision], UUID | None], fewest: int
) -> Mapping[UUID, int]:
    broken: set[UUID] = set()
    row: dict[UUID, int] = defaultdict(int)
    for one in approvals:
        person = whose(one.decision)
        if person is not None and person not in broken:
            row[person] += not one.returned
            broken |= {person} if one.returned else set()
    return {person: number for person, number in row.items() if number >= fewest}
