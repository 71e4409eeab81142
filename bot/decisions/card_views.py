"""The record card with its buttons, the small forms behind them, and what people are told."""

from uuid import UUID

from pydantic import BaseModel

from bot import blocks
from bot.blocks import Block
from bot.catalogue import Mrkdwn, plain, say
from bot.decisions import views
from bot.decisions.views import Record
from rituals.decisions import Decision, State
from rituals.decisions_readers import Reader, Response
from rituals.people import Person

APPROVE = "decide.approve"
RETURN = "decide.return"
RETURN_SUBMIT = "decide.return_submit"
READ = "decide.read"
QUESTION = "decide.question"
OBJECT = "decide.object"
RESPOND_SUBMIT = "decide.respond_submit"
REPLY_SUBMIT = "decide.reply_submit"
WRITE = "decide.write"
WHOLE = "decide.whole"
REVIVE = "decide.revive"
LONGEST_WORDS = 1000
ROOM = 8000
"""Characters of a memo that a card has room for beside the rest; a longer one is opened by a button (F107)."""


class WordsMeta(BaseModel):
    """What a small form carries: the decision, its version as it was shown, and what is answered.

    The form of a reply carries the reader, and which of their answers it is about. `view` is the memo below it.
    """

    id: UUID
    version: int
    answer: str = ""
    response_url: str | None = None
    view: str = ""


def value(decision: Decision) -> str:
    """What a button carries: which decision, in which version."""
    return f"{decision.id}:{decision.version}"


def decision_of(carried: str) -> UUID:
    """The decision that a button carries."""
    return UUID(carried.partition(":")[0])


def answer_buttons(decision: Decision, *, approves: bool, reads: bool, writes: bool) -> list[Block]:
    """The buttons of whoever may: approve, answer as a reader, write on."""
    found: list[Block] = []
    if approves and decision.state is State.PROPOSED:
        found.append(blocks.button("Approve", APPROVE, value(decision), "primary"))
        found.append(blocks.button("Return…", RETURN, value(decision)))
    if reads and decision.state is not State.DRAFT:
        labels = (("Read", READ), ("Question…", QUESTION), ("Object…", OBJECT))
        found += [blocks.button(label, action, value(decision)) for label, action in labels]
    if writes and decision.state is State.DRAFT:
        found.append(write_button(decision.id))
    return found


def write_button(decision_id: UUID) -> Block:
    """It opens the full form."""
    return blocks.button("Write the memo", WRITE, str(decision_id))


def revive_button(decision: Decision) -> Block:
    """A killed decision comes back only as a new one that links to it."""
    return blocks.button("Decide it anew…", REVIVE, str(decision.id))


def shown(record: Record, buttons: list[Block], *, replies: bool = False) -> list[Block]:
    """A record for whoever asked for it, who `replies` to its readers; a memo too long for a message has a button."""
    memo, said = views.memo(record), views.responses(record, replies=replies)
    if blocks.weight([*memo, *said]) > ROOM:
        memo, buttons = [], [blocks.button("Whole memo", WHOLE, str(record.decision.id)), *buttons]
    body = [blocks.section(views.heading(record)), *memo, *views.reasons(record), *said, *views.footnotes(record)]
    return [*body, *([blocks.actions(*buttons)] if buttons else [])]


def card(record: Record, why: Mrkdwn, buttons: list[Block]) -> list[Block]:
    """A record in somebody's DM: why they have it, the memo, their buttons."""
    head, *rest = shown(record, buttons)
    return [head, blocks.context(why), *rest]


def whole(record: Record) -> Block:
    """The memo in a view of its own."""
    body = [blocks.section(views.heading(record)), *views.memo(record), *views.footnotes(record)]
    return blocks.room(record.decision.label, body, str(record.decision.id))


def return_form(meta: WordsMeta, decision: Decision) -> Block:
    """Send a memo back, with words."""
    return _words_form(plain("Return {label}", label=decision.label), RETURN_SUBMIT, meta, "What is missing", "Return")


def respond_form(meta: WordsMeta, decision: Decision) -> Block:
    """A reader's question or objection."""
    asks = meta.answer == Response.QUESTION
    title = plain("{what} {label}", what="Question on" if asks else "Object to", label=decision.label)
    return _words_form(title, RESPOND_SUBMIT, meta, "Your question" if asks else "Why you object", "Send")


def reply_form(meta: WordsMeta, decision: Decision, reader: Reader, asker: Person) -> Block:
    """One box below what the reader said."""
    words = views.pieces(say(views.SAYS[reader.response], who=asker.given_name, text=reader.words or ""))
    box = blocks.text_input("words", reader.reply, multiline=True, most=LONGEST_WORDS)
    fields = [*(blocks.section(part) for part in words), blocks.field("words", "Your answer", box)]
    title = plain("Answer on {label}", label=decision.label)
    return blocks.modal(title, REPLY_SUBMIT, fields, metadata=meta.model_dump_json(), submit="Send")


def reader_said(decision: Decision, reader: Reader, asker: Person, by: str) -> list[Block]:
    """What a reader asks or objects, in the DM of whoever may reply; `by` is who has."""
    head = say("*{label} {title}*", label=decision.label, title=decision.title)
    parts = views.pieces(say(views.SAYS[reader.response], who=asker.given_name, text=reader.words or ""))
    if reader.reply is not None:
        parts += views.pieces(say("{who}: “{reply}”", who=by, reply=reader.reply))
    buttons = [views.reply_button(reader)]
    buttons += answer_buttons(decision, approves=False, reads=False, writes=True)
    return [blocks.section(head), *(blocks.section(part) for part in parts), blocks.actions(*buttons)]


def _words_form(title: str, callback_id: str, meta: WordsMeta, label: str, submit: str) -> Block:
    words = blocks.text_input("words", None, multiline=True, most=LONGEST_WORDS)
    fields = [blocks.field("words", label, words)]
    return blocks.modal(title, callback_id, fields, metadata=meta.model_dump_json(), submit=submit)


def told(decision: Decision, words: Mrkdwn, said: str = "", buttons: list[Block] | None = None) -> list[Block]:
    """A line about a decision in somebody's DM, with what was said, quoted."""
    head = say("*{label} {title}*: {words}", label=decision.label, title=decision.title, words=words)
    quoted = [blocks.section(part) for part in views.pieces(say("“{said}”", said=said))] if said else []
    return [blocks.section(head), *quoted, *([blocks.actions(*buttons)] if buttons else [])]
