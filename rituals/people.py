"""People, teams, and who answers to whom."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from uuid import UUID

from rituals.refusals import Refusal


class WritesNoPlan(Refusal):
    """Whoever asks for a plan's form is no rep: nobody answers a plan of theirs."""


class Role(StrEnum):
    """What a person may do; `rituals.policy` will read it (F98)."""

    REP = "rep"
    MANAGER = "manager"
    LEADER = "leader"
    CONTROLLER = "controller"
    ADMIN = "admin"
    OBSERVER = "observer"


class Part(StrEnum):
    """How much of each day an absence takes (F87)."""

    WHOLE = "whole"
    MORNING = "morning"
    AFTERNOON = "afternoon"


@dataclass(frozen=True, slots=True)
class Person:
    """One person in one workspace. `working_days` holds ISO weekday digits: "12345" is Monday to Friday.

    `holidays` is the code of the calendar whose public holidays are free ("DE-BE", F89), None for none.
    """

    id: UUID
    workspace: str
    slack_id: str
    name: str
    zone: str
    role: Role
    team_id: UUID | None
    manager_id: UUID | None
    working_days: str
    active: bool
    holidays: str | None

    @property
    def given_name(self) -> str:
        """The name that colleagues use: "Ana" of "Ana Torres"."""
        return self.name.split(maxsplit=1)[0]

    @property
    def plans(self) -> bool:
        """Whether this person writes daily plans: active reps do; observers are never counted (F92)."""
        return self.active and self.role is Role.REP


@dataclass(frozen=True, slots=True)
class Team:
    """A manager with direct reports, and the channel that hears of their huddle (None: no post)."""

    id: UUID
    workspace: str
    name: str
    manager_id: UUID | None
    channel: str | None


@dataclass(frozen=True, slots=True)
class Absence:
    """Days away, both ends included: whole ones, or that half of each."""

    id: UUID
    workspace: str
    person_id: UUID
    first_day: date
    last_day: date
    reason: str
    part: Part


def with_manager(person: Person, team: Team) -> Person:
    """The person, answering to the team's manager when none of their own is set."""
    return person if person.manager_id is not None else replace(person, manager_id=team.manager_id)


def works_on(person: Person, day: date) -> bool:
    """Whether `day` is one of the person's weekdays (F86)."""
    return str(day.isoweekday()) in person.working_days


def chain_above(person: Person, people: Mapping[UUID, Person]) -> list[Person]:
    """Managers of `person`, nearest first, active ones only; a loop in the data ends the chain."""
    chain: list[Person] = []
    seen = {person.id}
    above = person.manager_id
    while above is not None and above not in seen and above in people:
        seen.add(above)
        if people[above].active:
            chain.append(people[above])
        above = people[above].manager_id
    return chain


def responder(person: Person, people: Mapping[UUID, Person], away: Collection[UUID]) -> Person | None:
    """Who owes `person` an answer: the nearest manager who is present (F90); None when there is no manager.

    When everybody above is away the direct manager keeps it, so that nothing is owed by nobody.
    """
    chain = chain_above(person, people)
    present = (manager for manager in chain if manager.id not in away)
    return next(present, chain[0] if chain else None)
