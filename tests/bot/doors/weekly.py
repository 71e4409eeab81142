"""The doors of the weekly, its actions and its themes."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from bot.ids import same_id
from bot.weekly import action_views, collect_views, form_views, theme_views, views
from rituals.policy import Action
from rituals.themes import Theme
from tests import factories
from tests.bot import forging
from tests.bot.doors.door import FORMS, Door, Visit, Walk, typed
from tests.bot.steps import Json, carded, filled, stored
from tests.bot.weekly_steps import running
from tests.bot.world import MONDAY, World

TITLE = "EMEA weekly, Mon 23 Nov"
OWED = same_id("action of the doors")


async def meeting(world: World) -> None:
    """Dana has Monday's agenda, with an action of Ana's and a theme that nobody has decided."""
    weekly = factories.weekly(world.team.id, asks_on=5, meets_on=1)
    due = MONDAY + timedelta(days=9)
    owed = factories.action(world.people["Ana"].id, id=OWED, team_id=world.team.id, due=due)
    stuck = [factories.blocker(world.people["Tom"].id, number) for number in (91, 92, 93, 94)]
    await world.write(weekly, owed, *stuck)
    await carded(world)
    await world.at("14:00")
    assert running(world, title=TITLE)


async def _about(world: World, what: str) -> str:
    if what == "meeting":
        shown = running(world, title=TITLE)
        return str(next(e["value"] for b in shown["blocks"] if b.get("block_id") == "running" for e in b["elements"]))
    if what == "theme":
        (theme,) = await stored(world, Theme)
        return str(theme.id)
    return f"{what}:{OWED}"


def button(action_id: str, what: str) -> Walk:
    """A button of the running message."""

    async def walk(visit: Visit) -> None:
        value = await _about(visit.world, what)
        await forging.press(
            visit.world, visit.name, running(visit.world, title=TITLE), action_id, value, **visit.claims
        )

    return walk


def form(button_id: str, what: str, **fields: str) -> Walk:
    """The form that Dana gets by a button, sent by whoever comes."""

    async def walk(visit: Visit) -> list[str]:
        return await visit.send(await _opened(visit.world, button_id, what), **fields)

    return walk


async def _opened(world: World, button_id: str, what: str) -> Json:
    key = (id(world), button_id)
    if key not in FORMS:
        value = await _about(world, what)
        assert (await forging.press(world, "Dana", running(world, title=TITLE), button_id, value)).ok
        FORMS[key] = world, await filled(world, "Dana")
        await world.hand("Dana").close(is_cleared=True)
    return FORMS[key][1]


async def _settings(visit: Visit) -> list[str]:
    """The form of the weekly, that Dana gets by her command."""
    key = (id(visit.world), "weekly")
    if key not in FORMS:
        assert (await visit.world.hand("Dana").command("/cadence", "weekly")).ok
        FORMS[key] = visit.world, await filled(visit.world, "Dana")
        await visit.world.hand("Dana").close(is_cleared=True)
    return await visit.send(FORMS[key][1], minutes="45")


LEAD, THEMES, SETTLE, TEAM = Action.WEEKLY_LEAD, Action.THEME_DECIDE, Action.ACTION_SETTLE, Action.TEAM_EDIT

DOORS: Sequence[Door] = (
    Door(views.ACTION, LEAD, "Dana", meeting, button(views.ACTION, "meeting"), shows=True),
    Door(views.MADE, LEAD, "Dana", meeting, button(views.MADE, "meeting"), shows=True),
    Door(views.NEEDED, LEAD, "Dana", meeting, button(views.NEEDED, "meeting"), shows=True),
    Door(views.CLOSE, LEAD, "Dana", meeting, button(views.CLOSE, "meeting"), shows=True),
    Door(
        form_views.ACTION_SUBMIT,
        LEAD,
        "Dana",
        meeting,
        form(views.ACTION, "meeting", text="Ask Legal", owner="U0TOM"),
    ),
    Door(form_views.LINE_SUBMIT, LEAD, "Dana", meeting, form(views.MADE, "meeting", text="No samples")),
    Door(
        form_views.CLOSE_SUBMIT,
        LEAD,
        "Dana",
        meeting,
        form(views.CLOSE, "meeting", made="none", needed="none", minutes="40"),
    ),
    Door(action_views.SETTLE, SETTLE, "Ana", meeting, button(action_views.SETTLE, "done")),
    Door(form_views.SETTLE_SUBMIT, SETTLE, "Ana", meeting, form(action_views.SETTLE, "drop", why="No budget")),
    Door(theme_views.MAKE_THEME, THEMES, "Dana", meeting, button(theme_views.MAKE_THEME, "theme"), shows=True),
    Door(form_views.MAKE_SUBMIT, THEMES, "Dana", meeting, form(theme_views.MAKE_THEME, "theme", name="Legal")),
    Door(theme_views.SPLIT, THEMES, "Dana", meeting, button(theme_views.SPLIT, "theme"), shows=True),
    Door(theme_views.NOT_A_THEME, THEMES, "Dana", meeting, button(theme_views.NOT_A_THEME, "theme")),
    Door("/blockers themes", THEMES, "Dana", meeting, typed("/blockers", "themes --team EMEA"), shows=True),
    Door(form_views.SET_SUBMIT, TEAM, "Dana", meeting, _settings),
)

OWN: Mapping[str, str] = {
    form_views.SPLIT_SUBMIT: "the same function as its button, tried in test_themes with what it needs ticked",
    collect_views.WRITE: "writes what whoever presses says; who is not on the team is refused in test_weekly",
    collect_views.NOTHING: "the same",
    form_views.WRITE_SUBMIT: "the same",
    "/cadence weekly": "opens the form of one's own team; another's needs the right that the form asks again",
    "/cadence actions": "shows one's own",
}
