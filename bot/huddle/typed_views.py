"""What somebody sees who types a plan into the DM: what was read, and the way to keep it (F4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from bot import blocks
from bot.catalogue import join, plain, say

SAVE = "typed.save"
EDIT = "typed.edit"
DISCARD = "typed.discard"


@dataclass(frozen=True, slots=True)
class Preview:
    """What a typed plan would become: nothing of it is kept as a plan yet.

    `replaces` are the results that are saved for the day already; `left_out` is still open from the last plan and not
    among the new ones. `refused` says why this can't be saved as it stands.
    """

    typed_id: UUID
    day: date
    results: Sequence[str]
    stuck: str | None
    replaces: Sequence[str]
    left_out: Sequence[str]
    refused: str | None


def preview(shown: Preview) -> dict[str, Any]:
    """The echo, with `Save` where it can be saved; the words are kept for a day, whatever is pressed."""
    lines = [say("*Plan for {day}*, as I read it. Nothing is saved yet.", day=blocks.day_name(shown.day))]
    lines += [say("{n}  {text}", n=n, text=text) for n, text in enumerate(shown.results, 1)]
    lines += [say("Stuck on: {text}", text=shown.stuck)] if shown.stuck else []
    body = [blocks.section(join(lines, "\n"))]
    if shown.replaces:
        words = say("`Save` replaces what is saved for that day: {old}", old=join(shown.replaces))
        body.append(blocks.context(words))
    if shown.left_out:
        words = say("Still open and not in it: {old}. `Edit` says what became of it.", old=join(shown.left_out))
        body.append(blocks.context(words))
    value = str(shown.typed_id)
    save = [blocks.button("Save", SAVE, value, "primary")]
    if shown.refused is not None:
        body.append(blocks.context(say("⚠ {why} `Edit` opens the form with your words.", why=shown.refused)))
        save = []
    edit, discard = blocks.button("Edit", EDIT, value), blocks.button("Discard", DISCARD, value)
    body.append(blocks.actions(*save, edit, discard))
    return blocks.message(plain("Your plan for {day}, not saved yet", day=blocks.day_name(shown.day)), body)


def saved(day: date) -> dict[str, Any]:
    """What the echo becomes."""
    words = say("✅ Saved. The receipt for {day} shows it.", day=blocks.day_name(day))
    return blocks.message(words, [blocks.context(words)])


def discarded() -> dict[str, Any]:
    """What the echo becomes when it is not wanted."""
    words = say("Discarded; your plan is as it was. `/plan` opens the form.")
    return blocks.message(words, [blocks.context(words)])


def told(words: str) -> dict[str, Any]:
    """A sentence to somebody who wrote to us."""
    return blocks.message(words, [blocks.section(say("{words}", words=words))])


def no_plan() -> dict[str, Any]:
    """The one line for a message that is no plan."""
    words = say(
        "To plan by typing, begin with `plan:`, such as `plan: call Acme; demo Beta / blocked: legal`. "
        "`/plan` opens the form."
    )
    return blocks.message("To plan by typing, begin with plan:", [blocks.section(words)])
