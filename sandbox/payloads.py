"""The payloads of interactions, with every key that Slack's have."""

from sandbox.element_state import current_values
from sandbox.errors import Json
from sandbox.seed import User
from sandbox.shapes import payload_channel_name
from sandbox.state import Conversation
from sandbox.workspace import Workspace


def _person(workspace: Workspace, user: User) -> Json:
    return {"id": user.id, "username": user.name, "name": user.name, "team_id": workspace.team_of(user)}


def _frame(workspace: Workspace, kind: str, user: User) -> Json:
    return {
        "type": kind,
        "team": workspace.team_payload(),
        "user": _person(workspace, user),
        "api_app_id": workspace.seed.app.id,
        "token": workspace.seed.app.verification_token,
        "enterprise": workspace.enterprise_payload(),
        "is_enterprise_install": workspace.is_org_install,
    }


def _channel(conversation: Conversation) -> Json:
    return {"id": conversation.id, "name": payload_channel_name(conversation)}


def _now(workspace: Workspace) -> str:
    return f"{workspace.now().timestamp():.6f}"


def plain_message(message: Json) -> Json:
    """Return a message as payloads carry it."""
    return {key: value for key, value in message.items() if key != "to"}


def message_container(conversation: Conversation, message: Json) -> Json:
    """Return the `container` of a press in a message."""
    container: Json = {
        "type": "message",
        "message_ts": message["ts"],
        "channel_id": conversation.id,
        "is_ephemeral": "to" in message,
    }
    if "thread_ts" in message:
        container["thread_ts"] = message["thread_ts"]
    return container


def view_container(view: Json) -> Json:
    """Return the `container` of a press in a view."""
    return {"type": "view", "view_id": view["id"]}


def action(workspace: Workspace, block: Json, element: Json, chosen: Json) -> Json:
    """Return one entry of `actions`: the element's own words, then what was chosen."""
    told = {
        key: value
        for key, value in element.items()
        if key in {"text", "value", "style", "url", "placeholder", "confirm"} or key.startswith("initial_")
    }
    return {
        **told,
        **chosen,
        "type": element["type"],
        "action_id": element["action_id"],
        "block_id": block["block_id"],
        "action_ts": _now(workspace),
    }


def block_actions_in_message(
    workspace: Workspace,
    user: User,
    place: tuple[Conversation, Json],
    done: Json,
    state: Json,
    *,
    response_url: str,
) -> Json:
    """Return the payload of a press in a message; an ephemeral's content is not repeated to the app."""
    conversation, message = place
    payload: Json = {
        **_frame(workspace, "block_actions", user),
        "container": message_container(conversation, message),
        "trigger_id": workspace.triggers.make(user.id),
        "channel": _channel(conversation),
        "state": {"values": current_values(message.get("blocks") or [], state)},
        "response_url": response_url,
        "actions": [done],
    }
    if "to" not in message:
        payload["message"] = plain_message(message)
    return payload


def block_actions_in_view(workspace: Workspace, user: User, view: Json, done: Json) -> Json:
    """Return the payload of a press in a modal or a Home."""
    inside = view["id"] if view["type"] == "modal" else None
    return {
        **_frame(workspace, "block_actions", user),
        "container": view_container(view),
        "trigger_id": workspace.triggers.make(user.id, inside),
        "view": view,
        "actions": [done],
    }


def view_submission(workspace: Workspace, user: User, view: Json, response_urls: list[Json]) -> Json:
    """Return the payload of a submitted modal."""
    return {
        **_frame(workspace, "view_submission", user),
        "trigger_id": workspace.triggers.make(user.id, view["id"]),
        "view": view,
        "response_urls": response_urls,
    }


def view_closed(workspace: Workspace, user: User, view: Json, *, is_cleared: bool) -> Json:
    """Return the payload of a modal that a person dismissed."""
    return {**_frame(workspace, "view_closed", user), "view": view, "is_cleared": is_cleared}


def slash_command(
    workspace: Workspace,
    user: User,
    conversation: Conversation,
    typed: tuple[str, str],
    *,
    response_url: str,
) -> Json:
    """Return the flat payload of a slash command; `typed` is the command and the words after it."""
    command, text = typed
    team, app = workspace.seed.team, workspace.seed.app
    payload: Json = {
        "token": app.verification_token,
        "team_id": team.id,
        "team_domain": team.domain,
        "channel_id": conversation.id,
        "channel_name": payload_channel_name(conversation),
        "user_id": user.id,
        "user_name": user.name,
        "command": command,
        "text": text,
        "api_app_id": app.id,
        "is_enterprise_install": str(workspace.is_org_install).lower(),
        "response_url": response_url,
        "trigger_id": workspace.triggers.make(user.id),
    }
    if team.enterprise_id is not None:
        payload["enterprise_id"] = team.enterprise_id
        payload["enterprise_name"] = team.enterprise_name or ""
    return payload


def global_shortcut(workspace: Workspace, user: User, callback_id: str) -> Json:
    """Return the payload of a global shortcut."""
    return {
        **_frame(workspace, "shortcut", user),
        "callback_id": callback_id,
        "trigger_id": workspace.triggers.make(user.id),
        "action_ts": _now(workspace),
    }


def message_shortcut(
    workspace: Workspace,
    user: User,
    callback_id: str,
    place: tuple[Conversation, Json],
    *,
    response_url: str,
) -> Json:
    """Return the payload of a message shortcut."""
    conversation, message = place
    return {
        **_frame(workspace, "message_action", user),
        "callback_id": callback_id,
        "trigger_id": workspace.triggers.make(user.id),
        "action_ts": _now(workspace),
        "message_ts": message["ts"],
        "message": plain_message(message),
        "channel": _channel(conversation),
        "response_url": response_url,
    }


def block_suggestion(
    workspace: Workspace,
    user: User,
    block: Json,
    element: Json,
    typed: str,
    *,
    view: Json | None = None,
    place: tuple[Conversation, Json] | None = None,
) -> Json:
    """Return the payload of a menu that asks for its options."""
    payload: Json = {
        **_frame(workspace, "block_suggestion", user),
        "action_id": element["action_id"],
        "block_id": block["block_id"],
        "value": typed,
    }
    if view is not None:
        payload.update(container=view_container(view), view=view)
    if place is not None:
        conversation, message = place
        payload.update(container=message_container(conversation, message), channel=_channel(conversation))
        if "to" not in message:
            payload["message"] = plain_message(message)
    return payload
