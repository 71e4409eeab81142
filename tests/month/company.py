"""A company of sixty, and a month with all that happens in one: holidays, days away, a leaver, a move, a leave."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any

from pydantic import SecretStr
from sqlalchemy.orm import Session

from bot.huddle import views
from bot.ids import new_id
from bot.run import Running, assembled, connected, running
from bot.settings import Settings
from rituals.kpis import Kpi
from rituals.people import DottedLine, Part, Person, Role, Team
from sandbox import App, Channel, Command, Sandbox, Seed, Shortcut, User
from sandbox import Team as SlackTeam
from storage import values
from storage.database import Database
from tests import factories
from tests.bot.world import Clock, counted, standing, unpaced

WORKSPACE = factories.WORKSPACE
BERLIN, LONDON, NEW_YORK = "Europe/Berlin", "Europe/London", "America/New_York"
HOLIDAYS: Mapping[str, frozenset[date]] = {
    "DE-BE": frozenset({date(2027, 5, 6), date(2027, 5, 17)}),
    "GB-ENG": frozenset({date(2027, 5, 3), date(2027, 5, 31)}),
}
"""Ascension and Pentecost Monday; Early May and Spring Bank Holiday: not taken from what is tested."""
CALENDARS = {BERLIN: "DE-BE", LONDON: "GB-ENG"}
ZONES_OF_LEADS = (BERLIN, LONDON, NEW_YORK)
GIVEN = """
Abel Agnes Alma Anton Aroha Bela Berta Bruno Carla Cesar Clara Conor Dalia Damir Edda Elif Emil Enzo Erik Fadi Fiona
Frida Gero Greta Hana Hugo Ida Igor Inga Ivo Jana Joao Jule Kai Kemal Kira Lars Leif Lena Lola Luca Mara Milo Nadia Nils
Nora Olga Omid Otto Pia Rania Remo Rosa Sami Selma
"""
NAMES = tuple(GIVEN.split())


@dataclass(frozen=True, slots=True)
class Away:
    """Somebody's days away; `by_command` says on which date they say so themselves, None for known beforehand."""

    name: str
    first: date
    last: date
    part: Part = Part.WHOLE
    says_on: date | None = None


@dataclass(frozen=True, slots=True)
class Company:
    """Who there is by given name, in which teams, and what happens to whom in the month."""

    first: date
    last: date
    people: Mapping[str, Person]
    teams: Mapping[str, Team]
    dotted: Sequence[tuple[str, str]]
    away: Sequence[Away]
    leaver: tuple[str, date] | None
    moves: tuple[str, date, str] | None

    def reps(self, team: str) -> list[Person]:
        """Who writes plans on a team."""
        return [person for person in self.people.values() if person.plans and person.team_id == self.teams[team].id]


LEADS = ("Dana Weiss", "Lee Carter", "Noor Aziz")


def company(sizes: Mapping[str, int], first: date, last: date) -> Company:
    """Teams of these sizes, each with its manager; the first has a deputy, an observer and somebody asked at night."""
    names = iter(NAMES)
    priya = factories.person("Priya Raman", role=Role.LEADER, zone=LONDON)
    zoe = factories.person("Zoe Hart", role=Role.MANAGER, zone=BERLIN, holidays="DE-BE")
    everybody, dotted = [priya, zoe], []
    teams: dict[str, Team] = {}
    for (name, size), lead_name, zone in zip(sizes.items(), LEADS, ZONES_OF_LEADS, strict=False):
        lead = factories.person(lead_name, role=Role.MANAGER, manager_id=priya.id, zone=zone)
        team = factories.team(name, manager_id=lead.id, channel=f"C0{name.upper()}")
        lead = replace(lead, team_id=team.id, holidays=CALENDARS.get(zone))
        reps = [_rep(next(names), number, lead, zone) for number in range(size)]
        dotted.append((reps[1].given_name, "Zoe"))
        if not teams:
            lead = replace(lead, deputy_id=reps[-1].id)
            reps[0] = replace(reps[0], ask_at=time(17, 30), ask_before=True)
            everybody.append(factories.person("Watcher Lind", role=Role.OBSERVER, team_id=team.id, holidays="DE-BE"))
        teams[name] = team
        everybody += [lead, *reps]
    people = {person.given_name: person for person in everybody}
    return Company(first, last, people, teams, dotted, (), None, None)


def _rep(name: str, number: int, lead: Person, zone: str) -> Person:
    """A rep like others; every seventh lives in London, every fifth has hours of their own."""
    zone = LONDON if number % 7 == 6 else zone
    hours = {"works_from": time(8), "works_to": time(17)} if number % 5 == 4 else {}
    facts: dict[str, Any] = {"zone": zone, "holidays": CALENDARS.get(zone), "team_id": lead.team_id} | hours
    return factories.person(f"{name} {name}son", manager_id=lead.id, **facts)


def whole(first: date = date(2027, 5, 3), last: date = date(2027, 5, 31)) -> Company:
    """The company of sixty in May 2027."""
    built = company({"North": 8, "South": 40, "West": 6}, first, last)
    north = [person.given_name for person in built.reps("North")]
    south = [person.given_name for person in built.reps("South")]
    away = [
        Away(north[2], date(2027, 5, 10), date(2027, 5, 14), says_on=date(2027, 5, 7)),
        Away(north[3], date(2027, 5, 12), date(2027, 5, 12), Part.MORNING),
        Away(north[4], date(2027, 5, 13), date(2027, 5, 13), Part.AFTERNOON),
        Away("Dana", date(2027, 5, 18), date(2027, 5, 21)),
        Away("Lee", date(2027, 5, 26), date(2027, 5, 26), Part.AFTERNOON),
        Away("Zoe", date(2027, 5, 11), date(2027, 5, 12)),
        *(Away(name, date(2027, 5, 4 + n), date(2027, 5, 7 + n)) for n, name in enumerate(south[:12])),
        *(Away(name, date(2027, 5, 20), date(2027, 5, 20), Part.AFTERNOON) for name in south[20:24]),
    ]
    leaver, mover = (south[30], date(2027, 5, 13)), (south[31], date(2027, 5, 19), NEW_YORK)
    return replace(built, away=away, leaver=leaver, moves=mover)


def small(first: date = date(2027, 5, 5), last: date = date(2027, 5, 7)) -> Company:
    """A dozen people over three days, one of them a holiday in Germany."""
    built = company({"North": 5, "West": 3}, first, last)
    north = [person.given_name for person in built.reps("North")]
    away = [Away(north[1], last, last), Away(north[2], last, last, Part.AFTERNOON)]
    return replace(built, away=away)


@dataclass
class Office:
    """The company at work: the sandbox, the real app connected to it, and the clock."""

    sandbox: Sandbox
    cadence: Running
    clock: Clock
    company: Company
    kpis: Mapping[str, Kpi]

    async def deliver(self) -> None:
        """Send all that is ready."""
        while await self.cadence.delivery.drain():
            pass


def _seed(built: Company) -> Seed:
    users = [User(one.slack_id, one.given_name.lower(), one.name, tz=one.zone) for one in built.people.values()]
    everybody = ("U0CADENCE", *(user.id for user in users))
    rooms = [Channel(str(team.channel), f"{name.lower()}-huddle", everybody) for name, team in built.teams.items()]
    app = App(
        name="Cadence",
        bot_user_id="U0CADENCE",
        bot_token="xoxb-test",
        app_token="xapp-test",
        commands=(Command("/plan"), Command("/kpi"), Command("/cadence"), Command("/blockers")),
        shortcuts=(Shortcut("Write my plan", views.SHORTCUT),),
    )
    return Seed(team=SlackTeam(WORKSPACE, "Nordlicht", "nordlicht"), users=tuple(users), channels=tuple(rooms), app=app)


@asynccontextmanager
async def office(
    database_url: str, built: Company, since: datetime, *, running_by_itself: bool = False
) -> AsyncIterator[Office]:
    """The company on a migrated database, connected, with ritual time at `since`; by itself, or step by step."""
    names = ("New bookings", "Renewals", "Qualified leads")
    kpis = {name: factories.kpi(name, number=n) for n, name in enumerate(names, 1)}
    clock = Clock(since)
    async with Sandbox(_seed(built), clock=clock, rate_limits=False) as sandbox:
        settings = Settings(
            database_url=database_url,
            slack_bot_token=SecretStr("xoxb-test"),
            slack_app_token=SecretStr("xapp-test"),
            slack_api_url=sandbox.api_url,
        )
        database = Database(database_url)
        await database.write(_fill, built, kpis, since)
        await database.close()
        if running_by_itself:
            async with running(settings, clock) as cadence:
                yield Office(sandbox, cadence, clock, built, kpis)
        else:
            async with assembled(settings, clock) as paced, connected(settings, paced):
                yield Office(sandbox, replace(paced, delivery=unpaced(paced)), clock, built, kpis)


def _fill(tx: Session, built: Company, kpis: Mapping[str, Kpi], since: datetime) -> None:
    values.add(tx, *built.teams.values())
    # Whoever is above others goes first: a manager is a foreign key.
    for person in sorted(built.people.values(), key=lambda one: (one.manager_id is not None, one.plans)):
        values.add(tx, person)
    values.add(tx, factories.OBJECTIVE)
    values.add(tx, factories.FUNCTION)
    values.add(tx, *kpis.values())
    for kpi in kpis.values():
        for value in standing(kpi):
            values.add(tx, value)
    counted(tx, len(kpis))
    for team in built.teams.values():
        values.add(tx, factories.huddle(team.id, since=since))
        values.add(tx, factories.weekly(team.id, since=since))
    for rep, manager in built.dotted:
        values.add(tx, DottedLine(new_id(), WORKSPACE, built.people[rep].id, built.people[manager].id))
    for gone in built.away:
        if gone.says_on is None:
            who = built.people[gone.name].id
            values.add(tx, factories.absence(who, gone.first, gone.last, "away", gone.part))
