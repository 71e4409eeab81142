"""The list of what a leaver left open."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from bot import blocks
from bot.blocks import Block
from bot.catalogue import plain, say
from rituals.handover import Kind, Left
from rituals.people import Person

TAKE = "leaver.take"
GIVE = "leaver.give"
GIVE_SUBMIT = "leaver.give_submit"

AT_ONCE = 16
"""Open items that one page shows; each that is answered makes room for the next."""
LONGEST_TITLE = 300

NAMES = {
    Kind.BLOCKER: "Blocker",
    Kind.PLAN: "Results of their last plan",
    Kind.ACTION: "Action",
    Kind.KPI: "KPI",
    Kind.DECISION: "Decision",
    Kind.TEAM: "Team",
    Kind.REPORTS: "People who answered to them",
}


class GiveMeta(BaseModel):
    """Which thing of which leaver a button or a form is about, and the message to redraw."""

    leaver: UUID
    kind: Kind
    subject: UUID
    response_url: str | None = None
    response_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """One thing of the list: with `to` it is done."""

    item: Left
    to: Person | None


def value_of(leaver: Person, item: Left) -> str:
    """What a button of the list carries."""
    return f"{leaver.id}|{item.kind}|{item.subject_id}"


def meta_of(value: str) -> GiveMeta:
    """The same, read back."""
    leaver, kind, subject = value.split("|")
    return GiveMeta(leaver=UUID(leaver), kind=Kind(kind), subject=UUID(subject))


def offered(leaver: Person, listed: Sequence[Listed]) -> dict[str, Any]:
    """The one message about a leaver (F91): what is open with its two buttons, and what was given."""
    done = [one for one in listed if one.to is not None]
    todo = [one for one in listed if one.to is None]
    title = say("*{who} has left.*", who=leaver.name)
    if todo:
        title = say("{title} What was theirs and is open: take each, or give it to somebody.", title=title)
    else:
        title = say("{title} Everything that was theirs has somebody now.", title=title)
    body = [blocks.section(title)]
    for one in done[-AT_ONCE:]:
        who = "" if one.to is None else one.to.name
        words = say("✓ {what} · {who} has it", what=blocks.cut(one.item.title, LONGEST_TITLE), who=who)
        body.append(blocks.context(words))
    room = max(1, (blocks.PAGE_BLOCKS - len(body) - 1) // 2)
    for number, one in enumerate(todo[: min(AT_ONCE, room)]):
        body += _open(leaver, one.item, number)
    hidden = len(todo) - min(AT_ONCE, room, len(todo))
    if hidden:
        body.append(blocks.context(say("{n} more follow as you answer these.", n=hidden)))
    return blocks.message(plain("{who} has left: what was theirs", who=leaver.name), body)


def _open(leaver: Person, item: Left, number: int) -> list[Block]:
    value = value_of(leaver, item)
    words = say("*{kind}*\n{title}", kind=NAMES[item.kind], title=blocks.cut(item.title, LONGEST_TITLE))
    buttons = (blocks.button("I take it", TAKE, value, "primary"), blocks.button("Give to…", GIVE, value))
    return [blocks.section(words), blocks.actions(*buttons, block_id=f"left:{number}:{item.subject_id}")]


def give_form(meta: GiveMeta, leaver: Person, item: Left) -> Block:
    """To whom."""
    what = say("*{kind}* of {who}\n{title}", kind=NAMES[item.kind], who=leaver.name, title=item.title)
    fields = [blocks.section(what), blocks.field("to", "Give it to", blocks.users("to", None))]
    return blocks.modal("Give to…", GIVE_SUBMIT, fields, metadata=meta.model_dump_json(), submit="Give")
