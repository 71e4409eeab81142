"""Posting, editing and deleting messages."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import App, Sandbox, Seed
from tests.sandbox.support import SEED, Json, actions, button, error_of, refused, section


async def test_a_posted_message_is_returned_as_the_apps(client: AsyncWebClient) -> None:
    answer = await client.chat_postMessage(channel="C0TEAM", text="Hello", blocks=[section()])
    message = answer["message"]
    assert answer["channel"] == "C0TEAM"
    assert (message["user"], message["bot_id"], message["app_id"]) == ("U0BOT", "B0BOT", "A0APP")
    assert message["ts"] == answer["ts"]
    assert message["bot_profile"]["name"] == "Test app"
    assert message["blocks"][0]["block_id"]


async def test_a_user_id_as_channel_opens_the_dm_with_the_app(sandbox: Sandbox, client: AsyncWebClient) -> None:
    first = await client.chat_postMessage(channel="U0ANA", text="One")
    second = await client.chat_postMessage(channel=first["channel"], text="Two")
    assert str(first["channel"]).startswith("D")
    assert first["channel"] == second["channel"]
    assert [message["text"] for message in sandbox.person("U0ANA").dm()] == ["One", "Two"]


async def test_metadata_is_returned_by_history_only_when_asked_for(client: AsyncWebClient) -> None:
    metadata = {"event_type": "sent", "event_payload": {"key": "7", "count": 1, "rows": [{"a": True}]}}
    answer = await client.chat_postMessage(channel="U0ANA", text="One", metadata=metadata)
    assert answer["message"]["metadata"] == metadata
    channel = answer["channel"]
    (without,) = (await client.conversations_history(channel=channel))["messages"]
    (having,) = (await client.conversations_history(channel=channel, include_all_metadata=True))["messages"]
    assert "metadata" not in without
    assert having["metadata"] == metadata


@pytest.mark.parametrize(
    ("metadata", "error"),
    [
        ("{", "invalid_metadata_format"),
        ({"event_type": "sent"}, "invalid_metadata_schema"),
        ({"event_type": "sent", "event_payload": {"deep": {"deeper": {}}}}, "invalid_metadata_schema"),
        ({"event_type": "sent", "event_payload": {"text": "x" * 9000}}, "metadata_too_large"),
    ],
)
async def test_wrong_metadata_is_refused(client: AsyncWebClient, metadata: Json, error: str) -> None:
    assert await error_of(client.chat_postMessage(channel="C0TEAM", text="x", metadata=metadata)) == error


@pytest.mark.parametrize(
    ("channel", "error"),
    [
        ("C0NOWHERE", "channel_not_found"),
        ("C0SECRET", "channel_not_found"),
        ("C0OLD", "is_archived"),
        ("U0NOBODY", "channel_not_found"),
        ("U0GONE", "channel_not_found"),
        ("U0FAR", "channel_not_found"),
        ("U0OTHER", "cannot_dm_bot"),
    ],
)
async def test_a_post_to_a_wrong_place_is_refused(client: AsyncWebClient, channel: str, error: str) -> None:
    assert await error_of(client.chat_postMessage(channel=channel, text="x")) == error


async def test_a_channel_that_the_app_is_not_in_needs_the_public_scope() -> None:
    app = App(scopes=["chat:write"])
    async with Sandbox(Seed(app=app)) as sandbox:
        client = AsyncWebClient(token=app.bot_token, base_url=sandbox.api_url)
        assert await error_of(client.chat_postMessage(channel="C0RANDOM", text="x")) == "not_in_channel"
    async with Sandbox(Seed(app=App(scopes=["chat:write", "chat:write.public"]))) as sandbox:
        client = AsyncWebClient(token=app.bot_token, base_url=sandbox.api_url)
        assert (await client.chat_postMessage(channel="C0RANDOM", text="x"))["ok"]


async def test_an_app_without_a_messages_tab_cannot_write_to_people() -> None:
    async with Sandbox(Seed(app=App(messages_tab=False))) as sandbox:
        client = AsyncWebClient(token=sandbox.seed.app.bot_token, base_url=sandbox.api_url)
        assert await error_of(client.chat_postMessage(channel="U0ANA", text="x")) == "messages_tab_disabled"


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({}, "no_text"),
        ({"text": "  "}, "no_text"),
        ({"blocks": "{"}, "invalid_blocks_format"),
        ({"text": "x", "markdown_text": "y"}, "markdown_text_conflict"),
        ({"markdown_text": "y" * 12_001}, "msg_too_long"),
        ({"text": "x", "attachments": [{"text": "a"}] * 101}, "too_many_attachments"),
        ({"text": "x", "attachments": [{"blocks": [{"type": "nonsense"}]}]}, "invalid_attachments"),
        ({"text": "x", "thread_ts": "1.000001"}, "cannot_reply_to_message"),
    ],
)
async def test_wrong_content_is_refused(client: AsyncWebClient, arguments: Json, error: str) -> None:
    assert await error_of(client.api_call("chat.postMessage", json={"channel": "C0TEAM", **arguments})) == error


async def test_text_over_forty_thousand_characters_is_cut(client: AsyncWebClient) -> None:
    answer = await client.chat_postMessage(channel="C0TEAM", text="x" * 40_001)
    assert len(answer["message"]["text"]) == 40_000


async def test_an_edit_over_four_thousand_bytes_is_refused(client: AsyncWebClient) -> None:
    answer = await client.chat_postMessage(channel="C0TEAM", text="x")
    edit = client.chat_update(channel="C0TEAM", ts=str(answer["ts"]), text="é" * 2001)
    assert await error_of(edit) == "msg_too_long"


async def test_blocks_may_hold_thirteen_thousand_two_hundred_characters(client: AsyncWebClient) -> None:
    full = [section("x" * 2640) for _ in range(5)]
    assert (await client.chat_postMessage(channel="C0TEAM", text="x", blocks=full))["ok"]
    over = [*full, section("x")]
    call = client.chat_postMessage(channel="C0TEAM", text="x", blocks=over)
    assert await error_of(call) == "msg_blocks_too_long"


async def test_an_edit_of_text_alone_takes_the_old_buttons_away(sandbox: Sandbox, client: AsyncWebClient) -> None:
    answer = await client.chat_postMessage(channel="C0TEAM", text="Do it?", blocks=[actions(button())])
    edited = await client.chat_update(channel="C0TEAM", ts=str(answer["ts"]), text="Done")
    assert edited["text"] == "Done"
    (message,) = sandbox.messages("C0TEAM")
    assert "blocks" not in message
    assert message["edited"]["user"] == "U0BOT"


async def test_an_edit_of_blocks_keeps_the_metadata(sandbox: Sandbox, client: AsyncWebClient) -> None:
    metadata = {"event_type": "sent", "event_payload": {"key": "7"}}
    answer = await client.chat_postMessage(channel="C0TEAM", text="x", metadata=metadata)
    await client.chat_update(channel="C0TEAM", ts=str(answer["ts"]), text="y", blocks=[section("y")])
    (message,) = sandbox.messages("C0TEAM")
    assert message["metadata"] == metadata
    assert message["blocks"][0]["text"]["text"] == "y"


async def test_only_the_apps_own_messages_can_be_changed(sandbox: Sandbox, client: AsyncWebClient) -> None:
    said = await sandbox.person("U0ANA").say("Mine", "C0TEAM")
    assert said.ts is not None
    edit = client.chat_update(channel="C0TEAM", ts=said.ts, text="Yours")
    assert await error_of(edit) == "cant_update_message"
    assert await error_of(client.chat_delete(channel="C0TEAM", ts=said.ts)) == "cant_delete_message"


async def test_an_edit_needs_the_dms_own_id_and_a_message_that_exists(client: AsyncWebClient) -> None:
    answer = await client.chat_postMessage(channel="U0ANA", text="x")
    by_user = client.chat_update(channel="U0ANA", ts=str(answer["ts"]), text="y")
    assert await error_of(by_user) == "channel_not_found"
    missing = client.chat_update(channel=str(answer["channel"]), ts="1.000001", text="y")
    assert await error_of(missing) == "message_not_found"


async def test_a_deleted_message_is_gone(sandbox: Sandbox, client: AsyncWebClient) -> None:
    answer = await client.chat_postMessage(channel="C0TEAM", text="x")
    assert (await client.chat_delete(channel="C0TEAM", ts=str(answer["ts"])))["ts"] == answer["ts"]
    assert sandbox.messages("C0TEAM") == []
    again = client.chat_delete(channel="C0TEAM", ts=str(answer["ts"]))
    assert await error_of(again) == "message_not_found"


async def test_replies_are_counted_at_their_parent(client: AsyncWebClient) -> None:
    parent = str((await client.chat_postMessage(channel="C0TEAM", text="Parent"))["ts"])
    for word in ("one", "two"):
        await client.chat_postMessage(channel="C0TEAM", text=word, thread_ts=parent)
    (shown,) = (await client.conversations_history(channel="C0TEAM"))["messages"]
    assert shown["reply_count"] == 2
    assert shown["reply_users"] == ["U0BOT"]
    replies = (await client.conversations_replies(channel="C0TEAM", ts=parent))["messages"]
    assert [message["text"] for message in replies] == ["Parent", "one", "two"]


async def test_a_broadcast_reply_shows_in_the_channel_too(client: AsyncWebClient) -> None:
    parent = str((await client.chat_postMessage(channel="C0TEAM", text="Parent"))["ts"])
    await client.chat_postMessage(channel="C0TEAM", text="Loud", thread_ts=parent, reply_broadcast=True)
    shown = (await client.conversations_history(channel="C0TEAM"))["messages"]
    assert [message["text"] for message in shown] == ["Loud", "Parent"]


async def test_an_ephemeral_is_seen_by_one_member_only(sandbox: Sandbox, client: AsyncWebClient) -> None:
    answer = await client.chat_postEphemeral(channel="C0TEAM", user="U0ANA", text="Psst")
    assert sandbox.person("U0ANA").ephemerals("C0TEAM")[0]["ts"] == answer["message_ts"]
    assert sandbox.person("U0BEN").messages("C0TEAM") == []
    assert (await client.conversations_history(channel="C0TEAM"))["messages"] == []
    outsider = client.chat_postEphemeral(channel="C0TEAM", user="U0GUEST", text="Psst")
    assert await error_of(outsider) == "user_not_in_channel"


async def test_a_permalink_names_the_channel_and_the_time(client: AsyncWebClient) -> None:
    ts = str((await client.chat_postMessage(channel="C0TEAM", text="x"))["ts"])
    link = (await client.chat_getPermalink(channel="C0TEAM", message_ts=ts))["permalink"]
    assert link == f"https://nordlicht.slack.com/archives/C0TEAM/p{ts.replace('.', '')}"


async def test_stamps_grow_even_when_the_clock_stands_or_goes_back() -> None:
    times = [datetime(2026, 3, 2, 9, tzinfo=UTC)] * 3
    moment = {"now": times[0]}
    async with Sandbox(SEED, clock=lambda: moment["now"]) as sandbox:
        client = AsyncWebClient(token=SEED.app.bot_token, base_url=sandbox.api_url)
        first = await client.chat_postMessage(channel="C0TEAM", text="1")
        second = await client.chat_postMessage(channel="C0TEAM", text="2")
        moment["now"] -= timedelta(hours=1)
        third = await client.chat_postMessage(channel="C0TEAM", text="3")
    assert first["ts"] == f"{int(times[0].timestamp())}.000000"
    assert [first["ts"], second["ts"], third["ts"]] == sorted({first["ts"], second["ts"], third["ts"]})


async def test_a_refusal_of_blocks_points_at_the_place(client: AsyncWebClient) -> None:
    call = client.chat_postMessage(channel="C0TEAM", text="x", blocks=[section(), section("")])
    answer = await refused(call)
    assert answer["error"] == "invalid_blocks"
    (message,) = answer["response_metadata"]["messages"]
    assert message.startswith("[ERROR]")
    assert "[json-pointer:/blocks/1/text/text]" in message


async def test_an_edit_is_refused_after_the_window_and_in_an_archived_channel() -> None:
    moment = {"now": datetime(2026, 3, 2, 9, tzinfo=UTC)}
    async with Sandbox(SEED, clock=lambda: moment["now"], edit_window_seconds=60) as sandbox:
        client = AsyncWebClient(token=SEED.app.bot_token, base_url=sandbox.api_url)
        ts = str((await client.chat_postMessage(channel="C0TEAM", text="x"))["ts"])
        moment["now"] += timedelta(seconds=61)
        assert await error_of(client.chat_update(channel="C0TEAM", ts=ts, text="y")) == "edit_window_closed"
        sandbox.admin.archive("C0TEAM", "U0ANA")
        assert await error_of(client.chat_update(channel="C0TEAM", ts=ts, text="y")) == "is_inactive"


async def test_an_edit_of_metadata_alone_keeps_the_words_and_the_blocks(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    ts = str((await client.chat_postMessage(channel="C0TEAM", text="Words", blocks=[section()]))["ts"])
    metadata = {"event_type": "sent", "event_payload": {"key": "7"}}
    await client.api_call("chat.update", json={"channel": "C0TEAM", "ts": ts, "metadata": metadata})
    (message,) = sandbox.messages("C0TEAM")
    assert (message["text"], len(message["blocks"]), message["metadata"]) == ("Words", 1, metadata)


async def test_a_deleted_reply_is_counted_no_more(sandbox: Sandbox, client: AsyncWebClient) -> None:
    parent = str((await client.chat_postMessage(channel="C0TEAM", text="Parent"))["ts"])
    replies = [
        str((await client.chat_postMessage(channel="C0TEAM", text=word, thread_ts=parent))["ts"]) for word in "ab"
    ]
    await client.chat_delete(channel="C0TEAM", ts=replies[1])
    assert sandbox.messages("C0TEAM")[0]["reply_count"] == 1
    assert sandbox.messages("C0TEAM")[0]["latest_reply"] == replies[0]
    link = (await client.chat_getPermalink(channel="C0TEAM", message_ts=replies[0]))["permalink"]
    assert str(link).endswith(f"?thread_ts={parent}&cid=C0TEAM")


async def test_a_form_carries_blocks_as_json_text(sandbox: Sandbox, client: AsyncWebClient) -> None:
    form = {"channel": "#team", "text": "x", "blocks": json.dumps([section("In a form")])}
    assert (await client.api_call("chat.postMessage", data=form))["channel"] == "C0TEAM"
    assert sandbox.messages("C0TEAM")[0]["blocks"][0]["text"]["text"] == "In a form"


async def test_attachments_are_numbered_and_can_hold_buttons(sandbox: Sandbox, client: AsyncWebClient) -> None:
    attachments: list[Json] = [{"text": "Old style"}, {"blocks": [actions(button())]}]
    await client.chat_postMessage(channel="C0TEAM", text="x", attachments=attachments)
    (message,) = sandbox.messages("C0TEAM")
    assert [attachment["id"] for attachment in message["attachments"]] == [1, 2]
