"""A strategy written, and a team asked about it, in tests."""

from bot.strategy import views
from tests.bot.steps import Json, filled, submitted
from tests.bot.world import World

CHOICES = "Mid-market first\n\n Renewals <before> new  \n"
SAID = {"text": "We grow where renewals are.\n\nNot everywhere.", "choices": CHOICES}


async def pressed(world: World, name: str, action_id: str) -> Json:
    """The form behind a button of the strategy."""
    hand = world.hand(name)
    assert (await hand.command("/cadence", "strategy")).ok
    assert (await hand.click(hand.ephemerals()[-1], action_id)).ok
    return await filled(world, name)


async def written(world: World, **said: str) -> None:
    """Priya writes an edition."""
    await pressed(world, "Priya", views.WRITE)
    assert (await submitted(world, "Priya", SAID | said)).ok


async def asked(world: World) -> None:
    """Priya writes one and asks the team about it."""
    await written(world)
    await pressed(world, "Priya", views.ASK)
    assert (await submitted(world, "Priya", {"teams": [str(world.team.id)]})).ok
    await world.deliver()
