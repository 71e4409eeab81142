"""What a person is told when a rule about KPIs says no: what is wrong, and the next step."""

from bot.blocks import cut
from bot.catalogue import count, plain
from bot.errors import LONGEST_QUOTE, NoSuch, sentence
from rituals import kpis_changes as changes
from rituals import kpis_registry as registry
from rituals.kpis import Filed, Kpi
from rituals.kpis_csv import COLUMNS, LONGEST_NOTE, MOST_LINES, BadLine, BadTable
from rituals.kpis_numbers import MOST_DIGITS, MOST_PLACES, Doubt, NumberUnclear, shown
from rituals.kpis_periods import SHARES, PeriodUnclear, Span
from rituals.people import Person
from rituals.refusals import Refusal

MOST_LINES_TOLD = 8
EXAMPLES = {
    Span.WEEK: "week 47, last week, 2026-W47",
    Span.MONTH: "november, 2026-11, last month",
    Span.QUARTER: "Q4, Q4 2026, last quarter",
    Span.YEAR: "2026, last year",
}


class NoSuchKpi(NoSuch):
    """Nobody calls a KPI of this workspace so."""

    what = "KPI"
    hint = "Name it by its number, like K-3; /kpi tree lists them all."


class NoApprover(Refusal):
    """Nobody on the roster may approve this change."""


class DecidedBefore(Refusal):
    """Somebody else answered a proposed change before."""

    def __init__(self, change: changes.Change, by: Person | None) -> None:
        super().__init__(change.id)
        self.change = change
        self.by = by


class ValueChanged(Refusal):
    """Since the form was opened, somebody else filed for this period."""

    def __init__(self, filed: Filed, by: Person | None) -> None:
        super().__init__(filed.id)
        self.filed = filed
        self.by = by


def _names(kpis: list[Kpi]) -> str:
    return ", ".join(f"{kpi.label} {kpi.name}" for kpi in kpis)


@sentence.register
def _(refusal: NumberUnclear) -> str:
    text = cut(refusal.text, LONGEST_QUOTE)
    if refusal.doubt is Doubt.TWO_WAYS and refusal.either is not None:
        one, other = refusal.either
        return plain("“{text}” can be read two ways. Write {one} or {other}.", text=text, one=one, other=other)
    if refusal.doubt is Doubt.TWO_WAYS:
        return plain("“{text}” can be read two ways. Write it out, or with one or two decimals.", text=text)
    if refusal.doubt is Doubt.UNIT:
        unit = refusal.unit or "no unit"
        return plain(
            "“{text}” names another unit. This KPI is in {unit}: write the number alone.", text=text, unit=unit
        )
    if refusal.doubt is Doubt.SIZE:
        return plain(
            "“{text}” has more digits than I keep: {digits} before the point and {places} behind it.",
            text=text,
            digits=MOST_DIGITS,
            places=MOST_PLACES,
        )
    return plain("I read no number in “{text}”. Write it like 50, 81.5, 1.2M or 12 %.", text=text)


@sentence.register
def _(refusal: PeriodUnclear) -> str:
    return plain(
        "“{text}” is no {span} that has begun. Write it like {examples}.",
        text=cut(refusal.text, LONGEST_QUOTE),
        span=refusal.span.value,
        examples=EXAMPLES[refusal.span],
    )


@sentence.register
def _(refusal: changes.NeedsAbsoluteBands) -> str:
    return plain(
        "A target of {target} has no percentage. Choose bands in the KPI's own unit and say how far behind is yellow.",
        target=shown(refusal.target),
    )


@sentence.register
def _(refusal: changes.BandsOutOfOrder) -> str:
    return plain(
        "Yellow can't go from {low} to {high}. Write 0 or more, the smaller number first.",
        low=shown(refusal.yellow_from),
        high=shown(refusal.yellow_until),
    )


@sentence.register
def _(refusal: changes.GoalTooShort) -> str:
    return plain(
        "The target is for a {goal}, but values come once a {cadence}. Choose a longer time for the target.",
        goal=refusal.goal.value,
        cadence=refusal.cadence.value,
    )


@sentence.register
def _(refusal: changes.ProfileUnclear) -> str:
    parts = " or ".join(str(parts) for parts in SHARES[refusal.goal])
    if not parts:
        return plain("A profile needs a target for a quarter or a year. Choose one of them, or an even pace.")
    return plain(
        "A profile for a {goal} has {parts} parts that make 100, the first above 0: for example 20/30/50.",
        goal=refusal.goal.value,
        parts=parts,
    )


@sentence.register
def _(_: changes.NothingChanges) -> str:
    return plain(
        "This is what applies already. Change the target, the direction, the bands or the pace; or close this."
    )


@sentence.register
def _(_: changes.ReasonMissing) -> str:
    return plain("Say why in one line: it stays in the change log.")


@sentence.register
def _(refusal: changes.ChangeOpen) -> str:
    return plain(
        "Another change of {label} waits for an answer. /kpi show {label} shows it; propose yours after that.",
        label=refusal.kpi.label,
    )


@sentence.register
def _(_: NoApprover) -> str:
    return plain("Nobody here may approve this: it takes a leader, an admin or somebody above the KPI's owner.")


@sentence.register
def _(refusal: DecidedBefore) -> str:
    who = refusal.by.given_name if refusal.by is not None else "Somebody"
    return plain("{who} {did} this before you. Nothing changed.", who=who, did=refusal.change.state.value)


@sentence.register
def _(refusal: ValueChanged) -> str:
    who = refusal.by.given_name if refusal.by is not None else "Somebody"
    value = "took the value back" if refusal.filed.value is None else f"filed {shown(refusal.filed.value)}"
    return plain("{who} {filed} since you opened this. Save again to correct that.", who=who, filed=value)


@sentence.register
def _(refusal: registry.FunctionFull) -> str:
    return plain(
        "{objective} already has {count} KPIs for {function}: {names}. Retire one first.",
        objective=refusal.objective.name,
        count=len(refusal.kpis),
        function=refusal.function.name,
        names=_names(list(refusal.kpis)),
    )


@sentence.register
def _(refusal: registry.TeamFull) -> str:
    return plain(
        "{team} already has {count} KPIs: {names}. Retire one first.",
        team=refusal.team_name,
        count=len(refusal.kpis),
        names=_names(list(refusal.kpis)),
    )


@sentence.register
def _(refusal: registry.NameTaken) -> str:
    return plain("There is another one called {name}. Choose a name that tells them apart.", name=refusal.name)


@sentence.register
def _(refusal: registry.StillUsed) -> str:
    return plain(
        "{name} still holds {names}. Retire them first; then close it.",
        name=refusal.name,
        names=_names(list(refusal.kpis)),
    )


@sentence.register
def _(refusal: registry.Retired) -> str:
    return plain("{label} {name} is retired: nothing is filed for it.", label=refusal.kpi.label, name=refusal.kpi.name)


@sentence.register
def _(refusal: registry.LinkLoops) -> str:
    return plain(
        "{one} can't lead {other}: {other} already leads {one}, or they are the same. Nothing changed.",
        one=refusal.leading.label,
        other=refusal.lagging.label,
    )


@sentence.register
def _(_: registry.PercentUnclear) -> str:
    return plain("A share is a number from 0 to 100; 0 ends it.")


@sentence.register
def _(refusal: BadLine) -> str:
    cell = cut(refusal.cell, LONGEST_QUOTE)
    if refusal.why is not None:
        return plain("Line {line}: {why}", line=refusal.line, why=sentence(refusal.why))
    words = {
        "kpi": "“{cell}” is no KPI that takes values. Write its number, like K-3",
        "cells": "{cell} cells. Write {columns}",
        "twice": "the same KPI and period as line {cell}",
        "note": f"the note is longer than {LONGEST_NOTE} characters",
        "lines": f"write one to {MOST_LINES} lines of values, each with {{columns}}",
        "not yours": "“{cell}” is filed by its owner, those above them, or an admin",
    }[refusal.column]
    said = plain(words, cell=cell, columns=", ".join(COLUMNS))
    return plain("Line {line}: {said}.", line=refusal.line, said=said)


@sentence.register
def _(refusal: BadTable) -> str:
    lines = [sentence(line) for line in refusal.lines[:MOST_LINES_TOLD]]
    left = len(refusal.lines) - len(lines)
    if left:
        lines.append(plain("And {lines} more.", lines=count(left, "line")))
    return "\n".join([plain("Nothing was stored."), *lines])
