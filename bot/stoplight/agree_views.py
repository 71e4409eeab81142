"""The forms of a leader's answers, and what others are told of them."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from bot import blocks
from bot.blocks import Block
from bot.catalogue import Mrkdwn, plain, say
from bot.kpis.lines import COLOURS, distance
from bot.stoplight.collect_views import name_of
from bot.stoplight.one_views import AGREE_SUBMIT, Walk
from bot.stoplight.walk_views import CLOSE_SUBMIT
from rituals.actions import LONGEST, Action
from rituals.kpis import Kpi, Reading, colour
from rituals.kpis_periods import Period
from rituals.people import Person
from rituals.stoplight import Explanation

LONGEST_GUARDRAILS = 1000
USUAL = timedelta(days=14)
"""When an action is due unless somebody picks another day: before the next digest."""


def agree_form(walk: Walk, kpi: Kpi, owner: Person | None, proposal: str, today: date, *, red: bool) -> Block:
    """An action, whose it is, who helps, by when (M8); the owner's proposal is in already."""
    words = " ".join(proposal.split())[:LONGEST]
    helps = plain("Needed for the month to close.") if red else None
    fields = [
        blocks.section(say("*{label} {name}*", label=kpi.label, name=kpi.name)),
        blocks.field("text", "What will be done", blocks.text_input("text", words, multiline=True, most=LONGEST)),
        blocks.field("owner", "Owner", blocks.users("owner", owner.slack_id if owner is not None else None)),
        blocks.field("helper", "Who helps", blocks.users("helper", None), hint=helps, optional=not red),
        blocks.field("due", "By", blocks.date_picker("due", today + USUAL)),
    ]
    title = plain("Assign help") if red else plain("Act")
    return blocks.modal(title, AGREE_SUBMIT, fields, metadata=walk.model_dump_json(), submit="Agree")


def heading(kpi: Kpi, reading: Reading | None) -> str:
    """What a decision about a KPI is about, in plain words."""
    if reading is None:
        return plain("{label} {name}", label=kpi.label, name=kpi.name)
    shown, far = COLOURS[colour(reading)], distance(reading)
    return plain("{label} {name}: {colour} {far}", label=kpi.label, name=kpi.name, colour=shown, far=far).strip()


def context(heading: str, month: Period, said: Explanation) -> str:
    """What a memo about a KPI begins with: how it stood, and why."""
    cause = plain(" Cause: {cause}", cause=said.cause) if said.cause else ""
    help_ = plain(" Help needed: {help}", help=said.help) if said.help else ""
    return plain("{month}, {heading}.{cause}{help}", month=name_of(month), heading=heading, cause=cause, help=help_)


def told(action: Action, kpi: Kpi, by: Person, to: Person, people: Mapping[UUID, Person]) -> dict[str, Any]:
    """An action that somebody now owes, or helps with."""
    owner, helper = people.get(action.owner_id), people.get(action.helper_id) if action.helper_id else None
    mine = action.owner_id == to.id
    other = helper if mine else owner
    part = plain("is yours") if mine else plain("needs your help")
    with_whom = plain(" with {who}", who=other.given_name) if other is not None and other.id != to.id else ""
    head = plain(
        "{by} agreed on this for {label} {name}; it {part}{other}.",
        by=by.given_name,
        label=kpi.label,
        name=kpi.name,
        part=part,
        other=with_whom,
    )
    words = say("*{head}*\n{text} · by {due}", head=head, text=action.text, due=blocks.day_name(action.due))
    rule = say("`/cadence actions` says what became of it.")
    return blocks.message(head, [blocks.section(words), blocks.context(rule)])


def close_form(walk: Walk, month: Period) -> Block:
    """Close a month: what changed of the limits that teams act within (M13)."""
    box = blocks.text_input("guardrails", None, multiline=True, most=LONGEST_GUARDRAILS)
    hint = plain("One a line, before and after: Discount 10 % → 15 %. Empty when none changed.")
    fields = [
        blocks.section(say("Each red has an agreed action, owner, helper and date.")),
        blocks.field("guardrails", "Guardrails changed", box, hint=hint, optional=True),
    ]
    title = plain("Close {month}", month=name_of(month))
    return blocks.modal(title, CLOSE_SUBMIT, fields, metadata=walk.model_dump_json(), submit="Close")


def agreed_words(kept: tuple[Kpi, Action]) -> Mrkdwn:
    """What was agreed, said back."""
    kpi, action = kept
    due = blocks.short_day(action.due)
    return say(
        "Agreed for {label} {name}: {text}, by {due}.", label=kpi.label, name=kpi.name, text=action.text, due=due
    )


def closed_words(_: None) -> Mrkdwn:
    """The month is over."""
    return say("The month is closed.")
