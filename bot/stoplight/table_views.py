"""The month of a leader as a table, with the same as plain lines for where Slack takes no table (F62, F63)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from bot import blocks
from bot.catalogue import Mrkdwn, join, plain, say
from bot.kpis.lines import COLOURS, distance, line, score
from bot.stoplight.collect_views import name_of
from rituals.kpis import Reading, colour
from rituals.kpis_periods import Period

HEAD = ("KPI", "Colour", "Value / expected", "Behind", "Function")
ALIGNED = ("left", "left", "right", "right", "left")
LONGEST_NAME = 60
ROOM_FOR_LINES = 2800
"""Characters of the plain lines: Slack recommends 4,000 for a message's text, and ours end at 3,000."""


@dataclass(frozen=True, slots=True)
class Table:
    """Readings of a month, worst first; functions by id, and the red leading KPIs of each lagging one (F63)."""

    month: Period
    readings: Sequence[Reading]
    functions: Mapping[UUID, str]
    warned: Mapping[UUID, Sequence[Reading]]


def message(page: Table) -> dict[str, Any]:
    """The reply below a digest: one table, and all of it in words too, as far as there is room."""
    title = plain("{month} in one table", month=name_of(page.month))
    rows: list[Sequence[str]] = [HEAD]
    room = blocks.PAGE_CHARACTERS - 500
    for reading in page.readings:
        row = _row(page, reading)
        room -= sum(map(len, row))
        if room < 0 or len(rows) == blocks.TABLE_ROWS:
            break
        rows.append(row)
    body = [blocks.section(say("*{title}*, worst first, as it stood with the digest.", title=title))]
    body.append(blocks.table(rows, ALIGNED))
    left = len(page.readings) - len(rows) + 1
    if left:
        body.append(blocks.context(_left(left)))
    return {**blocks.message(title, body), "text": _lines(page, title)}


def _row(page: Table, reading: Reading) -> Sequence[str]:
    reds = ", ".join(red.kpi.label for red in page.warned.get(reading.kpi.id, ()))
    name = blocks.cut(reading.kpi.name, LONGEST_NAME)
    warning = plain(" ⚠ leading {reds} red", reds=reds) if reds else ""
    kpi = plain("{label} {name}{warning}", label=reading.kpi.label, name=name, warning=warning)
    function = page.functions[reading.kpi.function_id]
    return kpi, COLOURS[colour(reading)], score(reading), distance(reading), function


def _lines(page: Table, title: str) -> Mrkdwn:
    lines = [say("*{title}*", title=title)]
    used = 0
    for reading in page.readings:
        reds = join((red.kpi.label for red in page.warned.get(reading.kpi.id, ())), ", ")
        warning = say(" · ⚠ leading {reds} red", reds=reds) if reds else ""
        words = say("{label} {line}{warning}", label=reading.kpi.label, line=line(reading), warning=warning)
        used += len(words) + 1
        if used > ROOM_FOR_LINES:
            lines.append(_left(len(page.readings) - len(lines) + 1))
            break
        lines.append(words)
    return join(lines, "\n")


def _left(number: int) -> Mrkdwn:
    return say("{number} more in the whole report.", number=number)
