"""Small checks that compose: each looks at one JSON value and reports what Slack would refuse."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

Check = Callable[[Any, str, "Report"], None]


@dataclass
class Report:
    """What is wrong, each with a JSON pointer to the place."""

    messages: list[str] = field(default_factory=list)

    def add(self, text: str, pointer: str) -> None:
        """Note one fault."""
        self.messages.append(f"{text} [json-pointer:{pointer}]")


@dataclass(frozen=True)
class Key:
    """One key of an object: how its value is checked and whether it must be there."""

    check: Check
    required: bool = False


def need(check: Check) -> Key:
    """Return a key that must be there."""
    return Key(check, required=True)


def may(check: Check) -> Key:
    """Return a key that may be left out."""
    return Key(check)


def anything(_value: Any, _pointer: str, _report: Report) -> None:
    """Accept any value."""


def flag(value: Any, pointer: str, report: Report) -> None:
    """Accept true and false."""
    if not isinstance(value, bool):
        report.add("must be a boolean", pointer)


def text(most: int, least: int = 0) -> Check:
    """Accept a string of a length."""

    def check(value: Any, pointer: str, report: Report) -> None:
        if not isinstance(value, str):
            report.add("must be a string", pointer)
        elif len(value) < least:
            report.add(f"must be more than {least - 1} characters", pointer)
        elif len(value) > most:
            report.add(f"must be less than {most + 1} characters", pointer)

    return check


def number(least: float | None = None, most: float | None = None, *, whole: bool = True) -> Check:
    """Accept a number in a range."""

    def check(value: Any, pointer: str, report: Report) -> None:
        wanted = int if whole else (int, float)
        if isinstance(value, bool) or not isinstance(value, wanted):
            report.add("must be an integer" if whole else "must be a number", pointer)
        elif least is not None and value < least:
            report.add(f"must be at least {least}", pointer)
        elif most is not None and value > most:
            report.add(f"must be at most {most}", pointer)

    return check


def one_of(*allowed: object) -> Check:
    """Accept one of a few values."""

    def check(value: Any, pointer: str, report: Report) -> None:
        if value not in allowed:
            report.add(f"must be one of: {', '.join(str(item) for item in allowed)}", pointer)

    return check


def url(most: int = 3000) -> Check:
    """Accept an absolute web address."""
    length = text(most, 1)

    def check(value: Any, pointer: str, report: Report) -> None:
        length(value, pointer, report)
        if isinstance(value, str):
            parts = urlsplit(value)
            if not parts.scheme or not (parts.netloc or parts.path):
                report.add("must be a valid URL", pointer)

    return check


def array(item: Check, least: int = 0, most: int | None = None) -> Check:
    """Accept a list of so many items."""

    def check(value: Any, pointer: str, report: Report) -> None:
        if not isinstance(value, list):
            report.add("must be an array", pointer)
            return
        if len(value) < least:
            report.add(f"no fewer than {least} items allowed", pointer)
        if most is not None and len(value) > most:
            report.add(f"no more than {most} items allowed", pointer)
        for index, part in enumerate(value):
            item(part, f"{pointer}/{index}", report)

    return check


def record(keys: Mapping[str, Key], *also: Check) -> Check:
    """Accept an object with these keys and no other; then, if all is well, look at it as a whole."""

    def check(value: Any, pointer: str, report: Report) -> None:
        if not isinstance(value, dict):
            report.add("must be an object", pointer)
            return
        before = len(report.messages)
        for name, key in keys.items():
            if value.get(name) is not None:
                key.check(value[name], f"{pointer}/{name}", report)
            elif key.required:
                report.add(f"missing required field: {name}", pointer)
        for name in value:
            if name not in keys:
                report.add(f"invalid additional property: {name}", f"{pointer}/{name}")
        if len(report.messages) == before:
            for look in also:
                look(value, pointer, report)

    return check


def by_type(kinds: Mapping[str, Check]) -> Check:
    """Choose the check by the object's `type`."""

    def check(value: Any, pointer: str, report: Report) -> None:
        if not isinstance(value, dict):
            report.add("must be an object", pointer)
            return
        kind = value.get("type")
        if not isinstance(kind, str):
            report.add("missing required field: type", pointer)
        elif kind not in kinds:
            report.add(f"unsupported type: {kind}", f"{pointer}/type")
        else:
            kinds[kind](value, pointer, report)

    return check


def exactly_one(*names: str) -> Check:
    """Require one and only one of these keys."""

    def check(value: Any, pointer: str, report: Report) -> None:
        if sum(value.get(name) is not None for name in names) != 1:
            report.add(f"must have exactly one of: {', '.join(names)}", pointer)

    return check


def at_least_one(*names: str) -> Check:
    """Require one or more of these keys."""

    def check(value: Any, pointer: str, report: Report) -> None:
        if all(value.get(name) is None for name in names):
            report.add(f"must have at least one of: {', '.join(names)}", pointer)

    return check


def distinct(items: Sequence[tuple[str, str]], what: str, report: Report) -> None:
    """Report values that come twice; `items` are pairs of value and pointer."""
    seen: set[str] = set()
    for value, pointer in items:
        if value in seen:
            report.add(f"{what} {value} already exists", pointer)
        seen.add(value)
