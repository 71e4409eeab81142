"""`cadence doctor`: what is wrong with this installation, each with its mend (F99)."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from email.utils import parsedate_to_datetime
from uuid import UUID

from slack_sdk.errors import SlackApiError
from sqlalchemy.orm import Session

from bot import slack as slack_api
from bot.clock import machine_clock
from bot.settings import Settings
from rituals import calendar
from rituals.people import Person, Role
from rituals.policy import Action, about, may
from rituals.settings import NobodyAbove, NoManager, require_ladder
from storage import huddles, kpis, people
from storage.database import Ahead, Behind, Database, Unreachable

SCOPES = {
    "chat:write": "prompts, cards and posts",
    "commands": "/plan and /cadence, and every button",
    "users:read": "people, names, time zones, leavers, statuses",
    "im:history": "plans typed into the DM, which are off without it, and knowing whether an uncertain message arrived",
}
"""The scopes that Cadence uses, each with what it is for (F121)."""
OPTIONAL = {
    "files:write": "the leaders' digest comes without its picture, and `/decide export` shows text instead of a file",
}
"""What it does without, each with what is then not there."""
MOST_SKEW = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at; `mend` is empty when it is well."""

    what: str
    mend: str = ""


async def examine(settings: Settings) -> AsyncIterator[Finding]:
    """Look at database, Slack, scopes, clock, people and huddles; a broken part ends the parts that need it."""
    database = Database(settings.database_url)
    try:
        async for finding in _database(database):
            yield finding
        async for finding in _slack(settings):
            yield finding
    finally:
        await database.close()


async def _database(database: Database) -> AsyncIterator[Finding]:
    try:
        await asyncio.to_thread(database.check)
    except Unreachable as error:
        yield Finding(f"The database at {error.url} does not answer: {error.why}", "Start it, or mend DATABASE_URL.")
        return
    except Behind:
        yield Finding("The database is older than this program.", "Run `cadence migrate`.")
        return
    except Ahead:
        yield Finding(
            "The database is newer than this program.", "Install the version that migrated it, or a newer one."
        )
        return
    yield Finding("The database answers and its tables are up to date.")
    for finding in await database.read(_company):
        yield finding


def _company(tx: Session) -> list[Finding]:
    """People and rituals: whoever has no zone, and each ritual without owner, approver or ladder (C13)."""
    found = []
    for workspace in people.workspaces(tx):
        everybody = people.everybody(tx, workspace)
        active = [person for person in everybody.values() if person.active]
        lost = [person.name for person in active if not calendar.is_zone(person.zone)]
        if lost:
            found.append(Finding(f"No usable time zone: {', '.join(lost)}.", "Set it in their Slack profile."))
        found += [
            Finding(f"{person.name} is a rep without a team.", "/cadence people puts them on one.")
            for person in active
            if person.role is Role.REP and person.team_id is None
        ]
        found += [finding for team in people.teams(tx, workspace) for finding in _team(tx, team.id, everybody)]
        found += _leaders(active)
        found += _kpis(tx, workspace, everybody)
    return found or [
        Finding(
            "Nobody is on a team yet.",
            "`cadence admin add` makes the first admin; then /cadence people, /cadence teams.",
        )
    ]


def _team(tx: Session, team_id: UUID, everybody: Mapping[UUID, Person]) -> list[Finding]:
    team = people.team(tx, team_id)
    if team is None or team.archived:
        return []
    found = []
    manager = None if team.manager_id is None else everybody.get(team.manager_id)
    try:
        require_ladder(manager, everybody)
    except NoManager:
        found.append(Finding(f"{team.name} has no manager.", "Name one: plans there are answered by nobody."))
    except NobodyAbove as refusal:
        found.append(
            Finding(
                f"{team.name}'s ladder ends with {refusal.manager.name}: nobody stands above.",
                "Say whom they answer to, or what is stuck climbs to nobody: /cadence people.",
            )
        )
    if team.channel is None:
        found.append(Finding(f"{team.name} has no channel.", "Pick one, or its summary is posted nowhere."))
    if huddles.of_team(tx, team.id) is None:
        found.append(Finding(f"{team.name} has no huddle.", "Create one, or nobody there is asked."))
    return found or [Finding(f"{team.name}: manager, channel and huddle are set.")]


def _leaders(active: Sequence[Person]) -> list[Finding]:
    if not active or any(person.has(Role.LEADER) for person in active):
        return []
    return [
        Finding(
            "Nobody leads: no month is reviewed, and what is undecided for nine days reaches nobody.",
            "Give somebody the role of a leader: /cadence people.",
        )
    ]


def _kpis(tx: Session, workspace: str, everybody: Mapping[UUID, Person]) -> list[Finding]:
    """KPIs for which nobody files, and those whose change nobody may approve: never its owner alone (F46)."""
    bare, stuck = [], []
    for kpi in kpis.active(tx, workspace).values():
        owner = None if kpi.owner_id is None else everybody.get(kpi.owner_id)
        if owner is None or not owner.active:
            bare.append(f"{kpi.label} {kpi.name}")
        elif not _approvable(owner, everybody):
            stuck.append(f"{kpi.label} {kpi.name}")
    found = []
    if bare:
        found.append(Finding(f"No owner: {', '.join(bare)}.", "/kpi edit names one, or nobody is asked for its value."))
    if stuck:
        words = "Make somebody else a leader or an admin: owner and approver of a change are two people."
        found.append(Finding(f"Nobody may approve a change of {', '.join(stuck)}.", words))
    return found


def _approvable(owner: Person, everybody: Mapping[UUID, Person]) -> bool:
    thing = about(owner, everybody)
    return any(may(Action.KPI_APPROVE, person, thing) for person in everybody.values())


async def _slack(settings: Settings) -> AsyncIterator[Finding]:
    token = settings.slack_bot_token.get_secret_value()
    async with slack_api.connect(token, settings.slack_api_url) as slack:
        try:
            answer = await slack.client.auth_test()
        except SlackApiError as error:
            word = slack_api.refusal(error).why
            yield Finding(f"Slack refused the bot token: {word}.", "Copy the token again from the app's page.")
            return
        except (OSError, TimeoutError) as error:
            yield Finding(f"Slack can't be reached: {error}.", "Check the network and SLACK_API_URL.")
            return
        yield Finding(f"Slack knows the bot in {answer['team']}.")
        headers = {name.lower(): value for name, value in answer.headers.items()}
        granted = slack_api.scopes_of(headers.get("x-oauth-scopes", ""))
        for scope, use in SCOPES.items():
            if scope not in granted:
                yield Finding(f"Scope {scope} is missing: {use}.", "Add it to the app and install it again.")
        for scope, without in OPTIONAL.items():
            if scope not in granted:
                yield Finding(f"The optional scope {scope} is not granted: {without}.")
        if "date" in headers:
            skew = abs(parsedate_to_datetime(headers["date"]) - machine_clock())
            if skew > MOST_SKEW:
                yield Finding(f"This machine's clock is {int(skew.total_seconds())} s off.", "Switch on time sync.")
