"""The forms of a weekly."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from pydantic import BaseModel

from bot import blocks
from bot.blocks import Block
from bot.catalogue import count, plain, say
from bot.kpis.lines import kpi_line
from rituals import actions
from rituals.actions import Action
from rituals.blockers import Blocker
from rituals.cadence import WEEK
from rituals.kpis import Reading
from rituals.meetings import LONGEST_INPUT, LONGEST_LINE, Kind, OffTrack
from rituals.people import Team
from rituals.themes import LONGEST_NAME, Theme
from rituals.weekly import LONGEST_MEETING, Weekly

WRITE_SUBMIT = "weekly.write_submit"
ACTION_SUBMIT = "weekly.action_submit"
LINE_SUBMIT = "weekly.line_submit"
CLOSE_SUBMIT = "weekly.close_submit"
SETTLE_SUBMIT = "weekly.settle_submit"
MAKE_SUBMIT = "theme.make_submit"
SPLIT_SUBMIT = "theme.split_submit"
SET_SUBMIT = "weekly.set_submit"

NO_THEME = "none"
NONE = "none"
LONGEST_FLOWS = 200
"""Characters of flows named before that a hint says."""
MOST_BOXES = 10
"""Boxes that one field may hold in Slack."""


class Meta(BaseModel):
    """What a weekly's form carries: what it is about, the id that its new row will have, the message to redraw."""

    about: UUID
    new: UUID | None = None
    kind: str = ""
    version: int = 0
    response_url: str | None = None
    pressed_on: str | None = None
    listed: bool = False
    """Pressed in somebody's own list of themes, which nobody else sees."""


def write_form(
    meta: Meta, weekly: Weekly, off: Sequence[Reading], said: Mapping[UUID, OffTrack], text: str | None
) -> Block:
    """What to talk about; for each KPI that is off track, why and by next week (W4, F38)."""
    body: list[Block] = []
    for reading in off:
        kpi, known = reading.kpi, said.get(reading.kpi.id)
        body.append(blocks.section(kpi_line(reading)))
        why = blocks.text_input("why", None if known is None else known.why, most=LONGEST_LINE)
        after = blocks.text_input("next", None if known is None else known.next_week, most=LONGEST_LINE)
        body.append(blocks.field(f"why:{kpi.id}", "Why", why, optional=True))
        body.append(blocks.field(f"next:{kpi.id}", "By next week", after, optional=True))
    box = blocks.text_input("text", text, multiline=True, most=LONGEST_INPUT)
    body.append(blocks.field("text", weekly.question, box, optional=True))
    return blocks.modal("For the weekly", WRITE_SUBMIT, body, metadata=meta.model_dump_json(), submit="Save")


def action_form(meta: Meta, themes: Sequence[Theme], parked: Sequence[Blocker], due: date) -> Block:
    """What, who, by when; for a theme or what was parked, which (W3, D5)."""
    hint = "What will be true by then, in one line."
    body = [
        blocks.field("text", "Action", blocks.text_input("text", None, most=actions.LONGEST), hint=hint),
        blocks.field("owner", "Owner", blocks.users("owner", None)),
        blocks.field("due", "By", blocks.date_picker("due", due)),
    ]
    if themes or parked:
        choices = [blocks.option("Something else", NO_THEME)]
        choices += [blocks.option(one.name, str(one.id)) for one in themes]
        choices += [blocks.option(f"{one.label} {one.text}", str(one.id)) for one in parked]
        body.append(blocks.field("theme", "For", blocks.select("theme", choices, NO_THEME)))
    return blocks.modal("+ Action", ACTION_SUBMIT, body, metadata=meta.model_dump_json(), submit="Add")


def line_form(meta: Meta) -> Block:
    """A decision, made or needed; who owns a needed one (W6)."""
    needed = meta.kind == Kind.NEEDED
    name = plain("+ Decision needed") if needed else plain("+ Decision made")
    label = plain("What must be decided?") if needed else plain("What was decided?")
    body = [blocks.field("text", label, blocks.text_input("text", None, most=LONGEST_LINE))]
    if needed:
        hint = "A draft memo with a seven-day clock begins in their name."
        body.append(blocks.field("owner", "Who decides it?", blocks.users("owner", None), hint=hint))
    return blocks.modal(name, LINE_SUBMIT, body, metadata=meta.model_dump_json(), submit="Add")


def close_form(meta: Meta, made: int, needed: int, minutes: int, planned: int) -> Block:
    """Both lists, filled or ticked empty, and how long it took (F41, W8)."""
    body: list[Block] = []
    for name, number, words in (("made", made, "decision made"), ("needed", needed, "decision needed")):
        if number:
            many = words.replace("decision", "decisions")
            body.append(blocks.section(say("{n}.", n=count(number, words, many)), block_id=f"has:{name}"))
        else:
            box = blocks.checkboxes(name, [blocks.option(plain("None, on purpose"), NONE)], ())
            label = plain("Decisions made") if name == "made" else plain("Decisions needed")
            body.append(blocks.field(name, label, box, optional=True))
    label = plain("Ended early? Minutes it took, of {planned}", planned=planned)
    body.append(blocks.field("minutes", label, blocks.text_input("minutes", str(minutes), most=3)))
    return blocks.modal("Close the weekly", CLOSE_SUBMIT, body, metadata=meta.model_dump_json(), submit="Close")


def settle_form(meta: Meta, action: Action, due: date) -> Block:
    """`Move…`, `Drop…`, `Give to…`: what is asked depends on which."""
    body = [blocks.section(say("{text}", text=action.text))]
    why = blocks.field("why", "What stood in the way?", blocks.text_input("why", None, most=actions.LONGEST))
    match meta.kind:
        case "give":
            body.append(blocks.field("owner", "Who takes it?", blocks.users("owner", None)))
        case "move":
            body += [blocks.field("due", "By", blocks.date_picker("due", due)), why]
        case _:
            body.append(why)
    names = {"give": "Give to…", "move": "Move…", "drop": "Drop…"}
    metadata = meta.model_dump_json()
    return blocks.modal(names.get(meta.kind, "Action"), SETTLE_SUBMIT, body, metadata=metadata, submit="Save")


def make_form(meta: Meta, theme: Theme, blockers: Sequence[Blocker], flows: Sequence[str]) -> Block:
    """What the theme is called (F33), and which flow it holds up, if it does (W12); `flows` are those named before."""
    hint = plain("The path of work that it holds up, like quote to cash. Empty for none.")
    if flows:
        hint = plain("{hint} So far: {flows}", hint=hint, flows=blocks.cut(", ".join(flows), LONGEST_FLOWS))
    body = [
        blocks.section(say("{labels}", labels=", ".join(one.label for one in blockers))),
        blocks.field("name", "Name", blocks.text_input("name", theme.name, most=LONGEST_NAME)),
        blocks.field("flow", "Flow", blocks.text_input("flow", None, most=LONGEST_NAME), hint=hint, optional=True),
    ]
    return blocks.modal("Make theme", MAKE_SUBMIT, body, metadata=meta.model_dump_json(), submit="Make theme")


def split_form(meta: Meta, blockers: Sequence[Blocker]) -> Block:
    """Which of them belong together; the others become a proposal of their own, or none."""
    shown = blockers[:MOST_BOXES]
    choices = [blocks.option(f"{one.label} {one.text}", str(one.id)) for one in shown]
    box = blocks.checkboxes("kept", choices, [str(one.id) for one in shown])
    hint = "Untick what is about something else."
    body = [blocks.field("kept", "These belong together", box, hint=hint, optional=True)]
    return blocks.modal("Split", SPLIT_SUBMIT, body, metadata=meta.model_dump_json(), submit="Split")


def set_form(meta: Meta, team: Team, weekly: Weekly) -> Block:
    """When a team's weekly collects and meets, and what it asks (F38)."""
    days = [blocks.option(name, str(number)) for number, name in enumerate(WEEK, 1)]
    state = [blocks.option("On", "on"), blocks.option("Paused", "paused")]
    body = [
        blocks.field("state", "The weekly is", blocks.radios("state", state, "paused" if weekly.paused else "on")),
        blocks.field("meets_on", "Meets on", blocks.select("meets_on", days, str(weekly.meets_on))),
        blocks.field("meets_at", "At", blocks.time_picker("meets_at", weekly.meets_at)),
        blocks.field(
            "minutes",
            plain("Minutes, at most {most}", most=LONGEST_MEETING),
            blocks.text_input("minutes", str(weekly.minutes), most=2),
        ),
        blocks.field("asks_on", "Collects on", blocks.select("asks_on", days, str(weekly.asks_on))),
        blocks.field("asks_at", "From", blocks.time_picker("asks_at", weekly.asks_at)),
        blocks.field("closes_at", "Until", blocks.time_picker("closes_at", weekly.closes_at)),
        blocks.field("question", "Asks everybody", blocks.text_input("question", weekly.question, most=LONGEST_LINE)),
    ]
    name = plain("Weekly of {team}", team=team.name)
    return blocks.modal(name, SET_SUBMIT, body, metadata=meta.model_dump_json(), submit="Save")
