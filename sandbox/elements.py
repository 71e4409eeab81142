"""Block elements: which keys each may have, and how long they may be."""

import re
from typing import Any

from sandbox.schema import (
    Check,
    Key,
    Report,
    array,
    at_least_one,
    by_type,
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


def plain_text(most: int, least: int = 1) -> Check:
    """Accept a `plain_text` object."""
    return by_type(
        {
            "plain_text": record({"type": need(text(20)), "text": need(text(most, least)), "emoji": may(flag)}),
        }
    )


def mrkdwn(most: int) -> Check:
    """Accept a `mrkdwn` object."""
    return by_type(
        {
            "mrkdwn": record({"type": need(text(20)), "text": need(text(most, 1)), "verbatim": may(flag)}),
        }
    )


def any_text(most: int) -> Check:
    """Accept a `plain_text` or `mrkdwn` object."""
    plain, marked = plain_text(most), mrkdwn(most)

    def check(value: Any, pointer: str, report: Report) -> None:
        is_plain = isinstance(value, dict) and value.get("type") == "plain_text"
        is_marked = isinstance(value, dict) and value.get("type") == "mrkdwn"
        if is_plain or not is_marked:
            plain(value, pointer, report)
        else:
            marked(value, pointer, report)

    return check


def pattern(expression: str, wanted: str) -> Check:
    """Accept a string of one form."""
    compiled = re.compile(expression)

    def check(value: Any, pointer: str, report: Report) -> None:
        if not isinstance(value, str) or not compiled.fullmatch(value):
            report.add(f"must be {wanted}", pointer)

    return check


DATE = pattern(r"\d{4}-\d{2}-\d{2}", "a date like 2026-01-31")
TIME = pattern(r"([01]\d|2[0-3]):[0-5]\d", "a time like 17:05")
CONFIRM = record(
    {
        "title": may(plain_text(100)),
        "text": need(any_text(300)),
        "confirm": may(plain_text(30)),
        "deny": may(plain_text(30)),
        "style": may(one_of("primary", "danger")),
    }
)
SLACK_FILE = record({"id": may(text(255)), "url": may(url())}, exactly_one("id", "url"))
IMAGE_ELEMENT = record(
    {
        "type": need(one_of("image")),
        "image_url": may(url()),
        "slack_file": may(SLACK_FILE),
        "alt_text": need(text(2000, 1)),
    },
    exactly_one("image_url", "slack_file"),
)
DISPATCH = record({"trigger_actions_on": may(array(one_of("on_enter_pressed", "on_character_entered"), 1, 2))})
_CONVERSATION_FILTER = record(
    {
        "include": may(array(one_of("im", "mpim", "private", "public"), 1, 4)),
        "exclude_external_shared_channels": may(flag),
        "exclude_bot_users": may(flag),
    },
    at_least_one("include", "exclude_external_shared_channels", "exclude_bot_users"),
)


def option(label: Check, *, with_url: bool = False) -> Check:
    """Accept one option of a menu, radio group or checkbox group."""
    keys = {"text": need(label), "value": need(text(150, 1)), "description": may(any_text(75))}
    return record({**keys, "url": may(url())} if with_url else keys)


_MENU_OPTION = option(plain_text(75))
_TICK_OPTION = option(any_text(75))
_OPTION_GROUP = record({"label": need(plain_text(75)), "options": need(array(_MENU_OPTION, 1, 100))})
_ACTION = {"type": need(text(50)), "action_id": may(text(255, 1))}
_CONFIRM = {"confirm": may(CONFIRM)}
_FOCUS = {"focus_on_load": may(flag)}
_PLACEHOLDER = {"placeholder": may(plain_text(150))}
_DISPATCHED = {"dispatch_action_config": may(DISPATCH)}
_MANY = {"max_selected_items": may(number(1))}
_BUTTON_STYLE = {"style": may(one_of("primary", "danger")), "accessibility_label": may(text(75, 1))}


def options_of(element: dict[str, Any]) -> list[Any]:
    """Return the options of an element, with those in groups."""
    found = element.get("options") or []
    groups = element.get("option_groups") or []
    inner = [group.get("options") or [] for group in groups if isinstance(group, dict)]
    lists = [found, *inner]
    return [item for part in lists if isinstance(part, list) for item in part]


def _initial_is_offered(element: dict[str, Any], pointer: str, report: Report) -> None:
    values = [item.get("value") for item in options_of(element) if isinstance(item, dict)]
    chosen = [("initial_option", element.get("initial_option"))]
    chosen.extend(("initial_options", item) for item in element.get("initial_options") or [])
    for name, item in chosen:
        if isinstance(item, dict) and item.get("value") not in values:
            report.add(f"{name} must be one of the options", f"{pointer}/{name}")


def _lengths_agree(element: dict[str, Any], pointer: str, report: Report) -> None:
    least, most = element.get("min_length"), element.get("max_length")
    if isinstance(least, int) and isinstance(most, int) and least > most:
        report.add("min_length must not be larger than max_length", f"{pointer}/min_length")


def _element(*parts: dict[str, Key], also: tuple[Check, ...] = ()) -> Check:
    keys = dict(_ACTION)
    for part in parts:
        keys.update(part)
    return record(keys, *also)


def _menu(one: dict[str, Key], many: dict[str, Key], kind: str, also: tuple[Check, ...] = ()) -> dict[str, Check]:
    shared = (_CONFIRM, _FOCUS, _PLACEHOLDER)
    return {
        kind: _element(*shared, one, also=also),
        f"multi_{kind}": _element(*shared, _MANY, many, also=also),
    }


_STATIC = {
    "options": may(array(_MENU_OPTION, 1, 100)),
    "option_groups": may(array(_OPTION_GROUP, 1, 100)),
}
_CONVERSATIONS = {"default_to_current_conversation": may(flag), "filter": may(_CONVERSATION_FILTER)}
_RESPONSE_URL = {"response_url_enabled": may(flag)}
_IDS = array(text(255, 1), 0)
_ONE_OPTION, _SOME_OPTIONS = may(_MENU_OPTION), may(array(_MENU_OPTION, 1, 100))
_QUERY = {"min_query_length": may(number(0))}

MENUS: dict[str, Check] = {
    **_menu(
        {**_STATIC, "initial_option": _ONE_OPTION},
        {**_STATIC, "initial_options": _SOME_OPTIONS},
        "static_select",
        also=(exactly_one("options", "option_groups"), _initial_is_offered),
    ),
    **_menu(
        {**_QUERY, "initial_option": _ONE_OPTION},
        {**_QUERY, "initial_options": _SOME_OPTIONS},
        "external_select",
    ),
    **_menu({"initial_user": may(text(255, 1))}, {"initial_users": may(_IDS)}, "users_select"),
    **_menu(
        {**_CONVERSATIONS, **_RESPONSE_URL, "initial_conversation": may(text(255, 1))},
        {**_CONVERSATIONS, "initial_conversations": may(_IDS)},
        "conversations_select",
    ),
    **_menu(
        {**_RESPONSE_URL, "initial_channel": may(text(255, 1))},
        {"initial_channels": may(_IDS)},
        "channels_select",
    ),
}
CHOICES: dict[str, Check] = {
    "checkboxes": _element(
        _CONFIRM,
        _FOCUS,
        {"options": need(array(_TICK_OPTION, 1, 10)), "initial_options": may(array(_TICK_OPTION, 1, 10))},
        also=(_initial_is_offered,),
    ),
    "radio_buttons": _element(
        _CONFIRM,
        _FOCUS,
        {"options": need(array(_TICK_OPTION, 1, 10)), "initial_option": may(_TICK_OPTION)},
        also=(_initial_is_offered,),
    ),
    "datepicker": _element(_CONFIRM, _FOCUS, _PLACEHOLDER, {"initial_date": may(DATE)}),
    "timepicker": _element(_CONFIRM, _FOCUS, _PLACEHOLDER, {"initial_time": may(TIME), "timezone": may(text(100, 1))}),
    "datetimepicker": _element(_CONFIRM, _FOCUS, {"initial_date_time": may(number(1_000_000_000, 9_999_999_999))}),
}
BUTTON: Check = _element(
    _CONFIRM,
    _BUTTON_STYLE,
    {"text": need(plain_text(75)), "value": may(text(2000)), "url": may(url())},
)
OVERFLOW: Check = _element(_CONFIRM, {"options": need(array(option(plain_text(75), with_url=True), 1, 5))})
WORKFLOW_BUTTON: Check = _element(
    _CONFIRM,
    _BUTTON_STYLE,
    {
        "text": need(plain_text(75)),
        "workflow": need(
            record(
                {
                    "trigger": need(
                        record(
                            {
                                "url": need(url()),
                                "customizable_input_parameters": may(
                                    array(record({"name": need(text(255, 1)), "value": need(text(3000))}))
                                ),
                            }
                        )
                    )
                }
            )
        ),
    },
)
TYPED: dict[str, Check] = {
    "plain_text_input": _element(
        _FOCUS,
        _PLACEHOLDER,
        _DISPATCHED,
        {
            "initial_value": may(text(3000)),
            "multiline": may(flag),
            "min_length": may(number(0, 3000)),
            "max_length": may(number(1, 3000)),
        },
        also=(_lengths_agree,),
    ),
    "email_text_input": _element(_FOCUS, _PLACEHOLDER, _DISPATCHED, {"initial_value": may(text(3000))}),
    "url_text_input": _element(_FOCUS, _PLACEHOLDER, _DISPATCHED, {"initial_value": may(text(3000))}),
    "number_input": _element(
        _FOCUS,
        _PLACEHOLDER,
        _DISPATCHED,
        {
            "is_decimal_allowed": need(flag),
            "initial_value": may(text(100, 1)),
            "min_value": may(text(100, 1)),
            "max_value": may(text(100, 1)),
        },
    ),
}
_FEEDBACK = record(
    {
        "text": need(plain_text(75)),
        "value": need(text(2000)),
        "accessibility_label": may(text(75, 1)),
    }
)
FEEDBACK_BUTTONS: Check = _element({"positive_button": need(_FEEDBACK), "negative_button": need(_FEEDBACK)})
ICON_BUTTON: Check = _element(
    _CONFIRM,
    {
        "icon": need(one_of("trash")),
        "text": need(plain_text(75)),
        "value": may(text(2000)),
        "accessibility_label": may(text(75, 1)),
        "visible_to_user_ids": may(_IDS),
    },
)
FILE_INPUT: Check = _element({"filetypes": may(array(text(50, 1), 1)), "max_files": may(number(1, 10))})
