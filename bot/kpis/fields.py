"""What the forms of the registry say, read field by field; a refusal lands on the field it is about."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from bot.ids import new_id
from bot.kpis.form_views import as_field
from bot.kpis.sentences import Missing, NotOnRoster, OnField
from rituals.kpis import Bands, Direction, Kpi, Pace, Terms
from rituals.kpis_changes import NeedsAbsoluteBands, ProfileUnclear, check_terms
from rituals.kpis_numbers import read_number
from rituals.kpis_periods import Span
from rituals.people import Person
from rituals.refusals import Refusal
from storage import people

V = TypeVar("V")
Fields = Mapping[str, Any]

WHOLE = 100
FIELD_OF = {NeedsAbsoluteBands: "bands", ProfileUnclear: "profile"}
"""The field of the terms that a refusal is about; the others are about where yellow begins, or the goal."""


def on_field(name: str, read: Callable[[], V]) -> V:
    """What `read` gives; its refusal becomes one of this field."""
    try:
        return read()
    except Refusal as refusal:
        raise OnField(name, refusal) from refusal


def text_of(fields: Fields, name: str, most: int) -> str:
    """The words in a field that must not be empty; raises OnField."""
    words = " ".join(str(as_field(fields, name) or "").split())[:most]
    if not words:
        raise OnField(name, Missing())
    return words


def choice_of(fields: Fields, name: str, kind: type[V]) -> V:
    """The choice in a field, as a member of an enumeration or an id; raises OnField."""
    try:
        return kind(as_field(fields, name) or "")  # type: ignore[call-arg]
    except ValueError:
        raise OnField(name, Missing()) from None


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


def person_of(tx: Session, workspace: str, fields: Fields, name: str) -> Person:
    """The person chosen in a field; raises OnField."""
    chosen = as_field(fields, name)
    if not chosen:
        raise OnField(name, Missing())
    person = people.find_by_slack(tx, workspace, chosen)
    if person is None:
        raise OnField(name, NotOnRoster())
    return person
