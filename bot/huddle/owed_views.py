"""What a manager sees at 14:00 of plans that wait for an answer."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from bot import blocks
from bot.blocks import Block
from bot.catalogue import Mrkdwn, count, join, plain, say
from bot.huddle import card_views
from bot.huddle.card_views import Day
from rituals.owed import PATIENCE, Why, unanswered
from rituals.people import Person, Team


@dataclass(frozen=True, slots=True)
class Waiting:
    """One plan that its manager was told of: why, whose, and the day that it stands in."""

    why: Why
    person: Person
    day: Day

    @property
    def open(self) -> bool:
        """Whether it still waits for an answer."""
        return unanswered(self.day.items_of(self.person))

    @property
    def changed(self) -> bool:
        """Whether it was there in time, and was edited since."""
        plan = self.day.plans[self.person.id]
        return plan.revision > 1 and not plan.late


@dataclass(frozen=True, slots=True)
class Owing:
    """All that one message is about: a team, and the date that its manager is told on."""

    team: Team
    today: date
    waiting: Sequence[Waiting]


def message(owing: Owing, card_id: UUID, page: int) -> dict[str, Any]:
    """One page of what waits: a line of who and since when, then each plan with its buttons while it does."""
    left = [one for one in owing.waiting if one.open]
    head = _head(owing, left)
    groups = [card_views.person_block(day, person, card_id, day.day) for day, person in _shown(left)]
    room = (blocks.PAGE_BLOCKS - len(head) - 2, blocks.PAGE_CHARACTERS - blocks.weight(head) - 300)
    found = blocks.pages(groups, *room)
    page = min(page, len(found) - 1)
    body = [*head, *found[page], *card_views.foot(_all_button(left, card_id), card_id, page, len(found))]
    title = plain("{team}: {plans} for your answer", team=owing.team.name, plans=_wait(len(owing.waiting)))
    return blocks.message(title, body)


def _shown(left: Sequence[Waiting]) -> Iterator[tuple[Day, Person]]:
    """Each plan's day; what somebody is stuck on stands under the first of theirs only."""
    seen: set[UUID] = set()
    for one in left:
        yield replace(one.day, stuck={}, blockers={}) if one.person.id in seen else one.day, one.person
        seen.add(one.person.id)


def _wait(number: int) -> str:
    return count(number, "plan waits", "plans wait")


def _head(owing: Owing, left: Sequence[Waiting]) -> list[Block]:
    title = say("*{team}, {day}*", team=owing.team.name, day=blocks.short_day(owing.today))
    if not left:
        answered = count(len(owing.waiting), "plan is", "plans are")
        return [blocks.section(say("{title} · ✅ {answered} answered.", title=title, answered=answered))]
    found = [say("{title} · {plans} for your answer", title=title, plans=_wait(len(left)))]
    late = [one for one in left if one.why is Why.LATE]
    overdue = [one for one in left if one.why is Why.OVERDUE]
    if late:
        found.append(say("After the huddle: {names}", names=_names(late)))
    if overdue:
        since = say("{n} working days or more without an answer: {names}", n=PATIENCE, names=_names(overdue))
        found.append(since)
    return [blocks.section(join(found, "\n"))]


def _names(waiting: Sequence[Waiting]) -> Mrkdwn:
    dated: Mapping[Why, str] = {Why.LATE: "{who}", Why.OVERDUE: "{who} ({day})"}
    told = [
        say(dated[one.why], who=one.person.given_name, day=blocks.short_day(one.day.day))
        + (" (changed)" if one.why is Why.LATE and one.changed else "")
        for one in waiting
    ]
    return blocks.cut_markup(join([Mrkdwn(one) for one in told], ", "), 1200)


def _all_button(left: Sequence[Waiting], card_id: UUID) -> list[Block]:
    clean = [one for one in left if any(item.agreeable for item in one.day.items_of(one.person))]
    return [card_views.agree_all_button(len(clean), card_id)] if len(clean) > 1 else []
