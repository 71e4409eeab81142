"""Events: what the app hears of, in which wrapper, and how often it is tried."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import App, Channel, Sandbox, Seed, User
from tests.sandbox.support import SEED, Connect, Json, error_of


@pytest.fixture
def heard(bolt: AsyncApp) -> list[Json]:
    """Collect every event."""
    bodies: list[Json] = []

    async def note(body: Json) -> None:
        bodies.append(body)

    kinds = (
        "message", "app_mention", "app_home_opened", "team_join", "user_change", "channel_archive",
        "channel_created", "channel_rename", "channel_unarchive", "channel_shared", "member_left_channel",
        "member_joined_channel", "app_uninstalled", "tokens_revoked", "reaction_added",
    )  # fmt: skip
    for kind in kinds:
        bolt.event(kind)(note)
    return bodies


async def events(sandbox: Sandbox, heard: list[Json], count: int) -> list[Json]:
    """Return what was heard when so many events were acked and their listeners ran."""
    await sandbox.until(lambda: len(sandbox.deliveries) >= count and len(heard) >= count)
    return [body["event"] for body in heard]


async def test_a_message_in_the_dm_reaches_the_app(
    sandbox: Sandbox, bolt: AsyncApp, connect: Connect, heard: list[Json]
) -> None:
    await connect(bolt)
    said = await sandbox.person("U0ANA").say("Hello app")
    (event,) = await events(sandbox, heard, 1)
    assert event["type"] == "message"
    assert event["channel_type"] == "im"
    assert event["text"] == "Hello app"
    assert event["ts"] == event["event_ts"] == said.ts
    body = heard[0]
    assert body["authorizations"][0]["user_id"] == "U0BOT"
    assert body["event_id"].startswith("Ev")
    assert body["api_app_id"] == "A0APP"


async def test_a_mention_in_a_channel_is_told_twice_as_slack_does(
    sandbox: Sandbox, bolt: AsyncApp, connect: Connect, heard: list[Json]
) -> None:
    await connect(bolt)
    await sandbox.person("U0ANA").say("Hey <@U0BOT>", "C0TEAM")
    found = await events(sandbox, heard, 2)
    assert {event["type"] for event in found} == {"message", "app_mention"}


async def test_mentions_and_links_are_told_apart_in_what_people_type(sandbox: Sandbox) -> None:
    ana = sandbox.person("U0ANA")
    await ana.say("<@U0BEN> see <#C0TEAM|team> at https://example.com/a <!here> now", "C0TEAM")
    (message,) = ana.messages("C0TEAM")
    elements = message["blocks"][0]["elements"][0]["elements"]
    assert [element["type"] for element in elements] == [
        "user",
        "text",
        "channel",
        "text",
        "link",
        "text",
        "broadcast",
        "text",
    ]


async def test_what_is_said_where_the_app_is_not_stays_there(
    sandbox: Sandbox, bolt: AsyncApp, connect: Connect, heard: list[Json]
) -> None:
    await connect(bolt)
    ana = sandbox.person("U0ANA")
    await ana.say("Among us", "C0SECRET")
    await ana.say("To the app")
    (event,) = await events(sandbox, heard, 1)
    assert event["text"] == "To the app"


async def test_an_event_needs_its_scope_and_its_subscription() -> None:
    for app in (App(scopes=["chat:write"]), App(events=["team_join"])):
        async with Sandbox(Seed(app=app)) as sandbox:
            await sandbox.person("U0ANA").say("Hello")
            sandbox.admin.join(User(id="U0NEW", name="new"))
            if app.events:
                await sandbox.until(lambda: sandbox.deliveries)
            told = [delivery.payload["event"]["type"] for delivery in sandbox.deliveries]
            assert told == list(app.events or [])


async def test_opening_the_home_and_the_messages_is_told(
    sandbox: Sandbox, client: AsyncWebClient, bolt: AsyncApp, connect: Connect, heard: list[Json]
) -> None:
    await connect(bolt)
    ana = sandbox.person("U0ANA")
    assert ana.open_home() is None
    await events(sandbox, heard, 1)
    published = (await client.views_publish(user_id="U0ANA", view={"type": "home", "blocks": []}))["view"]
    assert ana.open_home() == published
    await events(sandbox, heard, 2)
    ana.open()
    found = await events(sandbox, heard, 3)
    assert [event["tab"] for event in found] == ["home", "home", "messages"]
    assert "view" not in found[0]
    assert found[1]["view"]["id"] == published["id"]
    assert found[0]["channel"] == ana.dm_id


async def test_what_happens_around_the_app_is_told(
    sandbox: Sandbox, bolt: AsyncApp, connect: Connect, heard: list[Json]
) -> None:
    await connect(bolt)
    admin = sandbox.admin
    changes: list[Callable[[], None]] = [
        lambda: admin.join(User(id="U0NEW", name="new", real_name="New Person")),
        lambda: admin.change("U0BEN", tz="Asia/Tokyo"),
        lambda: admin.deactivate("U0BEN"),
        lambda: admin.create_channel(Channel(id="C0NEW", name="new", members=["U0ANA"]), "U0ANA"),
        lambda: admin.rename("C0NEW", "newer"),
        lambda: admin.archive("C0NEW", "U0ANA"),
        lambda: admin.unarchive("C0NEW", "U0ANA"),
        lambda: admin.share_externally("C0NEW"),
        lambda: admin.add_member("C0NEW", "U0BOT", "U0ANA"),
        lambda: admin.remove_member("C0NEW", "U0BOT"),
    ]
    for number, change in enumerate(changes, 1):
        change()
        await events(sandbox, heard, number)
    found = [body["event"] for body in heard]
    assert [event["type"] for event in found] == [
        "team_join",
        "user_change",
        "user_change",
        "channel_created",
        "channel_rename",
        "channel_archive",
        "channel_unarchive",
        "channel_shared",
        "member_joined_channel",
        "member_left_channel",
    ]
    assert found[1]["user"]["tz"] == "Asia/Tokyo"
    assert found[2]["user"]["deleted"] is True
    assert found[8]["inviter"] == "U0ANA"


async def test_an_uninstall_ends_the_tokens_and_is_told(
    sandbox: Sandbox, client: AsyncWebClient, bolt: AsyncApp, connect: Connect, heard: list[Json]
) -> None:
    await connect(bolt)
    await sandbox.person("U0ANA").say("Bolt asks whose token it has before the first listener")
    await events(sandbox, heard, 1)
    sandbox.admin.uninstall()
    found = await events(sandbox, heard, 3)
    assert {event["type"] for event in found[1:]} == {"app_uninstalled", "tokens_revoked"}
    assert await error_of(client.auth_test()) == "account_inactive"


async def test_an_event_that_is_not_acked_is_tried_three_times_more() -> None:
    async with Sandbox(SEED, event_retry_pauses=(0.01, 0.01, 0.01)) as sandbox:
        await sandbox.person("U0ANA").say("Anybody there?")
        await sandbox.until(lambda: len(sandbox.deliveries) == 4)
        tries = list(sandbox.deliveries)
        assert [one.retry_attempt for one in tries] == [0, 1, 2, 3]
        assert len({one.payload["event_id"] for one in tries}) == 1


async def test_a_retry_names_its_number_and_its_reason(bolt_heard: tuple[Sandbox, list[Json]]) -> None:
    sandbox, headers = bolt_heard
    sandbox.faults.add("events_api:message", "lose")
    await sandbox.person("U0ANA").say("Hello")
    await sandbox.until(lambda: headers, timeout=8)
    assert headers[0]["x-slack-retry-num"] == ["1"]
    assert headers[0]["x-slack-retry-reason"] == ["http_timeout"]


@pytest.fixture
async def bolt_heard() -> AsyncIterator[tuple[Sandbox, list[Json]]]:
    """Connect an app that keeps the headers of each message event; retries come quickly."""
    headers: list[Json] = []
    async with Sandbox(SEED, event_retry_pauses=(0.01, 0.01, 0.01)) as sandbox:
        app = AsyncApp(client=AsyncWebClient(token=SEED.app.bot_token, base_url=sandbox.api_url))

        @app.event("message")
        async def note(request: Any) -> None:
            headers.append(request.headers)

        handler = AsyncSocketModeHandler(app, SEED.app.app_token)
        await handler.connect_async()  # type: ignore[no-untyped-call]
        await sandbox.until(lambda: sandbox.connected)
        yield sandbox, headers
        await handler.close_async()  # type: ignore[no-untyped-call]


async def test_events_over_the_hourly_quota_are_dropped_and_the_app_is_told_of_it() -> None:
    async with Sandbox(SEED, events_per_hour=2, event_retry_pauses=()) as sandbox:
        ana = sandbox.person("U0ANA")
        for number in range(5):
            await ana.say(str(number))
        await sandbox.until(lambda: len(sandbox.deliveries) >= 3)
        payloads = [delivery.payload for delivery in sandbox.deliveries]
    assert [payload["type"] for payload in payloads[:3]] == ["event_callback", "event_callback", "app_rate_limited"]
    assert set(payloads[2]) == {"type", "token", "team_id", "minute_rate_limited", "api_app_id"}


async def test_revoked_tokens_are_told_and_refused(sandbox: Sandbox, client: AsyncWebClient) -> None:
    sandbox.admin.revoke_bot_tokens()
    await sandbox.until(lambda: sandbox.deliveries)
    event = sandbox.deliveries[0].payload["event"]
    assert event["tokens"] == {"oauth": [], "bot": ["U0BOT"]}
    assert await error_of(client.auth_test()) == "token_revoked"


async def test_edits_and_deletions_are_told_where_the_app_is(sandbox: Sandbox, client: AsyncWebClient) -> None:
    ts = str((await client.chat_postMessage(channel="C0TEAM", text="x"))["ts"])
    await client.chat_update(channel="C0TEAM", ts=ts, text="y")
    await client.chat_delete(channel="C0TEAM", ts=ts)
    await sandbox.until(lambda: len(sandbox.deliveries) >= 3)
    found = {
        one.payload["event"].get("subtype"): one.payload["event"] for one in sandbox.deliveries if not one.retry_attempt
    }
    assert found["message_changed"]["message"]["text"] == "y"
    assert found["message_changed"]["previous_message"]["text"] == "x"
    assert found["message_deleted"]["deleted_ts"] == ts


async def test_what_people_type_is_told_with_its_markup_escaped_and_its_links_marked(
    sandbox: Sandbox, bolt: AsyncApp, connect: Connect, heard: list[Json]
) -> None:
    await connect(bolt)
    await sandbox.person("U0ANA").say("<b> & https://example.com/?a=1&b=2 <@U0BEN>")
    (event,) = await events(sandbox, heard, 1)
    assert event["channel_type"] == "im"
    assert event["text"] == "&lt;b&gt; &amp; <https://example.com/?a=1&amp;b=2> <@U0BEN>"
