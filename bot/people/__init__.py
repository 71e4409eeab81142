"""People and teams: the roster from Slack, and the rooms where they are looked after."""

from bot.doors import Doors
from bot.people import (
    commands,
    events,
    handlers,
    holiday_handlers,
    leaving_handlers,
    questions,
    sentences,
    team_handlers,
)
from bot.ritual import Part


def _register(doors: Doors) -> None:
    events.register(doors)
    for room in (leaving_handlers, handlers, team_handlers, questions, holiday_handlers):
        room.register(doors)


__all__ = ["PART", "sentences"]

PART = Part(
    name="people",
    register=_register,
    commands=[commands.PEOPLE, commands.TEAMS, commands.ME, commands.HOLIDAYS],
)
