"""One KPI of a month as a leader meets it: how it stands, what is said and agreed, and the answers of its colour."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from pydantic import BaseModel

from bot import blocks
from bot.blocks import Block
from bot.catalogue import Mrkdwn, join, plain, say
from bot.kpis.lines import line
from rituals.actions import Action, ActionState
from rituals.kpis import Colour, Reading
from rituals.people import Person
from rituals.stoplight import Answered, Climb, Explanation, Review
from rituals.stoplight_words import Inquiry

ACK = "month.ack"
AGREE = "month.agree"
AGREE_SUBMIT = "month.agree_submit"
WATCH = "month.watch"
ASK = "month.ask"
DECIDE = "month.decide"
UNDO = "month.undo"
MORE = "month.more"
MOST_ASKED = 3
"""Questions that a screen shows, the newest."""


class Walk(BaseModel):
    """Where somebody is in a digest: what they see, and which number it had. `view` is the room below a form."""

    month: date
    at: str = ""
    n: int = 0
    view: str = ""
    kpi: UUID | None = None
    id: UUID | None = None
    response_url: str | None = None


@dataclass(frozen=True, slots=True)
class One:
    """One KPI of a month: how it stands, what is said and agreed about it, and what its reader may do."""

    review: Review
    reading: Reading
    function: str
    owner: Person | None
    said: Explanation | None
    reminded: int
    stuck: bool
    before: Review | None
    worse: bool
    warned: Sequence[Reading]
    actions: Sequence[Action]
    people: Mapping[UUID, Person]
    may_answer: bool
    undoable: bool
    asked: Sequence[Inquiry] = ()
    climbs: Sequence[Climb] = ()

    def name(self, person_id: UUID | None) -> str:
        """Somebody's given name."""
        person = None if person_id is None else self.people.get(person_id)
        return plain("nobody") if person is None else person.given_name


def action_line(action: Action, people: Mapping[UUID, Person]) -> Mrkdwn:
    """One action: done, or not done by when and what stands in the way."""
    due = blocks.short_day(action.due)
    if action.state is ActionState.DONE:
        return say("✅ Done: {text}", text=action.text)
    why = say(" Obstacle: {why}.", why=action.obstacle.rstrip(".")) if action.obstacle else ""
    if action.state is ActionState.DROPPED:
        return say("Dropped: {text}.{why}", text=action.text.rstrip("."), why=why)
    helper = people.get(action.helper_id) if action.helper_id else None
    helped = say(", with {who}", who=helper.given_name) if helper is not None else ""
    return say(
        "Not done: {text}{helped}, by {due}.{why}", text=action.text.rstrip("."), helped=helped, due=due, why=why
    )


def kpi_blocks(one: One, zone: str) -> list[Block]:
    """A red or a yellow: its line, what is said of it, what is agreed, and the buttons of its colour."""
    owner = one.owner.name if one.owner is not None else plain("nobody owns it")
    head = say("{line} · {function}, {owner}", line=line(one.reading), function=one.function, owner=owner)
    body = [blocks.section(join([head, *warnings(one.warned)], "\n"))]
    if one.worse and one.before is not None:
        was = say("You watched it last month; it got worse.")
        body.append(blocks.context(was))
    body += [blocks.section(text) for text in _said(one)]
    body += [blocks.section(_agreed_line(one, action)) for action in one.actions]
    body += [blocks.context(_asked_line(one, asked)) for asked in one.asked[-MOST_ASKED:]]
    if (told := _answer_line(one, zone)) is not None:
        body.append(blocks.context(told))
    return [*body, *_answers(one)]


def warnings(leading: Iterable[Reading]) -> list[Mrkdwn]:
    """The red leading KPIs that a lagging one must be told of (F63)."""
    return [say("⚠ leading {label} {line}", label=red.kpi.label, line=line(red)) for red in leading]


def more_button(kpi_id: UUID, month: date) -> Block:
    """The way to all that is known of one KPI."""
    return blocks.button("More", MORE, f"{kpi_id}:{month.isoformat()}")


def _said(one: One) -> list[Mrkdwn]:
    said, found = one.said, []
    if said is None or not said.prepared:
        found.append(_not_in(one))
    if said is not None:
        rows = (("Cause", said.cause), ("Proposal", said.proposal), ("Help needed", said.help))
        told = [say("*{name}:* {words}", name=name, words=words) for name, words in rows if words]
        found += [join(told, "\n")] if told else []
    if one.stuck:
        found.append(_means(one))
    return found


def _not_in(one: One) -> Mrkdwn:
    """A red that nobody prepared; to leaders only (F53)."""
    who = one.owner.given_name if one.owner is not None else plain("no owner")
    often = {0: "", 1: ", reminded once", 2: ", reminded twice"}[min(one.reminded, 2)]
    return say("_Cause and proposal not in yet ({who}{often})._", who=who, often=often)


def _means(one: One) -> Mrkdwn:
    """Two months without improvement: people, money, time (M7, F60)."""
    said = one.said
    rows = (("People", said.people), ("Money", said.money), ("Time", said.time)) if said is not None else ()
    told = [say("*{name}:* {words}", name=name, words=words) for name, words in rows if words]
    lead = say("⚠ Not better for two months: reassess people, money, time.")
    return join([lead, *told], "\n")


def _agreed_line(one: One, action: Action) -> Mrkdwn:
    helper = say(", with {who}", who=one.name(action.helper_id)) if action.helper_id else ""
    by = blocks.short_day(action.due)
    return say(
        "→ {text} · {who}{helper}, by {by}", text=action.text, who=one.name(action.owner_id), helper=helper, by=by
    )


def _asked_line(one: One, asked: Inquiry) -> Mrkdwn:
    by, to = one.name(asked.by_id), one.name(asked.to_id)
    if asked.answer is None:
        return say("{by} asked {to}: “{text}”", by=by, to=to, text=asked.text)
    return say("{by} asked: “{text}” · {to}: “{answer}”", by=by, text=asked.text, to=to, answer=asked.answer)


ANSWERS = {
    Answered.ACK: "acked",
    Answered.ACT: "acting, decided",
    Answered.WATCH: "watching, decided",
    Answered.THANKED: "thanked",
}


def _answer_line(one: One, zone: str) -> Mrkdwn | None:
    review = one.review
    parts = []
    if review.answered_at is not None:
        at = blocks.clock_time(review.answered_at, zone)
        who = one.name(review.answered_by_id)
        parts.append(say("{what} {at} by {who}", what=ANSWERS[review.answer], at=at, who=who))
    if one.climbs:
        parts.append(say("not acked in 2 working days, so it went on: {chain}", chain=_chain(one)))
    return join(parts) if parts else None


def _chain(one: One) -> Mrkdwn:
    """To whom a red climbed, level by level (F57): "Priya → Omar (Thu 10 Dec)"."""
    came = [(one.name(climb.person_id), blocks.day_of(climb.at)) for climb in one.climbs]
    climbs = [say("{who} ({day})", who=who, day=day) for who, day in came]
    return join([say("{who}", who=one.name(one.review.leader_id)), *climbs], " → ")


def _answers(one: One) -> list[Block]:
    """The buttons of a colour, for whoever may answer."""
    value = f"{one.review.kpi_id}:{one.review.month.isoformat()}"
    buttons = []
    red, waits = one.review.colour is Colour.RED, one.review.answer is Answered.NONE
    if one.may_answer and red and waits:
        buttons.append(blocks.button("Ack", ACK, value, "primary"))
    if one.may_answer:
        buttons.append(blocks.button("Assign help…" if red else "Act…", AGREE, value))
    if one.may_answer and not red and one.review.answer is not Answered.WATCH:
        buttons.append(blocks.button("Watch", WATCH, value))
    if one.may_answer and one.owner is not None:
        buttons.append(blocks.button(plain("Ask {who}", who=one.owner.given_name), ASK, value))
    if one.may_answer:
        buttons.append(blocks.button("Decide…", DECIDE, value))
    if one.undoable:
        buttons.append(blocks.button("Undo", UNDO, value))
    buttons.append(more_button(one.review.kpi_id, one.review.month))
    return [blocks.actions(*buttons, block_id=f"kpi:{value}")]
