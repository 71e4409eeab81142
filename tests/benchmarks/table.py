"""The figures of a run, as a table for people and as JSON for machines."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

LARGE = 100
"""Numbers from here on are shown without decimals."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One line: what was measured, against what, and what it must reach; without `must` it is printed only."""

    id: str
    name: str
    ours: float
    theirs: float | None
    ratio: float | None
    must: str | None
    ok: bool
    unit: str = "/s"


def at_least(
    bench: str, name: str, ours: Sequence[float], theirs: Sequence[float], must: float | None, unit: str = "/s"
) -> Figure:
    """Rates of both sides, measured in turns: medians, and the median of each turn's ratio."""
    ratio = median(mine / other for mine, other in zip(ours, theirs, strict=True))
    said = None if must is None else f"≥ {must:g}"
    return Figure(bench, name, median(ours), median(theirs), ratio, said, must is None or ratio >= must, unit)


def show(figures: Sequence[Figure]) -> str:
    """The table."""
    head = ("id", "what", "ours", "theirs", "ratio", "must", "")
    lines = [head, *(_cells(figure) for figure in figures)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in lines)


def _cells(figure: Figure) -> tuple[str, ...]:
    theirs = "" if figure.theirs is None else _short(figure.theirs) + figure.unit
    ratio = "" if figure.ratio is None else f"{figure.ratio:.2f}"
    verdict = "" if figure.must is None else "ok" if figure.ok else "MISSED"
    return figure.id, figure.name, _short(figure.ours) + figure.unit, theirs, ratio, figure.must or "", verdict


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= LARGE else f"{value:.3g}"


def write_json(figures: Sequence[Figure], path: Path) -> None:
    """Write the figures for a program."""
    path.write_text(json.dumps([asdict(figure) for figure in figures], indent=1) + "\n")
