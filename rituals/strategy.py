"""The strategy in a handful of choices, and whose week each of them changes (C12)."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from rituals.refusals import Refusal

MOST_CHOICES = 7
LONGEST_CHOICE = 150
MOST_WORDS = 900
"""Two pages, five minutes' reading."""
MOST_TEAMS = 3
"""Teams that are asked at once: enough to hear whether it arrived."""
_CITED = re.compile(r"\(S([1-7])\)", re.IGNORECASE)


class StrategyTooLong(Refusal):
    """Text and choices are longer than two pages; `words` is how many there are."""

    def __init__(self, words: int) -> None:
        super().__init__(words)
        self.words = words


class ChoicesOff(Refusal):
    """One to seven choices make a strategy, one a line; `count` were."""

    def __init__(self, count: int) -> None:
        super().__init__(count)
        self.count = count


class ChoiceTooLong(Refusal):
    """A choice is no sentence any more; `line` counts from 1."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


class WrittenMeanwhile(Refusal):
    """Somebody else wrote a newer strategy since the form was opened."""


class TeamsOff(Refusal):
    """One to three teams are asked at once."""


@dataclass(frozen=True, slots=True)
class Strategy:
    """One edition of a workspace's strategy; the highest `version` is in force. `choices` are one a line."""

    id: UUID
    workspace: str
    version: int
    text: str
    choices: str
    by_id: UUID
    written_at: datetime

    @property
    def listed(self) -> tuple[str, ...]:
        """The choices in their order: people cite the second as (S2)."""
        return tuple(self.choices.split("\n"))


@dataclass(frozen=True, slots=True)
class Mark:
    """Which choice of a strategy changes somebody's week, counted from 1; 0 is none, None not answered yet."""

    id: UUID
    workspace: str
    strategy_id: UUID
    person_id: UUID
    team_id: UUID
    asked_at: datetime
    choice: int | None = None
    answered_at: datetime | None = None


def worded(text: str, choices: str) -> tuple[str, str]:
    """Text and choices as they are kept; raises ChoicesOff, ChoiceTooLong or StrategyTooLong."""
    lines = [" ".join(line.split()) for line in choices.split("\n") if line.strip()]
    if not 1 <= len(lines) <= MOST_CHOICES:
        raise ChoicesOff(len(lines))
    for number, line in enumerate(lines, 1):
        if len(line) > LONGEST_CHOICE:
            raise ChoiceTooLong(number)
    words = len(text.split()) + sum(len(line.split()) for line in lines)
    if words > MOST_WORDS:
        raise StrategyTooLong(words)
    return text.strip(), "\n".join(lines)


def follows(strategy: Strategy, newest: Strategy | None) -> Strategy:
    """The strategy as the edition after the newest, which its writer saw; raises WrittenMeanwhile."""
    if strategy.version != (0 if newest is None else newest.version) + 1:
        raise WrittenMeanwhile
    return strategy


def answered(mark: Mark, choice: int, strategy: Strategy, now: datetime) -> Mark:
    """The mark with its answer, which a later one replaces; a choice that is not there counts as none."""
    return replace(mark, choice=choice if 0 < choice <= len(strategy.listed) else 0, answered_at=now)


def cited(texts: Iterable[str]) -> Mapping[int, int]:
    """How many results cite each choice, as "Three renewals called (S2)" does."""
    return Counter(number for text in texts for number in {int(found) for found in _CITED.findall(text)})
