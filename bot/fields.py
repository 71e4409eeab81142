"""What forms say, read field by field; a refusal lands on the field it is about."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from bot.catalogue import plain
from bot.errors import sentence
from bot.payloads import as_field
from rituals.people import Person
from rituals.refusals import Refusal
from storage import people

V = TypeVar("V")
Fields = Mapping[str, Any]


class OnField(Refusal):
    """Another refusal, about one field of a form."""

    def __init__(self, field: str, refusal: Refusal) -> None:
        super().__init__(field)
        self.field = field
        self.refusal = refusal


class Missing(Refusal):
    """A field that must be filled is empty."""


class NotOnRoster(Refusal):
    """Whoever was chosen is not on the roster, or has left."""


@sentence.register
def _(refusal: OnField) -> str:
    return sentence(refusal.refusal)


@sentence.register
def _(_: Missing) -> str:
    return plain("Fill this in: it is needed here.")


@sentence.register
def _(_: NotOnRoster) -> str:
    return plain("I don't have this person on the roster. Choose somebody else, or ask an admin to add them.")


def field_of(refusal: Refusal) -> str:
    """The field that a refusal is about; the form's first when it is about no field."""
    return refusal.field if isinstance(refusal, OnField) else ""


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


def person_of(tx: Session, workspace: str, fields: Fields, name: str) -> Person:
    """The person chosen in a field; raises OnField."""
    chosen = as_field(fields, name)
    if not chosen:
        raise OnField(name, Missing())
    person = people.find_by_slack(tx, workspace, chosen)
    if person is None:
        raise OnField(name, NotOnRoster())
    return person
