"""The doors of the month."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from bot import reviews
from bot.ids import new_id
from bot.kpis import trigger_views
from bot.stoplight import (
    ask_views,
    collect_views,
    digest_views,
    fired_views,
    inform_views,
    one_views,
    report_views,
    walk_views,
    word_views,
)
from rituals.policy import Action
from rituals.stoplight_digest import Digest
from rituals.stoplight_words import Inquiry
from rituals.triggers import Firing, Started
from tests import factories
from tests.bot import forging
from tests.bot.doors.door import FORMS, NOBODY, Door, Visit, Walk, typed
from tests.bot.steps import Json, card, carded, change, filled
from tests.bot.world import World

OCTOBER = date(2026, 10, 1)
FUNCTION = f"{factories.FUNCTION.id}:{OCTOBER.isoformat()}"
DIGEST, FIRING, INQUIRY = new_id(), new_id(), new_id()


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


async def _form(world: World, button: str, value: str, who: str = "Priya") -> Json:
    """The form that somebody gets by a button."""
    key = (id(world), button)
    if key not in FORMS:
        assert (await forging.press(world, who, card(world), button, value)).ok
        FORMS[key] = world, await filled(world, who)
        await world.hand(who).close(is_cleared=True)
    return FORMS[key][1]


async def fired(world: World) -> None:
    """A trigger of K-3 fired."""
    await red(world)
    kpi, dana = world.kpis["Qualified leads"], world.people["Dana"]
    trigger = factories.trigger(kpi.id, dana.id)
    await world.write(trigger)
    september = date(2026, 9, 1)
    facts = (world.clock.now, Started.OPEN, None, None, None)
    await world.write(Firing(FIRING, kpi.workspace, trigger.id, september, OCTOBER, *facts))


async def asked(world: World) -> None:
    """Priya asked Ana about it."""
    await red(world)
    kpi, people = world.kpis["Qualified leads"], world.people
    facts = (people["Priya"].id, people["Ana"].id, "Why?", world.clock.now, None, None)
    await world.write(Inquiry(INQUIRY, kpi.workspace, kpi.id, OCTOBER, *facts))


async def green(world: World) -> None:
    """K-3 was green, and Priya was not thankful yet."""
    await yellow(world)
    facts = {"period": OCTOBER, "as_of": date(2026, 10, 31), "revision": 2}
    await world.write(factories.filed(world.kpis["Qualified leads"].id, "104", **facts))
    await world.cadence.deps.database.write(reviews.begin, world.team.workspace, reviews.month_of(OCTOBER))


def form(button: str, value: str, who: str, **said: str) -> Walk:
    """The form that `who` gets by a button, sent by whoever comes."""

    async def walk(visit: Visit) -> list[str]:
        return await visit.send(await _form(visit.world, button, value or _subject(visit.world), who), **said)

    return walk


async def trigger(visit: Visit) -> list[str]:
    """The form of a trigger, as Priya may open it, sent by whoever comes."""
    world, key = visit.world, (id(visit.world), "trigger")
    if key not in FORMS:
        await world.hand("Priya").command("/kpi", "trigger K-3")
        FORMS[key] = world, await filled(world, "Priya")
        await world.hand("Priya").close(is_cleared=True)
    dana = world.people["Dana"].slack_id
    return await visit.send(FORMS[key][1], side="below", bound="90", periods="2", action="Freeze", owner=dana)


async def agree(visit: Visit) -> list[str]:
    """The form of an action, as Priya may open it, sent by whoever comes."""
    view = await _form(visit.world, one_views.AGREE, _subject(visit.world))
    return await visit.send(view, text="Ten calls a day", helper=visit.world.people["Tom"].slack_id)


async def close(visit: Visit) -> list[str]:
    """The form that closes a month, as Priya may open it, sent by whoever comes."""
    view = await _form(visit.world, walk_views.CLOSE, str(DIGEST))
    return await visit.send(view, guardrails="Discount 10 % → 15 %")


ANSWER, READ = Action.MONTH_ANSWER, Action.MONTH_READ
DOORS: Sequence[Door] = (
    Door(collect_views.ENTER, Action.KPI_VALUE, "Ana", yellow, kpi_button(collect_views.ENTER), shows=True),
    Door(digest_views.START, READ, NOBODY, yellow, button(digest_views.START, OCTOBER.isoformat()), shows=True),
    Door(one_views.ACK, ANSWER, "Ana", red, kpi_button(one_views.ACK)),
    Door("/stoplight ack", ANSWER, "Ana", red, typed("/stoplight", "ack K-3")),
    Door(one_views.WATCH, ANSWER, "Ana", yellow, kpi_button(one_views.WATCH)),
    Door("/stoplight watch", ANSWER, "Ana", yellow, typed("/stoplight", "watch K-3")),
    Door(one_views.UNDO, ANSWER, "Ana", acked, kpi_button(one_views.UNDO)),
    Door(one_views.AGREE, ANSWER, "Ana", red, kpi_button(one_views.AGREE), shows=True),
    Door(one_views.AGREE_SUBMIT, ANSWER, "Ana", red, agree),
    Door("/stoplight act", ANSWER, "Ana", yellow, typed("/stoplight", "act K-3 @Tom by friday ten calls a day")),
    Door(one_views.ASK, ANSWER, "Ana", red, kpi_button(one_views.ASK), shows=True),
    Door(ask_views.ASK_SUBMIT, ANSWER, "Ana", red, form(one_views.ASK, "", "Priya", question="Why?")),
    Door(ask_views.ANSWER, Action.INQUIRY_ANSWER, "Ana", asked, button(ask_views.ANSWER, str(INQUIRY)), shows=True),
    Door(
        ask_views.ANSWER_SUBMIT,
        Action.INQUIRY_ANSWER,
        "Ana",
        asked,
        form(ask_views.ANSWER, str(INQUIRY), "Ana", answer="The fair was cancelled"),
    ),
    Door(one_views.DECIDE, ANSWER, "Ana", red, kpi_button(one_views.DECIDE), shows=True),
    Door(walk_views.THANK, READ, NOBODY, green, button(walk_views.THANK, OCTOBER.isoformat())),
    Door("/kpi trigger", Action.TRIGGER_SET, NOBODY, yellow, typed("/kpi", "trigger K-3"), shows=True),
    Door(trigger_views.TRIGGER_SUBMIT, Action.TRIGGER_SET, NOBODY, yellow, trigger),
    Door("/kpi untrigger", Action.TRIGGER_SET, NOBODY, fired, typed("/kpi", "untrigger K-3")),
    Door(fired_views.START_IT, Action.TRIGGER_ANSWER, "Ana", fired, button(fired_views.START_IT, str(FIRING))),
    Door(
        fired_views.OVERRULE, Action.TRIGGER_ANSWER, "Ana", fired, button(fired_views.OVERRULE, str(FIRING)), shows=True
    ),
    Door(
        fired_views.OVERRULE_SUBMIT,
        Action.TRIGGER_ANSWER,
        "Ana",
        fired,
        form(fired_views.OVERRULE, str(FIRING), "Priya", reason="The market turned"),
    ),
    Door(collect_views.NARRATE, Action.NARRATE, NOBODY, yellow, button(collect_views.NARRATE, FUNCTION), shows=True),
    Door("/stoplight tell", Action.NARRATE, NOBODY, yellow, typed("/stoplight", "tell Sales"), shows=True),
    Door(
        word_views.NARRATE_SUBMIT,
        Action.NARRATE,
        NOBODY,
        yellow,
        form(collect_views.NARRATE, FUNCTION, "Priya", on_track="Yes"),
    ),
    Door(walk_views.CLOSE, Action.MONTH_CLOSE, "Priya", yellow, button(walk_views.CLOSE, str(DIGEST)), shows=True),
    Door(walk_views.CLOSE_SUBMIT, Action.MONTH_CLOSE, "Priya", yellow, close),
)
"""Those whose right depends on who comes."""

OWN: Mapping[str, str] = {
    collect_views.ENTER_ALL: "opens the forms of one's own numbers",
    collect_views.INFORM: "asks about the presser's own numbers",
    inform_views.INFORM_SUBMIT: "speaks of the sender's own numbers",
    walk_views.READ_NEXT: "opens the memos that its presser owes an answer",
    walk_views.NEXT: "asks like `Start`, in the same function",
    walk_views.BACK: "asks like `Start`, in the same function",
    one_views.MORE: "everybody on the roster reads KPIs; causes and actions are tried in test_stoplight",
    digest_views.REPORT: "everybody on the roster reads KPIs",
    report_views.PAGE: "everybody on the roster reads KPIs",
    "/cadence win note": "everybody on the roster notes wins",
    "/cadence win off": "speaks for oneself",
    "/cadence win on": "speaks for oneself",
    "/stoplight report": "everybody on the roster reads KPIs",
    "/stoplight reds": "everybody on the roster reads KPIs",
}
"""Doors that nobody can aim at somebody else, and why; or that are tried elsewhere."""
