"""Files, reactions and user groups."""

import json
from dataclasses import replace
from typing import Any

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import Sandbox, UserGroup
from tests.sandbox.support import SEED, error_of


async def test_a_file_is_announced_uploaded_and_shared(sandbox: Sandbox, client: AsyncWebClient) -> None:
    shared = await client.files_upload_v2(
        channel="C0TEAM",
        content="a,b\n1,2\n",
        filename="numbers.csv",
        title="Numbers",
        initial_comment="Here",
    )
    (message,) = sandbox.messages("C0TEAM")
    (file,) = message["files"]
    assert message["text"] == "Here"
    assert message["subtype"] == "file_share"
    assert (file["name"], file["title"], file["mimetype"]) == ("numbers.csv", "Numbers", "text/csv")
    assert shared["file"]["id"] == file["id"]
    async with aiohttp.ClientSession() as session, session.get(file["url_private"]) as response:
        assert await response.text() == "a,b\n1,2\n"
        assert response.headers["Content-Disposition"].startswith("attachment")
    assert (await client.files_info(file=file["id"]))["file"]["size"] == 8


async def test_bytes_must_be_as_many_as_announced(client: AsyncWebClient) -> None:
    ticket = await client.files_getUploadURLExternal(filename="a.txt", length=3)
    async with aiohttp.ClientSession() as session:
        async with session.post(str(ticket["upload_url"]), data=b"four") as response:
            assert response.status == 400
        async with session.post(str(ticket["upload_url"]) + "0", data=b"abc") as response:
            assert response.status == 404
    files: list[dict[str, str | None]] = [{"id": str(ticket["file_id"])}]
    unfinished = client.files_completeUploadExternal(files=files, channel_id="C0TEAM")
    assert await error_of(unfinished) == "file_not_found"


@pytest.mark.parametrize(
    ("length", "alt_text", "error"),
    [(0, "", "missing_argument"), (1, "x" * 1001, "alt_txt_too_large")],
)
async def test_a_wrong_announcement_is_refused(client: AsyncWebClient, length: int, alt_text: str, error: str) -> None:
    call = client.files_getUploadURLExternal(filename="a.txt", length=length, alt_txt=alt_text)
    assert await error_of(call) == error


async def test_a_file_is_shared_only_where_the_app_is(client: AsyncWebClient) -> None:
    refusals = {"C0NOWHERE": "channel_not_found", "C0OPEN": "not_in_channel", "U0ANA": "invalid_arguments"}
    for channel, error in refusals.items():
        call = client.files_completeUploadExternal(files=[{"id": "F0"}], channel_id=channel)
        assert await error_of(call) == error
    files: list[dict[str, str | None]] = [{"id": "F0"}]
    threads = client.files_completeUploadExternal(files=files, channels=["C0TEAM", "C0OPEN"], thread_ts="1.000001")
    assert await error_of(threads) == "invalid_arguments"


async def test_a_comment_goes_before_blocks_and_no_markdown_block_is_taken(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    blocks = [{"type": "markdown", "text": "*Hello*"}]
    wanted: dict[str, Any] = {"channel": "C0TEAM", "content": "a", "filename": "a.txt"}
    assert await error_of(client.files_upload_v2(**wanted, blocks=json.dumps(blocks))) == "internal_error"
    await client.files_upload_v2(**wanted, blocks=json.dumps(blocks), initial_comment="Hello")
    assert [(one["text"], one.get("blocks")) for one in sandbox.messages("C0TEAM")] == [("Hello", None)]


async def test_a_reaction_is_counted_once(sandbox: Sandbox, client: AsyncWebClient) -> None:
    said = await sandbox.person("U0ANA").say("Nice", "C0TEAM")
    ts = str(said.ts)
    await client.reactions_add(channel="C0TEAM", timestamp=ts, name="tada")
    (message,) = sandbox.messages("C0TEAM")
    assert message["reactions"] == [{"name": "tada", "users": ["U0BOT"], "count": 1}]
    again = client.reactions_add(channel="C0TEAM", timestamp=ts, name="tada")
    assert await error_of(again) == "already_reacted"
    assert (await client.reactions_get(channel="C0TEAM", timestamp=ts))["message"]["reactions"]
    await client.reactions_remove(channel="C0TEAM", timestamp=ts, name="tada")
    assert sandbox.messages("C0TEAM")[0]["reactions"] == []


async def test_a_reaction_needs_a_message_and_a_name(client: AsyncWebClient) -> None:
    missing = client.reactions_add(channel="C0TEAM", timestamp="1.000001", name="tada")
    assert await error_of(missing) == "message_not_found"
    nameless = client.reactions_add(channel="C0TEAM", timestamp="1.000001", name="No Name")
    assert await error_of(nameless) == "invalid_name"
    nowhere = client.api_call("reactions.add", json={"name": "tada"})
    assert await error_of(nowhere) == "no_item_specified"


async def test_user_groups_are_listed_with_their_people() -> None:
    group = UserGroup(id="S0REPS", name="Reps", handle="reps", users=["U0ANA", "U0BEN"])
    async with Sandbox(replace(SEED, usergroups=[group])) as sandbox:
        client = AsyncWebClient(token=SEED.app.bot_token, base_url=sandbox.api_url)
        (listed,) = (await client.usergroups_list(include_users=True))["usergroups"]
        assert (listed["handle"], listed["users"]) == ("reps", ["U0ANA", "U0BEN"])
        users = await client.usergroups_users_list(usergroup="S0REPS")
        assert users["users"] == ["U0ANA", "U0BEN"]
        assert await error_of(client.usergroups_users_list(usergroup="S0NONE")) == "no_such_subteam"
