"""Blockers in Slack: cards, the ladder, `/blockers`."""

from bot.blockers import climbing, commands, handlers
from bot.ritual import Ritual

RITUAL = Ritual(
    name="blockers",
    register=handlers.register,
    commands=[commands.BLOCKERS],
    plan=climbing.plan,
    openers=climbing.OPENERS,
    compose=climbing.compose,
    foresee=climbing.foresee,
    owner=climbing.owner,
    rehome=climbing.rehome,
)
