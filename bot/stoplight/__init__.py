"""The month in Slack: collection, the leaders' digest, what they answer."""

from bot.ritual import Ritual
from bot.stoplight import commands, foresight, handlers, loading, openings, planning

RITUAL = Ritual(
    name="stoplight",
    register=handlers.register,
    commands=[commands.STOPLIGHT],
    plan=planning.plan,
    openers=openings.OPENERS,
    compose=openings.compose,
    foresee=foresight.foresee,
    owner=loading.owner,
    rehome=loading.rehome,
)
