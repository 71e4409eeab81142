"""The daily huddle in Slack."""

from slack_bolt.async_app import AsyncApp

from bot.huddle import card_handlers, handlers, openings
from bot.ritual import Ritual


def _register(app: AsyncApp) -> None:
    handlers.register(app)
    card_handlers.register(app)


RITUAL = Ritual("huddle", _register, openings.plan, openings.OPENERS, openings.compose)
