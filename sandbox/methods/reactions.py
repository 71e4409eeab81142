"""reactions.add, remove, get."""

import re

from sandbox.errors import Json, SlackError
from sandbox.events import send_event
from sandbox.methods.registry import Call, method
from sandbox.page_shapes import tell_message
from sandbox.state import Conversation

_NAME = re.compile(r"[a-z0-9_+'-]+(::skin-tone-[2-6])?")
_MOST_KINDS = 50


def _target(call: Call) -> tuple[Conversation, Json]:
    if call.text("channel") is None or call.text("timestamp") is None:
        raise SlackError("no_item_specified")
    conversation = call.visible_channel()
    if conversation.is_archived:
        raise SlackError("is_archived")
    message = conversation.messages.get(call.need("timestamp"))
    if message is None:
        raise SlackError("message_not_found")
    return conversation, message


def _name(call: Call) -> str:
    name = call.need("name").strip(":")
    if not _NAME.fullmatch(name):
        raise SlackError("invalid_name")
    return name


def _changed(call: Call, conversation: Conversation, message: Json, kind: str, name: str) -> None:
    tell_message(call.workspace, conversation, message, "message_changed")
    call.workspace.touch()
    event = {
        "type": kind,
        "user": call.workspace.seed.app.bot_user_id,
        "reaction": name,
        "item_user": message.get("user", ""),
        "item": {"type": "message", "channel": conversation.id, "ts": message["ts"]},
        "event_ts": f"{call.workspace.now().timestamp():.6f}",
    }
    send_event(call.workspace, event)


@method("reactions.add", scopes=("reactions:write",))
async def reactions_add(call: Call) -> Json:
    """Add the app's reaction to a message."""
    name = _name(call)
    conversation, message = _target(call)
    bot = call.workspace.seed.app.bot_user_id
    reactions: list[Json] = message.setdefault("reactions", [])
    entry = next((one for one in reactions if one["name"] == name), None)
    if entry is None:
        if len(reactions) >= _MOST_KINDS:
            raise SlackError("too_many_emoji")
        entry = {"name": name, "users": [], "count": 0}
        reactions.append(entry)
    if bot in entry["users"]:
        raise SlackError("already_reacted")
    entry["users"].append(bot)
    entry["count"] = len(entry["users"])
    _changed(call, conversation, message, "reaction_added", name)
    return {}


@method("reactions.remove", scopes=("reactions:write",), tier=2)
async def reactions_remove(call: Call) -> Json:
    """Take the app's reaction away."""
    name = _name(call)
    conversation, message = _target(call)
    bot = call.workspace.seed.app.bot_user_id
    reactions: list[Json] = message.get("reactions", [])
    entry = next((one for one in reactions if one["name"] == name and bot in one["users"]), None)
    if entry is None:
        raise SlackError("no_reaction")
    entry["users"].remove(bot)
    entry["count"] = len(entry["users"])
    message["reactions"] = [one for one in reactions if one["count"]]
    _changed(call, conversation, message, "reaction_removed", name)
    return {}


@method("reactions.get", scopes=("reactions:read",))
async def reactions_get(call: Call) -> Json:
    """Return a message with its reactions."""
    conversation, message = _target(call)
    return {"type": "message", "channel": conversation.id, "message": message}
