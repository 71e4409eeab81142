"""What people do around a weekly in many tests: EMEA meets on Thursdays at 16:00 in Berlin."""

from datetime import date, timedelta
from typing import Any

from bot.weekly import action_views, theme_views, views
from rituals.actions import Action
from rituals.blockers import Blocker
from rituals.meetings import Meeting
from rituals.themes import Theme
from rituals.weekly import Weekly
from sandbox import Outcome
from tests import factories
from tests.bot.steps import Json, filled, stored, submitted
from tests.bot.world import MONDAY, World

WEDNESDAY, THURSDAY, FRIDAY = (MONDAY + timedelta(days=days) for days in (2, 3, 4))
NEXT = THURSDAY + timedelta(days=7)
TITLE = "EMEA weekly, Thu 26 Nov"
LEGAL = (
    "Legal has not returned the NDA for Beltrán",
    "no NDA from legal, asked twice",
    "our nda sits with the lawyers",
)


async def set_up(world: World, **facts: Any) -> Weekly:
    """EMEA has the usual weekly."""
    made = factories.weekly(world.team.id, **facts)
    await world.write(made)
    return made


async def stuck(world: World, *texts: str, days: int = 3, first: int = 31, **facts: Any) -> list[Blocker]:
    """Ana, Tom and Mia, in turn, have been stuck on these since some days before Monday."""
    who = ("Ana", "Tom", "Mia")
    made = [
        factories.blocker(
            world.people[who[n % 3]].id,
            first + n,
            text=text,
            opened_on=MONDAY - timedelta(days=days),
            opened_at=factories.NOW - timedelta(days=days),
            **facts,
        )
        for n, text in enumerate(texts)
    ]
    await world.write(*made)
    return made


async def agenda(world: World, day: date = THURSDAY) -> Json:
    """It is two hours before; the message that whoever leads then has."""
    await world.at("14:00", day)
    return running(world)


def running(world: World, name: str = "Dana", title: str = TITLE) -> Json:
    """The running message, as it stands."""
    (found,) = (message for message in world.dm(name) if message["text"] == title)
    return found


def seen_themes(world: World, name: str = "Dana") -> Json:
    """What Wednesday's message shows."""
    return [message for message in world.dm(name) if message["text"] == "Themes I see"][-1]


async def act(world: World, text: str, owner: str, due: date = NEXT, name: str = "Dana", **more: Any) -> Outcome:
    """Write an action down."""
    hand = world.hand(name)
    assert (await hand.click(running(world), views.ACTION, block_id="running")).ok
    await filled(world, name)
    values = {"text": text, "owner": world.people[owner].slack_id, "due": due.isoformat(), **more}
    outcome = await submitted(world, name, values)
    await world.deliver()
    return outcome


async def decide(world: World, button: str, text: str, owner: str | None = None) -> Outcome:
    """Write a decision down, made or needed."""
    hand = world.hand("Dana")
    assert (await hand.click(running(world), button, block_id="running")).ok
    await filled(world, "Dana")
    values = {"text": text} | ({} if owner is None else {"owner": world.people[owner].slack_id})
    outcome = await submitted(world, "Dana", values)
    await world.deliver()
    return outcome


async def press_close(world: World, name: str = "Dana") -> Json:
    """Press `Close`: the form, or the sentence that says what is open."""
    hand = world.hand(name)
    assert (await hand.click(running(world), views.CLOSE, block_id="running")).ok
    found: Json = await world.sandbox.until(lambda: None if _loading(hand.view) else hand.view)
    return found


def _loading(view: Json | None) -> bool:
    return view is None or "One moment" in str(view)


async def close(world: World, **values: Any) -> Outcome:
    """Close, with what the form says."""
    await press_close(world)
    outcome = await submitted(world, "Dana", values)
    await world.deliver()
    return outcome


async def settle(
    world: World, action: Action, way: str, shown: Json, name: str = "Dana", **values: Any
) -> Outcome | None:
    """Choose what becomes of an action from its menu; return what its form says, if it asks."""
    hand = world.hand(name)
    assert (await hand.click(shown, action_views.SETTLE, block_id=f"action:{action.id}", value=f"{way}:{action.id}")).ok
    outcome = None
    if way != "done":
        await filled(world, name)
        outcome = await submitted(world, name, values)
    await world.deliver()
    return outcome


async def make_theme(
    world: World, theme: Theme, shown: Json, name: str = "Legal turnaround", flow: str = ""
) -> Outcome:
    """Make a theme of a proposal."""
    assert (await world.hand("Dana").click(shown, theme_views.MAKE_THEME, block_id=f"theme:{theme.id}")).ok
    await filled(world, "Dana")
    outcome = await submitted(world, "Dana", {"name": name, "flow": flow})
    await world.deliver()
    return outcome


async def meeting_of(world: World) -> Meeting:
    """The one meeting there is."""
    (found,) = await stored(world, Meeting)
    return found
