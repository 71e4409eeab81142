"""When Cadence was not running, as whoever was asked late is told (F103)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

MOST_SILENT = timedelta(minutes=2)
"""A pause between two looks at the schedule that is longer than this was no pause."""


@dataclass(frozen=True, slots=True)
class Outage:
    """From the last look before to the first look after: nothing was asked in between."""

    first: datetime
    last: datetime

    def explains(self, due: datetime, now: datetime) -> bool:
        """Whether what was due then, and happens `now`, is late because of it."""
        return self.first <= due <= self.last <= now


def between(last_look: datetime, now: datetime) -> Outage | None:
    """The outage that ends `now`, if there was one."""
    return Outage(last_look, now) if now - last_look > MOST_SILENT else None
