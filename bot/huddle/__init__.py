"""The daily huddle in Slack."""

from slack_bolt.async_app import AsyncApp

from bot.huddle import away, card_handlers, commands, foresight, handlers, loading, openings, planning, undoing
from bot.ritual import Ritual


def _register(app: AsyncApp) -> None:
    handlers.register(app)
    card_handlers.register(app)
    away.register(app)
    undoing.register(app)


RITUAL = Ritual(
    name="huddle",
    register=_register,
    commands=[commands.PLAN],
    plan=planning.plan,
    openers=openings.OPENERS,
    compose=openings.compose,
    foresee=foresight.foresee,
    owner=loading.owner,
    rehome=loading.rehome,
)
