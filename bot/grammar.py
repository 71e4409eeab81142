"""The words of every slash command: dates, spans, people, ids, options. Pure functions of text and today's date.

Each takes what it knows from the front of the text and gives back the rest; nothing is ever guessed.
"""

import calendar as months
import re
from dataclasses import dataclass
from datetime import date, timedelta

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = tuple(name.lower() for name in months.month_name)
SHORTEST = 3
"""Days and months may be cut to three letters: "fri", "dec"."""
QUARTER = 3
LONGEST_GUESS = timedelta(days=183)
"""An end without a year may lie this far ahead of the start; further, the year must be written."""

_MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")
_COUNT = re.compile(r"in\s+(\d{1,4})\s*(days?|d|weeks?|w)\b", re.IGNORECASE)
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})\b")
_DAY_MONTH = re.compile(r"(\d{1,2})\.?\s+([a-z]{3,9})\.?(?:\s+(\d{4}))?\b", re.IGNORECASE)
_MONTH_DAY = re.compile(r"([a-z]{3,9})\.?\s+(\d{1,2})(?:,?\s+(\d{4}))?\b", re.IGNORECASE)
_PERIOD = re.compile(r"(this|last|next)\s+(week|month|quarter|year)\b", re.IGNORECASE)
_BETWEEN = re.compile(r"\s*(?:-|–|to\b|until\b)\s*", re.IGNORECASE)
_ID = re.compile(r"([a-z])?-?(\d{1,9})(?!\S)", re.IGNORECASE)
# Keyboards turn two hyphens into a dash.
_OPTION = re.compile(r"(?<!\S)(?:--|—)(public|page|team|csv)(?:[ =]+([^\s—-]\S*))?(?!\S)", re.IGNORECASE)
_VALUED = frozenset({"page", "team"})
_WORD = re.compile(r"[a-z]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Span:
    """Whole days, both ends included."""

    first: date
    last: date


def ident(text: str, letter: str) -> tuple[int, str] | None:
    """A number that people see at the front of the text, as (number, rest): "B-42", "b42" or "42" for the letter B.

    None when there is none, or when it is a number of another kind: "K-3" is no blocker.
    """
    text = text.lstrip()
    match = _ID.match(text)
    if match is None or (match[1] or letter).upper() != letter.upper():
        return None
    return int(match[2]), text[match.end() :].lstrip()


def options(text: str) -> tuple[dict[str, str], str]:
    """What stands behind two hyphens anywhere in the text, as (values by name, rest): "--public", "--page 2".

    An option without a value has "". Other words behind hyphens belong to the text.
    """
    found: dict[str, str] = {}

    def take(match: re.Match[str]) -> str:
        name, value = match[1].lower(), match[2] or ""
        found[name] = value if name in _VALUED else ""
        return "" if name in _VALUED else f" {value}"

    rest = _OPTION.sub(take, text)
    return found, (" ".join(rest.split()) if found else text)


def person(text: str, me: str) -> tuple[str, str] | None:
    """A person at the front of the text, as (Slack id, rest): a mention, or "me"."""
    text = text.lstrip()
    if match := _MENTION.match(text):
        return match[1], text[match.end() :].lstrip()
    word, _, rest = text.partition(" ")
    return (me, rest.lstrip()) if word.lower() == "me" else None


def when(text: str, today: date) -> tuple[date, str] | None:
    """A date at the front of the text, as (date, rest); None when there is none.

    "friday" is the first one after today, "next friday" the one of next week; "12 dec" without a year is the next one.
    """
    text = text.lstrip()
    for read in (_relative, _weekday, _in, _iso, _named):
        if (found := read(text, today)) is not None:
            return found[0], found[1].lstrip()
    return None


def past(text: str, today: date) -> tuple[date, str] | None:
    """A date that was, or today, at the front of the text: "monday" is the last one, "23 nov" the latest."""
    text = text.lstrip()
    word = _WORD.match(text)
    if word is not None and word[0].lower() in {"today", "yesterday"}:
        return today - timedelta(days=word[0].lower() == "yesterday"), text[word.end() :].lstrip()
    if word is not None and (number := _number_of(word[0], WEEKDAYS)) is not None:
        return today - timedelta(days=(today.weekday() - number) % 7), text[word.end() :].lstrip()
    a_year_ago = today - timedelta(days=364)
    found = _iso(text, today) or _named(text, a_year_ago)
    return None if found is None else (found[0], found[1].lstrip())


def _relative(text: str, today: date) -> tuple[date, str] | None:
    match = _WORD.match(text)
    days = {"today": 0, "tomorrow": 1}.get(match[0].lower()) if match else None
    if match is None or days is None:
        return None
    return _shifted(today, days, text[match.end() :])


def _weekday(text: str, today: date) -> tuple[date, str] | None:
    rest, following = text, 0
    if (match := re.match(r"next\s+", text, re.IGNORECASE)) is not None:
        rest, following = text[match.end() :], 1
    word = _WORD.match(rest)
    number = _number_of(word[0], WEEKDAYS) if word else None
    if word is None or number is None:
        return None
    if following:
        monday = today - timedelta(days=today.weekday()) + timedelta(weeks=1)
        return monday + timedelta(days=number), rest[word.end() :]
    return _shifted(today, (number - today.weekday() - 1) % 7 + 1, rest[word.end() :])


def _in(text: str, today: date) -> tuple[date, str] | None:
    match = _COUNT.match(text)
    if match is None:
        return None
    days = int(match[1]) * (7 if match[2].lower().startswith("w") else 1)
    return _shifted(today, days, text[match.end() :])


def _iso(text: str, today: date) -> tuple[date, str] | None:  # noqa: ARG001 - one signature for all
    match = _ISO.match(text)
    found = None if match is None else _date(int(match[1]), int(match[2]), int(match[3]))
    return None if match is None or found is None else (found, text[match.end() :])


def _named(text: str, today: date) -> tuple[date, str] | None:
    for pattern, day_group, month_group in ((_DAY_MONTH, 1, 2), (_MONTH_DAY, 2, 1)):
        match = pattern.match(text)
        month = None if match is None else _number_of(match[month_group], MONTHS[1:])
        if match is None or month is None:
            continue
        day = int(match[day_group])
        years = [int(match[3])] if match[3] else [today.year, today.year + 1]
        dates = [found for year in years if (found := _date(year, month + 1, day)) is not None]
        chosen = next((found for found in dates if match[3] or found >= today), None)
        if chosen is not None:
            return chosen, text[match.end() :]
    return None


def span(text: str, today: date) -> tuple[Span, str] | None:
    """A stretch of days at the front of the text, as (span, rest): two dates, one date, or "this week".

    None when there is none, or when it would end before it begins.
    """
    text = text.lstrip()
    if (match := _PERIOD.match(text)) is not None:
        return _period(match[1].lower(), match[2].lower(), today), text[match.end() :].lstrip()
    first = when(text, today)
    if first is None:
        return None
    between = _BETWEEN.match(first[1])
    second = None if between is None else when(first[1][between.end() :], first[0])
    if between is None or second is None:
        return Span(first[0], first[0]), first[1]
    said = first[1][between.end() : len(first[1]) - len(second[1])]
    guessed = re.search(r"\d{4}", said) is None
    if second[0] < first[0] or (guessed and second[0] - first[0] > LONGEST_GUESS):
        return None
    return Span(first[0], second[0]), second[1]


def _period(which: str, unit: str, today: date) -> Span:
    step = {"last": -1, "this": 0, "next": 1}[which]
    if unit == "week":
        monday = today - timedelta(days=today.weekday()) + timedelta(weeks=step)
        return Span(monday, monday + timedelta(days=6))
    length = {"month": 1, "quarter": QUARTER, "year": 12}[unit]
    start = (today.year * 12 + today.month - 1) // length * length + step * length
    end = start + length
    return Span(date(start // 12, start % 12 + 1, 1), date(end // 12, end % 12 + 1, 1) - timedelta(days=1))


def _shifted(today: date, days: int, rest: str) -> tuple[date, str] | None:
    try:
        return today + timedelta(days=days), rest
    except OverflowError:
        return None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _number_of(word: str, names: tuple[str, ...]) -> int | None:
    """Which of `names` a word is, whole or cut to three letters or more."""
    word = word.lower()
    if len(word) < SHORTEST:
        return None
    return next((number for number, name in enumerate(names) if name.startswith(word)), None)
