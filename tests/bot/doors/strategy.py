"""The doors of the strategy."""

from collections.abc import Mapping, Sequence

from bot.strategy import views
from rituals.policy import Action
from rituals.strategy import Mark, Strategy
from tests.bot.doors.door import NOBODY, Door, Visit, opened
from tests.bot.steps import carded, stored
from tests.bot.strategy_steps import asked
from tests.bot.world import World


async def written(world: World) -> None:
    """There is a strategy, and Ana is asked about it."""
    await carded(world)
    await asked(world)


async def write_button(visit: Visit) -> None:
    """`Write…`."""
    await visit.press(views.WRITE, views.NEW)


async def write_form(visit: Visit) -> list[str]:
    """A new edition, in the form that Priya has."""
    view = await opened(visit.world, views.NEW, views.WRITE, "Priya")
    return await visit.send(view, choices="Renewals first")


async def _newest(world: World) -> str:
    return str((await stored(world, Strategy))[-1].id)


async def ask_button(visit: Visit) -> None:
    """`Ask three teams…`."""
    await visit.press(views.ASK, await _newest(visit.world))


async def ask_form(visit: Visit) -> list[str]:
    """The form that Priya has, with a team chosen."""
    view = await opened(visit.world, await _newest(visit.world), views.ASK, "Priya")
    block = next(one for one in view["state"]["values"] if one.startswith("teams"))
    chosen = [{"value": str(visit.world.team.id)}]
    view["state"]["values"][block]["teams"]["selected_options"] = chosen
    return await visit.send(view)


async def mark(visit: Visit) -> None:
    """The menu below Ana's question."""
    one = next(one for one in await stored(visit.world, Mark) if one.person_id == visit.world.people["Ana"].id)
    await visit.press(views.MARK, f"{one.id}:1")


WRITES = Action.STRATEGY_WRITE
DOORS: Sequence[Door] = (
    Door(views.WRITE, WRITES, NOBODY, written, write_button, shows=True),
    Door(views.WRITE_SUBMIT, WRITES, NOBODY, written, write_form),
    Door(views.ASK, WRITES, NOBODY, written, ask_button, shows=True),
    Door(views.ASK_SUBMIT, WRITES, NOBODY, written, ask_form, shows=True),
    Door(views.MARK, Action.STRATEGY_MARK, "Ana", written, mark),
)
OWN: Mapping[str, str] = {"/cadence strategy show": "everybody on the roster reads it"}
