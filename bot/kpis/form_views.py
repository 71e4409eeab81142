"""The forms of the registry: a new KPI, a proposed change, a share, objectives and functions."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from bot import blocks
from bot.blocks import Block
from bot.catalogue import plain, say
from bot.kpis.lines import in_words
from bot.kpis.views import retire_button
from rituals.kpis import SLIPPING_UNTIL, YELLOW_UNTIL, Bands, Direction, Function, Kpi, Objective, Pace, Paid, Terms
from rituals.kpis_changes import Change
from rituals.kpis_numbers import editable
from rituals.kpis_periods import Span
from rituals.kpis_registry import LONGEST_NAME, LONGEST_UNIT, FunctionFull, TeamFull
from rituals.people import Person, Team

ADD_SUBMIT = "kpi.add_submit"
EDIT_SUBMIT = "kpi.edit_submit"
CHANGE_SUBMIT = "kpi.change_submit"
RETURN_SUBMIT = "kpi.return_submit"
SHARE_SUBMIT = "kpi.share_submit"
OBJECTIVE_SUBMIT = "kpi.objective_submit"
FUNCTION_SUBMIT = "kpi.function_submit"

NO_TEAM = "company"
MOST_OPTIONS = 100
LONGEST_TEXT = 500
LONGEST_NUMBER = 60


class Meta(BaseModel):
    """What a form of KPIs carries: ids of what it is about, and the nonce that makes a second sending harmless.

    `onward` says that the next KPI of the month's collection follows: the first date of that month.
    """

    id: UUID
    response_url: str | None = None
    seen: int = 0
    period: str | None = None
    previewed: str | None = None
    onward: str | None = None


# A new KPI, and the terms that a change proposes


@dataclass(frozen=True, slots=True)
class Places:
    """Where a KPI may stand."""

    objectives: Sequence[Objective]
    functions: Sequence[Function]
    teams: Sequence[Team]


def add_form(meta: Meta, where: Places, owner: Person) -> Block:
    """Owner, objective, function, unit, target and direction are demanded (F46); bands and pace have usual values."""
    objectives = [blocks.option(one.name, str(one.id)) for one in where.objectives[:MOST_OPTIONS]]
    functions = [blocks.option(one.name, str(one.id)) for one in where.functions[:MOST_OPTIONS]]
    teams = [blocks.option("The whole company", NO_TEAM)]
    teams += [blocks.option(team.name, str(team.id)) for team in where.teams[: MOST_OPTIONS - 1]]
    cadences = [blocks.option(plain("Once a {span}", span=span.value), span.value) for span in Span]
    fields = [
        _name(None),
        blocks.field("objective", "Objective", blocks.select("objective", objectives, objectives[0]["value"])),
        blocks.field("function", "Function", blocks.select("function", functions, functions[0]["value"])),
        blocks.field("team", "Team", blocks.select("team", teams, NO_TEAM)),
        _owner(owner),
        blocks.field("unit", "Unit", blocks.text_input("unit", None, most=LONGEST_UNIT), hint="EUR, %, leads, hours …"),
        blocks.field("cadence", "A value", blocks.select("cadence", cadences, Span.MONTH)),
        *terms_fields(None),
        _definition(None),
        _controllable(ticked=True),
    ]
    return blocks.modal("New KPI", ADD_SUBMIT, fields, metadata=meta.model_dump_json(), submit="Add")


def _owner(owner: Person | None) -> Block:
    chosen = blocks.users("owner", owner.slack_id if owner is not None else None)
    return blocks.field("owner", "Owner", chosen, hint="One person who files its values.")


def _definition(words: str | None) -> Block:
    box = blocks.text_input("definition", words, multiline=True, most=LONGEST_TEXT)
    return blocks.field("definition", "What it means", box, hint="One definition for everybody.", optional=True)


def _controllable(*, ticked: bool) -> Block:
    box = blocks.checkbox("controllable", "The owner can move it", ticked=ticked)
    hint = "Whoever owns a number should be able to move it."
    return blocks.field("controllable", "In the owner's hands", box, hint=hint, optional=True)


def edit_form(meta: Meta, kpi: Kpi, owner: Person | None) -> Block:
    """What may change of a KPI without a commitment: what it is called, what it means, whose it is."""
    fields = [_name(kpi.name), _owner(owner), _definition(kpi.definition), _controllable(ticked=kpi.controllable)]
    title = plain("Edit {label}", label=kpi.label)
    return blocks.modal(title, EDIT_SUBMIT, fields, metadata=meta.model_dump_json(), submit="Save")


def terms_fields(terms: Terms | None) -> list[Block]:
    """Target, direction, bands and pace, as they are or as they usually are."""
    directions = [
        blocks.option("Higher is better", Direction.HIGHER),
        blocks.option("Lower is better", Direction.LOWER),
        blocks.option("The nearer to it the better", Direction.NEAR),
    ]
    bands = [
        blocks.option("Percent of what is expected", Bands.PERCENT),
        blocks.option("The KPI's unit", Bands.ABSOLUTE),
    ]
    paces = [
        blocks.option("None: the whole target, whenever filed", Pace.NONE),
        blocks.option("Even: the share of the time gone by", Pace.LINEAR),
        blocks.option("Profile: a percentage for each part", Pace.PROFILE),
    ]
    goals = [blocks.option(plain("One {span}", span=span.value), span.value) for span in Span]
    low, high = (terms.yellow_from, terms.yellow_until) if terms else (None, None)
    return [
        blocks.field("target", "Target", _number("target", terms.target if terms else None)),
        blocks.field(
            "direction", "Direction", blocks.radios("direction", directions, terms.direction if terms else None)
        ),
        blocks.field("bands", "Bands in", blocks.radios("bands", bands, terms.bands if terms else Bands.PERCENT)),
        blocks.field("from", "Yellow from … behind", _number("from", low, editable(SLIPPING_UNTIL))),
        blocks.field("until", "Red from more than … behind", _number("until", high, editable(YELLOW_UNTIL))),
        blocks.field(
            "pace", "Expected before the end", blocks.select("pace", paces, terms.pace if terms else Pace.NONE)
        ),
        blocks.field(
            "goal",
            "The target is for",
            blocks.select("goal", goals, terms.goal if terms else Span.QUARTER),
            hint="Counts with a pace only.",
        ),
        blocks.field(
            "profile",
            "Profile",
            blocks.text_input("profile", terms.profile if terms else None, most=200),
            hint="Percent for each month of a quarter, or each quarter or month of a year: 20/30/50.",
            optional=True,
        ),
    ]


def _number(name: str, number: Any, usual: str | None = None) -> Block:
    return blocks.text_input(name, usual if number is None else editable(number), most=LONGEST_NUMBER)


def full(refusal: FunctionFull | TeamFull, words: str) -> Block:
    """Above a form: no room, the KPIs that take it, and `Retire one`; the form's text stays below (F47, F48)."""
    view = blocks.notice("No room", say("{words}", words=words))
    for kpi in refusal.kpis:
        text = say("*{label}* {name}", label=kpi.label, name=kpi.name)
        view["blocks"].append(blocks.section(text, retire_button(kpi, "Retire one")))
    view["blocks"].append(blocks.context(say("Then close this and press Add again: your text is still below.")))
    return view


def room_made(kpi: Kpi) -> Block:
    """The same view once one is retired."""
    words = say("*{label}* {name} is retired. Close this and press Add again.", label=kpi.label, name=kpi.name)
    return blocks.notice("Room made", words)


def change_form(meta: Meta, kpi: Kpi, terms: Terms, applies: str) -> Block:
    """Other terms for a KPI: a commitment, so somebody else approves it (F46)."""
    now = say("*{label} {name}* now: {terms}", label=kpi.label, name=kpi.name, terms=in_words(terms, kpi.unit))
    rule = say("A leader, an admin or somebody above the owner approves it. Then it applies from {when}.", when=applies)
    fields = [
        blocks.section(now),
        blocks.context(rule),
        *terms_fields(terms),
        blocks.field("reason", "Why", blocks.text_input("reason", None, most=LONGEST_TEXT), hint="Stays in the log."),
    ]
    title = plain("Change {label}", label=kpi.label)
    return blocks.modal(title, CHANGE_SUBMIT, fields, metadata=meta.model_dump_json(), submit="Propose")


def return_form(change: Change, kpi: Kpi, response_url: str | None) -> Block:
    """Send a proposal back, with words."""
    answer = blocks.text_input("answer", None, most=LONGEST_TEXT)
    meta = Meta(id=change.id, response_url=response_url)
    title = plain("Return {label}", label=kpi.label)
    fields = [blocks.section(say("Why asked: {why}", why=change.reason)), blocks.field("answer", "Why not", answer)]
    return blocks.modal(title, RETURN_SUBMIT, fields, metadata=meta.model_dump_json(), submit="Return")


# Shares, objectives, functions


def share_form(meta: Meta, kpi: Kpi, person: str | None) -> Block:
    """Somebody's part in a KPI and whether they are paid on it; never an amount (F136)."""
    paid = [
        blocks.option("Yes", Paid.YES),
        blocks.option("No", Paid.NO),
        blocks.option("On the opposite", Paid.OPPOSITE),
    ]
    fields = [
        blocks.section(say("*{label} {name}*", label=kpi.label, name=kpi.name)),
        blocks.field("person", "Who", blocks.users("person", person)),
        blocks.field(
            "percent", "Share, %", blocks.text_input("percent", None, most=LONGEST_NUMBER), hint="0 ends the share."
        ),
        blocks.field("paid", "Paid on this?", blocks.radios("paid", paid, None), hint="No amounts."),
    ]
    title = plain("Share in {label}", label=kpi.label)
    return blocks.modal(title, SHARE_SUBMIT, fields, metadata=meta.model_dump_json(), submit="Save")


def objective_form(meta: Meta, objective: Objective | None) -> Block:
    """Set, rename or close an objective."""
    fields = [_name(objective.name if objective else None), *_close(objective is not None)]
    return blocks.modal("Objective", OBJECTIVE_SUBMIT, fields, metadata=meta.model_dump_json(), submit="Save")


def function_form(meta: Meta, function: Function | None, head: Person | None) -> Block:
    """Set, rename or close a function, and name its head."""
    select = blocks.users("head", head.slack_id if head is not None else None)
    who = blocks.field("head", "Head", select, hint="May add its KPIs and propose changes.", optional=True)
    fields = [_name(function.name if function else None), who, *_close(function is not None)]
    return blocks.modal("Function", FUNCTION_SUBMIT, fields, metadata=meta.model_dump_json(), submit="Save")


def _name(name: str | None) -> Block:
    return blocks.field("name", "Name", blocks.text_input("name", name, most=LONGEST_NAME))


def _close(known: bool) -> list[Block]:
    box = blocks.checkbox("close", "Close it: no KPI can stand under it any more", ticked=False)
    return [blocks.field("close", "Over?", box, optional=True)] if known else []
