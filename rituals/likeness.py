"""How alike blockers are in their words, among those of one team (F33).

Each text is heard as signs: the stems of its words, and the causes that they speak of (`rituals.cause_words`). Words
that are mistyped forms of each other are one. Likeness is what two texts share of all that they say.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

from rapidfuzz.distance import JaroWinkler

from rituals import cause_words
from rituals.words import STOP, marks_of_all, phrases_in, read, stem_of

CAUSE_SAYS = 3.0
"""What a cause weighs; a word weighs 1."""
SAME_WORD = 0.88
"""Jaro-Winkler from which two words are one, one of them mistyped or inflected."""
_SHORTEST = 5
"""Letters of a word that can be told from a mistyped other."""
CAUSE = "#"
"""What a sign begins with that is a cause."""

Signs = Mapping[str, float]
"""What a text says, by weight."""

_CAUSES = tuple((cause.name, phrases_in(cause.said)) for cause in cause_words.CAUSES)


def causes(words: Sequence[str]) -> list[str]:
    """The causes that words speak of, in the order of the table."""
    marks = marks_of_all(words)
    return [name for name, said in _CAUSES if any(marks.issuperset(phrase) for phrase in said)]


def heard(texts: Sequence[str], weights: Mapping[str, float] | None = None) -> list[Signs]:
    """What each of a team's texts says; `weights` says how much more or less a sign counts than usual."""
    said = [[word for word in dict.fromkeys(read(text).words) if word not in STOP] for text in texts]
    meant = _spelled(said)
    learned = weights or {}
    return [_signs([meant.get(word, word) for word in words], learned) for words in said]


def _signs(words: Sequence[str], weights: Mapping[str, float]) -> Signs:
    found = dict.fromkeys(map(stem_of, words), 1.0) | {CAUSE + cause: CAUSE_SAYS for cause in causes(words)}
    return {sign: weight * weights.get(sign, 1.0) for sign, weight in found.items()}


def _spelled(said: Sequence[Sequence[str]]) -> Mapping[str, str]:
    """For each word that looks like a mistyped other of these texts, that other: the one said more often.

    A word that speaks of a cause is right as it is.
    """
    often = Counter(word for words in said for word in words if len(word) >= _SHORTEST)
    known: dict[str, list[str]] = {}
    meant: dict[str, str] = {}
    for word in sorted(often, key=lambda word: (-often[word], word)):
        others = known.setdefault(word[0], [])
        if not causes([word]):
            other = next((one for one in others if JaroWinkler.similarity(one, word) >= SAME_WORD), None)
            if other is not None:
                meant[word] = other
                continue
        others.append(word)
    return meant


def likeness(one: Signs, other: Signs) -> float:
    """What two texts share of all that they say, from 0 to 1."""
    shared = sum(min(one[sign], other[sign]) for sign in one.keys() & other.keys())
    whole = sum(one.values()) + sum(other.values()) - shared
    return shared / whole if whole else 0.0
