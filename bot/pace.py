"""How fast Slack lets us call one method in one workspace, learnt from what it refuses.

Slack publishes floors and keeps bursts to itself, so the pace starts low and grows slowly. A refusal halves it. What
was accepted between two refusals tells the rate that Slack sustains, because its allowance was used up at both ends:
growth stops just below that. Measured over a few seconds the figure is rough, so it is probed from below after a
minute; measured over longer it is settled, and probed again once an hour.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

START = 4.0
"""Messages a second to begin with: under "several hundred a minute"."""
FLOOR = 0.2
FASTEST = 50.0
"""Well above anything that Slack was seen to allow."""
GROWTH = 0.02
"""Share of the rate by which it grows each second, as long as nothing was refused."""
RECOVERY = 1.05
"""Each accepted call lets the rate return to a known ceiling by this factor."""
BELOW_REFUSED = 0.95
BELOW_SUSTAINED = 0.98
FEWEST_MEASURED = 3
MEASURED_WITHIN = timedelta(minutes=2)
"""Two refusals further apart than this say nothing of a sustained rate: between them it was idle, too."""
SETTLED_OVER = timedelta(seconds=30)
PROBE_ROUGH = timedelta(minutes=1)
PROBE = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Pace:
    """What was learnt: `rate` in calls a second, the `ceiling` that it returns to, a hold until Retry-After is over.

    `passed` counts what was accepted since `refused_at`; `settled` says that the ceiling was measured well.
    `grown_at` is when the rate last grew.
    """

    rate: float = START
    ceiling: float | None = None
    refused_at: datetime | None = None
    held_until: datetime | None = None
    passed: int = 0
    settled: bool = False
    grown_at: datetime | None = None

    @property
    def learnt(self) -> tuple[float, float | None, datetime | None, datetime | None, int, bool]:
        """What is worth keeping, in the order of the fields."""
        return self.rate, self.ceiling, self.refused_at, self.held_until, self.passed, self.settled

    def accepted(self, now: datetime) -> "Pace":
        """Grow a little: back to the ceiling, or above what is known where it is time to probe."""
        seconds = 0.0 if self.grown_at is None else min(1.0, max(0.0, (now - self.grown_at).total_seconds()))
        grown = self.rate * (1 + GROWTH * seconds)
        if self.ceiling is not None and not self._probes(now):
            grown = max(min(self.rate * RECOVERY, self.ceiling), FLOOR)
        return replace(self, rate=min(grown, FASTEST), passed=self.passed + 1, grown_at=now)

    def _probes(self, now: datetime) -> bool:
        wait = PROBE if self.settled else PROBE_ROUGH
        return self.refused_at is None or now - self.refused_at >= wait

    def refused(self, now: datetime, after: timedelta) -> "Pace":
        """Halve the rate, hold for as long as Slack says, and remember how fast was too fast.

        While a hold lasts, refusals are of calls that were on their way already and say nothing new.
        """
        if self.held_until is not None and now < self.held_until:
            return replace(self, held_until=max(now + after, self.held_until))
        ceiling, settled = self.rate * BELOW_REFUSED, False
        between = None if self.refused_at is None else now - self.refused_at
        if between is not None and between <= MEASURED_WITHIN and self.passed >= FEWEST_MEASURED:
            ceiling = min(ceiling, self.passed / between.total_seconds() * BELOW_SUSTAINED)
            settled = between >= SETTLED_OVER
            if between >= PROBE_ROUGH and self.ceiling is not None:
                # A minute at the old ceiling has shown that it holds.
                ceiling = max(ceiling, self.ceiling)
        elif between is not None and self.settled and self.ceiling is not None:
            # An hourly probe has found the old ceiling to be right.
            ceiling, settled = min(ceiling, self.ceiling), True
        ceiling = max(ceiling, FLOOR)
        return Pace(max(min(self.rate / 2, ceiling), FLOOR), ceiling, now, now + after, settled=settled)


@dataclass(slots=True)
class Turnstile:
    """Hands out the moments at which calls may start, one after the other, at the pace that is known now."""

    pace: Pace = field(default_factory=Pace)
    next_at: datetime | None = None

    def enter(self, now: datetime) -> timedelta:
        """How long the next caller waits from `now`."""
        at = max(now, self.next_at or now, self.pace.held_until or now)
        self.next_at = at + timedelta(seconds=1 / self.pace.rate)
        return at - now
