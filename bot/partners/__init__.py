"""Accountability partners, and leaders who go first, in Slack."""

from dataclasses import replace
from uuid import UUID

from sqlalchemy.orm import Session

from bot.partners import commands, handlers, opening, sentences
from bot.ritual import Ritual
from rituals.people import Person
from storage import partners, people, values

__all__ = ["RITUAL", "sentences"]


def owner(tx: Session, key: str) -> Person | None:
    """Who must know when a leader's word can't be posted: that leader; None for a key of something else."""
    kind, _, rest = key.partition(":")
    promise = partners.promise(tx, UUID(rest)) if kind == "first" else None
    return None if promise is None else people.find(tx, promise.person_id)


def rehome(tx: Session, key: str, channel: str) -> None:
    """Have a leader's word posted elsewhere from now on."""
    kind, _, rest = key.partition(":")
    promise = partners.promise(tx, UUID(rest)) if kind == "first" else None
    wish = None if promise is None else partners.wish(tx, promise.person_id, promise.kind)
    if wish is not None:
        values.save(tx, replace(wish, channel=channel), was=[wish])


RITUAL = Ritual(
    name="partners",
    register=handlers.register,
    commands=[commands.PARTNER, commands.FIRST],
    plan=opening.plan,
    openers=opening.OPENERS,
    foresee=opening.foresee,
    owner=owner,
    rehome=rehome,
)
