"""Values from a table of lines: every line is understood, or none is stored (issue 5)."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from rituals.kpis import Kpi
from rituals.kpis_numbers import read_number
from rituals.kpis_periods import Period, read_period
from rituals.refusals import Refusal

COLUMNS = ("kpi", "period", "value", "note")
"""What a line holds; the note may be left out."""
MOST_LINES = 500
LONGEST_NOTE = 300
FEWEST_CELLS = 3


class BadLine(Refusal):
    """Line `line` (from 1) can't be read: its cell in `column` is `cell`; `why` may say more."""

    def __init__(self, line: int, column: str, cell: str, why: Refusal | None = None) -> None:
        super().__init__(line, column)
        self.line = line
        self.column = column
        self.cell = cell
        self.why = why


class BadTable(Refusal):
    """The lines that can't be read; nothing was stored."""

    def __init__(self, lines: Sequence[BadLine]) -> None:
        super().__init__(len(lines))
        self.lines = lines


@dataclass(frozen=True, slots=True)
class Line:
    """One value to file."""

    line: int
    kpi: Kpi
    period: Period
    value: Decimal
    note: str | None


def read_table(text: str, kpis: Mapping[int, Kpi], today: date) -> list[Line]:
    """The values in pasted CSV: comma, semicolon or tab; with or without a header line; raises BadTable.

    A cell is only ever text: what looks like a formula is a note's words, or no number.
    """
    rows = [(number, row) for number, row in _rows(text) if any(cell.strip() for cell in row)]
    if rows and [cell.strip().lower() for cell in rows[0][1]][:FEWEST_CELLS] == list(COLUMNS[:FEWEST_CELLS]):
        rows = rows[1:]
    if not rows or len(rows) > MOST_LINES:
        raise BadTable([BadLine(rows[-1][0] if rows else 1, "lines", str(len(rows)))])
    found: list[Line] = []
    faults: list[BadLine] = []
    seen: dict[tuple[int, Period], int] = {}
    for number, row in rows:
        try:
            line = _line(number, [cell.strip() for cell in row], kpis, today)
        except BadLine as fault:
            faults.append(fault)
            continue
        earlier = seen.setdefault((line.kpi.number, line.period), number)
        if earlier != number:
            faults.append(BadLine(number, "twice", str(earlier)))
        found.append(line)
    if faults:
        raise BadTable(faults)
    return found


def _rows(text: str) -> list[tuple[int, list[str]]]:
    first = next((line for line in text.splitlines() if line.strip()), "")
    between = next((sign for sign in ("\t", ";") if sign in first), ",")
    reader = csv.reader(text.splitlines(), delimiter=between)
    try:
        return [(reader.line_num, row) for row in reader]
    except csv.Error:
        raise BadTable([BadLine(reader.line_num, "lines", "")]) from None


def _line(number: int, row: Sequence[str], kpis: Mapping[int, Kpi], today: date) -> Line:
    if not FEWEST_CELLS <= len(row) <= len(COLUMNS):
        raise BadLine(number, "cells", str(len(row)))
    label, named, typed, *rest = row
    digits = label.upper().removeprefix("K").removeprefix("-")
    kpi = kpis.get(int(digits)) if digits.isascii() and digits.isdigit() and len(digits) < 10 else None  # noqa: PLR2004
    if kpi is None or kpi.retired_on is not None:
        raise BadLine(number, "kpi", label)
    try:
        period = read_period(named, kpi.cadence, today)
    except Refusal as why:
        raise BadLine(number, "period", named, why) from why
    try:
        value = read_number(typed, kpi.unit)
    except Refusal as why:
        raise BadLine(number, "value", typed, why) from why
    note = rest[0] if rest else ""
    if len(note) > LONGEST_NOTE:
        raise BadLine(number, "note", note)
    return Line(number, kpi, period, value, note or None)
