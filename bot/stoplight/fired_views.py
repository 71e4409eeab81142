"""What leaders read of a trigger that fired, and what others hear of it."""

from dataclasses import dataclass
from typing import Any

from bot import blocks
from bot.blocks import Block
from bot.catalogue import Mrkdwn, plain, say
from bot.kpis.lines import line
from bot.kpis.trigger_views import in_words
from bot.stoplight.one_views import Walk, more_button
from rituals.kpis import Kpi, Reading
from rituals.kpis_periods import Period
from rituals.people import Person
from rituals.triggers import Firing, Started, Trigger

START_IT = "month.start_it"
OVERRULE = "month.overrule"
OVERRULE_SUBMIT = "month.overrule_submit"
LONGEST_REASON = 300
SAID = {Started.STARTED: "started", Started.OVERRULED: "overruled"}


@dataclass(frozen=True, slots=True)
class Fired:
    """A trigger that fired: how its KPI stands, and who answered."""

    firing: Firing
    trigger: Trigger
    reading: Reading
    owner: Person | None
    answered_by: Person | None
    may_answer: bool


def fired_blocks(one: Fired, zone: str) -> list[Block]:
    """What was agreed, and `Start it` or `Overrule…` (M15)."""
    kpi = one.reading.kpi
    since = Period(one.firing.since, kpi.cadence).label
    who = one.owner.name if one.owner is not None else plain("nobody")
    head = say("⚡ *Trigger* · {words}", words=in_words(one.trigger, kpi))
    more = more_button(kpi.id, one.firing.period)
    body = [blocks.section(say("{head}\n{line}", head=head, line=line(one.reading)))]
    body.append(
        blocks.context(say("Agreed beforehand; {who} does it. On the wrong side since {since}.", who=who, since=since))
    )
    if one.firing.answered_at is not None:
        by = one.answered_by.given_name if one.answered_by is not None else plain("nobody")
        why = say(": “{why}”", why=one.firing.reason) if one.firing.reason else ""
        at = blocks.clock_time(one.firing.answered_at, zone)
        words = say("{what} {at} by {by}{why}", what=SAID[one.firing.answer], at=at, by=by, why=why)
        return [*body, blocks.context(words), blocks.actions(more)]
    value = str(one.firing.id)
    buttons = [blocks.button("Start it", START_IT, value, "primary"), blocks.button("Overrule…", OVERRULE, value)]
    answers = buttons if one.may_answer else []
    return [*body, blocks.actions(*answers, more, block_id=f"firing:{value}")]


def overrule_form(walk: Walk, trigger: Trigger, kpi: Kpi) -> Block:
    """What was agreed is set aside for a reason, in writing."""
    box = blocks.text_input("reason", None, multiline=True, most=LONGEST_REASON)
    fields = [
        blocks.section(in_words(trigger, kpi)),
        blocks.field("reason", "Why not", box, hint="Stays with the trigger."),
    ]
    return blocks.modal("Overrule", OVERRULE_SUBMIT, fields, metadata=walk.model_dump_json(), submit="Overrule")


def overruled_words(_: Firing) -> Mrkdwn:
    """What was set aside."""
    return say("Overruled. The reason stays with the trigger.")


def fired_now(one: Fired, to: Person) -> dict[str, Any]:
    """Between two digests: a trigger of a number that is filed by the week."""
    kpi = one.reading.kpi
    head = plain("A trigger fired: {label} {name}", label=kpi.label, name=kpi.name)
    return blocks.message(head, fired_blocks(one, to.zone))
