"""Ways to find themes: ours and simpler ones. Each is given a company's blockers and returns groups of their ids."""

import re
from collections.abc import Callable, Sequence
from difflib import SequenceMatcher
from itertools import combinations

from rapidfuzz import fuzz

from rituals.recurring import propose
from rituals.words import bared, read
from tests.themes.blockers import Groups, Labelled

Find = Callable[[Sequence[Labelled]], Groups]
Alike = Callable[[str, str], float]
LEAST = 3


def cadence(said: Sequence[Labelled]) -> Groups:
    """What Cadence proposes."""
    return [proposal.cases for proposal in propose([one.case for one in said], {})]


def shared_words(one: str, other: str) -> float:
    """The naive way: the share of words of four letters and more that two texts have in common."""
    mine, its = (frozenset(word.rstrip("s") for word in re.findall(r"[^\W\d_]{4,}", t)) for t in (one, other))
    return len(mine & its) / max(1, len(mine | its))


def shared_stems(one: str, other: str) -> float:
    """The same of stems, without the words that say nothing."""
    mine, its = read(one).stems, read(other).stems
    return len(mine & its) / max(1, len(mine | its))


def token_set(one: str, other: str) -> float:
    """rapidfuzz's usual way to compare names."""
    return fuzz.token_set_ratio(one, other) / 100


def diff(one: str, other: str) -> float:
    """The standard library's way to compare texts."""
    return SequenceMatcher(None, one, other).ratio()


RIVALS: dict[str, tuple[Alike, float]] = {
    "shared words (naive)": (shared_words, 0.04),
    "shared stems": (shared_stems, 0.06),
    "rapidfuzz token_set_ratio": (token_set, 0.44),
    "difflib": (diff, 0.34),
}
"""Each with the average likeness from which it joins, the best of those tried on the tuned half."""


def rival(name: str) -> Find:
    """One of the rivals, joining as Cadence does: what is most alike first, by the average."""
    alike, least = RIVALS[name]

    def find(said: Sequence[Labelled]) -> Groups:
        texts = {one.id: bared(one.case.said) for one in said}
        groups = [[one.id] for one in said]

        def average(pair: tuple[int, int]) -> float:
            one, other = groups[pair[0]], groups[pair[1]]
            return sum(likeness[a, b] for a in one for b in other) / (len(one) * len(other))

        likeness = {(a, b): alike(texts[a], texts[b]) for a in texts for b in texts}
        while len(groups) > 1:
            best = max(combinations(range(len(groups)), 2), key=average)
            if average(best) < least:
                break
            groups[best[0]] += groups.pop(best[1])
        return [group for group in groups if len(group) >= LEAST]

    return find
