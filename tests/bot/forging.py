"""Payloads that no button of ours sends: presses by others, changed values, the same delivery again."""

from collections.abc import Mapping
from typing import Any

from sandbox.delivery import Answer
from sandbox.payloads import block_actions_in_message, view_submission
from tests.bot.world import World

Json = dict[str, Any]


async def press(world: World, name: str, message: Json, action_id: str, value: str, **changes: Any) -> Answer:
    """Have `name` press a button on a message that they may not even see; `changes` go into the payload."""
    hand = world.hand(name)
    workspace = hand._workspace
    conversation = workspace.conversation(message["channel"])
    assert conversation is not None
    own = workspace.conversation(hand.dm_id)
    assert own is not None
    done = {
        "type": "button",
        "action_id": action_id,
        "block_id": "forged",
        "value": value,
        "text": {"type": "plain_text", "text": "Forged", "emoji": True},
        "action_ts": "1763890000.000001",
    }
    payload = block_actions_in_message(
        workspace,
        hand._user,
        (conversation, conversation.messages[message["ts"]]),
        done,
        {},
        response_url=hand._acting.response_urls.make(own, hand.id),
    )
    return await hand._acting.interact(payload | changes)


async def submission(
    world: World, name: str, view: Json, claims: Mapping[str, Any] | None = None, **changes: Any
) -> Answer:
    """Deliver a form as `name`, as it stands in `view`, whether it is open or not; `claims` go into the payload."""
    hand = world.hand(name)
    payload = view_submission(hand._workspace, hand._user, {**view, **changes}, [])
    return await hand._acting.interact(payload | dict(claims or {}), accepts_response=True)


def errors(answer: Answer) -> list[str]:
    """The sentences on the fields of a refused form."""
    payload = answer.payload or {}
    return list((payload.get("errors") or {}).values())
