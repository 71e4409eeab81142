"""The list of people, a page at a time."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from bot.acting import actor
from bot.payloads import Who
from bot.people import views
from bot.people.person_views import PersonMeta
from bot.people.views import ListMeta, PeoplePage
from bot.standing import away_now
from rituals.people import Person, Team, with_manager
from rituals.policy import About, Action, about, may, require
from rituals.settings import NoSuchPerson
from storage import directory, people, roster
from storage.directory import Look

MOST_WAITING = 8


def load(tx: Session, meta: ListMeta, who: Who, now: datetime) -> PeoplePage:
    """One page of the people; raises Stranger."""
    reader = actor(tx, who)
    require(Action.PEOPLE_READ, reader, About(who.workspace))
    look = _look(meta, who)
    total = directory.how_many(tx, look)
    page = max(0, min(meta.page, -(-total // views.ROWS) - 1))
    found = directory.page(tx, look, page * views.ROWS, views.ROWS)
    admin = may(Action.ROLE_SET, reader, About(who.workspace))
    none = Look(who.workspace, teamless=True)
    waiting = directory.page(tx, none, 0, MOST_WAITING) if admin else []
    teams = {team.id: team for team in people.teams(tx, who.workspace)}
    line = people.lines_above(tx, [_placed(person, teams) for person in found])
    away = away_now(tx, line, now)
    editable = frozenset(
        one.id for one in found if may(Action.PERSON_EDIT, reader, about(_placed(one, teams), line, away))
    )
    return PeoplePage(
        meta=ListMeta(look=meta.look, page=page),
        people=found,
        teams=teams,
        managers=line,
        editable=editable,
        total=total,
        waiting=waiting,
        waiting_total=directory.how_many(tx, none) if admin else 0,
        read_at=roster.read_at(tx, who.workspace),
        zone=reader.zone,
    )


def _look(meta: ListMeta, who: Who) -> Look:
    if meta.look == views.EVERYBODY:
        return Look(who.workspace)
    if meta.look == views.TEAMLESS:
        return Look(who.workspace, teamless=True)
    return Look(who.workspace, team_id=UUID(meta.look))


def _placed(person: Person, teams: dict[UUID, Team]) -> Person:
    team = None if person.team_id is None else teams.get(person.team_id)
    return person if team is None or team.manager_id == person.id else with_manager(person, team)


def found(tx: Session, who: Who, slack_id: str) -> PersonMeta:
    """Whose form a name in Slack leads to; raises NoSuchPerson with why they are none of the people."""
    person = people.find_by_slack(tx, who.workspace, slack_id)
    if person is None:
        raise NoSuchPerson("find", slack_id, roster.left_out(tx, who.workspace, slack_id))
    return PersonMeta(person=person.id, version=0, own=False)
