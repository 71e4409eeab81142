"""Narratives and wins, as they are written and read."""

from collections.abc import Sequence
from typing import Any

from bot import blocks
from bot.blocks import Block
from bot.catalogue import Mrkdwn, join, plain, say
from bot.kpis.lines import COLOURS, line
from bot.stoplight.collect_views import name_of
from bot.stoplight.one_views import Walk
from rituals.kpis import Colour, Function, Reading
from rituals.kpis_periods import Period
from rituals.people import Person
from rituals.stoplight_words import LONGEST_NARRATIVE, Narrative, Win

NARRATE_SUBMIT = "month.narrate_submit"
ASKED = (
    ("on_track", "On track for the quarter?"),
    ("risks", "What new risks?"),
    ("systemic", "What systemic problem needs leadership?"),
)


def narrate_form(walk: Walk, function: Function, month: Period, before: Narrative | None) -> Block:
    """Three questions, 1,200 characters together (F64)."""
    lead = say(
        "*{function}, {month}*: 1,200 characters together. Leaders read them as they are.",
        function=function.name,
        month=name_of(month),
    )
    fields = [blocks.section(lead)]
    for name, label in ASKED:
        words = None if before is None else str(getattr(before, name))
        box = blocks.text_input(name, words, multiline=True, most=LONGEST_NARRATIVE)
        fields.append(blocks.field(name, label, box, optional=name != "on_track"))
    return blocks.modal("Your narrative", NARRATE_SUBMIT, fields, metadata=walk.model_dump_json(), submit="Save")


def narrated_words(kept: tuple[Function, Narrative]) -> Mrkdwn:
    """What was kept."""
    function, narrative = kept
    said = len(narrative.on_track) + len(narrative.risks) + len(narrative.systemic)
    return say("Saved for {function}: {n} of 1,200 characters. The digest quotes it.", function=function.name, n=said)


def quoted(function: str, narrative: Narrative) -> Mrkdwn:
    """A narrative in the digest."""
    labels = (("On track", narrative.on_track), ("New risks", narrative.risks), ("Systemic", narrative.systemic))
    rows = [say("_{label}:_ {words}", label=label, words=words) for label, words in labels if words]
    return say("*{function}*\n{rows}", function=function, rows=join(rows, "\n"))


def win(one: Win, who: Person, by: Person) -> dict[str, Any]:
    """A win where colleagues read it (M20)."""
    head = plain("🏆 {who}: {text}", who=who.name, text=one.text)
    return blocks.message(
        head, [blocks.section(say("{head}", head=head)), blocks.context(say("Noted by {by}.", by=by.given_name))]
    )


def noted(who: Person, where: str | None, *, named: bool) -> Mrkdwn:
    """What became of a noted win."""
    if where is not None:
        return say("Noted and posted in <#{where}>. It stands in the month's digest.", where=where)
    if not named:
        return say("Noted. {who} is not named in public, so it went to {who} alone.", who=who.given_name)
    return say(
        "Noted. {who}'s team has no channel, so it went to {who}; it stands in the month's digest.", who=who.given_name
    )


def win_line(who: Person, one: Win) -> Mrkdwn:
    """One of the month's wins."""
    return say("🏆 *{who}*: {text}", who=who.name, text=one.text)


def thanks(by: Person, lines: Sequence[tuple[str, Sequence[str], int]]) -> dict[str, Any]:
    """Thanks for greens: each KPI with those who moved it and asked for no silence (M10)."""
    head = plain("{by} says thank you", by=by.name)
    rows = [_thank(name, people, months) for name, people, months in lines]
    return blocks.message(head, [blocks.section(say("*{head}*\n{rows}", head=head, rows=join(rows, "\n")))])


def _thank(name: str, people: Sequence[str], months: int) -> Mrkdwn:
    who = say(": {people}", people=", ".join(people)) if people else Mrkdwn("")
    return say("🟢 *{name}*{who}{again}", name=name, who=who, again=months_at_goal(months))


def turned_green(rows: Sequence[tuple[Reading, Colour, Sequence[str]]]) -> dict[str, Any]:
    """Numbers that turned green, each with what it was before and whoever wants to be named with it (F55)."""
    head = plain("At goal again: {names}", names=", ".join(one.kpi.name for one, _, _ in rows))
    lines = [_turned(one, before, names) for one, before, names in rows]
    return blocks.message(head, [blocks.section(join(lines, "\n"))])


def _turned(one: Reading, before: Colour, names: Sequence[str]) -> Mrkdwn:
    who = say(" · {names}", names=", ".join(names)) if names else ""
    was = COLOURS[before]
    return say("{line}, {was} before{who}", line=line(one), was=was, who=who)


NTH = {2: "second", 3: "third", 4: "fourth", 5: "fifth", 6: "sixth"}


def months_at_goal(months: int) -> str:
    """For how long already: ", third month at goal"; nothing for the first."""
    return plain(", {nth} month at goal", nth=NTH.get(months, f"{months}th")) if months > 1 else ""
