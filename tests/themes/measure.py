"""Precision and recall of pairs: of those that were proposed as one theme, and of those that are one."""

from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import NamedTuple
from uuid import UUID

from tests.themes.blockers import Groups, Labelled, read
from tests.themes.rivals import Find


class Score(NamedTuple):
    """`right` of the `proposed` pairs are among the `true` ones."""

    right: int
    proposed: int
    true: int

    @property
    def precision(self) -> float:
        """Of the proposed pairs, how many belong together; 1 when nothing was proposed."""
        return self.right / self.proposed if self.proposed else 1.0

    @property
    def recall(self) -> float:
        """Of the pairs that belong together, how many were proposed."""
        return self.right / self.true


def pairs(groups: Groups) -> set[frozenset[UUID]]:
    """All pairs within groups."""
    return {frozenset(pair) for group in groups for pair in combinations(group, 2)}


def true_pairs(said: Sequence[Labelled]) -> set[frozenset[UUID]]:
    """The pairs with one label."""
    return {frozenset((a.id, b.id)) for a, b in combinations(said, 2) if a.theme is not None and a.theme == b.theme}


def score(companies: Iterable[Sequence[Labelled]], find: Find) -> Score:
    """How well a way finds the themes of companies."""
    counts = [
        Score(len(found & true), len(found), len(true))
        for said in companies
        for found, true in [(pairs(find(said)), true_pairs(said))]
    ]
    return Score(*map(sum, zip(*counts, strict=True)))


def measured(half: str, find: Find) -> Score:
    """The same for one half."""
    return score(read(half), find)
