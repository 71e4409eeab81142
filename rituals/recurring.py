"""What recurs in a team's blockers of ten working days, and what its decisions about that teach (W2, F33)."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations
from uuid import UUID

from rituals.calendar import Works
from rituals.likeness import CAUSE, Signs, heard, likeness
from rituals.themes import LEAST, LONGEST_NAME, Theme, ThemeState
from rituals.words import STOP, read, stem_of

DAYS = 10
"""Working days in which the blockers of a proposal fall."""
ALIKE = 0.08
"""How alike the blockers of a proposal are at least, on average."""
MOST_CASES = 120
"""Of a very large team only the newest are compared, so that the search takes no longer than a press may."""
REFUSED_WEIGHS, MADE_WEIGHS = 0.5, 1.25
LIGHTEST, HEAVIEST = 0.1, 2.0
"""How much a refusal and a theme change what the signs that its blockers share weigh, and how far that goes."""

Pair = frozenset[UUID]


@dataclass(frozen=True, slots=True)
class Case:
    """A blocker as it is compared: `said` is its text and what it needs."""

    id: UUID
    said: str
    kpi_id: UUID | None = None
    tags: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Proposal:
    """Blockers that look like one theme, in the order given, and what it may be called."""

    cases: tuple[UUID, ...]
    name: str


@dataclass(frozen=True, slots=True)
class Lessons:
    """What a team's decisions taught: the pairs that stay apart, and how much a sign weighs that is not as usual."""

    apart: frozenset[Pair]
    weights: Mapping[str, float]


UNTAUGHT = Lessons(frozenset(), {})


def first_day(today: date, works: Works) -> date:
    """The first of the ten working days that end with `today`, or with the last one before it."""
    day, left = today, DAYS
    while True:
        left -= works(day)
        if left <= 0:
            return day
        day -= timedelta(days=1)


def learn(decided: Iterable[tuple[Theme, Sequence[Case]]]) -> Lessons:
    """What a team's decisions so far taught; `decided` are its themes with their blockers."""
    apart: set[Pair] = set()
    weights: dict[str, float] = {}
    parts: dict[UUID, list[Sequence[Case]]] = {}
    for theme, cases in decided:
        parts.setdefault(theme.root_id, []).append(cases)
        if theme.state is ThemeState.REFUSED:
            apart |= {frozenset((one.id, other.id)) for one, other in combinations(cases, 2)}
            _weigh(weights, cases, REFUSED_WEIGHS)
        elif theme.state in (ThemeState.MADE, ThemeState.AGREED):
            _weigh(weights, cases, MADE_WEIGHS)
    for split in parts.values():
        for one, other in combinations(split, 2):
            apart |= {frozenset((a.id, b.id)) for a in one for b in other if a.id != b.id}
    return Lessons(frozenset(apart), weights)


def _weigh(weights: dict[str, float], cases: Sequence[Case], factor: float) -> None:
    """Have the signs that most of these share count for more or less."""
    counts = Counter(sign for signs in heard([case.said for case in cases]) for sign in signs)
    for sign in (sign for sign, count in counts.items() if count * 2 > len(cases)):
        weights[sign] = min(HEAVIEST, max(LIGHTEST, weights.get(sign, 1.0) * factor))


def propose(cases: Sequence[Case], kpis: Mapping[UUID, str], lessons: Lessons = UNTAUGHT) -> list[Proposal]:
    """The themes that these blockers look like, the largest first, each blocker in one at most.

    The same tag counts before similar words, and those before the same KPI. `cases` are those of ten working days,
    oldest first; `kpis` names the KPIs. No two that were refused together or split stand in one proposal.
    """
    left = list(cases[-MOST_CASES:])
    found: list[Proposal] = []

    def take(group: Iterable[Case], name: str) -> None:
        kept = _kept_apart(group, lessons.apart)
        if len(kept) >= LEAST:
            found.append(Proposal(tuple(case.id for case in kept), name[:LONGEST_NAME]))
            left[:] = [case for case in left if case not in kept]

    for tag in sorted({tag for case in left for tag in case.tags}):
        take([case for case in left if tag in case.tags], f"#{tag}")
    for group in _alike(left, heard([case.said for case in left], lessons.weights), lessons.apart):
        if len(group) >= LEAST:
            take(group, _called(group))
    for kpi in dict.fromkeys(case.kpi_id for case in left if case.kpi_id is not None):
        take([case for case in left if case.kpi_id == kpi], kpis.get(kpi, ""))
    return sorted(found, key=lambda one: -len(one.cases))


def _kept_apart(group: Iterable[Case], apart: frozenset[Pair]) -> list[Case]:
    """Those of a group that may stand together, the earlier before the later."""
    kept: list[Case] = []
    for case in group:
        if not any(frozenset((case.id, other.id)) in apart for other in kept):
            kept.append(case)
    return kept


def _alike(cases: Sequence[Case], signs: Sequence[Signs], apart: frozenset[Pair]) -> list[list[Case]]:
    """Groups that are alike on average, those that are most alike joined first; parted ones never are."""
    groups = {number: [number] for number in range(len(cases))}
    alike = {
        (one, other): likeness(signs[one], signs[other])
        for one, other in combinations(groups, 2)
        if frozenset((cases[one].id, cases[other].id)) not in apart
    }
    while alike:
        (one, other), best = max(alike.items(), key=lambda item: (item[1], -item[0][0], -item[0][1]))
        if best < ALIKE:
            break
        mine, its = len(groups[one]), len(groups[other])
        groups[one] += groups.pop(other)
        for third in groups:
            to_one = alike.pop((min(third, one), max(third, one)), None)
            to_other = alike.pop((min(third, other), max(third, other)), None)
            if to_one is not None and to_other is not None:
                average = (to_one * mine + to_other * its) / (mine + its)
                alike[min(third, one), max(third, one)] = average
    return [sorted((cases[number] for number in group), key=cases.index) for group in groups.values()]


def _called(group: Sequence[Case]) -> str:
    """What most of a group speak of: the cause, else the words that most of them share."""
    counts = Counter(sign for signs in heard([case.said for case in group]) for sign in signs)
    ranked = sorted(counts, key=lambda sign: (-counts[sign], not sign.startswith(CAUSE)))
    first = ranked[0]
    if first.startswith(CAUSE):
        return first.removeprefix(CAUSE)
    spoken = Counter(word for case in group for word in read(case.said).words if word not in STOP)
    return ", ".join(_spoken(stem, spoken) for stem in ranked[:2] if not stem.startswith(CAUSE)).capitalize()


def _spoken(stem: str, spoken: Counter[str]) -> str:
    """The word that is said most often for a stem."""
    return max((word for word in spoken if stem_of(word) == stem), key=lambda word: (spoken[word], word), default=stem)
