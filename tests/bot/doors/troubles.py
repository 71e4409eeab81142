"""The doors of what could not be delivered."""

from collections.abc import Mapping, Sequence

from bot.troubles import views as trouble_views
from rituals.policy import Action
from tests.bot.doors.door import Door, Visit, Walk
from tests.bot.steps import carded
from tests.bot.world import World


async def undelivered(world: World) -> None:
    """The channel is archived, so Dana is asked where the team's line should go."""
    await carded(world)
    world.sandbox.admin.archive("C0EMEA", world.people["Priya"].slack_id)
    await world.at("09:30")
    await world.deliver()


def trouble(action_id: str) -> Walk:
    """A way out under a message that could not be delivered."""

    async def walk(visit: Visit) -> None:
        told = next(one for one in visit.world.dm("Dana") if "could not be delivered" in one["text"])
        row = next(block for block in told["blocks"] if block["type"] == "actions")
        message = row["block_id"].partition(":")[2]
        pick = {"type": "conversations_select", "selected_conversation": "C0NEW"}
        press = {"type": "button", "value": message}
        action = (pick if action_id == trouble_views.PICK else press) | {
            "action_id": action_id,
            "block_id": row["block_id"],
            "action_ts": "1763890000.000001",
        }
        await visit.press(action_id, message, actions=[action])

    return walk


DOORS: Sequence[Door] = (
    *(
        Door(action_id, Action.TROUBLE_SETTLE, "Dana", undelivered, trouble(action_id))
        for action_id in (trouble_views.PICK, trouble_views.AGAIN, trouble_views.TO_ME)
    ),
)
OWN: Mapping[str, str] = {
    trouble_views.LET_BE: "the same function as its neighbours; it stands under a question that needs a lost answer",
}
