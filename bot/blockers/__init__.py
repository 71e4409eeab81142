"""Blockers in Slack: cards, the ladder, `/blockers`."""

from slack_bolt.async_app import AsyncApp

from bot.blockers import climbing, commands, handlers, new_handlers, planning
from bot.ritual import Ritual


def _register(app: AsyncApp) -> None:
    handlers.register(app)
    new_handlers.register(app)


RITUAL = Ritual(
    name="blockers",
    register=_register,
    commands=[commands.BLOCKERS],
    plan=planning.plan,
    openers=climbing.OPENERS,
    compose=climbing.compose,
    foresee=climbing.foresee,
    owner=climbing.owner,
    rehome=climbing.rehome,
)
