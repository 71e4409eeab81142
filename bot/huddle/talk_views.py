"""Who has not been spoken to, and that somebody has been (W11)."""

from collections.abc import Sequence
from uuid import UUID

from bot import blocks
from bot.blocks import Block
from bot.catalogue import Mrkdwn, count, plain, say
from rituals.people import Person

TALKED = "talk.note"

MOST = 5
"""Choices that a ⋯ holds."""


def unspoken(people: Sequence[Person], card_id: UUID) -> Block:
    """Whom the manager has had no word with for two weeks; the ⋯ says that they have talked."""
    shown = people[:MOST]
    names = ", ".join(person.given_name for person in shown)
    more = say(" and {n}", n=count(len(people) - MOST, "more", "more")) if len(people) > MOST else Mrkdwn("")
    words = "*Not spoken to for two weeks:* {names}{more} · before you do, `/cadence brief @name`"
    told = say(words, names=names, more=more)
    choices = [
        blocks.option(plain("Talked with {name}", name=person.name), f"{person.id}:{card_id}") for person in shown
    ]
    return blocks.section(told, blocks.overflow(TALKED, choices), "unspoken")


def button(person: Person) -> Block:
    """Under a brief: the talk took place."""
    return blocks.actions(blocks.button("We have talked", TALKED, str(person.id)))


def noted(person: Person, manager: Person) -> str:
    """What whoever pressed it under a brief is told."""
    return plain("Noted: {manager} and {who} have talked.", manager=manager.given_name, who=person.given_name)
