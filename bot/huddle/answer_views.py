"""The forms behind a manager's answers to a plan, and what they hear of one that is discussed."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from bot import blocks
from bot.blocks import Block
from bot.catalogue import Mrkdwn, plain, say
from bot.huddle.views import NO_KPI, FormMeta
from rituals.kpis import Kpi
from rituals.people import Person
from rituals.plans import LONGEST_RESULT, Item, Redirect

KEEP_SUBMIT = "card.keep_submit"
REDIRECT_SUBMIT = "card.redirect_submit"

SEND = "send"
LIVE = "live"
PROPOSE = "propose"


def redirect_form(meta: FormMeta, person: Person, items: Sequence[Item], known: Mapping[UUID, Kpi]) -> Block:
    """Item, what to do instead, why; sent, or only recorded because it was said in the huddle (F8)."""
    warned = next((item for item in items if item.warns), items[0])
    choices = [blocks.option(item.text, str(item.id)) for item in items]
    numbers = [blocks.option(kpi.name, str(kpi.id)) for kpi in known.values()] + [blocks.option("No number", NO_KPI)]
    numbers.insert(0, blocks.option("Whichever the words name", PROPOSE))
    ways = [blocks.option(plain("Send to {who}", who=person.given_name), SEND), blocks.option("Said in huddle", LIVE)]
    fields = [
        blocks.field("item", "Result", blocks.radios("item", choices, str(warned.id))),
        blocks.field("instead", "Do instead", blocks.text_input("instead", None, most=LONGEST_RESULT)),
        blocks.field("kpi", "Which number it moves", blocks.select("kpi", numbers, PROPOSE)),
        blocks.field("why", "Why", blocks.text_input("why", None, most=LONGEST_RESULT)),
        blocks.field("how", "How", blocks.radios("how", ways, SEND)),
    ]
    title = plain("Redirect {who}", who=person.given_name)
    return blocks.modal(title, REDIRECT_SUBMIT, fields, metadata=meta.model_dump_json(), submit="Send")


def keep_form(meta: FormMeta, person: Person, items: Sequence[Item]) -> Block:
    """Keep a result that moves no number, with the reason (D3)."""
    choices = [blocks.option(item.text, str(item.id)) for item in items]
    said = next((item.why_no_kpi for item in items if item.why_no_kpi), None)
    hint = plain("{who} says: {why}", who=person.given_name, why=said) if said else None
    fields = [
        blocks.field("item", "Result that moves no number", blocks.radios("item", choices, choices[0]["value"])),
        blocks.field("because", "Keep it, because", blocks.text_input("because", None, most=200), hint=hint),
    ]
    return blocks.modal("Keep, because…", KEEP_SUBMIT, fields, metadata=meta.model_dump_json(), submit="Keep")


def to_discuss(redirect: Redirect, rep: Person) -> dict[str, Any]:
    """What the manager hears when a rep wants to discuss: both lines, and the way to their DM."""
    link = Mrkdwn(
        f"<slack://user?team={rep.workspace}&id={rep.slack_id}|Open your DM with {say('{n}', n=rep.given_name)}>"
    )
    words = say(
        "*{who}* would like to discuss this:\n~{was}~ → *{instead}*\n“{why}”\n{link}",
        who=rep.given_name,
        was=redirect.was,
        instead=redirect.instead,
        why=redirect.why,
        link=link,
    )
    return blocks.message(plain("{who} would like to discuss a redirect", who=rep.given_name), [blocks.section(words)])
