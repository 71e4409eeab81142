"""The doors of the month."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from bot.ids import new_id
from bot.stoplight import collect_views, digest_views, report_views, walk_views
from rituals.policy import Action
from rituals.stoplight import Digest
from tests import factories
from tests.bot import forging
from tests.bot.doors.door import FORMS, NOBODY, Door, Visit, Walk, typed
from tests.bot.steps import Json, card, carded, change, filled
from tests.bot.world import World

OCTOBER = date(2026, 10, 1)
DIGEST = new_id()


async def yellow(world: World) -> None:
    """K-3 is Ana's and was yellow in October; Priya has the digest."""
    await carded(world)
    await change(world, replace(world.kpis["Qualified leads"], owner_id=world.people["Ana"].id))
    priya = world.people["Priya"]
    await world.write(Digest(DIGEST, priya.workspace, OCTOBER, priya.id, world.clock.now, None, ""))


async def red(world: World) -> None:
    """The same, and K-3 is red."""
    await yellow(world)
    facts = {"period": OCTOBER, "as_of": date(2026, 10, 31), "revision": 2}
    await world.write(factories.filed(world.kpis["Qualified leads"].id, "70", **facts))


async def acked(world: World) -> None:
    """Priya acknowledged it."""
    await red(world)
    await world.hand("Priya").command("/stoplight", "ack K-3")


def _subject(world: World) -> str:
    return f"{world.kpis['Qualified leads'].id}:{OCTOBER.isoformat()}"


def kpi_button(action_id: str) -> Walk:
    """A button of K-3 in October."""

    async def walk(visit: Visit) -> None:
        await visit.press(action_id, _subject(visit.world))

    return walk


def button(action_id: str, value: str) -> Walk:
    """A button that carries this."""

    async def walk(visit: Visit) -> None:
        await visit.press(action_id, value)

    return walk


async def _form(world: World, button: str, value: str) -> Json:
    """The form that Priya gets by a button."""
    key = (id(world), button)
    if key not in FORMS:
        assert (await forging.press(world, "Priya", card(world), button, value)).ok
        FORMS[key] = world, await filled(world, "Priya")
        await world.hand("Priya").close(is_cleared=True)
    return FORMS[key][1]


async def agree(visit: Visit) -> list[str]:
    """The form of an action, as Priya may open it, sent by whoever comes."""
    view = await _form(visit.world, walk_views.AGREE, _subject(visit.world))
    return await visit.send(view, text="Ten calls a day", helper=visit.world.people["Tom"].slack_id)


async def close(visit: Visit) -> list[str]:
    """The form that closes a month, as Priya may open it, sent by whoever comes."""
    view = await _form(visit.world, walk_views.CLOSE, str(DIGEST))
    return await visit.send(view, guardrails="Discount 10 % → 15 %")


ANSWER, READ = Action.MONTH_ANSWER, Action.MONTH_READ
DOORS: Sequence[Door] = (
    Door(collect_views.ENTER, Action.KPI_VALUE, "Ana", yellow, kpi_button(collect_views.ENTER), shows=True),
    Door(digest_views.START, READ, NOBODY, yellow, button(digest_views.START, OCTOBER.isoformat()), shows=True),
    Door(walk_views.ACK, ANSWER, "Ana", red, kpi_button(walk_views.ACK)),
    Door("/stoplight ack", ANSWER, "Ana", red, typed("/stoplight", "ack K-3")),
    Door(walk_views.WATCH, ANSWER, "Ana", yellow, kpi_button(walk_views.WATCH)),
    Door("/stoplight watch", ANSWER, "Ana", yellow, typed("/stoplight", "watch K-3")),
    Door(walk_views.UNDO, ANSWER, "Ana", acked, kpi_button(walk_views.UNDO)),
    Door(walk_views.AGREE, ANSWER, "Ana", red, kpi_button(walk_views.AGREE), shows=True),
    Door(walk_views.AGREE_SUBMIT, ANSWER, "Ana", red, agree),
    Door("/stoplight act", ANSWER, "Ana", yellow, typed("/stoplight", "act K-3 @Tom by friday ten calls a day")),
    Door(walk_views.CLOSE, Action.MONTH_CLOSE, "Priya", yellow, button(walk_views.CLOSE, str(DIGEST)), shows=True),
    Door(walk_views.CLOSE_SUBMIT, Action.MONTH_CLOSE, "Priya", yellow, close),
)
"""Those whose right depends on who comes."""

OWN: Mapping[str, str] = {
    collect_views.ENTER_ALL: "opens the forms of one's own numbers",
    walk_views.NEXT: "asks like `Start`, in the same function",
    walk_views.BACK: "asks like `Start`, in the same function",
    walk_views.MORE: "everybody on the roster reads KPIs; causes and actions are tried in test_stoplight",
    digest_views.REPORT: "everybody on the roster reads KPIs",
    report_views.PAGE: "everybody on the roster reads KPIs",
    "/stoplight report": "everybody on the roster reads KPIs",
    "/stoplight reds": "everybody on the roster reads KPIs",
}
"""Doors that nobody can aim at somebody else, and why; or that are tried elsewhere."""
