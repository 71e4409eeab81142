"""What a rep sees: prompt, plan form, receipt, redirect."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from bot import blocks
from bot.blocks import Block
from bot.catalogue import Mrkdwn, count, escape, join, plain, say
from rituals.blockers import Blocker, too_often
from rituals.kpis import Kpi
from rituals.outages import Outage
from rituals.people import Person
from rituals.plans import Item, Plan
from rituals.snooze import Return, Snooze

WRITE = "huddle.write"
SHORTCUT = "huddle.write_plan"
SAME = "huddle.same"
SKIP = "huddle.skip"
MORE = "huddle.more"
KPIS = "huddle.kpis"
ACCEPT = "huddle.accept"
DISCUSS = "huddle.discuss"
SETTLE = "huddle.settle"
STUCK_ON = "huddle.stuck"
SAVE_DRAFT = "huddle.save_draft"
SUBMIT = "huddle.submit"
ADD = "huddle.add"
ADD_SUBMIT = "huddle.add_submit"
REPLACE = "huddle.replace"
SKIP_SUBMIT = "huddle.skip_submit"
KPIS_SUBMIT = "huddle.kpis_submit"

TODAY = "today"
STUCK = "stuck"
NO_KPI = "none"
TODAYS = "today"
"""A button's value for "my own plan of today", whichever id it has."""
AWAY = "away"
SNOOZES = {
    Snooze.HALF_AN_HOUR: "Snooze 30 min",
    Snooze.TWO_HOURS: "Snooze 2 h",
    Snooze.AFTER_LUNCH: "Snooze until after lunch",
}
DAYS_IN_A_WEEK = 7


class FormMeta(BaseModel):
    """What a form of ours carries in its `private_metadata`: ids, never "the current channel"."""

    plan: UUID
    response_url: str | None = None
    pressed_on: str | None = None
    edition: int = 0
    item: UUID | None = None
    revision: int = 0
    card: UUID | None = None


@dataclass(frozen=True, slots=True)
class Frame:
    """The day's frame around one plan: who answers, and when things happen (instants).

    `instead_of` is the manager who would answer, while off, and their last date off.
    """

    answers: Person | None
    instead_of: tuple[Person, date] | None
    closes: datetime
    reminds: datetime
    card: datetime
    meets: datetime
    has_run: bool


@dataclass(frozen=True, slots=True)
class Ask:
    """All that the prompt shows.

    `planned` counts the last plan's results; `stuck` pairs a blocker with its age in working days. `snoozes` are the
    ways to be asked later; `returns` is set on a prompt that was snoozed, `is_back` on the one that came back. `moved`
    counts the blockers that moved while somebody was away, on their first day back.
    """

    plan: Plan
    person: Person
    frame: Frame
    last: Plan | None
    planned: int
    open_items: Sequence[Item]
    kpis: Mapping[UUID, Kpi]
    stuck: Sequence[tuple[Blocker, int]]
    late_by: timedelta
    down: Outage | None = None
    moved: int | None = None
    snoozes: Sequence[Snooze] = ()
    returns: Return | None = None
    is_back: bool = False


def kpi_of(item: Item, kpis: Mapping[UUID, Kpi]) -> Mrkdwn:
    """What stands behind a result: the number that it moves, or why it moves none."""
    if item.kpi_id is not None and item.kpi_id in kpis:
        return say(" _({name})_", name=kpis[item.kpi_id].name)
    return say(" _(no number: {why})_", why=item.why_no_kpi) if item.why_no_kpi else Mrkdwn("")


def _since(last: date, day: date) -> str:
    days = (day - last).days
    if days == 1:
        return "Yesterday"
    return f"On {last:%A}" if days < DAYS_IN_A_WEEK else f"On {blocks.day_name(last)}"


def prompt(ask: Ask) -> dict[str, Any]:
    """The DM that asks for a plan."""
    day = ask.plan.day
    frame = ask.frame
    lines = []
    if ask.late_by >= timedelta(minutes=2):
        lines.append(_sorry(ask))
    if ask.moved is not None:
        lines.append(_welcome(ask.moved))
    title = say("*Plan for {day}*", day=blocks.day_name(day))
    if frame.answers is not None:
        at = blocks.clock_time(frame.meets, ask.person.zone)
        title = say("{title} · huddle with {who} at {at}", title=title, who=frame.answers.given_name, at=at)
    lines.append(title)
    if ask.last is None:
        lines += _who_sees_what(frame)
    elif ask.open_items:
        lines.append(_still_open(ask, ask.last))
    for blocker, age in ask.stuck:
        days = count(age, "working day")
        lines.append(say("Yours and stuck: *{b}* {text} · {days}", b=blocker.label, text=blocker.text, days=days))
    body = [blocks.section(join(lines, "\n")), ask_buttons(ask, more_of(ask)), blocks.context(_when_it_closes(ask))]
    return blocks.message(plain("Your plan for {day}", day=blocks.day_name(day)), body)


def _welcome(moved: int) -> Mrkdwn:
    blockers = count(moved, "blocker")
    words = say(" {blockers} moved while you were away.", blockers=blockers) if moved else Mrkdwn("")
    return say("Welcome back.{words}", words=words)


def _sorry(ask: Ask) -> Mrkdwn:
    late = count(int(ask.late_by.total_seconds() // 60), "minute")
    if ask.down is None:
        return say("Sorry, {late} late.", late=late)
    first, last = (blocks.clock_time(at, ask.person.zone) for at in (ask.down.first, ask.down.last))
    return say("Sorry, {late} late: I was down from {first} to {last}.", late=late, first=first, last=last)


def _when_it_closes(ask: Ask) -> Mrkdwn:
    """Until when, and whether anything follows: the reminder, or after a snooze the prompt itself, never both (F11)."""
    closes, reminds = (blocks.clock_time(at, ask.person.zone) for at in (ask.frame.closes, ask.frame.reminds))
    if ask.is_back:
        return say("Back, as you asked. Closes {closes}. Nothing more is sent about today's plan.", closes=closes)
    if ask.returns is None:
        return say("Closes {closes}. One reminder at {reminds} if you are still open.", closes=closes, reminds=reminds)
    at = blocks.clock_time(ask.returns.at, ask.person.zone)
    if ask.returns.cut_short:
        words = say("Snoozed until {at}, no later, because your plan closes {closes}.", at=at, closes=closes)
    else:
        words = say("Snoozed until {at}. Closes {closes}.", at=at, closes=closes)
    return say("{words} I ask once more then, instead of the reminder.", words=words)


def _still_open(ask: Ask, last: Plan) -> Mrkdwn:
    items = join(say("_{text}_{kpi}", text=item.text, kpi=kpi_of(item, ask.kpis)) for item in ask.open_items)
    things = count(ask.planned, "thing")
    return say(
        "{when} you planned {things}. Still open: {items}",
        when=_since(last.day, ask.plan.day),
        things=things,
        items=items,
    )


def _who_sees_what(frame: Frame) -> list[Mrkdwn]:
    manager = frame.answers.given_name if frame.answers is not None else "your manager"
    return [
        say("Write one to five results for today, one a line."),
        say("{manager} reads every plan and agrees or redirects.", manager=manager),
        say("Nobody else sees your edits, your times or what is redirected."),
    ]


def more_of(ask: Ask) -> Block:
    """The ⋯ of a prompt: be asked later, or be away. A prompt that is back is not snoozed again (F18)."""
    value = str(ask.plan.id)
    later = () if ask.is_back else ask.snoozes
    choices = [blocks.option(SNOOZES[choice], f"{choice}:{value}") for choice in later]
    return blocks.overflow(MORE, [*choices, blocks.option("Away for longer", f"{AWAY}:{value}")])


def ask_buttons(ask: Ask, *more: Block) -> Block:
    """The three ways to answer. `Same plan` says what it does.

    It is absent when nothing is open (F9), and when a blocker must be moved before it is said again (F34).
    """
    value = str(ask.plan.id)
    elements = [blocks.button("Write plan", WRITE, value, "primary")]
    if ask.open_items and not any(too_often(blocker) for blocker, _ in ask.stuck):
        labels = ", ".join(blocker.label for blocker, _ in ask.stuck)
        stuck = plain("{labels} still stuck", labels=labels) if labels else "nothing stuck"
        elements.append(blocks.button(plain("Same plan, {stuck}", stuck=stuck), SAME, value))
    elements.append(blocks.button("Skip today", SKIP, value))
    return blocks.actions(*elements, *more)


def filed_ahead(plan: Plan) -> dict[str, Any]:
    """In place of the prompt, for whoever planned the evening before (F12)."""
    words = say("{day}'s plan is filed.", day=f"{plan.day:%A}")
    return blocks.message(words, [blocks.section(words), blocks.actions(blocks.button("Edit", WRITE, str(plan.id)))])


def reminder(ask: Ask, now: datetime) -> dict[str, Any]:
    """The one reminder, with the same buttons (F18)."""
    minutes = max(1, round((ask.frame.closes - now).total_seconds() / 60))
    words = say("Your plan closes in {minutes}.", minutes=count(minutes, "minute"))
    return blocks.message(words, [blocks.section(words), ask_buttons(ask)])


def blocker_line(blocker: Blocker) -> Mrkdwn:
    """A blocker with who must move and how bad it is, as far as that was said."""
    parts = [say("*{label}* {text}", label=blocker.label, text=blocker.text)]
    parts += [say("needs {who}", who=blocker.needs)] if blocker.needs else []
    parts += [say("impact: {impact}", impact=blocker.impact.lower())] if blocker.impact else []
    return join(parts)


def reopen(words: str, plan_id: UUID | None) -> dict[str, Any]:
    """What stands where a form did not open: say so, with the button to try again."""
    button = blocks.button("Open the form again", WRITE, str(plan_id or TODAYS), "primary")
    return blocks.message(words, [blocks.section(escape(words)), blocks.actions(button)])
