"""Replays people's days in order, as the product would: what is proposed, what it costs, what is learned."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from random import Random
from uuid import UUID

from tests.proposals.lines import Half, Line
from tests.proposals.rivals import Propose


class Fate(StrEnum):
    """What became of a proposal. `MISSING` is none though there is a KPI; a guess for a line without one is `WRONG`."""

    RIGHT = "right"
    WRONG = "wrong"
    MISSING = "missing"
    NONE = "rightly none"


COSTS = {Fate.WRONG, Fate.MISSING}
"""What costs the person a press."""


@dataclass
class Tally:
    """What was counted. `first` holds the lines of people's first days, when they have no history yet."""

    first: Counter[Fate] = field(default_factory=Counter)
    later: Counter[Fate] = field(default_factory=Counter)
    plans: int = 0
    carried: int = 0

    @property
    def all(self) -> Counter[Fate]:
        """Both days together."""
        return self.first + self.later

    @property
    def presses(self) -> float:
        """Presses that a plan costs."""
        return sum(self.all[fate] for fate in COSTS) / self.plans


def accuracy(fates: Counter[Fate]) -> float:
    """The share of lines for which nothing had to be pressed."""
    return 1 - sum(fates[fate] for fate in COSTS) / fates.total()


def replay(half: Half, propose: Propose) -> Tally:
    """Count what `propose` does to every person of a half."""
    tally = Tally()
    for plans in half.plans.values():
        _live(plans, half.kpis[plans[0][0].company], propose, tally)
    return tally


def _live(plans: Sequence[Sequence[Line]], names: Mapping[UUID, str], propose: Propose, tally: Tally) -> None:
    """One person's days. A line that stood in the plan before is carried with its KPI, and nothing is proposed for it.

    `Change KPIs` opens one form for the whole plan and saves every line of it, so a plan in which something was wrong,
    missing, or needs its "no number, because" is confirmed whole; a plan that was right is not touched, its guesses
    stay guesses, and nothing is learned from it.
    """
    past: list[tuple[UUID | None, str]] = []
    standing: set[str] = set()
    for number, plan in enumerate(plans):
        fates = tally.later if number else tally.first
        opened = False
        for line in plan:
            opened = opened or line.kpi is None
            if line.text in standing:
                tally.carried += 1
                continue
            fate = _fate(line, propose(line.text, names, past))
            fates[fate] += 1
            opened = opened or fate in COSTS
        tally.plans += 1
        if opened:
            past += [(line.kpi, line.text) for line in plan]
        standing = {line.text for line in plan}


def _fate(line: Line, proposed: UUID | None) -> Fate:
    if proposed == line.kpi:
        return Fate.NONE if proposed is None else Fate.RIGHT
    return Fate.MISSING if proposed is None else Fate.WRONG


def shuffled(half: Half, seed: int = 6) -> Half:
    """The negative control: each person's KPIs dealt out again among their own lines, so that no line fits its own."""
    chance = Random(seed)  # noqa: S311 - a fixed shuffle, not a secret
    return replace(half, plans={person: _dealt(plans, chance) for person, plans in half.plans.items()})


def _dealt(plans: Sequence[Sequence[Line]], chance: Random) -> list[list[Line]]:
    dealt = [line.kpi for plan in plans for line in plan]
    chance.shuffle(dealt)
    kpis = iter(dealt)
    return [[replace(line, kpi=next(kpis)) for line in plan] for plan in plans]
