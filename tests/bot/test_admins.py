"""The first admin: from an empty database to somebody who may look after people in Slack."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from click.testing import CliRunner
from pydantic import SecretStr

from bot.cli import cadence
from bot.people import admins
from bot.people.admins import NotOne
from bot.settings import Settings
from rituals.people import Role
from rituals.roster import LastAdmin
from sandbox import Sandbox
from storage import audit, directory
from storage.database import Database
from tests.bot.world import WORKSPACE, seed


@pytest.fixture
async def slack() -> AsyncIterator[Sandbox]:
    async with Sandbox(seed(), rate_limits=False) as sandbox:
        yield sandbox


def settings(database_url: str, slack: Sandbox) -> Settings:
    return Settings(
        database_url=database_url,
        slack_bot_token=SecretStr("xoxb-test"),
        slack_app_token=SecretStr("xapp-test"),
        slack_api_url=slack.api_url,
    )


@pytest.mark.parametrize("named", ["U0ANA", "u0ana", "Ana Torres", "@ana torres", "torres"])
async def test_whoever_runs_the_server_makes_the_first_admin_in_an_empty_database(
    named: str, database_url: str, slack: Sandbox
) -> None:
    said = await admins.decided(settings(database_url, slack), named, admins.add)
    database = Database(database_url)
    try:
        (ana,) = await database.read(directory.with_role, WORKSPACE, Role.ADMIN)
        entry = (await database.read(audit.of, [ana.id]))[-1]
    finally:
        await database.close()

    assert said == "Ana Torres is an admin now. In Slack: /cadence people, /cadence teams."
    assert (ana.slack_id, ana.role) == ("U0ANA", Role.REP)
    assert (entry.act.actor_id, entry.act.via) == (None, "cadence admin")
    assert await admins.everywhere(database_url) == "U0ANA  Ana Torres"


async def test_a_name_that_fits_nobody_or_several_changes_nothing(database_url: str, slack: Sandbox) -> None:
    with pytest.raises(NotOne) as nobody:
        await admins.decided(settings(database_url, slack), "Xaver", admins.add)
    assert "Nobody in Slack is called Xaver" in nobody.value.sentence()
    with pytest.raises(NotOne) as several:
        await admins.decided(settings(database_url, slack), "er", admins.add)
    assert "U0TOM  Tom Becker" in several.value.sentence()

    assert await admins.everywhere(database_url) == "Nobody is an admin yet."


async def test_the_last_admin_stays_one_and_another_is_taken_back(database_url: str, slack: Sandbox) -> None:
    given = settings(database_url, slack)
    await admins.decided(given, "U0ANA", admins.add)
    with pytest.raises(LastAdmin):
        await admins.decided(given, "U0ANA", admins.remove)
    await admins.decided(given, "U0TOM", admins.add)

    assert await admins.decided(given, "U0ANA", admins.remove) == "Ana Torres is no admin any more."
    assert await admins.everywhere(database_url) == "U0TOM  Tom Becker"


async def test_the_command_says_what_to_do_instead(database_url: str, slack: Sandbox) -> None:
    tokens = {"SLACK_BOT_TOKEN": "xoxb-test", "SLACK_APP_TOKEN": "xapp-test"}
    shell = CliRunner(env={"DATABASE_URL": database_url, "SLACK_API_URL": slack.api_url, **tokens})

    async def typed(*words: str) -> tuple[int, str]:
        answer = await asyncio.to_thread(shell.invoke, cadence, ["admin", *words])
        return answer.exit_code, answer.output

    assert await typed("list") == (0, "Nobody is an admin yet.\n")
    code, said = await typed("add", "Xaver")
    assert (code, "Copy the member ID" in said) == (1, True)
    assert await typed("add", "U0ANA") == (
        0,
        "Ana Torres is an admin now. In Slack: /cadence people, /cadence teams.\n",
    )
    code, said = await typed("remove", "U0ANA")
    assert (code, "Make somebody else an admin first" in said) == (1, True)
