"""The strategy as people read it, its two forms, and the question which choice changes somebody's week (C12)."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from bot import blocks
from bot.blocks import Block
from bot.catalogue import Mrkdwn, count, join, plain, say
from bot.decisions.views import pieces
from rituals.people import Person, Team
from rituals.strategy import MOST_CHOICES, MOST_TEAMS, MOST_WORDS, Mark, Strategy

WRITE = "strategy.write"
WRITE_SUBMIT = "strategy.written"
ASK = "strategy.ask"
ASK_SUBMIT = "strategy.asked"
MARK = "strategy.mark"
LONGEST = 3000
LONGEST_OPTION = 75
NONE = "0"
NEW = "new"
Answer = tuple[Mrkdwn, Sequence[Block]]


class Meta(BaseModel):
    """What a form carries: the id of the edition that it makes or asks about, and the version that was read."""

    id: UUID
    version: int = 0
    response_url: str | None = None


def shown(strategy: Strategy | None, writer: Person | None, heard: Sequence[Mrkdwn], *, writes: bool) -> Answer:
    """The strategy, whole; for whoever writes it also what was heard of each choice, and the two buttons."""
    head = say("*Strategy*")
    if strategy is None or writer is None:
        said = say("{head}\nNone is written yet. A leader writes it: `/cadence strategy`.", head=head)
        return head, [blocks.section(said), *([blocks.actions(*_buttons(strategy))] if writes else [])]
    body = [blocks.section(say("{line}", line=line)) for line in _lines(strategy, heard)]
    text = [blocks.section(part) for part in pieces(say("{text}", text=strategy.text))]
    cite = say("A result of your plan cites a choice by its mark: _Three renewals called (S2)_.")
    by = say("{who}, {day}", who=writer.given_name, day=blocks.day_of(strategy.written_at))
    found = [blocks.section(head), *text, *body, blocks.context(join([cite, by]))]
    return head, [*found, *([blocks.actions(*_buttons(strategy))] if writes else [])]


def _lines(strategy: Strategy, heard: Sequence[Mrkdwn]) -> list[Mrkdwn]:
    told = [*heard, *[Mrkdwn("")] * len(strategy.listed)]
    return [
        say("*S{number}* {choice}{heard}", number=number, choice=choice, heard=told[number - 1])
        for number, choice in enumerate(strategy.listed, 1)
    ]


def heard_of(number: int, marks: Sequence[Mark], teams: Mapping[UUID, Team], citing: int) -> Mrkdwn:
    """Whose week a choice changes, by team, and how many results of this week cite it."""
    asked = {mark.team_id for mark in marks}
    per_team = [
        plain(
            "{team} {yes} of {all}",
            team=teams[team].name,
            yes=sum(mark.choice == number for mark in marks if mark.team_id == team),
            all=sum(mark.team_id == team for mark in marks),
        )
        for team in sorted(asked, key=lambda one: teams[one].name)
    ]
    parts = [say("changes the week of {teams}", teams=", ".join(per_team))] if per_team else []
    parts += [say("cited by {results} this week", results=count(citing, "result"))] if citing else []
    return say("\n_{parts}_", parts=join(parts)) if parts else Mrkdwn("")


def _buttons(strategy: Strategy | None) -> list[Block]:
    found = [blocks.button("Write…", WRITE, NEW)]
    return found if strategy is None else [*found, blocks.button("Ask three teams…", ASK, str(strategy.id))]


def write_form(meta: Meta, strategy: Strategy | None) -> Block:
    """Text and choices; what is in force stands in it."""
    text, choices = ("", "") if strategy is None else (strategy.text, strategy.choices)
    first, second = pages(text)
    fields = [
        blocks.context(
            say("Two pages: {most} words in all. A new edition leaves the one before as it was.", most=MOST_WORDS)
        ),
        blocks.field("text", "Strategy", blocks.text_input("text", first, multiline=True, most=LONGEST)),
        blocks.field(
            "more",
            "Second page",
            blocks.text_input("more", second, multiline=True, most=LONGEST),
            hint="A field of Slack's holds one.",
            optional=True,
        ),
        blocks.field(
            "choices",
            plain("Choices, one to {most}, one a line", most=MOST_CHOICES),
            blocks.text_input("choices", choices, multiline=True, most=LONGEST),
            hint="Each a sentence that changes what somebody does this week.",
        ),
    ]
    return blocks.modal("Strategy", WRITE_SUBMIT, fields, metadata=meta.model_dump_json(), submit="Save")


def pages(text: str) -> tuple[str, str]:
    """A text as the two fields hold it, divided between paragraphs where it can be."""
    if len(text) <= LONGEST:
        return text, ""
    end = max(text.rfind("\n\n", 1, LONGEST), 0) or max(text.rfind(" ", 1, LONGEST), 0) or LONGEST
    return text[:end].rstrip(), text[end:].strip()[:LONGEST]


def ask_form(meta: Meta, teams: Sequence[Team]) -> Block:
    """Which teams are asked."""
    options = [blocks.option(team.name, str(team.id)) for team in teams]
    label = plain("Teams, {most} at most", most=MOST_TEAMS)
    hint = "Everybody there is asked which choice changes their week."
    fields = [blocks.field("teams", label, blocks.many("teams", options, ()), hint=hint)]
    return blocks.modal("Ask three teams", ASK_SUBMIT, fields, metadata=meta.model_dump_json(), submit="Ask")


def question(strategy: Strategy, mark: Mark) -> dict[str, Any]:
    """In the DM of whoever is asked: the choices, and a menu; the answer may change."""
    head = say("*Which of our choices changes your week?*")
    lines = join([say("*S{n}* {choice}", n=n, choice=choice) for n, choice in enumerate(strategy.listed, 1)], "\n")
    said = {
        None: say("One press answers. `/cadence strategy` shows the whole of it."),
        0: say("You said: none of them."),
    }
    told = said.get(mark.choice) or say("You said: S{n}.", n=mark.choice)
    labels = [*(f"S{n} {choice}" for n, choice in enumerate(strategy.listed, 1)), "None of them"]
    values = [*(str(n) for n in range(1, len(labels))), NONE]
    options = [
        blocks.option(blocks.cut(label, LONGEST_OPTION), f"{mark.id}:{value}")
        for label, value in zip(labels, values, strict=True)
    ]
    chosen = None if mark.choice is None else f"{mark.id}:{mark.choice}"
    summary = plain("Which of our choices changes your week?")
    menu = blocks.actions(blocks.select(MARK, options, chosen))
    return blocks.message(summary, [blocks.section(head), blocks.section(lines), menu, blocks.context(told)])
