"""The only place that reads the clock. Everything else is handed `now`."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from storage.database import clock_of

Clock = Callable[[], datetime]
"""Returns an aware instant in UTC."""


def machine_clock() -> datetime:
    """The machine's own time: leases, timeouts and signatures run on it."""
    return datetime.now(UTC)  # noqa: TID251 - the one place


class SharedClock:
    """Machine time that all processes of one database share: leases run on it, whatever a host's own clock says.

    PostgreSQL's clock is the one that counts. It is read in each transaction that takes or settles a lease, and what
    a host's clock differs from it by then corrects that clock until the next reading. SQLite serves one host only.
    """

    def __init__(self, machine: Clock = machine_clock) -> None:
        self._machine = machine
        self._off = timedelta(0)

    def __call__(self) -> datetime:
        """Shared time now, by the last reading."""
        return self._machine() + self._off

    def within(self, tx: Session) -> datetime:
        """Shared time now, read in a transaction."""
        # Ours first: what the way there takes then makes a lease seem shorter, never longer.
        ours = self._machine()
        theirs = clock_of(tx)
        if theirs is not None:
            self._off = theirs - ours
        return theirs or ours


def read(clock: Clock, tx: Session) -> datetime:
    """What a clock shows in a transaction: a shared one looks at the database's."""
    return clock.within(tx) if isinstance(clock, SharedClock) else clock()


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
