"""Actions as they stand in a weekly and in somebody's own list: who, what, by when, and the menu beside them."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from bot import blocks
from bot.blocks import Block
from bot.catalogue import Mrkdwn, count, join, plain, say
from rituals.actions import Action, ActionState, by_owner
from rituals.meetings import Line
from rituals.people import Person

SETTLE = "weekly.settle"

MOST_ACTIONS = 12
"""Open actions that one message shows with their menu; the others are counted."""
SETTLED = {ActionState.DONE: "✓ done", ActionState.DROPPED: "✗ dropped"}
WAYS = {"done": "Done", "move": "Move…", "drop": "Drop…", "give": "Give to…"}
"""What can become of an action, by what its menu carries."""


def pile(
    heading: str, actions: Sequence[Action], people: Mapping[UUID, Person], lacking: Collection[UUID], *, closed: bool
) -> list[Block]:
    """Actions by owner, what is settled in small print; each open one with its menu until the weekly is closed."""
    if not actions:
        return []
    found = [blocks.section(say("*{heading}*", heading=heading))]
    known = {one.owner_id: people[one.owner_id] for one in actions}
    ordered = [one for _, pile in by_owner(actions, known) for one in pile]
    settled = [line(one, known[one.owner_id], warns=False) for one in ordered if not one.owed]
    if settled:
        found.append(blocks.context(join(settled, "\n")))
    owed = [one for one in ordered if one.owed]
    for one in owed[:MOST_ACTIONS]:
        shown = line(one, known[one.owner_id], warns=one.id in lacking)
        found.append(blocks.section(shown) if closed else blocks.section(shown, menu(one), f"action:{one.id}"))
    if len(owed) > MOST_ACTIONS:
        more = count(len(owed) - MOST_ACTIONS, "more", "more")
        found.append(blocks.context(say("{more}, each in its owner's `/cadence actions`", more=more)))
    return found


def taken_on(title: str, actions: Sequence[Action], decides: Sequence[Line]) -> dict[str, Any]:
    """What a weekly left somebody to do and to decide, with where it stands from now on."""
    words = [say("*{title}* left you:", title=title)]
    words += [say("• {text}, by {due}", text=one.text, due=blocks.short_day(one.due)) for one in actions]
    words += [say("• to decide: {text}", text=one.text) for one in decides]
    next_steps = [plain("/cadence actions has what you owe.")] if actions else []
    next_steps += [plain("/decide list mine has the draft; its seven days run.")] if decides else []
    body = [blocks.section(join(words, "\n")), blocks.context(join(next_steps, " "))]
    return blocks.message(plain("{title} left you something", title=title), body)


def given(one: Action, by: Person) -> dict[str, Any]:
    """What somebody hears to whom an action was given."""
    words = say(
        "{who} gave you an action: {text}, by {due}", who=by.given_name, text=one.text, due=blocks.short_day(one.due)
    )
    return blocks.message(words, [blocks.section(words, menu(one), f"action:{one.id}")])


def menu(one: Action) -> Block:
    """What can become of an action."""
    return blocks.overflow(SETTLE, [blocks.option(label, f"{way}:{one.id}") for way, label in WAYS.items()])


def line(one: Action, owner: Person, *, warns: bool) -> Mrkdwn:
    """An action: who, what, by when, and what stood in the way."""
    due = blocks.short_day(one.due)
    state = SETTLED.get(one.state, plain("by {due}", due=due))
    moved = plain(", first {first}", first=blocks.short_day(one.promised)) if one.promised != one.due else ""
    words = say("*{who}* {text} · {state}{moved}", who=owner.given_name, text=one.text, state=state, moved=moved)
    if one.obstacle:
        words = say("{words} _({why})_", words=words, why=one.obstacle)
    if warns:
        need = plain("has left: who takes it?") if not owner.active else plain("done, moved or dropped?")
        words = say("⚠ {words} · *{need}*", words=words, need=need)
    return words
