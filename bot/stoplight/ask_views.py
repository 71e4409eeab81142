"""A leader's question about a KPI and its answer, as both read them."""

from typing import Any

from bot import blocks
from bot.blocks import Block
from bot.catalogue import Mrkdwn, plain, say
from bot.stoplight.one_views import Walk
from rituals.kpis import Kpi
from rituals.people import Person
from rituals.stoplight_words import LONGEST, Inquiry

ASK_SUBMIT = "month.ask_submit"
ANSWER = "month.answer"
ANSWER_SUBMIT = "month.answer_submit"


def ask_form(walk: Walk, kpi: Kpi, owner: Person) -> Block:
    """One box."""
    box = blocks.text_input("question", None, multiline=True, most=LONGEST)
    label = plain("What do you ask {who}?", who=owner.given_name)
    fields = [
        blocks.section(say("*{label} {name}*", label=kpi.label, name=kpi.name)),
        blocks.field("question", label, box),
    ]
    title = plain("Ask {who}", who=owner.given_name)
    return blocks.modal(title, ASK_SUBMIT, fields, metadata=walk.model_dump_json(), submit="Ask")


def asked(inquiry: Inquiry, kpi: Kpi, by: Person) -> dict[str, Any]:
    """What the owner reads."""
    head = plain("{who} asks about {label} {name}", who=by.given_name, label=kpi.label, name=kpi.name)
    body = [
        blocks.section(say("*{head}*\n“{text}”", head=head, text=inquiry.text)),
        blocks.actions(blocks.button("Answer", ANSWER, str(inquiry.id), "primary"), block_id=f"inquiry:{inquiry.id}"),
    ]
    return blocks.message(head, body)


def answer_form(walk: Walk, inquiry: Inquiry, by: Person) -> Block:
    """One box below the question."""
    box = blocks.text_input("answer", inquiry.answer, multiline=True, most=LONGEST)
    words = say("{who} asks: “{text}”", who=by.given_name, text=inquiry.text)
    fields = [blocks.section(words), blocks.field("answer", "Your answer", box)]
    return blocks.modal("Answer", ANSWER_SUBMIT, fields, metadata=walk.model_dump_json(), submit="Send")


def answer(inquiry: Inquiry, kpi: Kpi, by: Person) -> dict[str, Any]:
    """What comes back to whoever asked."""
    head = plain("{who} answers about {label} {name}", who=by.given_name, label=kpi.label, name=kpi.name)
    quote = say("_{text}_\n“{answer}”", text=inquiry.text, answer=inquiry.answer or "")
    return blocks.message(head, [blocks.section(say("*{head}*\n{quote}", head=head, quote=quote))])


def asked_words(_: Inquiry) -> Mrkdwn:
    """The question is on its way."""
    return say("Asked. The answer comes to you here.")


def answered_words(_: Inquiry) -> Mrkdwn:
    """The answer is on its way."""
    return say("Sent.")
