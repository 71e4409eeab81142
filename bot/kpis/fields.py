"""What the forms of the registry say of numbers and terms."""

from decimal import Decimal

from bot.fields import Fields, OnField, choice_of, on_field, text_of
from bot.ids import new_id
from bot.payloads import as_field
from rituals.kpis import Bands, Direction, Kpi, Pace, Terms
from rituals.kpis_changes import NeedsAbsoluteBands, ProfileUnclear, check_terms
from rituals.kpis_numbers import read_number
from rituals.kpis_periods import Span
from rituals.refusals import Refusal

WHOLE = 100
FIELD_OF = {NeedsAbsoluteBands: "bands", ProfileUnclear: "profile"}
"""The field of the terms that a refusal is about; the others are about where yellow begins, or the goal."""


def number_of(fields: Fields, name: str, unit: str) -> Decimal:
    """The number in a field; raises OnField."""
    typed = text_of(fields, name, 60)
    return on_field(name, lambda: read_number(typed, unit))


def read_terms(fields: Fields, kpi: Kpi, version: int) -> Terms:
    """Target, direction, bands and pace as a form says them, checked; raises OnField."""
    bands = choice_of(fields, "bands", Bands)
    measure = "%" if bands is Bands.PERCENT else kpi.unit
    terms = Terms(
        id=new_id(),
        workspace=kpi.workspace,
        kpi_id=kpi.id,
        version=version,
        effective_from=None,
        target=number_of(fields, "target", kpi.unit),
        direction=choice_of(fields, "direction", Direction),
        bands=bands,
        yellow_from=number_of(fields, "from", measure),
        yellow_until=number_of(fields, "until", measure),
        pace=choice_of(fields, "pace", Pace),
        goal=choice_of(fields, "goal", Span),
        profile=as_field(fields, "profile") or "",
    )
    try:
        return check_terms(terms, kpi.cadence)
    except Refusal as refusal:
        field = FIELD_OF.get(type(refusal), "until" if hasattr(refusal, "yellow_from") else "goal")
        raise OnField(field, refusal) from refusal
