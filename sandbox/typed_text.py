"""What a person typed, as the rich text block that Slack makes of it."""

import re

from sandbox.errors import Json

_SPECIAL = re.compile(
    r"<@(?P<user>[UW]\w+)(?:\|[^>]*)?>"
    r"|<#(?P<channel>[CG]\w+)(?:\|[^>]*)?>"
    r"|<!(?P<range>here|channel|everyone)>"
    r"|<?(?P<url>https?://[^\s<>|]+)>?"
)


def rich_text_of(text: str, block_id: str) -> Json:
    """Return a block with mentions and links told apart from words."""
    elements: list[Json] = []
    position = 0
    for found in _SPECIAL.finditer(text):
        _add_words(elements, text[position : found.start()])
        elements.append(_element(found))
        position = found.end()
    _add_words(elements, text[position:])
    section: Json = {"type": "rich_text_section", "elements": elements}
    return {"type": "rich_text", "block_id": block_id, "elements": [section]}


def text_of(text: str) -> str:
    """Return the `text` that Slack makes of it: what would be markup is escaped, a link stands in angle brackets."""
    parts: list[str] = []
    position = 0
    for found in _SPECIAL.finditer(text):
        parts.append(_escaped(text[position : found.start()]))
        parts.append(f"<{_escaped(found['url'])}>" if found["url"] else found[0])
        position = found.end()
    return "".join([*parts, _escaped(text[position:])])


def _escaped(words: str) -> str:
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _add_words(elements: list[Json], words: str) -> None:
    if words:
        elements.append({"type": "text", "text": words})


def _element(found: re.Match[str]) -> Json:
    if found["user"]:
        return {"type": "user", "user_id": found["user"]}
    if found["channel"]:
        return {"type": "channel", "channel_id": found["channel"]}
    if found["range"]:
        return {"type": "broadcast", "range": found["range"]}
    return {"type": "link", "url": found["url"]}
