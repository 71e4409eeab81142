"""Blockers in Slack: cards, the ladder, `/blockers`."""

from bot.blockers import climbing, commands, handlers, new_handlers, planning
from bot.doors import Doors
from bot.ritual import Ritual


def _register(doors: Doors) -> None:
    handlers.register(doors)
    new_handlers.register(doors)


RITUAL = Ritual(
    name="blockers",
    register=_register,
    commands=[commands.BLOCKERS],
    plan=planning.plan,
    openers=climbing.OPENERS,
    foresee=climbing.foresee,
    owner=climbing.owner,
    rehome=climbing.rehome,
)
