"""What the owner of an undelivered message sees: what happened, the message itself, and the ways out."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from bot import blocks
from bot.catalogue import Mrkdwn, plain, say

PICK = "troubles.pick"
AGAIN = "troubles.again"
TO_ME = "troubles.to_me"
LET_BE = "troubles.let_be"

MOST_QUOTED = 30
"""Blocks of the message that are shown below the sentence: together they fit into one message."""


def undelivered(message_id: UUID, channel: str, why: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """A message whose channel does not take it: nothing is lost, and three ways out."""
    room = Mrkdwn(f"<#{channel}>")
    if why == "not_in_channel":
        words = say("I am not in {room}. Type `/invite @Cadence` there, then press `Try again`.", room=room)
    elif why == "is_archived":
        words = say("{room} is archived, so I could not post there. Here is what it would have said.", room=room)
    else:
        words = say("I could not post in {room} ({why}). Here is what it would have said.", room=room, why=why)
    value = str(message_id)
    picker: blocks.Block = {
        "type": "conversations_select",
        "action_id": PICK,
        "placeholder": blocks.text("Pick a channel"),
        "filter": {"include": ["public", "private"], "exclude_bot_users": True},
    }
    return blocks.message(
        plain("A post could not be delivered"),
        [
            blocks.section(words),
            *list(body.get("blocks", ()))[:MOST_QUOTED],
            blocks.actions(
                picker,
                blocks.button("Try again", AGAIN, value),
                blocks.button("Send it to me instead", TO_ME, value),
                block_id=f"trouble:{value}",
            ),
        ],
    )


def uncertain(message_id: UUID, text: str) -> dict[str, Any]:
    """A message that may or may not have arrived: only a person can tell."""
    words = say("I can't tell whether this arrived: *{text}*. If it did not, I send it again.", text=text)
    value = str(message_id)
    buttons = blocks.actions(
        blocks.button("Send it again", AGAIN, value, "primary"), blocks.button("It arrived", LET_BE, value)
    )
    return blocks.message(plain("Did this arrive?"), [blocks.section(words), buttons])


def settled(words: str) -> dict[str, Any]:
    """What the trouble becomes once somebody has decided."""
    line = say("{words}", words=words)
    return blocks.message(words, [blocks.context(line)])
