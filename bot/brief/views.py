"""The brief: names, never "you", so that both read the same words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot import blocks
from bot.blockers.views import Shown
from bot.blockers.views import text as blocker_text
from bot.blocks import Block
from bot.catalogue import Mrkdwn, join, plain, say
from bot.huddle import talk_views
from bot.kpis.lines import line
from rituals import calendar
from rituals.actions import Action
from rituals.blockers import Blocker
from rituals.kpis import Reading
from rituals.people import Person
from rituals.plans import Redirect
from rituals.stoplight_words import Win

MOST = 5
Answer = tuple[Mrkdwn, list[Block]]


@dataclass(frozen=True, slots=True)
class Owed:
    """What a manager owes somebody: the dates of plans without an answer, and blockers that nobody has acked.

    Then what they have taken on: blockers that are theirs, and actions for any of them.
    """

    plans: Sequence[date]
    blockers: Sequence[Shown]
    held: Sequence[Blocker]
    actions: Sequence[Action]


@dataclass(frozen=True, slots=True)
class Brief:
    """All that a talk with `person` needs; `manager` is who owes them answers; `words`, when the two last had some."""

    person: Person
    manager: Person | None
    owed: Owed
    oldest: Shown | None
    kpis: Sequence[Reading]
    words: datetime | None
    redirect: Redirect | None
    win: Win | None


def brief(found: Brief) -> Answer:
    """One screen."""
    who = found.person.given_name
    owes = "Nobody" if found.manager is None else found.manager.given_name
    parts = [
        (say("{owes} owes {who}", owes=owes, who=who), _owed(found.owed, owes)),
        (say("Oldest blocker"), blocker_text(found.oldest) if found.oldest else say("None.")),
        (say("KPIs"), join([line(one) for one in found.kpis[:MOST]], "\n") if found.kpis else say("None.")),
        (say("Last words"), _words(found)),
        (say("Last redirect"), _redirect(found.redirect, found.person.zone)),
        (say("Last win"), _win(found.win)),
    ]
    title = say("Before the talk with {who}", who=found.person.name)
    body = [blocks.section(say("*{title}* · {who} reads the same", title=title, who=who))]
    body += [blocks.section(say("*{name}*\n{what}", name=name, what=what)) for name, what in parts]
    if found.manager is not None:
        body.append(talk_views.button(found.person))
    return title, body


def _owed(owed: Owed, who: str) -> Mrkdwn:
    lines = []
    if owed.plans:
        days = ", ".join(blocks.short_day(day) for day in owed.plans[-MOST:])
        lines.append(say("an answer to the plan of {days}", days=days))
    if owed.blockers:
        labels = ", ".join(shown.blocker.label for shown in owed.blockers[:MOST])
        lines.append(say("an ack of {labels}", labels=labels))
    for one in owed.held[:MOST]:
        by = plain(", by {day}", day=blocks.short_day(one.due_on)) if one.due_on is not None else ""
        lines.append(say("{label}, which {who} has{by}", label=one.label, who=who, by=by))
    due = ((one.text, blocks.short_day(one.due)) for one in owed.actions[:MOST])
    lines += [say("{text}, by {day}", text=text, day=day) for text, day in due]
    return join(lines, "\n") if lines else say("Nothing.")


def _words(found: Brief) -> Mrkdwn:
    if found.words is None:
        return say("None in thirty days.")
    return say("{day}", day=blocks.short_day(calendar.local_day(found.words, found.person.zone)))


def _redirect(redirect: Redirect | None, zone: str) -> Mrkdwn:
    if redirect is None:
        return say("None in thirty days.")
    day = blocks.short_day(calendar.local_day(redirect.at, zone))
    return say("{day}: ~{was}~ → *{now}* “{why}”", day=day, was=redirect.was, now=redirect.instead, why=redirect.why)


def _win(win: Win | None) -> Mrkdwn:
    if win is None:
        return say("None in thirty days.")
    return say("{day}: {text}", day=blocks.short_day(win.day), text=win.text)


def whose() -> Answer:
    """Nobody was named that is here."""
    words = say("About whom? For example: `/cadence brief @ana`; `/cadence brief` alone is your own.")
    return words, [blocks.section(words)]
