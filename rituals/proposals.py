"""Which KPI a result moves, guessed from the person's own past, the KPI's name and the words of the trade (F6).

Three voices, each a word at a time. A word of the KPI's name says most; a word of the trade (`rituals.trade_words`)
speaks for the kinds of number that it belongs to; a word of the person's past speaks for the numbers that it was linked
to, the rarer the louder. A word that several KPIs share is divided among them. Who has most votes is proposed, and
nobody when two have as many: a wrong guess costs a press, as a missing one does, but hides that nothing was known.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log
from uuid import UUID

from rituals import trade_words
from rituals.words import Phrase, Said, marks_of, marks_of_all, phrases_in, read, stem_of

NAME_SAYS = 3.0
TRADE_SAYS = 2.0
"""What a word of a KPI's name and a word of its trade weigh; a rare word of the past weighs about as much."""
HABIT_FROM = 5
"""How many results it takes until a habit counts for something."""
TOSS = 1e-9
"""Votes that lie closer than this are as many."""
NOTHING = -1
"""In place of a KPI: it moves no number."""

_KINDS = tuple((phrases_in(kind.name), phrases_in(kind.said)) for kind in trade_words.KINDS)
_NO_NUMBER = phrases_in(trade_words.NO_NUMBER)
_SAY_LITTLE = frozenset(stem_of(word) for word in trade_words.SAY_LITTLE.split())


def _moved_by(name: str) -> tuple[Phrase, ...]:
    """What moves the first kind of number that a KPI's name knows; nothing when it knows none."""
    marks = marks_of_all(read(name).words)
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
        for stem in read(name).stems - _SAY_LITTLE:
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
    known = [(places[kpi], read(text)) for kpi, text in past if kpi in places]
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
    said = read(text)
    if not said.line:
        return None
    place = learned.lines.get(said.line)
    if place is None:
        votes: dict[int, float] = defaultdict(float)
        _count_names(votes, said, learned.voices)
        _count_past(votes, said, learned)
        place = _most(votes, learned)
    return None if place == NOTHING else learned.kpis[place]


def _count_names(votes: dict[int, float], said: Said, voices: _Voices) -> None:
    """Let each word speak once: for the KPIs that are called so, else for those that it moves by trade."""
    for stem, word in sorted({stem_of(word): word for word in said.words}.items()):
        called = voices.names.get(stem)
        if called:
            for place in called:
                votes[place] += NAME_SAYS / len(called)
            continue
        moved = {place for mark in marks_of(word) & voices.words.keys() for place in voices.words[mark]}
        for place in moved:
            votes[place] += TRADE_SAYS / len(moved)
    marks = marks_of_all(said.words)
    for phrase, places in voices.phrases.items():
        if marks.issuperset(phrase):
            for place in places:
                votes[place] += TRADE_SAYS * len(phrase) / len(places)


def _count_past(votes: dict[int, float], said: Said, learned: Learned) -> None:
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
