"""The quarter's question to owners, and what leaders read of it."""

from collections.abc import Sequence

from bot import blocks
from bot.blocks import Block
from bot.catalogue import Mrkdwn, count, plain, say
from bot.stoplight.one_views import Walk
from rituals.kpis import Kpi
from rituals.people import Person

INFORM_SUBMIT = "month.inform_submit"
MOST = 15
LONGEST = 20


def inform_form(walk: Walk, kpis: Sequence[Kpi]) -> Block:
    """One line a number: D-18, or nothing."""
    if not kpis:
        return blocks.notice("Decisions", say("Something came of each of your numbers this quarter."))
    lead = say("Which decision did each inform this quarter? Whatever informs none is suggested for retirement.")
    fields = [blocks.section(lead)]
    for kpi in kpis[:MOST]:
        box = blocks.text_input(kpi.label, None, most=LONGEST, placeholder="D-18")
        label = plain("{label} {name}", label=kpi.label, name=kpi.name)
        fields.append(blocks.field(kpi.label, label, box, optional=True))
    return blocks.modal("Decisions", INFORM_SUBMIT, fields, metadata=walk.model_dump_json(), submit="Save")


def informed_words(number: int) -> Mrkdwn:
    """What was kept."""
    return say("Saved: {decisions}. `More` shows it beside the number.", decisions=count(number, "decision"))


def idle_line(kpi: Kpi, owner: Person | None) -> Mrkdwn:
    """A number that nothing came of, with the way out."""
    who = owner.name if owner is not None else plain("nobody owns it")
    return say("{label} {name} · {who}: `/kpi retire {label}`", label=kpi.label, name=kpi.name, who=who)
