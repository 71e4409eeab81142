"""How long deciding takes and in which lane, and what is owed a reading (C7, F115)."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from statistics import median

from rituals.decisions import Decision, Lane, State

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
