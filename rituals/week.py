"""One person's week: how much of what was promised was met, and how often they answered (F44, F114)."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from rituals.plans import Item, Outcome


@dataclass(frozen=True, slots=True)
class Week:
    """Counts of one person's week; a ratio of nothing is None, never zero.

    `met` of `promised` results were done; what was dropped with a reason was not promised any more. `answered` of
    `asked` days had a plan; a day off or an excuse is no day that was asked for.
    """

    met: int
    promised: int
    answered: int
    asked: int

    @property
    def kept(self) -> Fraction | None:
        """Commit versus done (F44)."""
        return Fraction(self.met, self.promised) if self.promised else None

    @property
    def participation(self) -> Fraction | None:
        """How often they answered when they were there: away three days of five and two plans is all (F114)."""
        return Fraction(self.answered, self.asked) if self.asked else None


@dataclass(frozen=True, slots=True)
class Day:
    """One date of a person's week: whether they worked and had time to answer, whether they did, what stood there."""

    worked: bool
    answered: bool
    items: tuple[Item, ...]


def tally(days: Iterable[Day]) -> Week:
    """Count a week; a plan that was filed on a day off counts as asked and answered."""
    met = promised = answered = asked = 0
    for day in days:
        met += sum(item.outcome is Outcome.DONE for item in day.items)
        promised += sum(not _dropped(item) for item in day.items)
        answered += day.answered
        asked += day.worked or day.answered
    return Week(met, promised, answered, asked)


def _dropped(item: Item) -> bool:
    return item.outcome is Outcome.DROPPED and bool(item.dropped_because)
