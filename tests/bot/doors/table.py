"""Every way into Cadence from Slack: what each needs to be walked, and which right it asks.

A door that is registered and stands nowhere here fails `test_matrix`, so that a new button can't come in unseen.
"""

from collections.abc import Mapping, Sequence

from bot import commands
from bot.app import PARTS, RITUALS, every_door
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
    strategy,
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
    strategy,
    stoplight,
    weekly,
)
GUARDED: Sequence[Door] = [door for part in _EVERYWHERE for door in part.DOORS]
"""Doors whose right depends on who comes."""
OWN: Mapping[str, str] = {door: why for part in _EVERYWHERE for door, why in part.OWN.items()} | {
    held_back.SHOW: "sends one's own messages",
    commands.RUN: "runs the command that stands on it, whose verb is a door of its own",
}
"""Doors that nobody can aim at somebody else, and why; or that are tried elsewhere."""


def registered() -> set[str]:
    """The id of every button, form and shortcut, and every verb as it is typed.

    Events come from Slack itself, and nobody stands behind them.
    """
    doors = every_door()
    parts: Sequence[Ritual | Part] = (*RITUALS, *PARTS)
    nouns = [noun for part in parts for noun in part.commands]
    verbs = {f"{noun.typed} {verb.name}".strip() for noun in nouns for verb in noun.verbs}
    return {*doors.action.handlers, *doors.view.handlers, *doors.shortcut.handlers, *verbs}
