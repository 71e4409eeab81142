"""A small company in a sandbox, with Cadence connected to it and every step taken by hand."""

import re
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from pydantic import SecretStr
from sqlalchemy.orm import Session

from bot.app import DRAWERS, MAKERS, RITUALS, TROUBLES
from bot.blockers import form_views
from bot.decisions import capture_views
from bot.delivery import Delivery
from bot.doctor import OPTIONAL
from bot.huddle import views
from bot.run import Running, assembled, connected
from bot.settings import Settings
from rituals import calendar
from rituals.kpis import Kpi
from rituals.people import Person, Role, Team
from sandbox import App, Channel, Command, Sandbox, Seed, Shortcut, User
from sandbox import Person as Hand
from sandbox import Team as SlackTeam
from sandbox.seed import EVERY_SCOPE
from storage import blockers
from storage.kpis import LETTER
from storage.values import add
from tests import factories
from tests.statements import shared

WORKSPACE = "T0TEST"
MONDAY = date(2026, 11, 23)
TUESDAY = date(2026, 11, 24)


class Clock:
    """Ritual time, moved by the test."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


@dataclass
class World:
    """What a test holds: the sandbox, Cadence, and the company."""

    sandbox: Sandbox
    cadence: Running
    clock: Clock
    people: Mapping[str, Person]
    team: Team
    kpis: Mapping[str, Kpi]

    def hand(self, name: str) -> Hand:
        """Whoever is called `name`, to press and write."""
        return self.sandbox.person(self.people[name].slack_id)

    async def write(self, *values: Any) -> None:
        """Put values into the database."""

        def put(tx: Session) -> None:
            for value in values:
                add(tx, value)

        await self.cadence.deps.database.write(put)

    async def read(self, fn: Any, *args: Any) -> Any:
        """Look into the database."""
        return await self.cadence.deps.database.read(fn, *args)

    async def at(self, wall: str, day: date = MONDAY, zone: str = "Europe/Berlin") -> None:
        """Move to a wall time, let everything due happen, and deliver it."""
        moment = calendar.instant(day, time.fromisoformat(wall), zone)
        assert moment is not None
        self.clock.now = moment
        await self.cadence.scheduler.tick()
        await self.deliver()

    async def deliver(self) -> None:
        """Send all that is ready."""
        while await self.cadence.delivery.drain():
            pass

    def dm(self, name: str) -> list[dict[str, Any]]:
        """A person's messages from Cadence, oldest first."""
        return self.hand(name).dm()

    def channel(self) -> list[dict[str, Any]]:
        """What stands in the team's channel."""
        return [message for message in self.sandbox.messages("C0EMEA") if message.get("bot_id")]


def undated(text: str) -> str:
    """A text with each instant as it reads where Slack cannot show it on the reader's own wall."""
    return re.sub(r"<!date\^[^|>]*\|([^>]*)>", r"\1", text)


def words(message: Mapping[str, Any]) -> str:
    """All that somebody reads in a message or a view, buttons included."""
    found: list[str] = []

    def collect(value: Any) -> None:
        if isinstance(value, Mapping):
            for name, kept in value.items():
                if name == "text" and isinstance(kept, str):
                    found.append(kept)
                elif name != "state":
                    collect(kept)
        elif isinstance(value, Sequence) and not isinstance(value, str):
            for kept in value:
                collect(kept)

    collect(message.get("blocks") or {"text": message.get("text", "")})
    return "\n".join(found)


def buttons(message: Mapping[str, Any]) -> list[str]:
    """The labels of a message's buttons, in order; not those behind a ⋯."""
    return [
        element["text"]["text"]
        for block in message.get("blocks", ())
        if block["type"] == "actions"
        for element in block["elements"]
        if element["type"] == "button"
    ]


def behind_more(message: Mapping[str, Any]) -> list[str]:
    """What stands behind a message's ⋯, in order."""
    return [
        option["text"]["text"]
        for block in message.get("blocks", ())
        for element in block.get("elements", ())
        if element["type"] == "overflow"
        for option in element["options"]
    ]


def seed(optional: Collection[str] = ()) -> Seed:
    """The sandbox's side of the company: every person of `staff`, one channel, its commands; `optional` scopes."""
    users = tuple(
        User(person.slack_id, person.name.split()[0].lower(), person.name, tz=person.zone)
        for person in staff().values()
    )
    return Seed(
        team=SlackTeam(WORKSPACE, "Nordlicht", "nordlicht"),
        users=users,
        channels=(Channel("C0EMEA", "emea-huddle", ("U0CADENCE", *(user.id for user in users))),),
        app=App(
            name="Cadence",
            bot_user_id="U0CADENCE",
            bot_token="xoxb-test",
            app_token="xapp-test",
            scopes=sorted({*EVERY_SCOPE} - {*OPTIONAL} | {*optional}),
            commands=(
                Command("/plan", should_escape=True),
                Command("/blockers", should_escape=True),
                Command("/kpi", should_escape=True),
                Command("/stoplight", should_escape=True),
                Command("/decide", should_escape=True),
                Command("/cadence", should_escape=True),
            ),
            shortcuts=(
                Shortcut("Write my plan", views.SHORTCUT),
                Shortcut("Make a decision", capture_views.FROM_MESSAGE, "message"),
                Shortcut("Make a blocker", form_views.SHORTCUT, "message"),
            ),
        ),
    )


def staff() -> dict[str, Person]:
    """Priya leads Dana, who manages four reps in four zones; Zoe is on no team."""
    team_id = UUID("00000000-0000-7000-8000-00000000e0ea")
    priya = factories.person("Priya Raman", role=Role.LEADER, zone="Europe/London")
    dana = factories.person("Dana Weiss", role=Role.MANAGER, manager_id=priya.id, team_id=team_id)
    zones = {
        "Ana Torres": "Europe/Berlin",
        "Tom Becker": "Europe/Berlin",
        "Mia Keller": "Pacific/Auckland",
        "Ravi Shah": "America/Los_Angeles",
    }
    reps = [factories.person(name, zone=zone, manager_id=dana.id, team_id=team_id) for name, zone in zones.items()]
    zoe = factories.person("Zoe Hart", zone="Europe/Berlin")
    return {person.name.split()[0]: person for person in (priya, dana, *reps, zoe)}


def standing(kpi: Kpi) -> Sequence[Any]:
    """What a KPI needs to have a colour: terms, and 88 of 100 for October."""
    return factories.terms(kpi.id), factories.filed(kpi.id, period=date(2026, 10, 1), as_of=date(2026, 10, 31))


def counted(tx: Session, kpis: int) -> None:
    """Have the next KPI get the number after these."""
    for _ in range(kpis):
        blockers.next_number(tx, WORKSPACE, LETTER)


def unpaced(running: Running) -> Delivery:
    """The same delivery, as fast as the sandbox answers."""
    deps = running.deps
    composers = [ritual.compose for ritual in RITUALS if ritual.compose is not None]
    return Delivery(
        deps.database,
        deps.slack,
        deps.clock,
        composers,
        makers=MAKERS,
        drawers=DRAWERS,
        trouble=TROUBLES.tell,
        paced=False,
    )


@asynccontextmanager
async def world(database_url: str, since: datetime, optional: Collection[str] = ()) -> AsyncIterator[World]:
    """The company of `staff` on a migrated database, connected, with ritual time at `since` and `optional` scopes."""
    people = staff()
    team = factories.team(id=people["Dana"].team_id, manager_id=people["Dana"].id)
    kpis = {
        name: factories.kpi(name, number=n) for n, name in enumerate(("New bookings", "Renewals", "Qualified leads"), 1)
    }
    clock = Clock(since)
    async with Sandbox(seed(optional), clock=clock, rate_limits=False) as sandbox:
        settings = Settings(
            database_url=shared(database_url),
            slack_bot_token=SecretStr("xoxb-test"),
            slack_app_token=SecretStr("xapp-test"),
            slack_api_url=sandbox.api_url,
        )
        async with assembled(settings, clock) as paced, connected(settings, paced):
            cadence = replace(paced, delivery=unpaced(paced))
            built = World(sandbox, cadence, clock, people, team, kpis)
            await built.write(team, *people.values(), factories.OBJECTIVE, factories.FUNCTION)
            await built.write(*kpis.values(), *(value for kpi in kpis.values() for value in standing(kpi)))
            await built.write(factories.huddle(team.id, since=since))
            await built.cadence.deps.database.write(counted, len(kpis))
            yield built
