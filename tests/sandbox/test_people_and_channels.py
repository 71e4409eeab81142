"""Users, conversations, history, the workspace."""

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import Sandbox, Seed, User
from tests.sandbox.support import error_of


async def test_everybody_is_listed_with_what_marks_them(client: AsyncWebClient) -> None:
    members = {user["id"]: user for user in (await client.users_list())["members"]}
    assert set(members) == {"U0ANA", "U0BEN", "U0GONE", "U0GUEST", "U0OTHER", "U0FAR", "U0BOT"}
    assert members["U0GONE"]["deleted"] is True
    assert members["U0GUEST"]["is_restricted"] is True
    assert members["U0OTHER"]["is_bot"] is True
    assert "tz" not in members["U0OTHER"]
    assert members["U0FAR"]["team_id"] == "T0FOREIGN"
    assert members["U0BOT"]["profile"]["bot_id"] == "B0BOT"
    assert members["U0ANA"]["tz"] == "Europe/Berlin"
    assert members["U0ANA"]["tz_offset"] in {3600, 7200}


async def test_lists_come_in_pages_with_a_cursor(client: AsyncWebClient) -> None:
    found: list[str] = []
    async for page in await client.users_list(limit=3):
        found.extend(user["id"] for user in page["members"])
    assert len(found) == len(set(found)) == 7
    assert await error_of(client.users_list(cursor="nonsense")) == "invalid_cursor"
    assert await error_of(client.users_list(team_id="T0ELSE")) == "team_access_not_granted"


async def test_a_locale_is_told_when_asked_for(client: AsyncWebClient) -> None:
    assert "locale" not in (await client.users_info(user="U0ANA"))["user"]
    assert (await client.users_info(user="U0ANA", include_locale=True))["user"]["locale"] == "en-GB"
    assert await error_of(client.users_info(user="U0NOBODY")) == "user_not_found"


async def test_people_are_found_by_mail(client: AsyncWebClient) -> None:
    answer = await client.users_lookupByEmail(email="ANA@nordlicht.example")
    assert answer["user"]["id"] == "U0ANA"
    assert await error_of(client.users_lookupByEmail(email="no@one.example")) == "users_not_found"


async def test_public_channels_are_listed_and_hidden_ones_are_not(client: AsyncWebClient) -> None:
    everything = (await client.conversations_list(types="public_channel,private_channel"))["channels"]
    assert [channel["id"] for channel in everything] == ["C0TEAM", "C0OPEN", "C0OLD"]
    current = (await client.conversations_list(exclude_archived=True))["channels"]
    assert [(channel["id"], channel["is_member"]) for channel in current] == [
        ("C0TEAM", True),
        ("C0OPEN", False),
    ]
    assert await error_of(client.conversations_list(types="secret")) == "invalid_types"


async def test_a_channel_is_described_and_its_members_are_listed(client: AsyncWebClient) -> None:
    info = (await client.conversations_info(channel="C0TEAM", include_num_members=True))["channel"]
    assert (info["name"], info["num_members"], info["is_archived"]) == ("team", 3, False)
    members = await client.conversations_members(channel="C0TEAM")
    assert members["members"] == ["U0ANA", "U0BEN", "U0BOT"]
    assert await error_of(client.conversations_info(channel="C0SECRET")) == "channel_not_found"


async def test_a_dm_is_opened_once(client: AsyncWebClient) -> None:
    first = await client.conversations_open(users="U0ANA", return_im=True)
    again = await client.conversations_open(users=["U0ANA"])
    assert first["channel"]["is_im"] is True
    assert first["channel"]["user"] == "U0ANA"
    assert again["already_open"] is True
    assert again["channel"] == {"id": first["channel"]["id"]}


async def test_a_group_dm_holds_up_to_eight(client: AsyncWebClient) -> None:
    group = (await client.conversations_open(users="U0ANA,U0BEN", return_im=True))["channel"]
    assert group["is_mpim"] is True
    nine = ",".join(["U0ANA"] * 9)
    assert await error_of(client.conversations_open(users=nine)) == "too_many_users"


@pytest.mark.parametrize(
    ("users", "error"),
    [
        ("U0NOBODY", "user_not_found"),
        ("U0GONE", "user_disabled"),
        ("U0OTHER", "cannot_dm_bot"),
        ("", "users_list_not_supplied"),
    ],
)
async def test_a_dm_with_nobody_is_refused(client: AsyncWebClient, users: str, error: str) -> None:
    assert await error_of(client.conversations_open(users=users)) == error


async def test_history_is_newest_first_in_pages_and_between_times(client: AsyncWebClient) -> None:
    stamps = [str((await client.chat_postMessage(channel="C0TEAM", text=str(n)))["ts"]) for n in range(5)]
    found: list[str] = []
    async for page in await client.conversations_history(channel="C0TEAM", limit=2):
        found.extend(message["text"] for message in page["messages"])
    assert found == ["4", "3", "2", "1", "0"]
    between = await client.conversations_history(channel="C0TEAM", oldest=stamps[1], latest=stamps[3])
    assert [message["text"] for message in between["messages"]] == ["2"]
    edges = await client.conversations_history(channel="C0TEAM", oldest=stamps[1], latest=stamps[3], inclusive=True)
    assert [message["text"] for message in edges["messages"]] == ["3", "2", "1"]
    wrong = client.conversations_history(channel="C0TEAM", oldest="yesterday")
    assert await error_of(wrong) == "invalid_ts_oldest"


async def test_history_is_closed_to_outsiders(client: AsyncWebClient) -> None:
    assert await error_of(client.conversations_history(channel="C0OPEN")) == "not_in_channel"
    assert await error_of(client.conversations_history(channel="C0SECRET")) == "channel_not_found"
    missing = client.conversations_replies(channel="C0TEAM", ts="1.000001")
    assert await error_of(missing) == "thread_not_found"


async def test_the_workspace_and_the_bot_are_described(client: AsyncWebClient) -> None:
    assert (await client.team_info())["team"]["domain"] == "nordlicht"
    assert (await client.bots_info(bot="B0BOT"))["bot"]["app_id"] == "A0APP"
    assert await error_of(client.bots_info(bot="B0ELSE")) == "bot_not_found"


async def test_people_see_only_the_channels_they_are_in(sandbox: Sandbox, client: AsyncWebClient) -> None:
    await client.chat_postMessage(channel="C0TEAM", text="x")
    assert sandbox.person("U0GUEST").messages("C0TEAM") == []
    assert (await sandbox.person("U0GUEST").say("x", "C0TEAM")).error == "channel_not_found"
    assert (await sandbox.person("U0ANA").say("x", "C0OLD")).error == "is_archived"


async def test_the_apps_own_conversations_are_listed(client: AsyncWebClient) -> None:
    opened = (await client.conversations_open(users="U0ANA"))["channel"]["id"]
    answer = await client.users_conversations(types="public_channel,im")
    assert {channel["id"] for channel in answer["channels"]} == {"C0TEAM", "C0OLD", opened}
    again = await client.conversations_open(channel=opened, return_im=True)
    assert again["channel"]["user"] == "U0ANA"
    wrong = client.conversations_open(channel="C0TEAM")
    assert await error_of(wrong) == "method_not_supported_for_channel_type"


@pytest.mark.parametrize(("limit", "error"), [("many", "invalid_arguments"), (0, "invalid_limit")])
async def test_a_limit_must_be_a_number_above_zero(client: AsyncWebClient, limit: object, error: str) -> None:
    call = client.api_call("conversations.members", json={"channel": "C0TEAM", "limit": limit})
    assert await error_of(call) == error


async def test_a_large_workspace_wants_a_limit() -> None:
    people = [User(id=f"U{number}", name=f"u{number}") for number in range(1001)]
    async with Sandbox(Seed(users=people, channels=[])) as sandbox:
        client = AsyncWebClient(token=sandbox.seed.app.bot_token, base_url=sandbox.api_url)
        assert await error_of(client.users_list()) == "limit_required"
        assert len((await client.users_list(limit=200))["members"]) == 200
