"""The form of a trigger, and triggers in a line."""

from collections.abc import Sequence

from bot import blocks
from bot.blocks import Block
from bot.catalogue import Mrkdwn, join, plain, say
from bot.kpis.form_views import LONGEST_NUMBER, Meta
from rituals.kpis import Kpi
from rituals.kpis_numbers import shown
from rituals.people import Person
from rituals.triggers import LONGEST_ACTION, Comparison, Trigger

TRIGGER_SUBMIT = "kpi.trigger_submit"


def trigger_form(meta: Meta, kpi: Kpi, standing: Sequence[Trigger], owner: Person | None) -> Block:
    """Which side of which bound, for how long, and what is agreed to be done then (M15)."""
    sides = [blocks.option("Below", Comparison.BELOW), blocks.option("Above", Comparison.ABOVE)]
    span = kpi.cadence.value
    fields = [
        blocks.section(say("*{label} {name}*", label=kpi.label, name=kpi.name)),
        *([blocks.context(join((in_words(one, kpi) for one in standing), "\n"))] if standing else []),
        blocks.field("side", "Fires when the value is", blocks.radios("side", sides, Comparison.BELOW)),
        blocks.field("bound", plain("… this, in {unit}", unit=kpi.unit), _box("bound", None, LONGEST_NUMBER)),
        blocks.field("periods", plain("For how many {span}s in a row", span=span), _box("periods", "2", 2)),
        blocks.field("action", "Then we do, agreed now", _box("action", None, LONGEST_ACTION), hint="Freeze hiring."),
        blocks.field("owner", "Who does it", blocks.users("owner", owner.slack_id if owner is not None else None)),
    ]
    title = plain("Trigger of {label}", label=kpi.label)
    return blocks.modal(title, TRIGGER_SUBMIT, fields, metadata=meta.model_dump_json(), submit="Agree")


def _box(name: str, words: str | None, most: int) -> Block:
    return blocks.text_input(name, words, most=most)


def in_words(trigger: Trigger, kpi: Kpi) -> Mrkdwn:
    """A trigger as people say it: "Net ARR growth below 5 % for 2 months → freeze hiring"."""
    span = kpi.cadence.value if trigger.periods == 1 else f"{kpi.cadence.value}s"
    bound = f"{shown(trigger.bound)} {kpi.unit}".strip()
    return say(
        "*{name}* {side} {bound} for {n} {span} → {action}",
        name=kpi.name,
        side=trigger.comparison.value,
        bound=bound,
        n=trigger.periods,
        span=span,
        action=trigger.action,
    )


def agreed(trigger: Trigger, kpi: Kpi) -> Mrkdwn:
    """What was agreed, said back."""
    rule = plain("It fires once a run; a period without a value neither counts nor resets.")
    return say("Agreed: {words}. {rule}", words=in_words(trigger, kpi), rule=rule)


def ended(kpi: Kpi, count: int) -> Mrkdwn:
    """What was ended."""
    words = "The triggers of {label} {name} are ended; what they fired stays."
    if not count:
        words = "{label} {name} has no trigger. `/kpi trigger {label}` agrees on one."
    return say(words, label=kpi.label, name=kpi.name)
