"""KPIs and their computed colour. Nobody picks a colour; people may only comment on it (M1)."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

SLIPPING_UNTIL = Decimal(10)
"""Percent behind from which a KPI is yellow; 10.0 itself is yellow (F49)."""
YELLOW_UNTIL = Decimal(15)
"""Percent behind up to which a KPI is yellow; 15.0 itself is yellow (F49)."""


class Direction(StrEnum):
    """Which way is better."""

    HIGHER = "higher"
    LOWER = "lower"


class Colour(StrEnum):
    """The four computed states, and grey for "no value"."""

    GREEN = "green"
    SLIPPING = "slipping"
    YELLOW = "yellow"
    RED = "red"
    GREY = "grey"


WORST_FIRST = (Colour.RED, Colour.YELLOW, Colour.GREY, Colour.SLIPPING, Colour.GREEN)
"""The order in which colours are read out (F61)."""


@dataclass(frozen=True, slots=True)
class Kpi:
    """A number that somebody owns. `value` is the latest one, None while none was filed."""

    id: UUID
    workspace: str
    team_id: UUID | None
    name: str
    unit: str
    direction: Direction
    target: Decimal
    value: Decimal | None


def gap(kpi: Kpi) -> Decimal | None:
    """Percent behind target: 12 means 12 % behind, negative means ahead; None without a value.

    Raises ValueError for a target that is not positive: such a KPI needs absolute bands (F50).
    """
    if kpi.value is None:
        return None
    if kpi.target <= 0:
        raise ValueError("a percentage of a target that is not positive has no meaning")
    behind = kpi.target - kpi.value if kpi.direction is Direction.HIGHER else kpi.value - kpi.target
    return behind * 100 / kpi.target


def colour(kpi: Kpi) -> Colour:
    """Compute the colour with the standard bands, compared exactly (F49)."""
    behind = gap(kpi)
    if behind is None:
        return Colour.GREY
    if behind <= 0:
        return Colour.GREEN
    if behind < SLIPPING_UNTIL:
        return Colour.SLIPPING
    return Colour.YELLOW if behind <= YELLOW_UNTIL else Colour.RED


def badness(kpi: Kpi) -> tuple[int, Decimal]:
    """Sort key: worst colour first, then widest gap first (F61)."""
    return WORST_FIRST.index(colour(kpi)), -(gap(kpi) or Decimal(0))
