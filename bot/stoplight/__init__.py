"""The month in Slack: collection, the leaders' digest, what they answer."""

from bot.doors import Doors
from bot.ritual import Ritual
from bot.stoplight import (
    asking,
    commands,
    foresight,
    handlers,
    informing,
    loading,
    memo_reading,
    openings,
    picturing,
    planning,
    thanking,
)


def _register(doors: Doors) -> None:
    handlers.register(doors)
    asking.register(doors)
    memo_reading.register(doors)
    informing.register(doors)


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
    makers={picturing.FILE: picturing.make},
)
