"""What the seven-day clock sends, and the forms behind its buttons (F69, F75)."""

from datetime import date
from typing import Any
from uuid import UUID

from bot import blocks
from bot.blocks import Block
from bot.catalogue import Mrkdwn, count, plain, say
from bot.decisions.card_views import LONGEST_WORDS, WRITE, WordsMeta
from bot.decisions.views import pieces
from rituals.decisions import Decision, Outcome, State
from rituals.decisions_clock import CARDED, DAY, WARNED
from rituals.people import Person

NAME = "decide.name"
NAME_SUBMIT = "decide.name_submit"
KILL = "decide.kill"
KILL_SUBMIT = "decide.kill_submit"
REVIEWS = {
    Outcome.YES: "decide.review_yes",
    Outcome.PARTLY: "decide.review_partly",
    Outcome.NO: "decide.review_no",
}
REVIEW_SUBMIT = "decide.review_submit"


def warning(decision: Decision, manager: Person) -> dict[str, Any]:
    """Day 5, to whoever owes the next step: the approver of a proposal, else the owner."""
    days = (CARDED - WARNED) // DAY
    waits = decision.state is State.PROPOSED
    words = say(
        "*{label} {title}* has been in _decide_ for {since}. {next} In {days} days {manager} is asked who decides.",
        label=decision.label,
        title=decision.title,
        since=count(WARNED // DAY, "day"),
        next="It waits for your answer." if waits else "Its memo is not proposed yet.",
        days=days,
        manager=manager.given_name,
    )
    buttons = [] if waits else [blocks.actions(blocks.button("Write the memo", WRITE, str(decision.id)))]
    summary = plain("{label} has been undecided for {days} days", label=decision.label, days=WARNED // DAY)
    return blocks.message(summary, [blocks.section(words), *buttons])


def card(decision: Decision, days: int, last: Mrkdwn) -> dict[str, Any]:
    """Two buttons only, and what happens next."""
    words = say(
        "*{label} {title}* has been in _decide_ for {days}. One of two:",
        label=decision.label,
        title=decision.title,
        days=count(days, "day"),
    )
    summary = plain("{label} has been undecided for {days} days", label=decision.label, days=days)
    return blocks.message(summary, [blocks.section(words), blocks.actions(*buttons(decision)), blocks.context(last)])


def buttons(decision: Decision) -> list[Block]:
    """The two."""
    value = str(decision.id)
    return [
        blocks.button("Name the owner…", NAME, value),
        blocks.button("Kill it…", KILL, value, "danger"),
    ]


def answered(decision: Decision, words: Mrkdwn) -> dict[str, Any]:
    """The same card once somebody answered it."""
    head = say("*{label} {title}*: {words}", label=decision.label, title=decision.title, words=words)
    return blocks.message(plain("{label} is answered", label=decision.label), [blocks.section(head)])


def no_answer(leader: Person | None) -> Mrkdwn:
    """What happens when nobody presses."""
    if leader is None:
        return say("_Who decides, by when, in writing; or a reason, and the work stops._")
    return say("_No answer in 2 days and {leader} gets this card._", leader=leader.given_name)


def climbed(manager: Person) -> Mrkdwn:
    """Why a leader has it."""
    return say("_{manager} was asked two days ago and has not answered._", manager=manager.given_name)


def name_form(meta: WordsMeta, decision: Decision, owner: Person | None) -> Block:
    """Who decides, and by when; sending it is the writing."""
    who = blocks.users("owner", None if owner is None else owner.slack_id)
    fields = [
        blocks.field("owner", "Who decides", who),
        blocks.field("by", "By when", blocks.date_picker("by", None), hint="Within thirty days."),
    ]
    title = plain("Owner of {label}", label=decision.label)
    return blocks.modal(title, NAME_SUBMIT, fields, metadata=meta.model_dump_json(), submit="Name")


def kill_form(meta: WordsMeta, decision: Decision, days: int) -> Block:
    """The reason; then the work stops."""
    words = blocks.text_input("words", None, multiline=True, most=LONGEST_WORDS)
    head = say(
        "*{label} {title}*, {days}. Killed, it never comes back; a new one may link to it.",
        label=decision.label,
        title=decision.title,
        days=count(days, "day"),
    )
    fields = [blocks.section(head), blocks.field("words", "Why", words)]
    title = plain("Kill {label}", label=decision.label)
    return blocks.modal(title, KILL_SUBMIT, fields, metadata=meta.model_dump_json(), submit="Kill it")


def review_request(decision: Decision) -> dict[str, Any]:
    """On the review date: did it come as expected."""
    words = say("*{label} {title}*: as expected?", label=decision.label, title=decision.title)
    chosen = [blocks.section(part) for part in pieces(say("Chosen: {chosen}", chosen=decision.chosen))]
    expected = [blocks.section(part) for part in pieces(say("Expected: {what}", what=decision.consequences))]
    row = blocks.actions(*review_buttons(decision.id))
    summary = plain("{label} is due for its review", label=decision.label)
    return blocks.message(summary, [blocks.section(words), *chosen, *expected, row])


def review_buttons(decision_id: UUID) -> list[Block]:
    """Yes in one press; the others ask why."""
    labels = {Outcome.YES: "Yes", Outcome.PARTLY: "Partly…", Outcome.NO: "No…"}
    return [blocks.button(labels[outcome], action, str(decision_id)) for outcome, action in REVIEWS.items()]


def review_form(meta: WordsMeta, decision: Decision) -> Block:
    """Why it came otherwise."""
    words = blocks.text_input("words", None, multiline=True, most=LONGEST_WORDS)
    fields = [blocks.field("words", plain("{answer}, because", answer=meta.answer.capitalize()), words)]
    title = plain("Review {label}", label=decision.label)
    return blocks.modal(title, REVIEW_SUBMIT, fields, metadata=meta.model_dump_json(), submit="Save")


def named(decision: Decision, owner: Person, by_when: date) -> Mrkdwn:
    """Who decides by when."""
    words = "*{label}* is {owner}'s to decide by {day}."
    return say(words, label=decision.label, owner=owner.given_name, day=blocks.short_day(by_when))
