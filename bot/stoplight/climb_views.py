"""What the next level reads of a red that nobody acknowledged."""

from typing import Any

from bot import blocks
from bot.catalogue import plain, say
from bot.stoplight.one_views import One, kpi_blocks
from rituals.people import Person


def climbed(one: One, to: Person) -> dict[str, Any]:
    """One level up: neutral, with the same buttons (M16)."""
    kpi = one.reading.kpi
    head = plain("For your help: {label} {name}, red, not acked in 2 working days", label=kpi.label, name=kpi.name)
    words = say("*{head}*\n_Climbed by the clock; no ask written yet._", head=head)
    return blocks.message(head, [blocks.section(words), *kpi_blocks(one, to.zone)])
