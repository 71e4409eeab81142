"""Every sentence passes through here: one place to escape what people wrote, and to put a second language."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

_REFERENCE = re.compile(r"<(?P<sign>[@#!]|(?=[a-z]+:))(?P<target>[^<>|]+)(?:\|(?P<label>[^<>]*))?>")


class Mrkdwn(str):
    """Text that is Slack markup already; any other string is a person's words and gets escaped."""

    __slots__ = ()


def escape(text: str) -> Mrkdwn:
    """A person's words as markup that shows them literally, so that "<!channel>" wakes nobody."""
    return Mrkdwn(text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))


def as_read(markup: str, names: Mapping[str, str] = MappingProxyType({})) -> str:
    """The words of a message in Slack's markup, as its writer saw them: a mention by its name, a link by its words.

    `names` are those of people by Slack id, for mentions that carry none.
    """

    def seen(match: re.Match[str]) -> str:
        sign, target, label = match["sign"], match["target"], match["label"]
        if sign == "!":
            return label or "@" + target.partition("^")[0]
        if sign:
            return sign + (label or names.get(target, target)).removeprefix(sign)
        return label or target.removeprefix("mailto:")

    text = _REFERENCE.sub(seen, markup)
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def say(sentence: str, **values: Any) -> Mrkdwn:
    """A sentence with its blanks filled in, as markup; strings that are not Mrkdwn are escaped."""
    for name, value in values.items():
        if isinstance(value, str) and not isinstance(value, Mrkdwn):
            values[name] = escape(value)
    return Mrkdwn(sentence.format_map(values))


def plain(sentence: str, **values: Any) -> str:
    """A sentence for a place that shows plain text: buttons, titles, labels, field errors."""
    return sentence.format(**values)


def join(parts: Any, between: str = " · ") -> Mrkdwn:
    """Sentences side by side."""
    return Mrkdwn(between.join(part if isinstance(part, Mrkdwn) else escape(part) for part in parts))


def count(number: int, one: str, many: str | None = None) -> str:
    """A number with its noun: "1 result", "3 results"."""
    return f"{number} {one if number == 1 else many or one + 's'}"
