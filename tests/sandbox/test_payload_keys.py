"""Payloads have the keys that Slack's do.

The sets below were read from the public type definitions of Slack's Node SDKs (`@slack/types` 3.2 and
`@slack/bolt` 5.1): what a type requires must be there, and nothing may be there that it does not know,
except what is listed as seen in practice although the types do not name it.
"""

from typing import Any

import pytest
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import Channel, Sandbox, User
from tests.sandbox.support import Connect, Json, actions, button, field, modal

FRAME = {"type", "team", "user", "token"}
OPTIONAL = {"enterprise", "is_enterprise_install"}
PLACE = {"api_app_id", *FRAME}

REQUIRED: dict[str, set[str]] = {
    "block_actions": PLACE | {"actions", "trigger_id", "container"},
    "view_submission": PLACE | {"view", "trigger_id"},
    "view_closed": PLACE | {"view", "is_cleared"},
    "shortcut": FRAME | {"callback_id", "trigger_id", "action_ts"},
    "message_action": FRAME
    | {"callback_id", "trigger_id", "message_ts", "response_url", "message", "channel", "action_ts"},
    "block_suggestion": PLACE | {"block_id", "action_id", "value", "container"},
    "command": {
        "token",
        "command",
        "text",
        "response_url",
        "trigger_id",
        "user_id",
        "user_name",
        "team_id",
        "team_domain",
        "channel_id",
        "channel_name",
        "api_app_id",
    },
}
ALLOWED: dict[str, set[str]] = {
    "block_actions": OPTIONAL | {"channel", "message", "view", "state", "response_url"},
    "view_submission": OPTIONAL | {"response_urls"},
    "view_closed": OPTIONAL,
    "shortcut": OPTIONAL,
    "message_action": OPTIONAL,
    "block_suggestion": OPTIONAL | {"channel", "view"},
    "command": {"enterprise_id", "enterprise_name", "is_enterprise_install"},
}
SEEN_IN_PRACTICE: dict[str, set[str]] = {
    "shortcut": {"api_app_id"},
    "message_action": {"api_app_id"},
    "block_suggestion": {"message"},
}
VIEW = {
    "id",
    "callback_id",
    "team_id",
    "app_installed_team_id",
    "app_id",
    "bot_id",
    "title",
    "type",
    "blocks",
    "close",
    "submit",
    "state",
    "hash",
    "private_metadata",
    "root_view_id",
    "previous_view_id",
    "clear_on_close",
    "notify_on_close",
    "external_id",
}
USER = {
    "id", "team_id", "name", "deleted", "color", "real_name", "tz", "tz_label", "tz_offset", "profile",
    "is_admin", "is_owner", "is_primary_owner", "is_restricted", "is_ultra_restricted", "is_bot", "updated",
    "is_email_confirmed", "is_app_user", "locale", "who_can_share_contact_card",
}  # fmt: skip
PROFILE = {
    "title", "phone", "skype", "real_name", "real_name_normalized", "display_name",
    "display_name_normalized", "status_text", "status_text_canonical", "status_emoji",
    "status_emoji_display_info", "status_expiration", "avatar_hash", "first_name", "last_name", "image_24",
    "image_32", "image_48", "image_72", "image_192", "image_512", "team", "fields",
}  # fmt: skip
EVENTS: dict[str, set[str]] = {
    "message": {"type", "event_ts", "channel", "user", "ts", "channel_type"},
    "app_home_opened": {"type", "user", "channel", "event_ts", "tab"},
    "team_join": {"type", "user", "cache_ts", "event_ts"},
    "user_change": {"type", "user", "cache_ts", "event_ts"},
    "channel_archive": {"type", "channel", "user", "event_ts"},
    "channel_created": {"type", "channel", "event_ts"},
    "channel_rename": {"type", "channel", "event_ts"},
    "channel_shared": {"type", "channel", "connected_team_id", "event_ts"},
    "member_joined_channel": {"type", "user", "channel", "channel_type", "team", "event_ts"},
    "member_left_channel": {"type", "user", "channel", "channel_type", "team", "event_ts"},
    "reaction_added": {"type", "user", "reaction", "item_user", "item", "event_ts"},
    "app_uninstalled": {"type"},
    "tokens_revoked": {"type", "tokens"},
}
CREATED_CHANNEL = {
    "id", "is_channel", "name", "name_normalized", "created", "creator", "is_shared", "is_org_shared",
    "context_team_id", "is_archived", "is_frozen", "is_general", "is_group", "is_private", "is_ext_shared",
    "is_im", "is_mpim", "is_pending_ext_shared",
}  # fmt: skip
EVENT_WRAPPER = {
    "token", "team_id", "context_team_id", "context_enterprise_id", "api_app_id", "event", "type", "event_id",
    "event_time", "authorizations", "is_ext_shared_channel", "event_context",
}  # fmt: skip


@pytest.fixture
async def app(bolt: AsyncApp, connect: Connect) -> None:
    """Connect an app that acks everything and opens a modal on the command."""

    @bolt.command("/plan")
    async def plan(ack: Any, body: Json, client: AsyncWebClient) -> None:
        await ack()
        view = modal(field(), actions(button()), callback_id="form", notify_on_close=True)
        await client.views_open(trigger_id=body["trigger_id"], view=view)

    async def agree(ack: Any) -> None:
        await ack()

    for register in (bolt.action("go"), bolt.view("form"), bolt.view_closed("form")):
        register(agree)
    for register in (bolt.shortcut("start"), bolt.shortcut("keep")):
        register(agree)

    @bolt.options("find")
    async def find(ack: Any) -> None:
        await ack(options=[])

    await connect(bolt)


@pytest.mark.usefixtures("app")
async def test_interactions_have_every_required_key_and_no_unknown_one(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    ana = sandbox.person("U0ANA")
    menu = {"type": "external_select", "action_id": "find"}
    await client.chat_postMessage(channel="C0TEAM", text="x", blocks=[actions(button(), menu)])
    (message,) = ana.messages("C0TEAM")
    await ana.click(message, "go")
    await ana.suggest(message, "find", "a")
    await ana.shortcut("start")
    await ana.shortcut("keep", message)
    for finish in ("submit", "close"):
        await ana.command("/plan")
        view = await sandbox.until(lambda: ana.view)
        await ana.click(view, "go")
        if finish == "submit":
            await ana.submit(view, {"line": "x"})
        else:
            await ana.close(view)

    assert all(delivery.ok for delivery in sandbox.deliveries)
    seen: set[str] = set()
    for payload in (delivery.payload for delivery in sandbox.deliveries if delivery.kind != "events_api"):
        kind = payload.get("type", "command")
        seen.add(kind)
        keys = set(payload)
        assert keys >= REQUIRED[kind], kind
        assert keys <= REQUIRED[kind] | ALLOWED[kind] | SEEN_IN_PRACTICE.get(kind, set()), kind
        if "view" in payload:
            assert set(payload["view"]) == VIEW, kind
        if kind != "command":
            assert set(payload["team"]) == {"id", "domain"}
            assert set(payload["user"]) == {"id", "username", "name", "team_id"}
    assert seen == set(REQUIRED)


async def test_a_press_in_a_view_has_no_message_and_no_response_url(sandbox: Sandbox, client: AsyncWebClient) -> None:
    await client.views_publish(user_id="U0ANA", view={"type": "home", "blocks": [actions(button())]})
    ana = sandbox.person("U0ANA")
    assert ana.home is not None
    await ana.click(ana.home, "go")
    payload = sandbox.deliveries[-1].payload
    assert not {"message", "channel", "response_url", "state"} & set(payload)
    assert set(payload["actions"][0]) == {"type", "action_id", "block_id", "action_ts", "text"}


async def test_events_have_every_required_key(sandbox: Sandbox, client: AsyncWebClient) -> None:
    ana, admin = sandbox.person("U0ANA"), sandbox.admin
    said = await ana.say("Hello", "C0TEAM")
    ana.open_home()
    await client.reactions_add(channel="C0TEAM", timestamp=str(said.ts), name="tada")
    admin.join(User(id="U0NEW", name="new"))
    admin.change("U0NEW", title="New")
    admin.create_channel(Channel(id="C0NEW", name="new"), "U0ANA")
    admin.rename("C0NEW", "newer")
    admin.archive("C0NEW", "U0ANA")
    admin.share_externally("C0TEAM")
    admin.add_member("C0TEAM", "U0NEW")
    admin.remove_member("C0TEAM", "U0NEW")
    admin.uninstall()
    await sandbox.until(lambda: {one.payload["event"]["type"] for one in sandbox.deliveries} >= set(EVENTS))
    for payload in (delivery.payload for delivery in sandbox.deliveries):
        event = payload["event"]
        assert set(payload) == EVENT_WRAPPER
        assert set(event) >= EVENTS[event["type"]], event["type"]
        if event["type"] in {"team_join", "user_change"}:
            assert set(event["user"]) >= USER
            assert set(event["user"]["profile"]) >= PROFILE
        if event["type"] == "channel_created":
            assert set(event["channel"]) == CREATED_CHANNEL
