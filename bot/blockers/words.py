"""The one line of a triage command: a person, a date and words, in any order (`assign 42 @lee by friday`)."""

import re
from dataclasses import dataclass
from datetime import date

from bot import grammar
from bot.catalogue import as_read

_TO = re.compile(r"(?:to|for)\s+(?=<@|me\b)", re.IGNORECASE)
_DATED = re.compile(r"(?:^|\s)(?:by|until|till|on)\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Line:
    """What a line says; `person` is a Slack id, `text` as it was typed."""

    person: str | None
    day: date | None
    text: str


def read(text: str, me: str, today: date, *, dated: bool) -> Line:
    """Take a person, and where one is asked for a date, from a line; what is left are words.

    A date stands at the front, behind the person, or behind "by", "until" or "on" anywhere.
    """
    person, day = None, None
    rest = text.strip()
    while True:
        plain = _TO.sub("", rest, count=1) if _TO.match(rest) else rest
        if person is None and (found := grammar.person(plain, me)) is not None:
            person, rest = found
        elif dated and day is None and (when := _date_at_front(rest, today)) is not None:
            day, rest = when
        else:
            break
    if dated and day is None:
        day, rest = _date_inside(rest, today)
    return Line(person, day, as_read(rest.strip()))


def _date_at_front(text: str, today: date) -> tuple[date, str] | None:
    match = _DATED.match(text)
    found = grammar.when(text[match.end() :] if match is not None else text, today)
    # "mondays are bad" is no date: what was read must end where a word does.
    return found if found is None or not found[1] or not _glued(text, found[1]) else None


def _glued(text: str, rest: str) -> bool:
    before = text[: len(text) - len(rest)]
    return bool(before) and before[-1].isalnum() and rest[0].isalnum()


def _date_inside(text: str, today: date) -> tuple[date | None, str]:
    for match in _DATED.finditer(text):
        found = grammar.when(text[match.end() :], today)
        if found is not None:
            return found[0], f"{text[: match.start()]} {found[1]}".strip()
    return None, text
