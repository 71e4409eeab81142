"""One item a screen behind `Start`, each with its own actions (F56)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from pydantic import BaseModel

from bot import blocks
from bot.blocks import Block
from bot.catalogue import Mrkdwn, join, plain, say
from bot.kpis.lines import distance, line
from bot.stoplight.collect_views import name_of
from rituals.actions import Action, ActionState
from rituals.kpis import Colour, Reading
from rituals.kpis_periods import Period
from rituals.people import Person
from rituals.stoplight import Answered, Digest, Explanation, Review

NEXT = "month.next"
BACK = "month.back"
ACK = "month.ack"
AGREE = "month.agree"
AGREE_SUBMIT = "month.agree_submit"
WATCH = "month.watch"
UNDO = "month.undo"
MORE = "month.more"
CLOSE = "month.close"
CLOSE_SUBMIT = "month.close_submit"

MOST_LINES = 12
"""Lines of one screen; what is left stands in the whole report."""


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
    green_for: int = 0

    def name(self, person_id: UUID | None) -> str:
        """Somebody's given name."""
        person = None if person_id is None else self.people.get(person_id)
        return plain("nobody") if person is None else person.given_name


@dataclass(frozen=True, slots=True)
class Screen:
    """One screen of the walk: its place, and whatever its kind shows."""

    walk: Walk
    month: Period
    of: int
    one: One | None = None
    actions: Sequence[tuple[Person, Sequence[Action]]] = ()
    lines: Sequence[Reading] = ()
    owners: Mapping[UUID, Person] = field(default_factory=dict)
    thanked: int = 0
    open_reds: Sequence[str] = ()
    digest: Digest | None = None
    kpis: Mapping[UUID, str] = field(default_factory=dict)
    zone: str = "UTC"


def screen(page: Screen) -> Block:
    """The room that shows one item, with `Back` and `Next`."""
    kind = page.walk.at.partition(":")[0]
    body = {
        "actions": _last_actions,
        "red": _one,
        "yellow": _one,
        "rest": _rest,
        "greens": _greens,
        "next": _next_actions,
        "close": _closing,
    }[kind](page)
    body.append(_moves(page))
    place = say("{month} · {n} of {of}", month=name_of(page.month), n=page.walk.n + 1, of=page.of)
    body.append(blocks.context(place))
    return blocks.room(name_of(page.month), body, page.walk.model_dump_json(), "month.walk")


def _moves(page: Screen) -> Block:
    buttons = []
    if page.walk.n > 0:
        buttons.append(blocks.button("Back", BACK, f"{page.walk.n - 1}"))
    if page.walk.n < page.of - 1:
        buttons.append(blocks.button("Next", NEXT, f"{page.walk.n + 1}", "primary"))
    return blocks.actions(*buttons, block_id="moves")


def _last_actions(page: Screen) -> list[Block]:
    """Last month's actions by owner, done or what stood in the way (F59)."""
    body = [blocks.section(say("*Last month's actions*"))]
    if not page.actions:
        body.append(blocks.context(say("None were agreed last month.")))
    return body + _by_owner(page)


def _by_owner(page: Screen) -> list[Block]:
    body = []
    for person, mine in page.actions[:MOST_LINES]:
        rows = join((action_line(one, page.owners) for one in mine), "\n")
        body.append(blocks.section(say("*{who}*\n{rows}", who=person.name, rows=rows)))
    if left := len(page.actions[MOST_LINES:]):
        body.append(blocks.context(say("… and {left} more people, in the whole report.", left=left)))
    return body


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


def _one(page: Screen) -> list[Block]:
    if page.one is None:
        return [blocks.section(say("This KPI is no longer under review."))]
    return kpi_blocks(page.one, page.zone)


def kpi_blocks(one: One, zone: str) -> list[Block]:
    """A red or a yellow: its line, what is said of it, what is agreed, and the buttons of its colour."""
    owner = one.owner.name if one.owner is not None else plain("nobody owns it")
    head = say("{line} · {function}, {owner}", line=line(one.reading), function=one.function, owner=owner)
    words = [head, *(say("⚠ leading {label} {line}", label=red.kpi.label, line=line(red)) for red in one.warned)]
    body = [blocks.section(join(words, "\n"))]
    if one.worse and one.before is not None:
        was = say("You watched it last month; it got worse.")
        body.append(blocks.context(was))
    body += [blocks.section(text) for text in _said(one)]
    body += [blocks.section(_agreed_line(one, action)) for action in one.actions]
    if (told := _answer_line(one, zone)) is not None:
        body.append(blocks.context(told))
    return [*body, *_answers(one)]


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
    if review.climbed_at is not None:
        day = blocks.short_day(review.climbed_at.date())
        parts.append(
            say(
                "not acked in 2 working days, so {who} has it too since {day}",
                who=one.name(review.climbed_to_id),
                day=day,
            )
        )
    return join(parts) if parts else None


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
    if one.undoable:
        buttons.append(blocks.button("Undo", UNDO, value))
    buttons.append(blocks.button("More", MORE, value))
    return [blocks.actions(*buttons, block_id=f"kpi:{value}")]


def _rest(page: Screen) -> list[Block]:
    """What asks for nothing: still watched, not filed with the owner's name, slipping."""
    body = [blocks.section(say("*No answer needed*"))]
    rows = [say("{line}{who}", line=line(one), who=_owned(one, page)) for one in page.lines[:MOST_LINES]]
    if rows:
        body.append(blocks.section(join(rows, "\n")))
    if left := len(page.lines[MOST_LINES:]):
        body.append(blocks.context(say("… and {left} more, in the whole report.", left=left)))
    return body


def _owned(one: Reading, page: Screen) -> Mrkdwn:
    owner = page.owners.get(one.kpi.owner_id) if one.kpi.owner_id else None
    return say(" · {who}", who=owner.name if owner is not None else plain("nobody owns it"))


def _greens(page: Screen) -> list[Block]:
    """Greens by name, and `Thank them` (F55)."""
    body = [blocks.section(say("*At goal*"))]
    rows = [
        say("🟢 *{name}*{who} {far}", name=one.kpi.name, who=_owned(one, page), far=distance(one))
        for one in page.lines[:MOST_LINES]
    ]
    body.append(blocks.section(join(rows, "\n")))
    if left := len(page.lines[MOST_LINES:]):
        body.append(blocks.context(say("… and {left} more, in the whole report.", left=left)))
    return body


def _next_actions(page: Screen) -> list[Block]:
    """What was agreed this month, with owners and dates (M7)."""
    body = [blocks.section(say("*Agreed for next month*"))]
    if not page.actions:
        body.append(blocks.context(say("Nothing yet. `Assign help…` and `Act…` agree on it.")))
    for person, mine in page.actions[:MOST_LINES]:
        rows = join((_promise(one, page) for one in mine), "\n")
        body.append(blocks.section(say("*{who}*\n{rows}", who=person.name, rows=rows)))
    return body


def _promise(action: Action, page: Screen) -> Mrkdwn:
    helper = page.owners.get(action.helper_id) if action.helper_id else None
    helped = say(", with {who}", who=helper.given_name) if helper is not None else ""
    name = None if action.kpi_id is None else page.kpis.get(action.kpi_id)
    kpi = say(" _({name})_", name=name) if name is not None else ""
    by = blocks.short_day(action.due)
    return say("{text}{kpi}{helped}, by {by}", text=action.text, kpi=kpi, helped=helped, by=by)


def _closing(page: Screen) -> list[Block]:
    """The last screen: what keeps the month open, or `Close the month…` (F135)."""
    month = name_of(page.month)
    if page.digest is not None and page.digest.closed_at is not None:
        at = blocks.short_day(page.digest.closed_at.date())
        return [blocks.section(say("*{month} is closed*, since {at}.", month=month, at=at))]
    body = [blocks.section(say("*Close {month}*", month=month))]
    if page.open_reds:
        names = join(page.open_reds, ", ")
        words = say("Each red leaves with an agreed action, owner, helper and date. Missing: {names}.", names=names)
        return [*body, blocks.section(words)]
    body.append(blocks.section(say("Each red has an agreed action, owner, helper and date.")))
    if page.digest is None:
        return body
    button = blocks.button("Close the month…", CLOSE, str(page.digest.id), "primary")
    return [*body, blocks.actions(button, block_id="close")]
