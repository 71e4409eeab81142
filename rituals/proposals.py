"""Which KPI a result moves, guessed from the person's own past, the KPI's name and the words of the trade (F6).

Three voices, each a word at a time. A word of the KPI's name says most; a word of the trade (`rituals.trade_words`)
speaks for the kinds of number that it belongs to; a word of the person's past speaks for the numbers that it was linked
to, the rarer the louder. A word that several KPIs share is divided among them. Who has most votes is proposed, and
nobody when two have as many: a wrong guess costs a press, as a missing one does, but hides that nothing was known.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log
from uuid import UUID

from rituals import trade_words

NAME_SAYS = 3.0
TRADE_SAYS = 2.0
"""What a word of a KPI's name and a word of its trade weigh; a rare word of the past weighs about as much."""
TOSS = 1e-9
"""Votes that lie closer than this are as many."""

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

Choice = UUID | None
"""A KPI, or None for a result that moves no number."""
Phrase = tuple[str, ...]


def _bare(text: str) -> str:
    """The text in lower case, without accents, one space between its words."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(sign for sign in apart if not unicodedata.combining(sign)).split())


_STOP = frozenset(trade_words.STOP.split())


@lru_cache(maxsize=32768)
def _stem(word: str) -> str:
    """What is left of a word without doubled letters and its ending, so that renews, renewed and renewal are one."""
    word = re.sub(r"(.)\1", r"\1", word)
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _LEAST_STEM:
            word = word.removesuffix(ending)
            break
    return word[:_LONGEST_STEM]


@dataclass(frozen=True, slots=True)
class _Read:
    """A text as it is compared: the whole line, its words, and what is left of those that say something."""

    line: str
    words: tuple[str, ...]
    stems: frozenset[str]


@lru_cache(maxsize=8192)
def _read(text: str) -> _Read:
    line = _bare(text)
    words = tuple(re.findall(r"[^\W\d_]{2,}", line))
    return _Read(line, words, frozenset(_stem(word) for word in words if word not in _STOP))


def _phrases(listed: str) -> tuple[Phrase, ...]:
    return tuple(tuple(phrase.split("+")) for phrase in listed.split())


_KINDS = tuple((_phrases(kind.name), _phrases(kind.said)) for kind in trade_words.KINDS)
_NO_NUMBER = _phrases(trade_words.NO_NUMBER)
_SAY_LITTLE = frozenset(_stem(word) for word in trade_words.SAY_LITTLE.split())


def _marks(word: str) -> set[str]:
    """Every way in which a table of words may name this one: whole, by its beginning, by its end."""
    starts = (f"{word[:end]}*" for end in range(_SHORTEST_START, len(word) + 1))
    ends = (f"*{word[start:]}" for start in range(len(word) - _SHORTEST_END + 1))
    return {word, *starts, *ends}


def _all_marks(words: Iterable[str]) -> set[str]:
    return {mark for word in words for mark in _marks(word)}


def _moved_by(name: str) -> tuple[Phrase, ...]:
    """What moves the first kind of number that a KPI's name knows; nothing when it knows none."""
    marks = _all_marks(_read(name).words)
    return next((said for names, said in _KINDS if any(marks.issuperset(known) for known in names)), ())


@dataclass(frozen=True, slots=True)
class _Voices:
    """Whom each word speaks for in a team: by name, by trade, and by trade in phrases.

    KPIs are counted in the order of their names; -1 is "no number".
    """

    names: Mapping[str, Sequence[int]]
    words: Mapping[str, Sequence[int]]
    phrases: Mapping[Phrase, Sequence[int]]


@lru_cache(maxsize=256)
def _voices(names: tuple[str, ...]) -> _Voices:
    called: dict[str, list[int]] = {}
    moved: dict[Phrase, list[int]] = {}
    for place, name in enumerate(names):
        for stem in _read(name).stems - _SAY_LITTLE:
            called.setdefault(stem, []).append(place)
        for phrase in dict.fromkeys(_moved_by(name)):
            moved.setdefault(phrase, []).append(place)
    for phrase in _NO_NUMBER:
        moved.setdefault(phrase, []).append(-1)
    return _Voices(
        called,
        {phrase[0]: places for phrase, places in moved.items() if len(phrase) == 1},
        {phrase: moved[phrase] for phrase in sorted(moved) if len(phrase) > 1},
    )


def propose_kpi(text: str, names: Mapping[UUID, str], past: Sequence[tuple[Choice, str]]) -> UUID | None:
    """Guess which KPI a result moves; None when nothing speaks for one, two tie, or it seems to move none (F6, F7).

    `names` says what each KPI of the team is called. `past` holds what the person confirmed, oldest first: the KPI, or
    None for "no number", and the result's text. A line that was confirmed before keeps what it had.
    """
    said = _read(text)
    known = [(choice, _read(line)) for choice, line in past if choice is None or choice in names]
    if said.line:
        for choice, before in reversed(known):
            if before.line == said.line:
                return choice
    votes: dict[Choice, float] = defaultdict(float)
    _count_names(votes, said, names)
    _count_past(votes, said, known)
    return _most(votes, Counter(choice for choice, _ in known))


def _count_names(votes: dict[Choice, float], said: _Read, names: Mapping[UUID, str]) -> None:
    """Let each word speak once: for the KPIs that are called so, else for those that it moves by trade."""
    ordered: list[Choice] = [*sorted(names, key=lambda kpi: (names[kpi], kpi)), None]
    voices = _voices(tuple(names[kpi] for kpi in ordered if kpi is not None))
    for stem, word in sorted({_stem(word): word for word in said.words}.items()):
        if called := voices.names.get(stem):
            for place in called:
                votes[ordered[place]] += NAME_SAYS / len(called)
            continue
        moved = {place for mark in _marks(word) & voices.words.keys() for place in voices.words[mark]}
        for place in moved:
            votes[ordered[place]] += TRADE_SAYS / len(moved)
    marks = _all_marks(said.words)
    for phrase, places in voices.phrases.items():
        if marks.issuperset(phrase):
            for place in places:
                votes[ordered[place]] += TRADE_SAYS * len(phrase) / len(places)


def _count_past(votes: dict[Choice, float], said: _Read, known: Sequence[tuple[Choice, _Read]]) -> None:
    linked: dict[str, Counter[Choice]] = {}
    for choice, before in known:
        for stem in said.stems & before.stems:
            linked.setdefault(stem, Counter())[choice] += 1
    for stem in sorted(linked):
        times = linked[stem].total()
        rarity = log((len(known) + 2) / times)
        for choice, count in linked[stem].items():
            votes[choice] += rarity * count / (times + 1)


def _most(votes: dict[Choice, float], habit: Counter[Choice]) -> UUID | None:
    """Who has most votes; how often the person moves a number decides between those that are close."""
    often = habit.total() + 5
    ranked = sorted((count + habit[choice] / often, choice) for choice, count in votes.items() if choice is not None)
    nothing = votes[None] + habit[None] / often if None in votes else 0.0
    rivals = [*(count for count, _ in ranked[-2:-1]), nothing]
    if not ranked or any(ranked[-1][0] - count < TOSS for count in rivals):
        return None
    return ranked[-1][1]
