"""What a weekly talks about, in which order, for how many minutes: at most sixty (W1, W4, W9, F39)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from rituals.weekly import LONGEST_MEETING


class Topic(StrEnum):
    """The blocks of an agenda, in their order: the scorecard is always first (W9)."""

    SCORECARD = "scorecard"
    ACTIONS = "last week's actions"
    THEMES = "themes"
    DEPENDENCIES = "dependencies"
    CLOSE = "close"


SHARES: Mapping[Topic, int] = {
    Topic.SCORECARD: 15,
    Topic.ACTIONS: 5,
    Topic.THEMES: 25,
    Topic.DEPENDENCIES: 10,
    Topic.CLOSE: 5,
}
"""Minutes of a full hour."""
ALWAYS = (Topic.SCORECARD, Topic.CLOSE)
"""There every week, however little there is to say: a weekly ends with its two lists (W6)."""


@dataclass(frozen=True, slots=True)
class Part:
    """One block of the agenda."""

    topic: Topic
    minutes: int


def agenda(there: Mapping[Topic, int], minutes: int = LONGEST_MEETING) -> list[Part]:
    """The blocks that have something in them, `there` says how much, with minutes that sum to `minutes` at most.

    A block without anything gives its time back: a meeting that ends early is a good one (W8).
    """
    whole = min(minutes, LONGEST_MEETING)
    topics = [topic for topic in Topic if topic in ALWAYS or there.get(topic, 0)]
    return [Part(topic, SHARES[topic] * whole // LONGEST_MEETING) for topic in topics]
