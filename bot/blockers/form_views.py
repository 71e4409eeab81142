"""The forms about a blocker: each asks one thing, and at most one more that may stay empty."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel

from bot import blocks
from bot.blocks import Block
from bot.catalogue import plain, say
from rituals.blockers import LONGEST, LONGEST_REASON, Blocker
from rituals.kpis import Kpi
from rituals.people import Person, Team

ASSIGN_SUBMIT = "blocker.assign_submit"
RESOLVE_SUBMIT = "blocker.resolve_submit"
SNOOZE_SUBMIT = "blocker.snooze_submit"
ESCALATE_SUBMIT = "blocker.escalate_submit"
MERGE_SUBMIT = "blocker.merge_submit"
ASK_SUBMIT = "blocker.ask_submit"
ANSWER_SUBMIT = "blocker.answer_submit"
UPDATE_SUBMIT = "blocker.update_submit"
NEW_SUBMIT = "blocker.new_submit"
SHORTCUT = "blocker.make"

IMPACTS = ("Today", "This week", "The number")
NOBODY = "none"


class Meta(BaseModel):
    """Which blocker a form is about, and the message that it was opened from."""

    blocker: UUID
    response_url: str | None = None
    pressed_on: str | None = None


class NewMeta(BaseModel):
    """The id that a new blocker will have, so that the same form sent twice is one; and the message it is about."""

    id: UUID
    link: str | None = None
    response_url: str | None = None


def _form(title: str, form_id: str, blocker: Blocker, meta: BaseModel, fields: Sequence[Block], submit: str) -> Block:
    what = say("*{label}* {text}", label=blocker.label, text=blocker.text)
    return blocks.modal(title, form_id, [blocks.section(what), *fields], metadata=meta.model_dump_json(), submit=submit)


def assign_form(meta: Meta, blocker: Blocker, owner: Person | None, by: date | None) -> Block:
    """To whom, and by when if it matters."""
    fields = [
        blocks.field("to", "Owner", blocks.users("to", None if owner is None else owner.slack_id)),
        blocks.field("by", "By", blocks.date_picker("by", by), optional=True),
    ]
    return _form("Assign", ASSIGN_SUBMIT, blocker, meta, fields, "Assign")


def resolve_form(meta: Meta, blocker: Blocker, others: Sequence[Person]) -> Block:
    """What solved it; others who are involved are named, because they will be told (F32)."""
    names = ", ".join(person.given_name for person in others)
    hint = plain("{names} will be told, and can say that it is still there.", names=names) if names else None
    box = blocks.text_input("how", None, most=LONGEST_REASON)
    return _form("Resolve", RESOLVE_SUBMIT, blocker, meta, [_optional("how", "What solved it", box, hint)], "Resolve")


def _optional(name: str, label: str, element: Block, hint: str | None = None) -> Block:
    return blocks.field(name, label, element, hint=hint, optional=True)


def snooze_form(meta: Meta, blocker: Blocker, until: date | None, why: str | None) -> Block:
    """Until when, and why (F31)."""
    fields = [
        blocks.field("until", "Until", blocks.date_picker("until", until), hint="At most 30 days ahead."),
        blocks.field("why", "Why", blocks.text_input("why", why, most=LONGEST_REASON)),
    ]
    return _form("Not now", SNOOZE_SUBMIT, blocker, meta, fields, "Snooze")


def escalate_form(meta: Meta, blocker: Blocker, to: Person) -> Block:
    """What is asked of whoever gets it next."""
    fields = [
        blocks.field(
            "ask",
            plain("What do you ask of {who}?", who=to.given_name),
            blocks.text_input("ask", blocker.ask, most=LONGEST_REASON),
            hint="One thing that they can do. They get it now.",
        ),
        _optional("worth", "Worth", blocks.text_input("worth", blocker.worth, most=LONGEST_REASON)),
    ]
    return _form(plain("Send to {who}", who=to.given_name), ESCALATE_SUBMIT, blocker, meta, fields, "Send")


def merge_form(meta: Meta, blocker: Blocker, others: Sequence[Blocker]) -> Block:
    """Which other one is the same (F35)."""
    choices = [blocks.option(plain("{b} {text}", b=one.label, text=one.text), str(one.id)) for one in others]
    fields = [
        blocks.field(
            "other",
            "The same as",
            blocks.select("other", choices, None),
            hint="The older one stays, with its clock. Both reporters hear of it.",
        )
    ]
    return _form("Merge", MERGE_SUBMIT, blocker, meta, fields, "Merge")


def ask_form(meta: Meta, blocker: Blocker, to: Person) -> Block:
    """A question."""
    box = blocks.text_input("question", None, most=LONGEST_REASON)
    label = plain("Your question to {who}", who=to.given_name)
    return _form("Ask", ASK_SUBMIT, blocker, meta, [blocks.field("question", label, box)], "Ask")


def answer_form(meta: Meta, blocker: Blocker, question: str | None) -> Block:
    """The answer to the last question."""
    box = blocks.text_input("answer", None, multiline=True, most=LONGEST)
    fields = [blocks.field("answer", "Your answer", box, hint=question)]
    return _form("Answer", ANSWER_SUBMIT, blocker, meta, fields, "Send")


def update_form(meta: Meta, blocker: Blocker, tell: Sequence[str]) -> Block:
    """What is new, and who else should know (F36)."""
    fields = [
        blocks.field("news", "What is new", blocks.text_input("news", None, multiline=True, most=LONGEST)),
        _optional("tell", "Tell also", blocks.many_users("tell", tell)),
    ]
    return _form("Update", UPDATE_SUBMIT, blocker, meta, fields, "Send")


class NewForm(BaseModel):
    """What somebody says of a new blocker."""

    text: str = ""
    needs: str | None = None
    team: UUID | None = None
    kpi: UUID | None = None
    impact: str | None = None
    since: date | None = None

    @classmethod
    def parse(cls, fields: Mapping[str, Any]) -> Self:
        """Read the fields of a form by their block ids."""
        return cls.model_validate({name: None if said == NOBODY else said for name, said in fields.items()})


def new_form(meta: NewMeta, form: NewForm, teams: Sequence[Team], kpis: Mapping[UUID, Kpi], today: date) -> Block:
    """A new blocker (F37): what stops you, who must move, which number it costs."""
    hint = "Something that stops you and someone else must move."
    fields = [
        blocks.field("text", "Stuck on", blocks.text_input("text", form.text, most=LONGEST), hint=hint),
        _optional("needs", "Need it from", blocks.text_input("needs", form.needs, most=200)),
    ]
    if teams:
        choices = [blocks.option("No other team", NOBODY)] + [blocks.option(t.name, str(t.id)) for t in teams]
        fields.append(_optional("team", "Another team", blocks.select("team", choices, NOBODY)))
    if kpis:
        numbers = [blocks.option("Whichever the words name", NOBODY)]
        numbers += [blocks.option(kpi.name, str(kpi.id)) for kpi in kpis.values()]
        fields.append(_optional("kpi", "Which number it costs", blocks.select("kpi", numbers, NOBODY)))
    impacts = [blocks.option(words, words) for words in IMPACTS]
    fields += [
        _optional("impact", "Impact", blocks.select("impact", impacts, form.impact)),
        _optional("since", "Since", blocks.date_picker("since", form.since or today)),
    ]
    if meta.link is not None:
        fields.append(blocks.context(say("It will carry a link to the message.")))
    return blocks.modal("New blocker", NEW_SUBMIT, fields, metadata=meta.model_dump_json(), submit="Raise")
