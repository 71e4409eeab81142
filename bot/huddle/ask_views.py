"""A question about a plan: its form, how it reaches the writer, how the answer comes back."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from bot import blocks
from bot.blocks import Block
from bot.catalogue import Mrkdwn, plain, say
from rituals.people import Person
from rituals.plans import LONGEST_RESULT, Item
from rituals.questions import LONGEST, Question

ASK = "card.ask"
ASK_SUBMIT = "card.ask_submit"
ANSWER = "question.answer"
ANSWER_SUBMIT = "question.answer_submit"
WHOLE = "plan"


class QuestionMeta(BaseModel):
    """What the form of an answer carries."""

    question: UUID
    response_url: str | None = None
    pressed_on: str | None = None


def ask_form(metadata: str, rep: Person, items: Sequence[Item]) -> Block:
    """Which result, and what about it."""
    choices = [blocks.option("The whole plan", WHOLE), *(blocks.option(item.text, str(item.id)) for item in items)]
    fields = [
        blocks.field("about", "About", blocks.radios("about", choices, WHOLE)),
        blocks.field("question", "Your question", blocks.text_input("question", None, most=LONGEST)),
    ]
    return blocks.modal(plain("Ask {who}", who=rep.given_name), ASK_SUBMIT, fields, metadata=metadata, submit="Send")


def asked(question: Question, by: Person) -> dict[str, Any]:
    """The DM to the plan's writer; once answered it shows both."""
    about = say(" about *{about}*", about=question.about) if question.about else Mrkdwn("")
    words = say("{who} asks{about}:\n“{text}”", who=by.given_name, about=about, text=question.text)
    label = "Change the answer" if question.answer else "Answer"
    body = [blocks.section(words)]
    if question.answer:
        body.append(blocks.section(say("You: “{answer}”", answer=question.answer)))
    style = None if question.answer else "primary"
    body.append(blocks.actions(blocks.button(label, ANSWER, str(question.id), style)))
    return blocks.message(plain("{who} asks about your plan", who=by.given_name), body)


def answer_form(meta: QuestionMeta, question: Question, by: Person) -> Block:
    """One box, with the question above it."""
    about = blocks.cut(question.about, LONGEST_RESULT) if question.about else plain("the whole plan")
    field = blocks.field(
        "answer",
        blocks.cut(question.text, LONGEST),
        blocks.text_input("answer", question.answer, multiline=True, most=LONGEST),
        hint=plain("About: {about}", about=about),
    )
    title = plain("Answer {who}", who=by.given_name)
    return blocks.modal(title, ANSWER_SUBMIT, [field], metadata=meta.model_dump_json(), submit="Send")


def answer(question: Question, rep: Person) -> dict[str, Any]:
    """What whoever asked hears."""
    words = say("*{who}* answers “{text}”:\n“{answer}”", who=rep.name, text=question.text, answer=question.answer or "")
    return blocks.message(plain("{who} answered your question", who=rep.given_name), [blocks.section(words)])


def line(question: Question) -> Mrkdwn:
    """One line on the manager's card."""
    if question.answer is None:
        return say("💬 “{text}” _(asked, no answer yet)_", text=blocks.cut(question.text, 120))
    return say("💬 “{text}” → “{answer}”", text=blocks.cut(question.text, 120), answer=blocks.cut(question.answer, 200))
