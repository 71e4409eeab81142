"""How fast Slack lets us call one method in one workspace, learnt from what it refuses.

Slack publishes floors and keeps bursts to itself, so the pace starts low and grows slowly. A refusal halves it. What
was accepted between two refusals tells the rate that Slack sustains, because its allowance was used up at both ends:
growth stops just below that, and once an hour it probes above.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

START = 4.0
"""Messages a second to begin with: under "several hundred a minute"."""
FLOOR = 0.2
FASTEST = 200.0
GROWTH = 1.02
"""Each accepted call lets the rate grow by this factor, until it meets the ceiling."""
BELOW_REFUSED = 0.95
BELOW_SUSTAINED = 0.98
MEASURED_OVER = timedelta(seconds=5)
"""Two refusals that are closer than this say nothing of a sustained rate."""
RESTED = timedelta(seconds=1)
"""Who could have called for longer than this and did not let the allowance grow back."""
UNMEASURED = -1
"""In `Pace.passed`: there was a rest since the last refusal, so the count says nothing of a rate."""
PROBE = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Pace:
    """What was learnt: `rate` in calls a second, the `ceiling` that it grows to, and a hold until Retry-After is over.

    `passed` counts what was accepted since `refused_at`, without a rest.
    """

    rate: float = START
    ceiling: float | None = None
    refused_at: datetime | None = None
    held_until: datetime | None = None
    passed: int = 0

    def accepted(self, now: datetime) -> "Pace":
        """Grow a little; past the probing interval the ceiling is forgotten."""
        probing = self.refused_at is not None and now - self.refused_at >= PROBE
        ceiling = None if probing else self.ceiling
        rate = min(self.rate * GROWTH, FASTEST if ceiling is None else ceiling)
        passed = UNMEASURED if self.passed == UNMEASURED else self.passed + 1
        return replace(self, rate=rate, ceiling=ceiling, passed=passed)

    def rested(self) -> "Pace":
        """Give up measuring until the next refusal: over a night between two of them, any rate would seem slow."""
        return replace(self, passed=UNMEASURED)

    def refused(self, now: datetime, after: timedelta) -> "Pace":
        """Halve the rate, hold for as long as Slack says, and remember how fast was too fast.

        While a hold lasts, refusals are of calls that were on their way already and say nothing new.
        """
        if self.held_until is not None and now < self.held_until:
            return replace(self, held_until=max(now + after, self.held_until))
        ceiling = self.rate * BELOW_REFUSED
        measured = self.passed != UNMEASURED
        if measured and self.refused_at is not None and now - self.refused_at >= MEASURED_OVER:
            sustained = self.passed / (now - self.refused_at).total_seconds()
            ceiling = min(ceiling, sustained * BELOW_SUSTAINED)
        return Pace(max(self.rate / 2, FLOOR), max(ceiling, FLOOR), now, now + after)


@dataclass(slots=True)
class Turnstile:
    """Hands out the moments at which calls may start, one after the other, at the pace that is known now."""

    pace: Pace = field(default_factory=Pace)
    next_at: datetime | None = None

    def enter(self, now: datetime) -> timedelta:
        """How long the next caller waits from `now`."""
        free = max(self.next_at or now, self.pace.held_until or now)
        if now - free > RESTED:
            self.pace = self.pace.rested()
        at = max(now, free)
        self.next_at = at + timedelta(seconds=1 / self.pace.rate)
        return at - now
