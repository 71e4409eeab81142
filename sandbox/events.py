"""Events API: which events the app hears of, in Slack's wrapper, retried as Slack retries."""

import asyncio

from sandbox.delivery import Envelope
from sandbox.errors import Json
from sandbox.state import Conversation
from sandbox.workspace import Workspace

# The scope without which an event is not sent; events that are not here need none.
SCOPE_OF_EVENT = {
    "app_mention": "app_mentions:read",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "message.mpim": "mpim:history",
    "member_joined_channel": "channels:read",
    "member_left_channel": "channels:read",
    "channel_archive": "channels:read",
    "channel_unarchive": "channels:read",
    "channel_created": "channels:read",
    "channel_rename": "channels:read",
    "channel_deleted": "channels:read",
    "channel_left": "channels:read",
    "channel_shared": "channels:read",
    "channel_unshared": "channels:read",
    "reaction_added": "reactions:read",
    "reaction_removed": "reactions:read",
    "team_join": "users:read",
    "user_change": "users:read",
    "team_rename": "team:read",
    "team_domain_change": "team:read",
}
_CHANNEL_TYPES = {"public": "channel", "private": "group", "im": "im", "mpim": "mpim"}
_SUBSCRIPTIONS = {
    "public": "message.channels",
    "private": "message.groups",
    "im": "message.im",
    "mpim": "message.mpim",
}


def hears(workspace: Workspace, subscription: str) -> bool:
    """Tell whether the app is subscribed to an event and may have it."""
    app = workspace.seed.app
    scope = SCOPE_OF_EVENT.get(subscription)
    subscribed = app.events is None or subscription in app.events
    return subscribed and (scope is None or scope in app.scopes)


def send_event(workspace: Workspace, event: Json, subscription: str | None = None) -> None:
    """Send an event to the app in the background, if it hears of this kind."""
    if not hears(workspace, subscription or event["type"]):
        return
    if workspace.event_quota.take():
        workspace.background(_deliver(workspace, wrap(workspace, event)))
    elif workspace.event_quota.tell():
        workspace.background(_deliver(workspace, _rate_limited(workspace)))


def _rate_limited(workspace: Workspace) -> Json:
    """Return the payload that stands for the events of a minute that were dropped; it has no wrapper."""
    return {
        "type": "app_rate_limited",
        "token": workspace.seed.app.verification_token,
        "team_id": workspace.seed.team.id,
        "minute_rate_limited": int(workspace.now().timestamp()) // 60 * 60,
        "api_app_id": workspace.seed.app.id,
    }


def wrap(workspace: Workspace, event: Json) -> Json:
    """Return the outer part of an event delivery."""
    seed = workspace.seed
    return {
        "token": seed.app.verification_token,
        "team_id": seed.team.id,
        "context_team_id": seed.team.id,
        "context_enterprise_id": seed.team.enterprise_id,
        "api_app_id": seed.app.id,
        "event": event,
        "type": "event_callback",
        "event_id": workspace.ids.new("Ev"),
        "event_time": int(workspace.now().timestamp()),
        "authorizations": [
            {
                "enterprise_id": seed.team.enterprise_id,
                "team_id": seed.team.id,
                "user_id": seed.app.bot_user_id,
                "is_bot": True,
                "is_enterprise_install": workspace.is_org_install,
            }
        ],
        "is_ext_shared_channel": False,
        "event_context": f"4-{workspace.ids.hexadecimal(40)}",
    }


async def _deliver(workspace: Workspace, payload: Json) -> None:
    """Try once, then up to three times more after Slack's pauses."""
    reason = ""
    for attempt, pause in enumerate((0.0, *workspace.event_retry_pauses)):
        if pause:
            await asyncio.sleep(pause)
        envelope = Envelope("events_api", payload, retry_attempt=attempt, retry_reason=reason)
        answer = await workspace.transport.deliver(envelope)
        if answer.ok or answer.no_retry:
            return
        reason = answer.retry_reason


def message_event(
    workspace: Workspace,
    conversation: Conversation,
    message: Json,
    *,
    before: Json | None = None,
    deleted: bool = False,
) -> None:
    """Tell the app of a message that was posted, changed or deleted where it is a member."""
    app = workspace.seed.app
    mentioned = f"<@{app.bot_user_id}>" in message.get("text", "")
    if app.bot_user_id not in conversation.members:
        return
    if not (mentioned or hears(workspace, _SUBSCRIPTIONS[conversation.kind])):
        return
    place: Json = {"channel": conversation.id, "channel_type": _CHANNEL_TYPES[conversation.kind]}
    shown = {key: value for key, value in message.items() if key != "metadata"}
    if deleted:
        event = _hidden("message_deleted", workspace, conversation, place)
        event.update(deleted_ts=message["ts"], previous_message=shown)
    elif before is not None:
        event = _hidden("message_changed", workspace, conversation, place)
        event.update(message=shown, previous_message=before)
    else:
        event = {**shown, **place, "event_ts": message["ts"]}
    send_event(workspace, event, _SUBSCRIPTIONS[conversation.kind])
    if mentioned and before is None and not deleted and conversation.kind != "im":
        send_event(workspace, {**event, "type": "app_mention"})


def _hidden(subtype: str, workspace: Workspace, conversation: Conversation, place: Json) -> Json:
    """Return the frame of an event about an older message; it takes a stamp of its own."""
    ts = workspace.stamp(conversation)
    return {"type": "message", "subtype": subtype, "hidden": True, "ts": ts, "event_ts": ts, **place}


def home_opened_event(workspace: Workspace, user_id: str, channel_id: str, tab: str) -> None:
    """Tell the app that a person looks at its Home or its messages."""
    event: Json = {
        "type": "app_home_opened",
        "user": user_id,
        "channel": channel_id,
        "tab": tab,
        "event_ts": f"{workspace.now().timestamp():.6f}",
    }
    view = workspace.state.homes.get(user_id)
    if tab == "home" and view is not None:
        event["view"] = view
    send_event(workspace, event)
