"""The labelled lines: what people planned, and which KPI each moves."""

from collections.abc import Mapping, Sequence
from csv import QUOTE_NONE, DictReader
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path
from uuid import NAMESPACE_OID, UUID, uuid5

NO_NUMBER = "none"
HALVES = ("tuned", "held out")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of one person's plan. `kpi` is None when it truly moves no number."""

    company: str
    person: str
    day: date
    kpi: UUID | None
    text: str


@dataclass(frozen=True, slots=True)
class Half:
    """Companies whole, so that no person, customer or KPI of one half is known to the other by its line."""

    name: str
    kpis: Mapping[str, Mapping[UUID, str]]
    plans: Mapping[str, Sequence[Sequence[Line]]]

    @property
    def lines(self) -> list[Line]:
        """Every line of the half."""
        return [line for days in self.plans.values() for plan in days for line in plan]


def read(half: str) -> Half:
    """One half: the KPIs of each company, and each person's plans in the order of their days."""
    kpis: dict[str, dict[UUID, str]] = {}
    for row in _rows("kpis.tsv", half):
        kpis.setdefault(row["company"], {})[_id(row["company"], row["kpi"])] = row["kpi"]
    lines = [_line(row) for row in _rows("lines.tsv", half)]
    people = groupby(lines, key=lambda line: line.person)
    plans = {person: [list(plan) for _, plan in groupby(said, key=lambda line: line.day)] for person, said in people}
    return Half(half, kpis, plans)


def _rows(name: str, half: str) -> list[dict[str, str]]:
    with (Path(__file__).parent / name).open(encoding="utf-8", newline="") as file:
        return [row for row in DictReader(file, delimiter="\t", quoting=QUOTE_NONE) if row["half"] == half]


def _line(row: Mapping[str, str]) -> Line:
    kpi = None if row["kpi"] == NO_NUMBER else _id(row["company"], row["kpi"])
    return Line(row["company"], row["person"], date.fromisoformat(row["day"]), kpi, row["line"])


def _id(company: str, kpi: str) -> UUID:
    return uuid5(NAMESPACE_OID, f"{company}: {kpi}")
