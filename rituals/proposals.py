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
HABIT_FROM = 5
"""How many results it takes until a habit counts for something."""
TOSS = 1e-9
"""Votes that lie closer than this are as many."""
NOTHING = -1
"""In place of a KPI: it moves no number."""

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


def _bare(text: str) -> str:
    """The text in lower case, without accents, one space between its words."""
    bare = text.casefold()
    if not bare.isascii():
        apart = unicodedata.normalize("NFKD", bare)
        bare = "".join(sign for sign in apart if not unicodedata.combining(sign))
    return " ".join(bare.split())


_WORD = re.compile(r"[^\W\d_]{2,}")
_DOUBLED = re.compile(r"(.)\1")
_STOP = frozenset(trade_words.STOP.split())


@lru_cache(maxsize=32768)
def _stem(word: str) -> str:
    """What is left of a word without doubled letters and its ending, so that renews, renewed and renewal are one."""
    word = _DOUBLED.sub(r"\1", word)
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
    words = tuple(_WORD.findall(line))
    return _Read(line, words, frozenset(_stem(word) for word in words if word not in _STOP))


def _phrases(listed: str) -> tuple[Phrase, ...]:
    return tuple(tuple(phrase.split("+")) for phrase in listed.split())


_KINDS = tuple((_phrases(kind.name), _phrases(kind.said)) for kind in trade_words.KINDS)
_NO_NUMBER = _phrases(trade_words.NO_NUMBER)
_SAY_LITTLE = frozenset(_stem(word) for word in trade_words.SAY_LITTLE.split())


@lru_cache(maxsize=4096)
def _marks(word: str) -> frozenset[str]:
    """Every way in which a table of words may name this one: whole, by its beginning, by its end."""
    starts = (f"{word[:end]}*" for end in range(_SHORTEST_START, len(word) + 1))
    ends = (f"*{word[start:]}" for start in range(len(word) - _SHORTEST_END + 1))
    return frozenset((word, *starts, *ends))


def _all_marks(words: Iterable[str]) -> set[str]:
    return {mark for word in words for mark in _marks(word)}


def _moved_by(name: str) -> tuple[Phrase, ...]:
    """What moves the first kind of number that a KPI's name knows; nothing when it knows none."""
    marks = _all_marks(_read(name).words)
    return next((said for names, said in _KINDS if any(marks.issuperset(known) for known in names)), ())


@dataclass(frozen=True, slots=True)
class _Voices:
    """Whom each word speaks for in a team: by name, by trade, and by trade in phrases.

    KPIs are counted by their place in the order of their names.
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
        moved.setdefault(phrase, []).append(NOTHING)
    return _Voices(
        called,
        {phrase[0]: places for phrase, places in moved.items() if len(phrase) == 1},
        {phrase: moved[phrase] for phrase in sorted(moved) if len(phrase) > 1},
    )


@dataclass(frozen=True, slots=True)
class Learned:
    """What is known of a team's KPIs and a person's past, for all lines of a plan. Made by `learn`.

    `kpis` stand in the order of their names. The rest counts them by their place there, `NOTHING` for "no number".
    """

    kpis: Sequence[UUID]
    voices: _Voices
    lines: Mapping[str, int]
    linked: Mapping[str, Mapping[int, int]]
    habit: Mapping[int, int]
    results: int


def learn(names: Mapping[UUID, str], past: Iterable[tuple[UUID | None, str]]) -> Learned:
    """Learn what each KPI of a team is called, and what a person linked to each, or to no number: oldest first (F6)."""
    kpis = sorted(names, key=lambda kpi: (names[kpi], kpi))
    places: dict[UUID | None, int] = {kpi: place for place, kpi in enumerate(kpis)} | {None: NOTHING}
    known = [(places[kpi], _read(text)) for kpi, text in past if kpi in places]
    linked: dict[str, dict[int, int]] = {}
    for place, said in known:
        for stem in said.stems:
            counts = linked.setdefault(stem, {})
            counts[place] = counts.get(place, 0) + 1
    return Learned(
        kpis=kpis,
        voices=_voices(tuple(names[kpi] for kpi in kpis)),
        lines={said.line: place for place, said in known},
        linked=linked,
        habit=Counter(place for place, _ in known),
        results=len(known),
    )


def propose_kpi(text: str, learned: Learned) -> UUID | None:
    """Guess which KPI a result moves; None when nothing speaks for one, two tie, or it seems to move none (F6, F7).

    A line that the person confirmed before keeps what it had last.
    """
    said = _read(text)
    if not said.line:
        return None
    place = learned.lines.get(said.line)
    if place is None:
        votes: dict[int, float] = defaultdict(float)
        _count_names(votes, said, learned.voices)
        _count_past(votes, said, learned)
        place = _most(votes, learned)
    return None if place == NOTHING else learned.kpis[place]


def _count_names(votes: dict[int, float], said: _Read, voices: _Voices) -> None:
    """Let each word speak once: for the KPIs that are called so, else for those that it moves by trade."""
    for stem, word in sorted({_stem(word): word for word in said.words}.items()):
        called = voices.names.get(stem)
        if called:
            for place in called:
                votes[place] += NAME_SAYS / len(called)
            continue
        moved = {place for mark in _marks(word) & voices.words.keys() for place in voices.words[mark]}
        for place in moved:
            votes[place] += TRADE_SAYS / len(moved)
    marks = _all_marks(said.words)
    for phrase, places in voices.phrases.items():
        if marks.issuperset(phrase):
            for place in places:
                votes[place] += TRADE_SAYS * len(phrase) / len(places)


def _count_past(votes: dict[int, float], said: _Read, learned: Learned) -> None:
    """Let each word speak for what it was linked to, in shares, and the louder the rarer the person says it."""
    for stem in sorted(said.stems & learned.linked.keys()):
        counts = learned.linked[stem]
        times = sum(counts.values())
        rarity = log((learned.results + 2) / times)
        for place, count in counts.items():
            votes[place] += rarity * count / (times + 1)


def _most(votes: Mapping[int, float], learned: Learned) -> int:
    """Who has most votes; between those that are close it decides which the person moves more often."""
    often = learned.results + HABIT_FROM
    ranked = sorted((count + learned.habit.get(place, 0) / often, place) for place, count in votes.items())
    if not ranked or any(ranked[-1][0] - count < TOSS for count, _ in ranked[-2:-1]):
        return NOTHING
    return ranked[-1][1]
