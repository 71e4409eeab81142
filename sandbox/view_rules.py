"""What a view may hold, and how Slack stores it."""

import json
from typing import Any

from sandbox.blocks import Surface, check_blocks
from sandbox.elements import plain_text
from sandbox.errors import Json, SlackError
from sandbox.schema import Key, Report, anything, flag, may, need, one_of, record, text

LARGEST_VIEW_BYTES = 250_000
_SHARED: dict[str, Key] = {
    "blocks": need(anything),
    "private_metadata": may(text(3000)),
    "callback_id": may(text(255)),
    "external_id": may(text(255)),
}
_MODAL = record(
    {
        **_SHARED,
        "type": need(one_of("modal")),
        "title": need(plain_text(24)),
        "submit": may(plain_text(24)),
        "close": may(plain_text(24)),
        "clear_on_close": may(flag),
        "notify_on_close": may(flag),
        "submit_disabled": may(flag),
    }
)
_HOME = record(
    {
        **_SHARED,
        "type": need(one_of("home")),
        # Slack accepts and ignores a modal's decoration on a Home.
        "title": may(plain_text(24)),
        "submit": may(plain_text(24)),
        "close": may(plain_text(24)),
    }
)


def read_view(value: Any, surface: Surface) -> Json:
    """Return a view argument that Slack would take, or raise Slack's refusal."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            raise SlackError("invalid_arguments", ["must be valid JSON [json-pointer:/view]"]) from None
    if not isinstance(value, dict):
        raise SlackError("invalid_arguments", ["missing required field: view"])
    if len(json.dumps(value).encode()) > LARGEST_VIEW_BYTES:
        raise SlackError("view_too_large")
    report = Report()
    (_MODAL if surface == "modal" else _HOME)(value, "/view", report)
    blocks = value.get("blocks")
    if isinstance(blocks, list):
        check_blocks(blocks, surface, "/view/blocks", report)
        has_input = any(isinstance(block, dict) and block.get("type") == "input" for block in blocks)
        if surface == "modal" and has_input and not value.get("submit"):
            report.add("submit is required when there is an input block", "/view/submit")
    elif blocks is not None:
        report.add("must be an array", "/view/blocks")
    if report.messages:
        raise SlackError("invalid_arguments", report.messages)
    return value
