"""The first admin, made by whoever runs the server: in an empty database nobody could make one in Slack."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from bot import slack as slack_api
from bot.app import identify
from bot.catalogue import plain
from bot.clock import machine_clock
from bot.ids import new_id
from bot.people.reading import Roster
from bot.settings import Settings
from rituals import roster as rules
from rituals.people import Person, Role
from storage import audit, directory, people
from storage.audit import Act
from storage.database import Database

VIA = "cadence admin"
MOST_NAMED = 10

Decide = Callable[[Session, str, str, datetime], str]


@dataclass
class NotOne(Exception):  # noqa: N818 - reads as what was found
    """A name fits nobody, or several."""

    named: str
    found: list[Person]

    def sentence(self) -> str:
        """What to type instead."""
        if not self.found:
            words = "Nobody in Slack is called {named}. Copy the member ID from their Slack profile: U0123ABCD."
            return plain(words, named=self.named)
        fits = "\n".join(f"  {person.slack_id}  {person.name}" for person in self.found[:MOST_NAMED])
        return plain("Several people fit {named}. Name one by ID:\n{fits}", named=self.named, fits=fits)


async def decided(settings: Settings, named: str, decide: Decide) -> str:
    """Read the roster from Slack, then decide about whoever is named; raises NotOne, Refused, Unreachable."""
    database = Database(settings.database_url)
    try:
        await asyncio.to_thread(database.check)
        async with slack_api.connect(settings.slack_bot_token.get_secret_value(), settings.slack_api_url) as slack:
            identity = await identify(slack)
            await Roster(database, slack, identity.workspace, machine_clock).read()
        return await database.write(decide, identity.workspace, named, machine_clock())
    finally:
        await database.close()


def add(tx: Session, workspace: str, named: str, now: datetime) -> str:
    """Make somebody an admin besides what they are; return what to say. Raises NotOne."""
    person = _change(tx, workspace, named, now, lambda one: replace(one, also=one.also | {Role.ADMIN}))
    return plain("{who} is an admin now. In Slack: /cadence people, /cadence teams.", who=person.name)


def remove(tx: Session, workspace: str, named: str, now: datetime) -> str:
    """Take the role back; return what to say. Raises NotOne, LastAdmin."""

    def without(one: Person) -> Person:
        return replace(one, role=Role.REP if one.role is Role.ADMIN else one.role, also=one.also - {Role.ADMIN})

    person = _change(tx, workspace, named, now, without)
    return plain("{who} is no admin any more.", who=person.name)


async def everywhere(database_url: str) -> str:
    """Every admin, a line each, as the database has them; raises Unreachable, Behind or Ahead."""
    database = Database(database_url)
    try:
        await asyncio.to_thread(database.check)
        return await database.read(_listed)
    finally:
        await database.close()


def _listed(tx: Session) -> str:
    found = [one for workspace in people.workspaces(tx) for one in directory.with_role(tx, workspace, Role.ADMIN)]
    return "\n".join(f"{person.slack_id}  {person.name}" for person in found) or plain("Nobody is an admin yet.")


def _change(tx: Session, workspace: str, named: str, now: datetime, become: Callable[[Person], Person]) -> Person:
    audit.begin(tx, Act(new_id(), workspace, None, VIA, now))
    person = people.find(tx, _one(tx, workspace, named).id, lock=True)
    if person is None:
        raise NotOne(named, [])
    changed = become(person)
    rules.require_an_admin(directory.with_role(tx, workspace, Role.ADMIN), changed)
    people.change(tx, replace(changed, version=person.version + 1), now)
    return changed


def _one(tx: Session, workspace: str, named: str) -> Person:
    wanted = named.strip().removeprefix("@").casefold()
    here = [person for person in people.everybody(tx, workspace).values() if person.active]
    exact = [person for person in here if wanted in (person.slack_id.casefold(), person.name.casefold())]
    found = exact or [person for person in here if wanted in person.name.casefold()]
    if len(found) != 1 or not wanted:
        raise NotOne(named, sorted(found, key=lambda person: person.name))
    return found[0]
