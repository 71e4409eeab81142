"""The doors of decisions."""

from collections.abc import Mapping, Sequence

from bot.decisions import capture_views, views
from rituals.policy import Action
from tests.bot.doors.door import Door, typed
from tests.bot.steps import carded, filled, submitted
from tests.bot.world import World


async def captured(world: World) -> None:
    """Ana has captured D-1, a draft."""
    await carded(world)
    assert (await world.hand("Ana").command("/decide", "new Discount rule")).ok
    await filled(world, "Ana")
    assert (await submitted(world, "Ana", {"chosen": "10 %", "instead": "15 %", "because": "Churn"})).ok


DOORS: Sequence[Door] = (
    Door("/decide show", Action.DECISION_READ, "Ana", captured, typed("/decide", "show D-1"), shows=True),
)
OWN: Mapping[str, str] = {
    "/decide list": "shows what the asker may read: test_decisions_capture, storage/test_decisions",
    f"{views.PAGE}.back": "shows more of the same",
    f"{views.PAGE}.next": "shows more of the same",
    "/decide new": "captures one's own",
    capture_views.FROM_MESSAGE: "captures one's own",
    capture_views.CAPTURE_SUBMIT: "captures one's own",
}
