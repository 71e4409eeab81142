"""People and teams: the roster from Slack, and the rooms where they are looked after."""

from slack_bolt.async_app import AsyncApp

from bot.people import events, leaving_handlers
from bot.ritual import Part


def _register(app: AsyncApp) -> None:
    events.register(app)
    leaving_handlers.register(app)


PART = Part(name="people", register=_register, commands=[])
