"""The record of changes as an admin reads it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from bot import blocks
from bot.blocks import Block
from bot.catalogue import Mrkdwn, join, say

OLDER = "records.older"
LONGEST_FACT = 60
MOST_FACTS = 6
NOISE = frozenset({"workspace", "version", "updated"})
"""Fields that tell a reader nothing."""


@dataclass(frozen=True, slots=True)
class Change:
    """One entry with its people by name: `by` is None for the clock and for Slack."""

    number: int
    at: datetime
    by: str | None
    via: str
    kind: str
    subject: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None


def page(changes: Sequence[Change], zone: str, *, more: bool) -> tuple[Mrkdwn, list[Block]]:
    """Changes, newest first, with a button for older ones."""
    if not changes:
        nothing = say("Nothing was changed yet.")
        return nothing, [blocks.section(nothing)]
    groups = [[blocks.section(_line(change, zone))] for change in changes]
    shown = blocks.pages(groups, blocks.PAGE_BLOCKS - 2, blocks.PAGE_CHARACTERS)[0]
    last = changes[len(shown) - 1]
    if more or len(shown) < len(changes):
        shown.append(blocks.actions(blocks.button("Older", OLDER, str(last.number))))
    return say("The last changes"), shown


def _line(change: Change, zone: str) -> Mrkdwn:
    head = say(
        "{at} · *{by}* · {kind} {subject} · by `{via}`",
        at=blocks.day_and_time(change.at, zone),
        by=change.by or change.via,
        kind=change.kind,
        subject=change.subject,
        via=change.via,
    )
    return join([head, _facts(change)], "\n")


def _facts(change: Change) -> Mrkdwn:
    before, after = change.before or {}, change.after or {}
    if change.after is None:
        return say("removed: {facts}", facts=_some(before))
    if change.before is None:
        return say("new: {facts}", facts=_some(after))
    told = [
        say("{name}: {was} → {now}", name=name, was=_fact(before.get(name)), now=_fact(now))
        for name, now in after.items()
    ]
    return join(told[:MOST_FACTS])


def _some(facts: Mapping[str, Any]) -> Mrkdwn:
    said = [(name, fact) for name, fact in facts.items() if fact is not None and name not in NOISE and not _is_id(fact)]
    return join(say("{name}: {fact}", name=name, fact=_fact(fact)) for name, fact in said[:MOST_FACTS])


def _fact(fact: Any) -> str:
    return "nothing" if fact is None or fact == "" else blocks.cut(str(fact), LONGEST_FACT)


def _is_id(fact: Any) -> bool:
    try:
        UUID(fact)
    except (ValueError, TypeError, AttributeError):
        return False
    return True
