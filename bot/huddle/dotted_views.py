"""What somebody sees of those with a dotted line to them: one card across teams, and `Ask` (F92).

It holds no ⚠, no redirect, no lateness and no missing name: those are for whoever owes the answer.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from bot import blocks
from bot.blocks import Block
from bot.catalogue import Mrkdwn, count, join, plain, say
from bot.huddle import ask_views, card_views
from bot.huddle.card_views import Seen
from bot.huddle.views import blocker_line
from bot.kpis.lines import kpi_line
from rituals import kpis
from rituals.blockers import Blocker
from rituals.kpis import Reading
from rituals.people import Person
from rituals.plans import Item, Plan
from rituals.questions import Question


@dataclass(frozen=True, slots=True)
class Planned:
    """One person's plan: on which team, who owes the answer, what they promise and are stuck on, what was asked."""

    person: Person
    team: str
    answers: Person | None
    plan: Plan
    items: Sequence[Item]
    stuck: Sequence[tuple[Blocker, int]]
    questions: Sequence[Question]


@dataclass(frozen=True, slots=True)
class DottedDay:
    """A date of those with a dotted line to one person: how many work, and who has planned."""

    day: date
    working: int
    planned: Sequence[Planned]
    kpis: Mapping[UUID, Reading]


def card(shown: DottedDay, card_id: UUID, page: int) -> dict[str, Any]:
    """One page of the card."""
    title = say("*Dotted lines, {day}*", day=blocks.short_day(shown.day))
    planned = say("{n} of {all} planned", n=len(shown.planned), all=shown.working)
    stuck = sum(len(one.stuck) for one in shown.planned)
    parts = [title, planned, *([count(stuck, "blocker")] if stuck else [])]
    head = [
        blocks.section(join(parts)),
        blocks.context(say("You may ask. Each person's own manager owes the answer.")),
    ]
    groups = [_person(shown, one, card_id) for one in shown.planned]
    found = blocks.pages(groups, blocks.PAGE_BLOCKS - len(head) - 2, blocks.PAGE_CHARACTERS - 600)
    page = min(page, len(found) - 1)
    body = [*head, *found[page], *card_views.foot([], card_id, page, len(found))]
    return blocks.message(plain("Dotted lines, {day}", day=blocks.short_day(shown.day)), body)


def _person(shown: DottedDay, one: Planned, card_id: UUID) -> list[Block]:
    title = [say("*{name}*", name=one.person.name), _whose(one)]
    moved = [shown.kpis[item.kpi_id] for item in one.items if item.kpi_id is not None and item.kpi_id in shown.kpis]
    title += [kpi_line(min(moved, key=kpis.badness))] if moved else []
    lines = [join(title), *(_line(shown, number, item) for number, item in enumerate(one.items, 1))]
    for blocker, age in one.stuck:
        days = count(age, "working day") if age else "new today"
        lines.append(say("🟠 {blocker} · {days}", blocker=blocker_line(blocker), days=days))
    lines += [ask_views.line(question) for question in one.questions]
    button = blocks.button("Ask", ask_views.ASK, Seen(one.plan.id, one.plan.revision, card_id).value)
    row = blocks.actions(button, block_id=f"plan:{one.plan.id}")
    return [blocks.section(join(lines, "\n")), row]


def _whose(one: Planned) -> Mrkdwn:
    if one.answers is None:
        return say("{team}", team=one.team)
    return say("{team}, {who} answers", team=one.team, who=one.answers.given_name)


def _line(shown: DottedDay, number: int, item: Item) -> Mrkdwn:
    kpi = shown.kpis.get(item.kpi_id) if item.kpi_id else None
    about = say(" _({name})_", name=kpi.kpi.name) if kpi else Mrkdwn("")
    return say("{n} {text}{about}", n=number, text=item.text, about=about)
