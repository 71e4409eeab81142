"""The only place that reads the clock. Everything else is handed `now`."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Clock = Callable[[], datetime]
"""Returns an aware instant in UTC."""


def machine_clock() -> datetime:
    """The machine's own time: leases, timeouts and signatures run on it."""
    return datetime.now(UTC)  # noqa: TID251 - the one place


class DemoClock:
    """Ritual time for the demo: the machine's time plus an offset that only grows."""

    def __init__(self, offset: timedelta = timedelta(0)) -> None:
        self.offset = offset

    def __call__(self) -> datetime:
        """Ritual time now."""
        return machine_clock() + self.offset

    def jump_to(self, moment: datetime) -> None:
        """Move ritual time ahead to `moment`; a moment that has passed changes nothing."""
        self.offset += max(timedelta(0), moment - self())
