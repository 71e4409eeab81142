"""The quick capture: three fields on a phone, wherever the decision happens."""

from uuid import UUID

from pydantic import BaseModel

from bot import blocks
from bot.blocks import Block
from bot.catalogue import Mrkdwn, say
from rituals.decisions import Decision, title_of

CAPTURE_SUBMIT = "decide.capture"
FROM_MESSAGE = "decide.from_message"
LONGEST_HEADING = 300
"""Characters of it that the form carries along: Slack bounds all that a form carries."""
LONGEST = 3000
"""Characters that Slack lets somebody type into one field."""


class Origin(BaseModel):
    """Where a decision comes from, and what is known of it before anybody types.

    `id` becomes the decision's: the same form sent twice captures once. `heading` is shown above the fields, such as
    the blocker it is about; `title` names the decision, else its first words do. `context` becomes the memo's.
    """

    id: UUID
    response_url: str | None = None
    heading: str | None = None
    title: str = ""
    context: str = ""
    chosen: str = ""
    source: str | None = None
    blocker_id: UUID | None = None
    kpi_id: UUID | None = None
    revives_id: UUID | None = None


def capture_form(origin: Origin) -> Block:
    """Chosen, instead of, because; what is known already is filled in."""
    heading = None if origin.heading is None else blocks.cut(origin.heading, LONGEST_HEADING)
    origin = origin.model_copy(update={"heading": heading, "title": title_of(origin.title)})
    about: list[Block] = []
    if origin.heading or origin.title:
        about.append(blocks.section(say("*{about}*", about=origin.heading or origin.title)))
    if origin.context:
        about.append(blocks.context(say("{context}", context=origin.context)))
    if origin.source:
        about.append(blocks.context(say("From {link}", link=link(origin.source, "this conversation"))))
    fields = [
        *about,
        blocks.field("chosen", "Chosen", _box("chosen", origin.chosen), hint="What will be done."),
        blocks.field("instead", "Instead of", _box("instead", ""), hint="What was considered, too."),
        blocks.field("because", "Because", _box("because", "")),
        blocks.context(say("Saved as a draft, with the rest at leisure.")),
    ]
    # What was prefilled is in the fields: carried along as well it would count twice towards Slack's limit.
    carried = origin.model_copy(update={"chosen": ""})
    return blocks.modal(
        "A decision", CAPTURE_SUBMIT, fields, metadata=carried.model_dump_json(exclude_defaults=True), submit="Save"
    )


def _box(name: str, words: str) -> Block:
    return blocks.text_input(name, words, multiline=True, most=LONGEST)


def link(address: str, words: str) -> Mrkdwn:
    """A link; its address is one of Slack's own, which hold no bracket and no bar."""
    return Mrkdwn(f"<{address}|{words}>")


def captured(decision: Decision, until: Mrkdwn) -> Mrkdwn:
    """What is said back to whoever captured it: its seven days run."""
    return say(
        "*{label} {title}* is saved as a draft. `/decide edit {label}` opens the whole memo. "
        "Undecided on {until}, its manager is asked who decides.",
        label=decision.label,
        title=decision.title,
        until=until,
    )
