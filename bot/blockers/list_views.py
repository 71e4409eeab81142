"""Lists of blockers, and one blocker with its history."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot import blocks
from bot.blockers import views
from bot.blockers.views import Shown
from bot.blocks import Block
from bot.catalogue import Mrkdwn, count, join, plain, say
from rituals import calendar
from rituals.blockers import BlockerState, Said, Update

PAGE = "blocker.page"
AT_ONCE = 10
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
    today: date
    grouped: bool


def listing(found: Listing) -> Answer:
    """A page of blockers, each with what its reader may do about it."""
    title = say("*{title}* · {head}", title=found.title, head=", ".join(found.head))
    body: list[Block] = [blocks.section(title)]
    group = ""
    for shown in found.rows:
        name = _group(shown, found.today) if found.grouped else ""
        if name != group:
            body.append(blocks.context(say("*{name}*", name=name)))
            group = name
        body += views.card(shown)
    body += _foot(found)
    return plain_title(found), body


def plain_title(found: Listing) -> Mrkdwn:
    """What screen readers read of a list."""
    return say("{title}: {head}", title=found.title, head=", ".join(found.head))


def _group(shown: Shown, today: date) -> str:
    if shown.blocker.level:
        return "Escalated"
    return "New today" if shown.blocker.opened_on >= today else "Older"


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


def detail(shown: Shown, said: Sequence[Update], history: Sequence[Happened], names: Mapping[str, str]) -> Answer:
    """One blocker: its card, what was said about it, and what became of it (F24)."""
    body = views.card(shown)
    spoken = [
        say(
            "{day} *{who}*{asks} {text}",
            day=blocks.short_day(calendar.local_day(one.at, shown.zone)),
            who=names.get(str(one.by_id), "Somebody"),
            asks=" asked:" if one.kind is Said.ASK else ":",
            text=blocks.cut(one.text, views.LONGEST_LINE),
        )
        for one in said[-MOST_HISTORY:]
    ]
    if spoken:
        body.append(blocks.section(join(spoken, "\n")))
    lines = [
        say("{at} {who}: {told}", at=one.at, who=one.who or "the clock", told="; ".join(told))
        for one in history
        if (told := _told(one.facts, names))
    ]
    if lines:
        body.append(blocks.context(join(lines[-MOST_HISTORY:], "\n")))
    return say("{label} {text}", label=shown.blocker.label, text=shown.blocker.text), body


STATES = {
    BlockerState.OPEN: "opened it again",
    BlockerState.ACKED: "acked it",
    BlockerState.PARKED: "parked it for the weekly",
    BlockerState.RESOLVED: "resolved it",
    BlockerState.DROPPED: "dropped it",
}


def _told(facts: Mapping[str, tuple[Any, Any]], names: Mapping[str, str]) -> list[str]:
    """What somebody did, in words, by what the row says otherwise since."""
    changed = {name: now for name, (was, now) in facts.items() if was != now}
    if "number" in changed:
        return [plain("raised it")]
    into, until = changed.get("merged_into_id"), changed.get("snoozed_until")
    told = [plain("merged it into {label}", label=names.get(str(into), "another"))] if into else []
    if "state" in changed and not into:
        told.append(STATES[BlockerState(changed["state"])])
    if changed.get("owner_id"):
        told.append(plain("owner: {who}", who=names.get(str(changed["owner_id"]), "Somebody")))
    if changed.get("due_on"):
        told.append(plain("by {day}", day=_day(changed["due_on"])))
    if changed.get("level"):
        told.append(plain("sent it up to level {level}", level=changed["level"]))
    if until:
        told.append(plain("snoozed it until {day}", day=_day(until)))
    elif "snoozed_until" in changed:
        told.append(plain("ended the snooze"))
    if "text" in changed:
        told.append(plain("reworded it: {text}", text=blocks.cut(changed["text"], 80)))
    return told


def _day(iso: str) -> str:
    return blocks.short_day(date.fromisoformat(iso))


def heads(total: int, escalated: int, new: int, mine: int | None) -> list[str]:
    """The counts of a list in words; what is none is left out."""
    found = [count(total, "blocker")]
    found += [plain("{n} escalated", n=escalated)] if escalated else []
    found += [plain("{n} new today", n=new)] if new else []
    old = total - escalated - new
    found += [plain("{n} older", n=old)] if old > 0 and old != total else []
    return found + ([plain("{n} yours", n=mine)] if mine else [])
