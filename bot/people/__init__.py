"""People and teams: the roster from Slack, and the rooms where they are looked after."""

from slack_bolt.async_app import AsyncApp

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


def _register(app: AsyncApp) -> None:
    events.register(app)
    for room in (leaving_handlers, handlers, team_handlers, questions, holiday_handlers):
        room.register(app)


__all__ = ["PART", "sentences"]

PART = Part(
    name="people",
    register=_register,
    commands=[commands.PEOPLE, commands.TEAMS, commands.ME, commands.HOLIDAYS],
)
