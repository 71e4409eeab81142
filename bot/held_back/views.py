"""What a reader sees of messages that their day had no room for (F109)."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot import blocks
from bot.catalogue import as_read, count, join, plain, say
from rituals.budget import MOST

SHOW = "held_back.show"

MOST_NAMED = 5
MOST_BLOCKS = 50
"""Slack's limit for a message."""


def named(body: Mapping[str, Any], lines: Sequence[str]) -> Mapping[str, Any]:
    """A message that also names what was held back; without room for it, the message as it is."""
    standing = list(body.get("blocks", ()))
    if not lines or len(standing) + 2 > MOST_BLOCKS:
        return body
    told = [say("• {line}", line=as_read(line)) for line in lines[:MOST_NAMED]]
    if len(lines) > MOST_NAMED:
        told.append(say("and {n} more", n=len(lines) - MOST_NAMED))
    why = say("Also for you; I write to you {most} times a day at most.", most=MOST)
    label = plain("Show it") if len(lines) == 1 else plain("Show all {n}", n=len(lines))
    more = [blocks.section(join([why, *told], "\n")), blocks.actions(blocks.button(label, SHOW, SHOW))]
    return {**body, "blocks": [*standing, *more]}


def on_their_way(number: int) -> str:
    """The answer to `Show`."""
    if number == 0:
        return plain("Nothing is held back any more.")
    return plain("{messages} on the way.", messages=count(number, "message is", "messages are"))
