"""What somebody leaves behind when they go: each open thing is given to somebody once (F91)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from rituals.people import Person
from rituals.refusals import Refusal


class Kind(StrEnum):
    """What can be left behind: a blocker, a plan, an action, a KPI, a decision, a team to manage, people."""

    BLOCKER = "blocker"
    PLAN = "plan"
    ACTION = "action"
    KPI = "kpi"
    DECISION = "decision"
    TEAM = "team"
    REPORTS = "reports"


@dataclass(frozen=True, slots=True)
class Handover:
    """One thing of a leaver that somebody was given, or took themselves."""

    id: UUID
    workspace: str
    leaver_id: UUID
    kind: Kind
    subject_id: UUID
    to_id: UUID
    by_id: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class Left:
    """One thing that a leaver left open, in words: `title` says what it is, `detail` more about it."""

    kind: Kind
    subject_id: UUID
    title: str
    detail: str


class AlreadyGiven(Refusal):
    """Somebody has it already."""

    def __init__(self, to: Person) -> None:
        super().__init__(to.id)
        self.to = to


class NotHere(Refusal):
    """Nothing can be given to `person`: they have left."""

    def __init__(self, person: Person) -> None:
        super().__init__(person.id)
        self.person = person


def require_here(person: Person) -> None:
    """Only somebody who is still here is given something; raises NotHere."""
    if not person.active:
        raise NotHere(person)
