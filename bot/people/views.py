"""The rooms about people: the list, and the form of one person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from bot import blocks
from bot.blocks import Block
from bot.catalogue import Mrkdwn, count, join, plain, say
from rituals.people import Person, Role, Team

FIND = "people.find"
FILTER = "people.filter"
PAGE = "people.page"
BACK = "people.back"
EDIT = "people.edit"
MOST_TEAMS = 97
"""A menu takes 100 options; "everybody" and "no team" are two of them."""
ROWS = 30
EVERYBODY = "everybody"
TEAMLESS = "teamless"
ROLES: Mapping[Role, str] = {
    Role.REP: "Rep",
    Role.MANAGER: "Manager",
    Role.LEADER: "Leader",
    Role.CONTROLLER: "Controller",
    Role.ADMIN: "Admin",
    Role.OBSERVER: "Observer",
}


class ListMeta(BaseModel):
    """Which part of the people a list shows: everybody, one team's, or those on none."""

    look: str = EVERYBODY
    page: int = 0


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """One page of the list. `editable` are those whom the reader may change; `waiting` is for admins only."""

    meta: ListMeta
    people: Sequence[Person]
    teams: Mapping[UUID, Team]
    managers: Mapping[UUID, Person]
    editable: frozenset[UUID]
    total: int
    waiting: Sequence[Person]
    waiting_total: int
    read_at: datetime | None
    zone: str


def people_list(page: PeoplePage) -> Block:
    """Find somebody by name, look through a team, and see who is on no team yet."""
    pages = max(1, -(-page.total // ROWS))
    body = [
        blocks.section(say("*Find somebody*"), blocks.users(FIND, None, "Type a name"), block_id="find"),
        blocks.section(say("*Look through*"), _looks(page), block_id="look"),
    ]
    if page.waiting and page.meta.look == EVERYBODY and not page.meta.page:
        body += _waiting(page)
    heading = count(page.total, "person", "people")
    body.append(blocks.section(say("*{heading}*", heading=heading)))
    body += [_row(page, person) for person in page.people]
    if not page.people:
        body.append(blocks.context(say("Nobody here. Choose another team above.")))
    turns = []
    if page.meta.page:
        turns.append(blocks.button("Previous page", BACK, f"{page.meta.look}:{page.meta.page - 1}"))
    if page.meta.page + 1 < pages:
        turns.append(blocks.button("Next page", PAGE, f"{page.meta.look}:{page.meta.page + 1}"))
    if turns:
        body.append(blocks.actions(*turns, block_id="turn"))
    parts = [say("Page {page} of {pages}", page=page.meta.page + 1, pages=pages)]
    if page.read_at is not None:
        parts.append(say("read from Slack {at}", at=blocks.day_and_time(page.read_at, page.zone)))
    body.append(blocks.context(join(parts)))
    return blocks.room("People", body, page.meta.model_dump_json())


def _looks(page: PeoplePage) -> Block:
    ordered = sorted((team for team in page.teams.values() if not team.archived), key=lambda team: team.name)
    options = [blocks.option("Everybody", EVERYBODY), blocks.option("On no team yet", TEAMLESS)]
    options += [blocks.option(team.name, str(team.id)) for team in ordered[:MOST_TEAMS]]
    return blocks.select(FILTER, options, page.meta.look)


def _waiting(page: PeoplePage) -> list[Block]:
    words = say("*On no team yet* · {n}. Nobody asks them anything until they are.", n=page.waiting_total)
    found = [blocks.section(words)]
    for person in page.waiting:
        place = blocks.button("Put on a team…", EDIT, str(person.id), "primary")
        found.append(blocks.section(_who(person), place, block_id=f"wait:{person.id}"))
    return [*found, blocks.divider()]


def _who(person: Person) -> Mrkdwn:
    return say("{name} · {zone}", name=person.name, zone=city(person.zone))


def city(zone: str) -> str:
    """A zone as people say it: "New York" of "America/New_York"."""
    return zone.rpartition("/")[2].replace("_", " ")


def _row(page: PeoplePage, person: Person) -> Block:
    team = None if person.team_id is None else page.teams.get(person.team_id)
    above = person.manager_id or (None if team is None else team.manager_id)
    manager = None if above is None or above == person.id else page.managers.get(above)
    parts = [say("*{name}*", name=person.name), say("{role}", role=_roles(person))]
    parts.append(say("{team}", team="no team" if team is None else team.name))
    if manager is not None:
        parts.append(say("reports to {who}", who=manager.name))
    parts.append(say("{zone}", zone=city(person.zone)))
    edit = blocks.button("Change…", EDIT, str(person.id)) if person.id in page.editable else None
    return blocks.section(join(parts), edit, block_id=f"row:{person.id}")


def _roles(person: Person) -> str:
    further = sorted(ROLES[role].lower() for role in person.also - {person.role})
    return plain(", also ").join([ROLES[person.role], *([", ".join(further)] if further else [])])
