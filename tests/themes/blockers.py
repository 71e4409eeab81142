"""The labelled blockers: what stopped people for two weeks in twelve companies, and which of them are one theme."""

from collections.abc import Sequence
from csv import QUOTE_NONE, DictReader
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path
from uuid import NAMESPACE_OID, UUID, uuid5

from rituals.recurring import Case

NO_THEME = "none"
HALVES = ("tuned", "held out")


@dataclass(frozen=True, slots=True)
class Labelled:
    """One blocker of one person. `theme` is None when it stands alone."""

    company: str
    person: str
    day: date
    needs: str
    theme: str | None
    text: str

    @property
    def id(self) -> UUID:
        return uuid5(NAMESPACE_OID, f"{self.company}: {self.person} {self.day} {self.text}")

    @property
    def case(self) -> Case:
        return Case(self.id, f"{self.text} {self.needs}")


def read(half: str) -> list[list[Labelled]]:
    """One half, company by company, each in the order of the days: no customer or colleague of one is in the other."""
    with (Path(__file__).parent / "blockers.tsv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in DictReader(file, delimiter="\t", quoting=QUOTE_NONE) if row["half"] == half]
    found = [
        Labelled(
            row["company"],
            row["person"],
            date.fromisoformat(row["day"]),
            row["needs"],
            None if row["theme"] == NO_THEME else row["theme"],
            row["text"],
        )
        for row in rows
    ]
    return [sorted(said, key=lambda one: one.day) for _, said in groupby(found, key=lambda one: one.company)]


Groups = Sequence[Sequence[UUID]]
