"""What people do with decisions in many tests."""

from typing import Any

from bot.decisions import card_views
from rituals.decisions import Decision
from sandbox import Outcome
from tests.bot.steps import Json, filled, stored, submitted
from tests.bot.world import World, words

SAID = {"chosen": "10 % off for two years", "instead": "15 % off", "because": "Churn is the price"}
MEMO: dict[str, Any] = {
    "title": "Two-year discount rule",
    "touches": "yes",
    "context": "Deals of two years are asked for more and more.",
    "options": "10 % off for two years\n15 % off\nNothing",
    "consequences": "Margin falls by 1 %, churn by 3 %.",
    "will_not": "No discount for one year.",
    "approver": "U0PRIYA",
    "decide_by": "2026-11-27",
    "review_on": "2027-03-01",
    "then": "propose",
}


async def captured(world: World, who: str = "Ana", command: str = "new", **said: Any) -> Decision:
    """Somebody captures a decision by the command."""
    assert (await world.hand(who).command("/decide", command)).ok
    await filled(world, who)
    assert (await submitted(world, who, SAID | said)).ok
    return (await stored(world, Decision))[-1]


async def opened(world: World, who: str = "Ana", number: int = 1) -> Json:
    """The full form of a memo on somebody's screen."""
    assert (await world.hand(who).command("/decide", f"edit D-{number}")).ok
    return await filled(world, who)


async def proposed(world: World, number: int = 1, **said: Any) -> Decision:
    """Ana captures a decision, the first or another one, writes its memo and proposes it to Priya."""
    await captured(world)
    await opened(world, number=number)
    assert (await submitted(world, "Ana", MEMO | said)).ok
    await world.deliver()
    return next(one for one in await stored(world, Decision) if one.number == number)


async def only(world: World) -> Decision:
    """The one decision there is."""
    (found,) = await stored(world, Decision)
    return found


def card(world: World, name: str) -> Json:
    """The newest message about a memo in somebody's DM."""
    return next(one for one in reversed(world.dm(name)) if one["text"].startswith("D-"))


async def pressed(world: World, name: str, action_id: str) -> Outcome:
    """Somebody presses a button of the card in their DM."""
    outcome = await world.hand(name).click(card(world, name), action_id)
    await world.deliver()
    return outcome


async def approved(world: World, **said: Any) -> Decision:
    """The same, approved by Priya."""
    await proposed(world, **said)
    assert (await pressed(world, "Priya", card_views.APPROVE)).ok
    return next(one for one in await stored(world, Decision) if one.number == 1)


def answer(world: World, name: str) -> str:
    """What somebody was told last, to nobody else."""
    return words(world.hand(name).ephemerals()[-1])
