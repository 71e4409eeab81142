"""What somebody sees at a week's end, the line that may go with their answer, and a team's weeks side by side."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from bot import blocks
from bot.blocks import Block
from bot.catalogue import Mrkdwn, count, join, plain, say
from bot.kpis.lines import in_a_word
from rituals.blockers import Blocker
from rituals.good_week import LONGEST, GoodWeek
from rituals.kpis import Reading
from rituals.people import Person, Team
from rituals.week import Week

YES = "week.yes"
NO = "week.no"
LINE = "week.line"
LINE_SUBMIT = "week.line_submit"
MOST_MOVED = 2
"""Chains that one line tells; more would bury the question."""


class WeekMeta(BaseModel):
    """What the form of a line carries."""

    week: UUID
    response_url: str | None = None
    pressed_on: str | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    """A blocker of somebody's, and what came of it, in order."""

    blocker: Blocker
    steps: Sequence[str]


@dataclass(frozen=True, slots=True)
class Told:
    """All that the message shows; `running` counts open results, `share` is the KPI with the largest part of theirs."""

    week: GoodWeek
    tally: Week
    running: int
    share: Reading | None
    moved: Sequence[Moved]


def message(told: Told) -> dict[str, Any]:
    """What the week came to, then the one question; once answered, what was said (F43)."""
    week = told.week
    body = [blocks.section(say("*Week to {day}* · {facts}.", day=blocks.short_day(week.day), facts=_facts(told)))]
    if week.good is None:
        body.append(blocks.section(say("*Was it a good week?*")))
        yes, no = (blocks.button(label, action, str(week.id)) for label, action in (("Yes", YES), ("No", NO)))
        body.append(blocks.actions(yes, no))
    else:
        line = say(" “{words}”", words=week.words) if week.words else Mrkdwn("")
        answer = say("Was it a good week? *{word}*.{line}", word="Yes" if week.good else "No", line=line)
        body.append(blocks.section(answer))
        other = ("Change to no", NO) if week.good else ("Change to yes", YES)
        label = "Edit line" if week.words else "Add a line"
        body.append(blocks.actions(blocks.button(label, LINE, str(week.id)), blocks.button(*other, str(week.id))))
    body.append(blocks.context(say("Whoever you report to sees your answer beside the results. No channel does.")))
    return blocks.message(plain("Was it a good week?"), body)


def _facts(told: Told) -> Mrkdwn:
    tally = told.tally
    parts = [
        say("{results} still open", results=count(told.running, "result")) if told.running else say("nothing planned")
    ]
    if tally.promised:
        parts = [say("{met} of {results} met", met=tally.met, results=count(tally.promised, "result"))]
    stands = "" if told.share is None else in_a_word(told.share)
    if told.share is not None and stands:
        parts.append(say("your share of {name} is {stands}", name=told.share.kpi.name, stands=stands))
    parts += [_chain(chain) for chain in told.moved[:MOST_MOVED]]
    return join(parts, "; ")


def _chain(chain: Moved) -> Mrkdwn:
    on = f"{chain.blocker.opened_on.day} {chain.blocker.opened_on:%B}"
    return say("{label}, yours on {day} → {steps}", label=chain.blocker.label, day=on, steps=join(chain.steps, " → "))


def line_form(meta: WeekMeta, week: GoodWeek) -> Block:
    """One line of why."""
    words = blocks.text_input("words", week.words, most=LONGEST)
    hint = plain("Whoever you report to reads it. Empty takes it back.")
    field = blocks.field("words", "Why, in a line", words, hint=hint, optional=True)
    return blocks.modal("Your week", LINE_SUBMIT, [field], metadata=meta.model_dump_json(), submit="Save")


@dataclass(frozen=True, slots=True)
class TeamWeek:
    """A team's week that ended on a date: what it came to, and what each of those asked said."""

    day: date
    tally: Week
    said: Sequence[tuple[Person, GoodWeek]]

    @property
    def good(self) -> int:
        """How many called it good."""
        return sum(week.good is True for _, week in self.said)

    @property
    def answered(self) -> int:
        """How many said anything."""
        return sum(week.good is not None for _, week in self.said)


def trend(team: Team, weeks: Sequence[TeamWeek]) -> tuple[Mrkdwn, list[Block]]:
    """Weeks, newest first: how many were good beside the results met; of the newest who said what (W7)."""
    head = say("*{team}, week by week*", team=team.name)
    if not weeks:
        return say("{head}: nobody has been asked yet. The first question comes on Friday.", head=head), []
    lines = [head, *(_row(week) for week in weeks)]
    body = [blocks.section(join(lines, "\n"))]
    words = _words(weeks[0])
    if words:
        day = blocks.short_day(weeks[0].day)
        body.append(blocks.section(join([say("*Said of the week to {day}*", day=day), *words], "\n")))
    body.append(blocks.context(say("What people say of their weeks stays with whoever they report to.")))
    return join(lines, "\n"), body


def _row(week: TeamWeek) -> Mrkdwn:
    said = say("good for {n} of {all}", n=week.good, all=week.answered) if week.answered else say("nobody said")
    met = say("no results planned")
    if week.tally.kept is not None:
        percent = round(100 * week.tally.kept)
        results = count(week.tally.promised, "result")
        met = say("{met} of {results} met ({n} %)", met=week.tally.met, results=results, n=percent)
    return say("Week to {day} · {said} · {met}", day=blocks.short_day(week.day), said=said, met=met)


WORDS: Mapping[bool, str] = {True: "yes", False: "no"}


def _words(week: TeamWeek) -> list[Mrkdwn]:
    found = []
    for person, said in sorted(week.said, key=lambda pair: (pair[1].good is not False, pair[0].name)):
        if said.good is not None:
            line = say(" “{words}”", words=said.words) if said.words else Mrkdwn("")
            found.append(say("{who} {word}{line}", who=person.given_name, word=WORDS[said.good], line=line))
    return found
