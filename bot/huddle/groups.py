"""What is due at once: the occurrences of one slot, by huddle and date."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from sqlalchemy.orm import Session

from rituals import huddle
from rituals.huddle import Huddle
from rituals.people import Team
from storage import calendars, huddles, people, plans, values
from storage.occurrences import Occurrence


@dataclass(frozen=True, slots=True)
class Group:
    """Occurrences of one slot, huddle and date, with what all of them share."""

    slot: str
    huddle: Huddle
    team: Team
    day: date
    rows: Sequence[Occurrence]


def groups(tx: Session, due: Sequence[Occurrence]) -> Iterable[Group]:
    """Sort what is due at one slot by huddle and date."""
    known = values.by_id(huddles.find(tx, {item.ritual for item in due}))
    ordered = sorted(due, key=lambda item: (item.ritual, item.day))
    for (ritual, day), rows in groupby(ordered, key=lambda item: (item.ritual, item.day)):
        team = people.team(tx, known[ritual].team_id)
        if team is None:
            raise RuntimeError("a huddle without a team")
        yield Group(due[0].slot, known[ritual], team, day, list(rows))


def why_no_report(tx: Session, group: Group) -> str | None:
    """Why a team gets nothing of what is due, in the ledger's words; None when it does."""
    roster = people.roster(tx, group.team.id)
    days_off = calendars.days_off(tx, group.team.workspace, [person.id for person in roster], group.day, group.day)
    answered = any(plan.answered for plan in plans.of_team(tx, group.team.id, group.day).values())
    return huddle.why_no_report(group.slot, group.huddle, group.team, roster, group.day, days_off, answered=answered)
