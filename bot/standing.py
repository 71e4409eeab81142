"""Where somebody stands: who is above them, who of those is away now, and what that makes of a right."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from rituals import calendar
from rituals.calendar import DaysOff
from rituals.people import Person, Team, deputy_of, with_manager
from rituals.policy import About, about
from rituals.settings import require_ladder
from storage import calendars, people, values


@dataclass(frozen=True, slots=True)
class Standing:
    """A person, answering to the team's manager when to nobody else; everybody above; who of them is away."""

    person: Person
    team: Team | None
    line: Mapping[UUID, Person]
    away: frozenset[UUID]

    @property
    def about(self) -> About:
        """The person as what is acted on."""
        return about(self.person, self.line, self.away)


def standing(tx: Session, person: Person, now: datetime) -> Standing:
    """Where somebody stands now: a manager is away when their own day and time says so."""
    team = None if person.team_id is None else people.team(tx, person.team_id)
    asked = placed(person, team)
    line = people.lines_above(tx, [asked])
    return Standing(asked, team, line, frozenset(away_now(tx, line, now)))


def team_standing(tx: Session, team: Team, now: datetime) -> About:
    """A team as what is acted on: its manager's, and of those above."""
    manager = None if team.manager_id is None else people.find(tx, team.manager_id)
    return About(team.workspace) if manager is None else standing(tx, manager, now).about


def require_start(tx: Session, team: Team) -> None:
    """A ritual may begin in a team that has an owner and a ladder (C13); raises NoManager or NobodyAbove."""
    manager = None if team.manager_id is None else people.find(tx, team.manager_id)
    require_ladder(manager, {} if manager is None else people.lines_above(tx, [manager]))


def about_team(tx: Session, team: Team, now: datetime) -> About:
    """A team's work as what is acted on: its manager's, their deputy's while they are away, and those above's (F90)."""
    manager = None if team.manager_id is None else people.find(tx, team.manager_id)
    if manager is None:
        return About(team.workspace)
    stands = standing(tx, manager, now)
    deputy = None
    if manager.deputy_id is not None and away_now(tx, {manager.id: manager}, now):
        deputy = deputy_of(manager, people.some(tx, [manager.deputy_id]), away_now(tx, stands.line, now))
    above = (*([] if deputy is None else [deputy]), *stands.about.above)
    return About(team.workspace, manager, above)


def teams_of(tx: Session, person: Person, now: datetime) -> list[Team]:
    """The teams that somebody may mean without a name: their own, else those of whom they stand in for today (F90).

    Whoever has neither has those of the managers who answer to them.
    """
    own = people.managed_by(tx, [person.id])
    if own:
        return own
    away = away_now(tx, values.by_id(people.deputised_by(tx, person.id)), now)
    return people.managed_by(tx, away or [one.id for one in people.reports_of(tx, person.id)])


def away_now(tx: Session, some: Mapping[UUID, Person], now: datetime) -> set[UUID]:
    """Who of some people of one workspace has the day, or this half of it, off."""
    if not some:
        return set()
    workspace = next(iter(some.values())).workspace
    days = [calendar.local_day(now, person.zone) for person in some.values()]
    return off_now(some, calendars.days_off(tx, workspace, list(some), min(days), max(days)), now)


def off_now(some: Mapping[UUID, Person], days_off: DaysOff, now: datetime) -> set[UUID]:
    """The same, from days off that hold today's of all of them."""
    local = {person.id: now.astimezone(calendar.zone(person.zone)) for person in some.values()}
    return {
        person.id
        for person in some.values()
        if days_off.on(person, local[person.id].date(), local[person.id].time()) is not None
    }


def placed(person: Person, team: Team | None) -> Person:
    """The person, answering to the team's manager when to nobody else."""
    return person if team is None or team.manager_id == person.id else with_manager(person, team)
