"""A text as it is compared: lower case, no accents, no endings, and its words as our tables of words list them."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from rituals import trade_words

_ENDINGS = tuple(
    sorted(
        trade_words.ENDINGS.split(),
        key=lambda ending: (-len(ending), ending),
    )
)
_LEAST_STEM = 4
_LONGEST_STEM = 6
_SHORTEST_START = 3
_SHORTEST_END = 4

Phrase = tuple[str, ...]
"""Words of a table that count together, "close+date*" being two."""


def bared(text: str) -> str:
    """The text in lower case, without accents, one space between its words; of accents alone, as it is."""
    bare = text.casefold()
    if not bare.isascii():
        apart = unicodedata.normalize("NFKD", bare)
        bare = "".join(sign for sign in apart if not unicodedata.combining(sign))
    return " ".join(bare.split()) or text.strip()


_WORD = re.compile(r"[^\W\d_]{2,}")
_DOUBLED = re.compile(r"(.)\1")
STOP = frozenset(trade_words.STOP.split())
"""Words that say nothing of what a text is about."""


@lru_cache(maxsize=32768)
def stem_of(word: str) -> str:
    """What is left of a word without doubled letters and its ending, so that renews, renewed and renewal are one."""
    word = _DOUBLED.sub(r"\1", word)
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _LEAST_STEM:
            word = word.removesuffix(ending)
            break
    return word[:_LONGEST_STEM]


@dataclass(frozen=True, slots=True)
class Said:
    """A text as it is compared: the whole line, its words, and what is left of those that say something."""

    line: str
    words: tuple[str, ...]
    stems: frozenset[str]


@lru_cache(maxsize=8192)
def read(text: str) -> Said:
    """The text, read."""
    line = bared(text)
    words = tuple(_WORD.findall(line))
    return Said(line, words, frozenset(stem_of(word) for word in words if word not in STOP))


def phrases_in(listed: str) -> tuple[Phrase, ...]:
    """The entries of a table of words."""
    return tuple(tuple(phrase.split("+")) for phrase in listed.split())


@lru_cache(maxsize=4096)
def marks_of(word: str) -> frozenset[str]:
    """Every way in which a table of words may name this one: whole, by its beginning, by its end."""
    starts = (f"{word[:end]}*" for end in range(_SHORTEST_START, len(word) + 1))
    ends = (f"*{word[start:]}" for start in range(len(word) - _SHORTEST_END + 1))
    return frozenset((word, *starts, *ends))


def marks_of_all(words: Iterable[str]) -> set[str]:
    """The same for several words."""
    return {mark for word in words for mark in marks_of(word)}
