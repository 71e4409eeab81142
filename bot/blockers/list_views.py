"""Lists of blockers, and one blocker with its history."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot import blocks
from bot.blockers import views
from bot.blockers.views import Shown
from bot.blocks import Block
from bot.catalogue import Mrkdwn, count, join, plain, say
from rituals import calendar
from rituals.blockers import Said

PAGE = "blocker.page"
AT_ONCE = 10
OLD_DAYS = 2
MOST_HISTORY = 12
Answer = tuple[Mrkdwn, list[Block]]


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of a list. `which` is what its page button carries; `head` counts all, whatever is shown."""

    title: str
    rows: Sequence[Shown]
    head: Sequence[str]
    which: str
    page: int
    pages: int
    grouped: bool


def listing(found: Listing) -> Answer:
    """A page of blockers, each with what its reader may do about it."""
    title = say("*{title}* · {head}", title=found.title, head=", ".join(found.head))
    body: list[Block] = [blocks.section(title)]
    group = ""
    for shown in found.rows:
        name = _group(shown) if found.grouped else ""
        if name != group:
            body.append(blocks.context(say("*{name}*", name=name)))
            group = name
        body += views.card(shown)
    body += _foot(found)
    return plain_title(found), body


def plain_title(found: Listing) -> Mrkdwn:
    """What screen readers read of a list."""
    return say("{title}: {head}", title=found.title, head=", ".join(found.head))


def _group(shown: Shown) -> str:
    if shown.blocker.level:
        return "Escalated"
    return "Old" if shown.age > OLD_DAYS else "New"


def _foot(found: Listing) -> list[Block]:
    if found.pages <= 1:
        return []
    words = say("Page {page} of {pages}", page=found.page, pages=found.pages)
    if found.page >= found.pages:
        return [blocks.context(words)]
    button = blocks.button("Next page", PAGE, f"{found.which}:{found.page + 1}")
    return [blocks.actions(button), blocks.context(words)]


def nothing(words: Mrkdwn) -> Answer:
    """An empty list, with the next step."""
    return words, [blocks.section(words)]


def nothing_stuck() -> Answer:
    """Nobody is stuck."""
    return nothing(say("Nothing is stuck here. `/blockers new` raises a blocker."))


@dataclass(frozen=True, slots=True)
class Happened:
    """One entry of a blocker's history: when, who (None: the clock), and what the row says otherwise since."""

    at: str
    who: str | None
    facts: Mapping[str, tuple[Any, Any]]


def detail(shown: Shown, history: Sequence[Happened], names: Mapping[str, str]) -> Answer:
    """One blocker: its card, what was said about it, and what became of it (F24)."""
    body = views.card(shown)
    said = [
        say(
            "{day} *{who}*{asks} {text}",
            day=blocks.short_day(calendar.local_day(one.at, shown.zone)),
            who=names.get(str(one.by_id), "Somebody"),
            asks=" asked:" if one.kind is Said.ASK else ":",
            text=blocks.cut(one.text, views.LONGEST_LINE),
        )
        for one in shown.tried
    ]
    if said:
        body.append(blocks.section(join(said[-MOST_HISTORY:], "\n")))
    lines = [line for one in history if (line := _line(one, names))]
    if lines:
        body.append(blocks.context(join(lines[-MOST_HISTORY:], "\n")))
    return say("{label} {text}", label=shown.blocker.label, text=shown.blocker.text), body


TOLD = {
    "state": "state",
    "owner_id": "owner",
    "due_on": "due",
    "level": "level",
    "snoozed_until": "snoozed until",
    "text": "words",
    "merged_into_id": "merged into",
}
"""What of a row is told, by its column, and how it is called."""


def _line(one: Happened, names: Mapping[str, str]) -> Mrkdwn | None:
    told = [
        plain("{name}: {was} → {now}", name=name, was=_fact(one.facts[column][0], names), now=_fact(now, names))
        for column, name in TOLD.items()
        if column in one.facts and (now := one.facts[column][1]) != one.facts[column][0]
    ]
    if not told:
        return None
    return say("{at} {who}: {told}", at=one.at, who=one.who or "the clock", told="; ".join(told))


def _fact(fact: Any, names: Mapping[str, str]) -> str:
    return "nothing" if fact in {None, ""} else names.get(str(fact), blocks.cut(str(fact), 80))


def heads(total: int, escalated: int, new: int, mine: int | None) -> list[str]:
    """The counts of a list in words; what is none is left out."""
    found = [count(total, "blocker")]
    found += [plain("{n} escalated", n=escalated)] if escalated else []
    found += [plain("{n} new today", n=new)] if new else []
    old = total - escalated - new
    found += [plain("{n} older", n=old)] if old > 0 and old != total else []
    return found + ([plain("{n} yours", n=mine)] if mine else [])
