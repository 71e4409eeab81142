"""Themes: what recurs, proposed with its three buttons, and what became of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from bot import blocks
from bot.blocks import Block
from bot.catalogue import Mrkdwn, count, join, plain, say
from bot.weekly import action_views
from rituals.actions import Action
from rituals.blockers import Blocker
from rituals.people import Person, Team
from rituals.themes import Theme, ThemeState

MAKE_THEME = "theme.make"
SPLIT = "theme.split"
NOT_A_THEME = "theme.refuse"

MOST_LISTED = 12
"""Themes of a list: three blocks each, of the fifty that a message holds."""
MOST_FLOWS = 3


@dataclass(frozen=True, slots=True)
class Recurring:
    """A theme or a proposal with its blockers, how many working days they have cost, and what was agreed."""

    theme: Theme
    blockers: Sequence[Blocker]
    days: int
    actions: Sequence[Action] = ()


@dataclass(frozen=True, slots=True)
class Idling:
    """A flow and the themes in which it idles most, with whoever owns their actions."""

    name: str
    worst: Sequence[Recurring]
    owners: Mapping[UUID, Person]


def themes(team: Team, found: Sequence[Recurring]) -> dict[str, Any]:
    """What recurs ("Themes I see"), on the afternoon before the meeting (W2)."""
    body = [blocks.section(say("*Themes I see* in {team}'s last ten working days", team=team.name))]
    for one in found:
        body += _with_blockers(one)
    if not found:
        body.append(blocks.context(say("All of them are decided.")))
    return blocks.message(plain("Themes I see"), body)


def standing(team: Team, found: Sequence[Recurring], flows: Sequence[Idling]) -> dict[str, Any]:
    """What is proposed and what is on the agenda, whenever somebody asks: the newest first; where flows idle most."""
    title = plain("Themes of {team}", team=team.name)
    body = [blocks.section(say("*{title}*", title=title))]
    for one in found[: -MOST_LISTED - 1 : -1]:
        body += _with_blockers(one)
    if len(found) > MOST_LISTED:
        body.append(blocks.context(say("{more} before these", more=count(len(found) - MOST_LISTED, "more", "more"))))
    if not found:
        body.append(
            blocks.context(say("None is open. What recurs is proposed on the afternoon before the weekly, at 15:00."))
        )
    body += [blocks.section(idling(one)) for one in flows[:MOST_FLOWS]]
    return blocks.message(title, body)


def _with_blockers(one: Recurring) -> list[Block]:
    quotes = [say("{label} {text}", label=b.label, text=blocks.cut(b.text, 90)) for b in one.blockers[:4]]
    return [
        blocks.section(recurring(one)),
        blocks.context(join(quotes, "\n")),
        _decided(one.theme) or theme_buttons(one.theme),
    ]


def _decided(theme: Theme) -> Block | None:
    flow = plain(" · flow {name}", name=theme.flow) if theme.flow else ""
    words = {
        ThemeState.MADE: say("✓ on the agenda{flow}", flow=flow),
        ThemeState.AGREED: say("✓ ended in an action"),
        ThemeState.REFUSED: say("Not a theme. These are not proposed together again."),
    }.get(theme.state)
    return None if words is None else blocks.context(words)


def recurring(one: Recurring) -> Mrkdwn:
    """One theme: **Legal turnaround** · 4 blockers (B-31, B-39), 3 people, 9 working days lost."""
    labels = ", ".join(blocker.label for blocker in one.blockers)
    return say(
        "*{name}* · {n} ({labels}), {people}, {days} lost",
        name=one.theme.name,
        n=count(len(one.blockers), "blocker"),
        labels=labels,
        people=count(len({blocker.reporter_id for blocker in one.blockers}), "person", "people"),
        days=count(one.days, "working day"),
    )


def idling(one: Idling) -> Mrkdwn:
    """Where a flow idles most, with who mends it by when (W12)."""
    words = [say("*Flow {name}*, where it idles most", name=one.name)]
    for number, held in enumerate(one.worst, 1):
        days = count(held.days, "idle day")
        words.append(say("{n} *{name}* · {days}", n=number, name=held.theme.name, days=days))
        ends = [action_views.line(each, one.owners[each.owner_id], warns=False) for each in held.actions]
        words += [say("→ {end}", end=end) for end in ends] or [say("⚠ no owner and no date yet")]
    return join(words, "\n")


def theme_buttons(theme: Theme) -> Block:
    """What the manager does with a proposal (F33)."""
    value = str(theme.id)
    return blocks.actions(
        blocks.button("Make theme", MAKE_THEME, value, "primary"),
        blocks.button("Split", SPLIT, value),
        blocks.button("Not a theme", NOT_A_THEME, value),
        block_id=f"theme:{theme.id}",
    )
