"""Named limits: what people may decide within without asking, and what was decided within them (C5)."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from bot import blocks
from bot.acting import acting, actor
from bot.blocks import Block
from bot.catalogue import Mrkdwn, count, say
from bot.decisions import loading
from bot.decisions.card_views import WordsMeta
from bot.decisions.views import Answer
from bot.errors import Gone
from bot.fields import Fields, OnField, text_of
from bot.payloads import Who
from rituals.decisions_lanes import LONGEST_LIMIT, LONGEST_NAME, Guardrail, NameTaken
from rituals.policy import About, Action, may, require
from storage import decisions, values

ADD = "decide.add_limit"
ADD_SUBMIT = "decide.limit"
CLOSE = "decide.close_limit"


def listed(tx: Session, who: Who) -> Answer:
    """`/decide limits`: each with how often it was used."""
    reader = actor(tx, who)
    sets = may(Action.GUARDRAIL_SET, reader, About(who.workspace))
    found = decisions.guardrails(tx, who.workspace)
    uses = decisions.uses(tx, [one.id for one in found])
    head = say("*Limits to act within*")
    body: list[Block] = [blocks.section(head)]
    for one in found:
        words = say(
            "*{name}* {limit} · used {uses}", name=one.name, limit=one.limit, uses=count(uses.get(one.id, 0), "time")
        )
        body.append(blocks.section(words, blocks.button("Close", CLOSE, str(one.id)) if sets else None))
    if not found:
        body.append(blocks.section(say("None yet. A leader or an admin names one.")))
    return head, [*body, *([blocks.actions(add_button())] if sets else [])]


def add_button() -> Block:
    """For whoever may name a limit."""
    return blocks.button("Add limit", ADD, "new")


def load_add(tx: Session, who: Who, meta: WordsMeta) -> Block:
    """The form of a new limit; raises NotAllowed."""
    require(Action.GUARDRAIL_SET, actor(tx, who), About(who.workspace))
    fields = [
        blocks.field("name", "Name", blocks.text_input("name", None, most=LONGEST_NAME), hint="Discounts"),
        blocks.field(
            "limit",
            "Limit",
            blocks.text_input("limit", None, most=LONGEST_LIMIT),
            hint="Up to 15 % without asking",
        ),
    ]
    return blocks.modal("New limit", ADD_SUBMIT, fields, metadata=meta.model_dump_json(), submit="Add")


def add(tx: Session, who: Who, meta: WordsMeta, fields: Fields, now: datetime) -> Mrkdwn:
    """Name a limit; the same form again changes nothing. Raises OnField or NotAllowed."""
    by = acting(tx, who, now)
    require(Action.GUARDRAIL_SET, by, About(who.workspace))
    words = text_of(fields, "name", LONGEST_NAME)
    known = decisions.guardrails(tx, who.workspace, closed=True)
    limit = Guardrail(meta.id, who.workspace, words, text_of(fields, "limit", LONGEST_LIMIT), by.id, None)
    if any(one.name.casefold() == words.casefold() and one.id != limit.id for one in known):
        raise OnField("name", NameTaken(words))
    if all(one.id != limit.id for one in known):
        values.add(tx, limit)
    return say("*{name}* is a limit to act within. What is decided within it says so.", name=words)


def close(tx: Session, who: Who, guardrail_id: UUID, now: datetime) -> Mrkdwn:
    """It applies no longer; what was decided within it keeps it. Raises NotAllowed or Gone."""
    by = acting(tx, who, now)
    require(Action.GUARDRAIL_SET, by, About(who.workspace))
    limit = decisions.guardrail(tx, guardrail_id)
    if limit is None or limit.workspace != who.workspace:
        raise Gone
    values.save(tx, replace(limit, closed_on=loading.today(by, now)), was=[limit])
    return say("*{name}* applies no longer. What was decided within it keeps it.", name=limit.name)
