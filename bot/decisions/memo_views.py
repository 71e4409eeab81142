"""The full form of a memo, written at leisure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel

from bot import blocks
from bot.blocks import Block
from bot.catalogue import Mrkdwn, plain, say
from bot.decisions.views import HELD
from bot.payloads import as_field
from rituals.decisions import LONGEST_TITLE, Decision, Lane
from rituals.decisions_lanes import Guardrail
from rituals.decisions_memo import MOST_WORDS

MEMO_SUBMIT = "decide.memo"
SAVE_DRAFT = "decide.save_draft"
LONGEST = 3000
NO_LIMIT = "none"
MOST_PLACES = 100
PROPOSE = "propose"
LONGEST_CAPABILITY = 75


class MemoForm(BaseModel):
    """What stands in the form. People by their Slack id; `affects` by the ids of teams and functions.

    `asked` says that an empty `will_not` was pointed out before.
    """

    title: str = ""
    touches: str | None = None
    limit: str = NO_LIMIT
    context: str = ""
    options: str = ""
    chosen: str = ""
    because: str = ""
    consequences: str = ""
    will_not: str = ""
    capability: str = ""
    held: str | None = None
    affects: list[str] = []
    owner: str | None = None
    approver: str | None = None
    decide_by: date | None = None
    review_on: date | None = None
    readers: list[str] = []
    restricted: bool = False
    then: str = "draft"
    asked: bool = False

    @classmethod
    def parse(cls, fields: Mapping[str, Any]) -> Self:
        """Read the fields of a form."""
        said = {name: as_field(fields, name) for name in cls.model_fields}
        said["restricted"] = "yes" in (said["restricted"] or [])
        return cls.model_validate({name: value for name, value in said.items() if value is not None})


class MemoMeta(BaseModel):
    """What the form carries: whose memo, and which version of it was read."""

    id: UUID
    version: int
    response_url: str | None = None


@dataclass(frozen=True, slots=True)
class MemoPage:
    """What the form shows: the memo, what stands in its fields, and what they can be chosen from."""

    meta: MemoMeta
    decision: Decision
    form: MemoForm
    guardrails: Sequence[Guardrail]
    places: Sequence[tuple[UUID, str]]
    draft_of: Mrkdwn | None


def memo_form(page: MemoPage) -> Block:
    """Everything a proposal needs; while it is a draft all but the title may stay empty."""
    form = page.form
    limits = [
        blocks.option("No", NO_LIMIT),
        *(
            blocks.option(plain("{name}: {limit}", name=one.name, limit=one.limit), str(one.id))
            for one in page.guardrails
        ),
    ]
    answers = [blocks.option("Yes", "yes"), blocks.option("No", "no")]
    fields = [
        *_heading(page),
        blocks.field("title", "Title", blocks.text_input("title", form.title, most=LONGEST_TITLE)),
        _optional(
            "touches",
            "Does it touch a financial target or customer promise?",
            blocks.radios("touches", answers, form.touches),
        ),
        _optional(
            "limit", "Is there a limit you act within?", blocks.select("limit", limits[:MOST_PLACES], form.limit)
        ),
        _written("context", "Context", form.context),
        _written("options", "Options, two to seven, one a line", form.options),
        _written("chosen", "Chosen", form.chosen),
        _written("because", "Because", form.because),
        _written("consequences", "Consequences", form.consequences),
        _written("will_not", "We will not", form.will_not),
        *_affects(page),
        *_capability(form),
        blocks.field("owner", "Owner", blocks.users("owner", form.owner)),
        _optional("approver", "Approver", blocks.users("approver", form.approver), "For a commitment; not the owner."),
        _optional("decide_by", "Decide by", blocks.date_picker("decide_by", form.decide_by)),
        _optional(
            "review_on", "Review on", blocks.date_picker("review_on", form.review_on), "Did it come as expected?"
        ),
        _optional("readers", "Readers", blocks.many_users("readers", form.readers), "Each owes a response."),
        _optional(
            "restricted",
            "Who reads it",
            blocks.checkbox("restricted", "Only those it names, those above them, and leaders", ticked=form.restricted),
        ),
        blocks.field("then", "When saved", blocks.radios("then", _then(), form.then)),
        *_draft_row(page),
    ]
    title = plain("{label}", label=page.decision.label)
    return blocks.modal(title, MEMO_SUBMIT, fields, metadata=page.meta.model_dump_json(), submit="Save")


def _heading(page: MemoPage) -> list[Block]:
    one = page.decision
    words = "Two pages: {most} words in all. A draft may have gaps; proposing it says which are left."
    found = [blocks.context(say(words, most=MOST_WORDS))]
    if one.returned_because is not None:
        found.insert(0, blocks.section(blocks.cut_markup(say("*Returned:* {why}", why=one.returned_because), 3000)))
    return found


def _then() -> list[Block]:
    return [
        blocks.option("Keep it as a draft", "draft"),
        blocks.option("Propose it; what needs no approval is decided", PROPOSE),
    ]


def _draft_row(page: MemoPage) -> list[Block]:
    words = say("Slack tells me nothing while you type: press this before you close the form.")
    if page.draft_of is not None:
        words = say("Draft of {when}. {words}", when=page.draft_of, words=words)
    return [blocks.actions(blocks.button("Save draft", SAVE_DRAFT, str(page.meta.id))), blocks.context(words)]


def _written(name: str, label: str, words: str) -> Block:
    return _optional(name, label, blocks.text_input(name, words, multiline=True, most=LONGEST))


def _optional(name: str, label: str, element: Block, hint: str | None = None) -> Block:
    return blocks.field(name, label, element, hint=hint, optional=True)


def _affects(page: MemoPage) -> list[Block]:
    if not page.places:
        return []
    options = [blocks.option(name, str(place)) for place, name in page.places[:MOST_PLACES]]
    menu = blocks.many("affects", options, page.form.affects)
    return [
        _optional("affects", "Affects", menu, "Whose commitment or limit it touches: its owner is asked to read it.")
    ]


def _capability(form: MemoForm) -> list[Block]:
    """Whether something is done in one place is decided for each capability by itself (C11)."""
    box = blocks.text_input("capability", form.capability, most=LONGEST_CAPABILITY)
    places = [blocks.option(words, held.value) for held, words in HELD.items()]
    return [
        _optional("capability", "Capability", box, "Pricing, hiring: only where this says who does it."),
        _optional("held", "Done where", blocks.radios("held", places, form.held)),
    ]


def form_of(
    decision: Decision, slack_ids: Mapping[UUID, str], readers: Sequence[UUID], places: Sequence[UUID]
) -> MemoForm:
    """The form of a memo as it is kept."""
    touches = None if decision.lane is None else "yes" if decision.lane is Lane.COMMITMENT else "no"
    return MemoForm(
        title=decision.title,
        touches=touches,
        limit=NO_LIMIT if decision.guardrail_id is None else str(decision.guardrail_id),
        context=decision.context,
        options=decision.options,
        chosen=decision.chosen,
        because=decision.because,
        consequences=decision.consequences,
        will_not=decision.will_not,
        capability=decision.capability,
        held=decision.held,
        affects=[str(place) for place in places],
        owner=slack_ids.get(decision.owner_id),
        approver=None if decision.approver_id is None else slack_ids.get(decision.approver_id),
        decide_by=decision.decide_by,
        review_on=decision.review_on,
        readers=[slack_ids[reader] for reader in readers if reader in slack_ids],
        restricted=decision.restricted,
    )
