"""What stands in the inputs: `state.values` as Slack sends it, and a person's choice as an action."""

import re
from typing import Any

from sandbox.blocks import all_blocks, elements_of
from sandbox.elements import options_of
from sandbox.errors import Json

# The key in `state.values` under which each kind of input keeps its value.
VALUE_KEYS = {
    "plain_text_input": "value",
    "email_text_input": "value",
    "url_text_input": "value",
    "number_input": "value",
    "rich_text_input": "rich_text_value",
    "file_input": "files",
    "checkboxes": "selected_options",
    "radio_buttons": "selected_option",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
    "static_select": "selected_option",
    "external_select": "selected_option",
    "users_select": "selected_user",
    "conversations_select": "selected_conversation",
    "channels_select": "selected_channel",
    "multi_static_select": "selected_options",
    "multi_external_select": "selected_options",
    "multi_users_select": "selected_users",
    "multi_conversations_select": "selected_conversations",
    "multi_channels_select": "selected_channels",
}
_MANY = {"selected_options", "selected_users", "selected_conversations", "selected_channels", "files"}
_MENU_OF_OPTIONS = {"static_select", "multi_static_select", "radio_buttons", "checkboxes", "overflow"}
_MOST_FILES = 10
_REQUIRED = "Please complete this required field."


def inputs_of(blocks: list[Json]) -> list[tuple[Json, Json]]:
    """Return every element that keeps a value, with its block."""
    return [
        (block, element)
        for block in all_blocks(blocks)
        if block["type"] in {"input", "section", "actions"}
        for element in elements_of(block)
        if element["type"] in VALUE_KEYS
    ]


def find_element(blocks: list[Json], block_id: str | None, action_id: str) -> tuple[Json, Json] | None:
    """Return the block and element that a press or a choice names."""
    for block in all_blocks(blocks):
        if block_id in (None, block.get("block_id")):
            for element in elements_of(block):
                if element.get("action_id") == action_id:
                    return block, element
    return None


def current_values(blocks: list[Json], known: Json) -> Json:
    """Return the state of every input: the known value where ids and type match, else the initial one."""
    values: Json = {}
    for block, element in inputs_of(blocks):
        kept = (known.get(block["block_id"]) or {}).get(element["action_id"])
        if not isinstance(kept, dict) or kept.get("type") != element["type"]:
            kept = _initial(element)
        values.setdefault(block["block_id"], {})[element["action_id"]] = _only_value(kept)
    return values


def _only_value(kept: Json) -> Json:
    key = VALUE_KEYS[kept["type"]]
    value = kept.get(key)
    if value is None or value == "":
        value = [] if key in _MANY else None
    return {"type": kept["type"], key: value}


def _initial(element: Json) -> Json:
    key = VALUE_KEYS[element["type"]]
    name = "initial_value" if key in {"value", "rich_text_value"} else key.replace("selected_", "initial_")
    return {"type": element["type"], key: element.get(name)}


def as_value(element: Json, value: Any) -> Json:
    """Return the type-specific part of a choice from plain Python: a text, an option's value, ids."""
    kind = element["type"]
    if isinstance(value, dict) and "type" in value:
        return value
    if kind in {"button", "icon_button"}:
        return {"value": element["value"]} if "value" in element else {}
    if kind == "feedback_buttons":
        return {"value": value}
    key = "selected_option" if kind == "overflow" else VALUE_KEYS[kind]
    if key == "selected_option" and isinstance(value, str):
        value = _option(element, value)
    if key == "selected_options" and isinstance(value, list | tuple):
        value = [_option(element, item) if isinstance(item, str) else item for item in value]
    return {key: list(value) if isinstance(value, tuple) else value}


def _option(element: Json, value: str) -> Json:
    for item in options_of(element):
        if item["value"] == value:
            return dict(item)
    return {"text": {"type": "plain_text", "text": value, "emoji": True}, "value": value}


def with_choice(values: Json, block: Json, element: Json, chosen: Json) -> Json:
    """Return the values of inputs after a choice in one of them."""
    if element["type"] not in VALUE_KEYS:
        return values
    block_id = block["block_id"]
    held = {"type": element["type"], **chosen}
    return {**values, block_id: {**(values.get(block_id) or {}), element["action_id"]: held}}


def offers(element: Json, chosen: Json) -> bool:
    """Tell whether a choice is one that the element offers."""
    if element["type"] not in _MENU_OF_OPTIONS:
        return True
    offered = {item["value"] for item in options_of(element)}
    one, some = chosen.get("selected_option"), chosen.get("selected_options") or []
    return all(item.get("value") in offered for item in (*some, *([one] if one else [])))


def client_errors(blocks: list[Json], values: Json) -> dict[str, str]:
    """Return what Slack's own client refuses before it submits a view, by block id."""
    errors: dict[str, str] = {}
    for block, element in inputs_of(blocks):
        if block["type"] != "input":
            continue
        held = values[block["block_id"]][element["action_id"]][VALUE_KEYS[element["type"]]]
        if held in (None, "", []) or (isinstance(held, str) and not held.strip()):
            if not block.get("optional"):
                errors[block["block_id"]] = _REQUIRED
        elif isinstance(held, str | list) and (fault := _fault(element, held)):
            errors[block["block_id"]] = fault
    return errors


def _fault(element: Json, held: str | list[Any]) -> str | None:
    if isinstance(held, str):
        return _typed_fault(element, held)
    if element["type"] == "file_input":
        return _files_fault(element, held)
    most = element.get("max_selected_items", len(held))
    return f"Select at most {most}." if len(held) > most else None


def _files_fault(element: Json, held: list[Json]) -> str | None:
    most: int = element.get("max_files", _MOST_FILES)
    kinds: list[str] = element.get("filetypes") or []
    if len(held) > most:
        return f"Choose at most {most}."
    wrong = [file["name"] for file in held if kinds and file["filetype"] not in map(str.lower, kinds)]
    return f"{wrong[0]} is not one of: {', '.join(kinds)}." if wrong else None


def _typed_fault(element: Json, held: str) -> str | None:
    kind = element["type"]
    if kind == "plain_text_input":
        if len(held) < element.get("min_length", 0):
            return f"Must be at least {element['min_length']} characters."
        if len(held) > element.get("max_length", 3000):
            return f"Must be at most {element.get('max_length', 3000)} characters."
    if kind == "email_text_input" and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", held):
        return "Enter a valid email address."
    if kind == "url_text_input" and not re.fullmatch(r"[a-z][a-z0-9+.-]*://\S+", held, re.IGNORECASE):
        return "Enter a valid URL."
    if kind == "number_input":
        return _number_fault(element, held)
    return None


def _number_fault(element: Json, held: str) -> str | None:
    form = r"[+-]?\d+(\.\d+)?" if element.get("is_decimal_allowed") else r"[+-]?\d+"
    if not re.fullmatch(form, held):
        return "Enter a valid number."
    if "min_value" in element and float(held) < float(element["min_value"]):
        return f"Must be {element['min_value']} or more."
    if "max_value" in element and float(held) > float(element["max_value"]):
        return f"Must be {element['max_value']} or less."
    return None
