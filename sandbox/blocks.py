"""Blocks: which keys each may have, and on which surface it may stand."""

from typing import Any, Literal

from sandbox.elements import (
    BUTTON,
    CHOICES,
    FEEDBACK_BUTTONS,
    FILE_INPUT,
    ICON_BUTTON,
    IMAGE_ELEMENT,
    MENUS,
    OVERFLOW,
    SLACK_FILE,
    TYPED,
    WORKFLOW_BUTTON,
    any_text,
    mrkdwn,
    plain_text,
)
from sandbox.rich_text import RICH_TEXT, RICH_TEXT_INPUT, rich_text
from sandbox.schema import (
    Check,
    Report,
    array,
    at_least_one,
    by_type,
    distinct,
    exactly_one,
    flag,
    may,
    need,
    number,
    one_of,
    record,
    text,
    url,
)

Surface = Literal["message", "modal", "home"]

_BLOCK = {"type": need(text(50)), "block_id": may(text(255, 1))}
_PRESSABLE: dict[str, Check] = {"button": BUTTON, "overflow": OVERFLOW, **MENUS}
_PICKERS = {name: CHOICES[name] for name in ("checkboxes", "radio_buttons", "datepicker", "timepicker")}
_ACCESSORIES = {**_PRESSABLE, **_PICKERS, "image": IMAGE_ELEMENT, "workflow_button": WORKFLOW_BUTTON}
_ACTIONS = {**_PRESSABLE, **CHOICES, "workflow_button": WORKFLOW_BUTTON}
_INPUTS: dict[str, Check] = {**TYPED, **MENUS, **CHOICES, "rich_text_input": RICH_TEXT_INPUT}


def _input(elements: dict[str, Check]) -> Check:
    return record(
        {
            **_BLOCK,
            "label": need(plain_text(2000)),
            "element": need(by_type(elements)),
            "hint": may(plain_text(2000)),
            "optional": may(flag),
            "dispatch_action": may(flag),
        }
    )


_CONTEXT_PART: dict[str, Check] = {
    "image": IMAGE_ELEMENT,
    "plain_text": plain_text(3000),
    "mrkdwn": mrkdwn(3000),
}
_CORE: dict[str, Check] = {
    "section": record(
        {
            **_BLOCK,
            "text": may(any_text(3000)),
            "fields": may(array(any_text(2000), 1, 10)),
            "accessory": may(by_type(_ACCESSORIES)),
            "expand": may(flag),
        },
        at_least_one("text", "fields"),
    ),
    "header": record({**_BLOCK, "text": need(plain_text(150))}),
    "divider": record(_BLOCK),
    "context": record({**_BLOCK, "elements": need(array(by_type(_CONTEXT_PART), 1, 10))}),
    "actions": record({**_BLOCK, "elements": need(array(by_type(_ACTIONS), 1, 25))}),
    "image": record(
        {
            **_BLOCK,
            "image_url": may(url()),
            "slack_file": may(SLACK_FILE),
            "alt_text": need(text(2000, 1)),
            "title": may(plain_text(2000)),
        },
        exactly_one("image_url", "slack_file"),
    ),
    "rich_text": RICH_TEXT,
    "video": record(
        {
            **_BLOCK,
            "video_url": need(url()),
            "thumbnail_url": need(url()),
            "alt_text": need(text(2000, 1)),
            "title": need(plain_text(199)),
            "title_url": may(url()),
            "author_name": may(text(49)),
            "provider_name": may(text(255)),
            "provider_icon_url": may(url()),
            "description": may(plain_text(200)),
        }
    ),
    "input": _input(_INPUTS),
}
_CELL: dict[str, Check] = {
    "raw_text": record({"type": need(text(20)), "text": need(text(10_000, 1))}),
    "raw_number": record({"type": need(text(20)), "value": need(number(whole=False)), "text": need(text(10_000, 1))}),
    "rich_text": rich_text,
}
_TABLE = record(
    {
        **_BLOCK,
        "rows": need(array(array(by_type(_CELL), 1, 20), 1, 100)),
        "column_settings": may(
            array(record({"align": may(one_of("left", "center", "right")), "is_wrapped": may(flag)}), 0, 20)
        ),
    }
)
_DATA_TABLE = record(
    {
        **_BLOCK,
        "rows": need(array(array(by_type(_CELL), 1, 20), 2, 101)),
        "caption": need(text(3000, 1)),
        "page_size": may(number(1, 100)),
        "row_header_column_index": may(number(0, 19)),
    }
)
_CARD = record(
    {
        **_BLOCK,
        "hero_image": may(IMAGE_ELEMENT),
        "icon": may(IMAGE_ELEMENT),
        "title": may(mrkdwn(150)),
        "subtitle": may(mrkdwn(150)),
        "body": may(mrkdwn(200)),
        "actions": may(array(by_type({"button": BUTTON}), 1, 25)),
    },
    at_least_one("hero_image", "title", "body", "actions"),
)
_TASK_CARD = record(
    {
        **_BLOCK,
        "task_id": need(text(255, 1)),
        "title": need(text(255, 1)),
        "details": may(rich_text),
        "output": may(rich_text),
        "sources": may(array(record({"type": need(one_of("url")), "url": need(url()), "text": need(text(255, 1))}))),
        "status": need(one_of("pending", "in_progress", "complete", "error")),
    }
)
_CONTAINER = record(
    {
        **_BLOCK,
        "title": may(plain_text(150)),
        "rich_text_title": may(rich_text),
        "subtitle": may(any_text(150)),
        "child_blocks": need(array(by_type({**_CORE, "table": _TABLE}), 1, 10)),
        "width": may(one_of("narrow", "standard", "wide", "full")),
        "icon": may(IMAGE_ELEMENT),
        "is_collapsible": may(flag),
        "default_collapsed": may(flag),
        "has_header_divider": may(flag),
    },
    exactly_one("title", "rich_text_title"),
)
_MESSAGE_ONLY: dict[str, Check] = {
    "markdown": record({**_BLOCK, "text": need(text(12_000, 1))}),
    "file": record({**_BLOCK, "source": need(one_of("remote")), "external_id": need(text(255, 1))}),
    "context_actions": record(
        {
            **_BLOCK,
            "elements": need(array(by_type({"feedback_buttons": FEEDBACK_BUTTONS, "icon_button": ICON_BUTTON}), 1, 5)),
        }
    ),
    "table": _TABLE,
    "data_table": _DATA_TABLE,
    "card": _CARD,
    "carousel": record({**_BLOCK, "elements": need(array(by_type({"card": _CARD}), 1, 10))}),
    "container": _CONTAINER,
    "task_card": _TASK_CARD,
    "plan": record({**_BLOCK, "title": need(text(255, 1)), "tasks": may(array(by_type({"task_card": _TASK_CARD})))}),
}
_MODAL_ONLY: dict[str, Check] = {
    "alert": record(
        {
            **_BLOCK,
            "text": need(any_text(3000)),
            "level": may(one_of("default", "info", "warning", "error", "success")),
        }
    ),
    "input": _input({**_INPUTS, "file_input": FILE_INPUT}),
}
BLOCKS: dict[Surface, Check] = {
    "message": by_type({**_CORE, **_MESSAGE_ONLY}),
    "modal": by_type({**_CORE, **_MODAL_ONLY}),
    "home": by_type(_CORE),
}
MOST_BLOCKS: dict[Surface, int] = {"message": 50, "modal": 100, "home": 100}


def check_blocks(blocks: Any, surface: Surface, pointer: str, report: Report) -> None:
    """Check a list of blocks for one surface, ids and focus included."""
    array(BLOCKS[surface], 0, MOST_BLOCKS[surface])(blocks, pointer, report)
    if report.messages:
        return
    ids = [
        (block["block_id"], f"{pointer}/{index}/block_id") for index, block in enumerate(blocks) if "block_id" in block
    ]
    distinct(ids, "block_id", report)
    for index, block in enumerate(blocks):
        actions = [
            (element["action_id"], f"{pointer}/{index}") for element in elements_of(block) if element.get("action_id")
        ]
        distinct(actions, "action_id", report)
    focused = [element for block in blocks for element in elements_of(block) if element.get("focus_on_load")]
    if len(focused) > 1:
        report.add("only one element may have focus_on_load", pointer)


def elements_of(block: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the interactive elements of a block (and images beside them)."""
    alone = (block.get("accessory"), block.get("element"))
    found: list[dict[str, Any]] = [element for element in alone if isinstance(element, dict)]
    for name in ("elements", "actions"):
        if block.get("type") in {"actions", "context_actions", "card"} and isinstance(block.get(name), list):
            found.extend(block[name])
    for child in nested_blocks(block):
        found.extend(elements_of(child))
    return found


def nested_blocks(block: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the blocks inside a container or carousel."""
    if block.get("type") == "container":
        return list(block["child_blocks"])
    if block.get("type") == "carousel":
        return list(block["elements"])
    return []


def all_blocks(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the blocks and everything nested in them."""
    return [found for block in blocks for found in (block, *nested_blocks(block))]
