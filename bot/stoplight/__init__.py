"""The month in Slack: collection, the leaders' digest, what they answer."""

from slack_bolt.async_app import AsyncApp

from bot.ritual import Ritual
from bot.stoplight import asking, commands, foresight, handlers, loading, memo_reading, openings, planning, thanking


def _register(app: AsyncApp) -> None:
    handlers.register(app)
    asking.register(app)
    memo_reading.register(app)


RITUAL = Ritual(
    name="stoplight",
    register=_register,
    commands=[commands.STOPLIGHT, thanking.WIN],
    plan=planning.plan,
    openers=openings.OPENERS,
    compose=openings.compose,
    foresee=foresight.foresee,
    owner=loading.owner,
    rehome=loading.rehome,
)
