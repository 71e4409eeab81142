"""Rich text: the nested elements of `rich_text` blocks."""

from typing import Any

from sandbox.schema import Check, Report, array, by_type, flag, may, need, number, one_of, record, text, url

_STYLE = {
    "style": may(
        record(
            {
                name: may(flag)
                for name in (
                    "bold",
                    "italic",
                    "strike",
                    "code",
                    "underline",
                    "highlight",
                    "client_highlight",
                    "unlink",
                )
            }
        )
    )
}
_TYPE = {"type": need(text(50))}
_WORD: dict[str, Check] = {
    "text": record({**_TYPE, **_STYLE, "text": need(text(12_000, 1))}),
    "link": record({**_TYPE, **_STYLE, "url": need(url()), "text": may(text(12_000)), "unsafe": may(flag)}),
    "user": record({**_TYPE, **_STYLE, "user_id": need(text(255, 1))}),
    "usergroup": record({**_TYPE, **_STYLE, "usergroup_id": need(text(255, 1))}),
    "channel": record({**_TYPE, **_STYLE, "channel_id": need(text(255, 1))}),
    "team": record({**_TYPE, **_STYLE, "team_id": need(text(255, 1))}),
    "broadcast": record({**_TYPE, **_STYLE, "range": need(one_of("here", "channel", "everyone"))}),
    "color": record({**_TYPE, **_STYLE, "value": need(text(50, 1))}),
    "emoji": record({**_TYPE, **_STYLE, "name": need(text(255, 1)), "unicode": may(text(255)), "url": may(url())}),
    "date": record(
        {
            **_TYPE,
            **_STYLE,
            "timestamp": need(number(0)),
            "format": need(text(255, 1)),
            "url": may(url()),
            "fallback": may(text(3000)),
        }
    ),
}
_WORDS = array(by_type(_WORD))
_SECTION = record({**_TYPE, "elements": need(_WORDS)})
_BORDER = {"border": may(one_of(0, 1))}
_PART: dict[str, Check] = {
    "rich_text_section": _SECTION,
    "rich_text_quote": record({**_TYPE, **_BORDER, "elements": need(_WORDS)}),
    "rich_text_preformatted": record(
        {
            **_TYPE,
            **_BORDER,
            "elements": need(array(by_type({name: _WORD[name] for name in ("text", "link")}))),
            "language": may(text(50)),
        }
    ),
    "rich_text_list": record(
        {
            **_TYPE,
            **_BORDER,
            "style": need(one_of("bullet", "ordered")),
            "elements": need(array(by_type({"rich_text_section": _SECTION}))),
            "indent": may(number(0, 8)),
            "offset": may(number(0)),
        }
    ),
}
RICH_TEXT_KEYS = {**_TYPE, "block_id": may(text(255, 1)), "elements": need(array(by_type(_PART)))}
RICH_TEXT: Check = record(RICH_TEXT_KEYS)


def rich_text(value: Any, pointer: str, report: Report) -> None:
    """Accept a `rich_text` block, wherever one is nested."""
    by_type({"rich_text": RICH_TEXT})(value, pointer, report)


RICH_TEXT_INPUT: Check = record(
    {
        **_TYPE,
        "action_id": may(text(255, 1)),
        "initial_value": may(rich_text),
        "dispatch_action_config": may(
            record({"trigger_actions_on": may(array(one_of("on_enter_pressed", "on_character_entered")))})
        ),
        "focus_on_load": may(flag),
        "placeholder": may(
            record({"type": need(one_of("plain_text")), "text": need(text(150, 1)), "emoji": may(flag)})
        ),
        "min_lines": may(number(1, 100)),
        "max_lines": may(number(1, 100)),
    }
)
