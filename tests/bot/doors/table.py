"""Every way into Cadence from Slack: what each needs to be walked, and which right it asks.

A door that is registered and stands nowhere here fails `test_matrix`, so that a new button can't come in unseen.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bot.app import PARTS, RITUALS, TROUBLES
from bot.held_back import views as held_back
from bot.ritual import Part, Ritual
from tests.bot.doors import (
    blockers,
    decisions,
    huddle,
    kpis,
    partners,
    people,
    stoplight,
    troubles,
    weekly,
)
from tests.bot.doors.door import Door

_EVERYWHERE = (
    huddle,
    blockers,
    troubles,
    people,
    kpis,
    partners,
    decisions,
    stoplight,
    weekly,
)
GUARDED: Sequence[Door] = [door for part in _EVERYWHERE for door in part.DOORS]
"""Doors whose right depends on who comes."""
OWN: Mapping[str, str] = {door: why for part in _EVERYWHERE for door, why in part.OWN.items()} | {
    held_back.SHOW: "sends one's own messages",
}
"""Doors that nobody can aim at somebody else, and why; or that are tried elsewhere."""


class Recorder:
    """Stands where Bolt's app would, and writes down what is registered."""

    def __init__(self) -> None:
        self.ids: set[str] = set()

    def _note(self, constraint: Any) -> Callable[[Any], Any]:
        self.ids.add(constraint if isinstance(constraint, str) else json.dumps(constraint, default=str))
        return lambda listener: listener

    action = view = shortcut = options = _note

    def event(self, _kind: str) -> Callable[[Any], Any]:
        """Events come from Slack itself, and nobody stands behind them."""
        return lambda listener: listener


def registered() -> set[str]:
    """The id of every button, form and shortcut, and every verb as it is typed."""
    recorder = Recorder()
    parts: Sequence[Ritual | Part] = (*RITUALS, *PARTS)
    for part in parts:
        part.register(recorder)  # type: ignore[arg-type]
    TROUBLES.register(recorder)  # type: ignore[arg-type]
    nouns = [noun for part in parts for noun in part.commands]
    verbs = {f"{noun.typed} {verb.name}".strip() for noun in nouns for verb in noun.verbs}
    return recorder.ids | verbs
