"""Things that go wrong on demand: chosen by name, counted, repeatable with a seed."""

from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from random import Random
from typing import Literal, get_args

FaultKind = Literal[
    "refuse",  # Web API: the connection drops before anything was done
    "drop_reply",  # Web API: done, and the connection drops without an answer
    "delay",  # Web API: waits, then does it
    "error_after",  # Web API: done, and answered with HTTP 500
    "unavailable",  # Web API: HTTP 503 before anything was done
    "rate_limit",  # Web API: 429 with Retry-After
    "fail",  # Web API: refused with `error`
    "lose",  # delivery: never sent, so the ack never comes
    "duplicate",  # delivery: sent twice
    "reorder",  # delivery: held back until the next one has gone out
    "late",  # delivery: waits, then sends
]
API_FAULTS: frozenset[FaultKind] = frozenset(
    ("refuse", "drop_reply", "delay", "error_after", "unavailable", "rate_limit", "fail")
)


@dataclass
class Fault:
    """One rule. `on` is a method like `chat.*`, or a delivery like `events_api:message` or `interactive*`.

    It lets `after` calls pass, then strikes `count` times (forever when None), each time with `chance`.
    """

    on: str
    kind: FaultKind
    count: int | None = 1
    after: int = 0
    chance: float = 1.0
    seconds: float = 1.0
    error: str = "internal_error"
    struck: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        """Refuse kinds that do not exist."""
        if self.kind not in get_args(FaultKind):
            raise ValueError(f"unknown fault {self.kind!r}; known: {', '.join(get_args(FaultKind))}")

    @property
    def is_spent(self) -> bool:
        """Whether it will not strike again."""
        return self.count is not None and self.struck >= self.count


class Faults:
    """The rules in force."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self.rules: list[Fault] = []

    def add(
        self,
        on: str,
        kind: FaultKind,
        *,
        count: int | None = 1,
        after: int = 0,
        chance: float = 1.0,
        seconds: float = 1.0,
        error: str = "internal_error",
    ) -> Fault:
        """Add a rule and return it; `struck` counts how often it hit."""
        rule = Fault(on, kind, count, after, chance, seconds, error)
        self.rules.append(rule)
        return rule

    def clear(self) -> None:
        """Drop every rule."""
        self.rules.clear()

    def strike(self, *names: str, api: bool) -> Fault | None:
        """Return the first rule that hits something called by any of these names."""
        for rule in self.rules:
            if rule.is_spent or (rule.kind in API_FAULTS) is not api:
                continue
            if not any(fnmatchcase(name, rule.on) for name in names):
                continue
            if rule.after > 0:
                rule.after -= 1
            elif self._random.random() < rule.chance:
                rule.struck += 1
                return rule
        return None
