"""People, teams, and who answers to whom."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from enum import StrEnum
from uuid import UUID

from rituals.refusals import Refusal


class WritesNoPlan(Refusal):
    """Whoever asks for a plan's form is no rep: nobody answers a plan of theirs."""


class Loop(Refusal):
    """`person` would answer to `manager`, who answers to them already."""

    def __init__(self, person: "Person", manager: "Person") -> None:
        super().__init__(person.id, manager.id)
        self.person = person
        self.manager = manager


class Role(StrEnum):
    """What a person may do; `rituals.policy` reads it (F98)."""

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

    `holidays` is the code of the calendar whose public holidays are free ("DE-BE", F89), None for none. `role` decides
    who is asked for plans and counted; `also` are further roles that only allow more.

    `ask_at` is when they want to be asked, None the team's time; with `ask_before` on the working day before. Nothing
    lands outside `works_from` to `works_to` on their own wall (F86); None for no bounds. They are on their team from
    `team_since` on, None for always. `version` counts the edits in forms, so that two at once are noticed.
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
    also: frozenset[Role] = frozenset()
    deputy_id: UUID | None = None
    ask_at: time | None = None
    ask_before: bool = False
    works_from: time | None = None
    works_to: time | None = None
    team_since: date | None = None
    left_on: date | None = None
    version: int = 0

    @property
    def given_name(self) -> str:
        """The name that colleagues use: "Ana" of "Ana Torres"."""
        return self.name.split(maxsplit=1)[0]

    @property
    def plans(self) -> bool:
        """Whether this person writes daily plans: active reps do; observers are never counted (F92)."""
        return self.active and self.role is Role.REP

    def has(self, role: Role) -> bool:
        """Whether this is one of their roles, the main one or a further one."""
        return role is self.role or role in self.also

    def on_team(self, day: date) -> bool:
        """Whether `day` belongs to the team that they are on now: before it, they were on another one or on none."""
        return self.team_since is None or self.team_since <= day


@dataclass(frozen=True, slots=True)
class Team:
    """A manager with direct reports, and the channel that hears of their huddle (None: no post).

    An archived one has nobody and asks nobody; its name, its days and its huddle are kept. What its people are stuck on
    climbs after `climb_days` working days without an ack, and reaches the leader after `leader_days` (F29).
    """

    id: UUID
    workspace: str
    name: str
    manager_id: UUID | None
    channel: str | None
    archived: bool = False
    version: int = 0
    climb_days: int = 2
    leader_days: int = 4


@dataclass(frozen=True, slots=True)
class DottedLine:
    """`manager_id` may ask `person_id`, whose solid-line manager owns the answer (F92)."""

    id: UUID
    workspace: str
    person_id: UUID
    manager_id: UUID


@dataclass(frozen=True, slots=True)
class Absence:
    """Days away, both ends included: whole ones, or that half of each.

    One that a Slack status says (F88) counts from `since` until `until`; `shown_until` is the end that the status
    names, None once it is no longer shown.
    """

    id: UUID
    workspace: str
    person_id: UUID
    first_day: date
    last_day: date
    reason: str
    part: Part
    since: datetime | None = None
    until: datetime | None = None
    shown_until: datetime | None = None


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


def require_no_loop(person: Person, manager: Person, people: Mapping[UUID, Person]) -> None:
    """Nobody answers to themselves, over however many others; raises Loop. `people` holds who is above `manager`."""
    above: Person | None = manager
    seen: set[UUID] = set()
    while above is not None and above.id not in seen:
        if above.id == person.id:
            raise Loop(person, manager)
        seen.add(above.id)
        above = None if above.manager_id is None else people.get(above.manager_id)


def deputy_of(manager: Person, people: Mapping[UUID, Person], away: Collection[UUID]) -> Person | None:
    """Who stands in for a manager who is away: their named deputy, while here and present (F90)."""
    deputy = None if manager.deputy_id is None else people.get(manager.deputy_id)
    return deputy if deputy is not None and deputy.active and deputy.id not in away else None


def first_present(
    chain: Iterable[Person], people: Mapping[UUID, Person], away: Collection[UUID], but: UUID | None = None
) -> Person | None:
    """The first of a chain who is present, or whose deputy is; `but` never stands in. None when all are away (F90)."""
    for manager in chain:
        if manager.id not in away:
            return manager
        deputy = deputy_of(manager, people, away)
        if deputy is not None and deputy.id != but:
            return deputy
    return None


def responder(person: Person, people: Mapping[UUID, Person], away: Collection[UUID]) -> Person | None:
    """Who owes `person` an answer: the nearest manager who is present, or whose deputy is (F90).

    None when there is no manager. When everybody above is away the direct manager keeps it, so that nothing is owed by
    nobody. A deputy never answers what they wrote themselves.
    """
    chain = chain_above(person, people)
    found = first_present(chain, people, away, person.id)
    return found if found is not None else next(iter(chain), None)
