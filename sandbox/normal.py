"""Blocks as Slack stores them: missing ids made up, text objects completed."""

from typing import Any

from sandbox.blocks import elements_of, nested_blocks
from sandbox.errors import Json
from sandbox.stamps import Identifiers

# Pictures need no action id; everything else that can be pressed or filled does.
_WITHOUT_ACTION_ID = {"image"}


def normal_blocks(blocks: list[Json], ids: Identifiers) -> list[Json]:
    """Return checked blocks with every id and default in place; the given list is not touched."""
    return [_normal_block(_complete(block), ids) for block in blocks]


def _normal_block(block: Json, ids: Identifiers) -> Json:
    for part in (block, *nested_blocks(block)):
        part.setdefault("block_id", ids.short())
    for element in elements_of(block):
        if element["type"] not in _WITHOUT_ACTION_ID:
            element.setdefault("action_id", ids.short())
    if block["type"] == "input":
        block.setdefault("optional", False)
        block.setdefault("dispatch_action", False)
    return block


def _complete(value: Any) -> Any:
    if isinstance(value, list):
        return [_complete(part) for part in value]
    if not isinstance(value, dict):
        return value
    copied = {key: _complete(part) for key, part in value.items() if part is not None}
    if copied.get("type") == "plain_text":
        copied.setdefault("emoji", True)
    if copied.get("type") == "mrkdwn":
        copied.setdefault("verbatim", False)
    return copied


def normal_text(text: Json | None) -> Json | None:
    """Return one completed text object."""
    completed: Json | None = _complete(text)
    return completed
