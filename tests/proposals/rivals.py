"""The proposal and its rivals. Each guesses from the same: a text, the names of the KPIs, the past of the person."""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from uuid import UUID

from rituals.proposals import learn, propose_kpi

Past = Sequence[tuple[UUID | None, str]]
Propose = Callable[[str, Mapping[UUID, str], Past], UUID | None]


def cadence(text: str, names: Mapping[UUID, str], past: Past) -> UUID | None:
    """What Cadence proposes."""
    return propose_kpi(text, learn(names, past))


def most_frequent(_text: str, _names: Mapping[UUID, str], past: Past) -> UUID | None:
    """The KPI that the person moved most often, whatever the line says."""
    often = Counter(kpi for kpi, _ in past if kpi is not None).most_common(1)
    return often[0][0] if often else None


def baseline(text: str, names: Mapping[UUID, str], past: Past) -> UUID | None:
    """What Cadence did at first: words that a line shares with the KPI's name, thrice, and with its past lines."""
    history: dict[UUID, frozenset[str]] = {}
    for kpi, line in past:
        if kpi is not None:
            history[kpi] = history.get(kpi, frozenset()) | _words(line)
    said = _words(text)
    scores = sorted(
        (3 * len(said & _words(name)) + len(said & history.get(kpi, frozenset())), kpi) for kpi, name in names.items()
    )
    if scores[-1][0] == 0 or (len(scores) > 1 and scores[-1][0] == scores[-2][0]):
        return None
    return scores[-1][1]


@lru_cache(maxsize=4096)
def _words(text: str) -> frozenset[str]:
    return frozenset(word.rstrip("s") for word in re.findall(r"[^\W\d_]{4,}", text.casefold()))
