"""Put messages into conversations, change them, take them out; pages and the app hear of it."""

from typing import Any

from sandbox.calls import Post
from sandbox.errors import Json
from sandbox.events import message_event
from sandbox.message_rules import Content
from sandbox.page_shapes import tell_deleted, tell_message
from sandbox.shapes import bot_profile_json
from sandbox.state import Conversation
from sandbox.typed_text import rich_text_of
from sandbox.workspace import Workspace

_MOST_REPLY_USERS = 5


def app_fields(workspace: Workspace) -> Json:
    """Return the keys that mark a message as the app's."""
    app, team = workspace.seed.app, workspace.seed.team
    return {
        "user": app.bot_user_id,
        "type": "message",
        "bot_id": app.bot_id,
        "app_id": app.id,
        "team": team.id,
        "bot_profile": bot_profile_json(app, team),
    }


def person_fields(workspace: Workspace, user_id: str, text: str) -> Json:
    """Return the keys of a message that a person typed."""
    user = workspace.user(user_id)
    return {
        "user": user_id,
        "type": "message",
        "client_msg_id": _uuid(workspace),
        "team": workspace.seed.team.id if user is None else workspace.team_of(user),
        "text": text,
        "blocks": [rich_text_of(text, workspace.ids.short())],
    }


def _uuid(workspace: Workspace) -> str:
    return "-".join(workspace.ids.hexadecimal(length) for length in (8, 4, 4, 4, 12))


def post(
    workspace: Workspace,
    conversation: Conversation,
    fields: Json,
    *,
    thread_ts: str | None = None,
    broadcast: bool = False,
) -> Json:
    """Add a message; a reply also counts at its parent. Return what is stored."""
    ts = workspace.stamp(conversation)
    message: Json = {**fields, "ts": ts}
    parent = None if thread_ts is None else conversation.messages.get(thread_ts)
    if thread_ts is not None:
        message["thread_ts"] = thread_ts
        if parent is not None:
            message["parent_user_id"] = parent.get("user", "")
        if broadcast:
            message["subtype"] = "thread_broadcast"
    conversation.messages[ts] = message
    if parent is not None:
        _count_reply(parent, message)
        tell_message(workspace, conversation, parent, "message_changed")
    tell_message(workspace, conversation, message)
    _log_post(workspace, conversation, message)
    message_event(workspace, conversation, message)
    workspace.touch()
    return message


def post_ephemeral(
    workspace: Workspace, conversation: Conversation, reader: str, fields: Json, thread_ts: str | None = None
) -> Json:
    """Show a message to one person only."""
    ts = workspace.stamp(conversation)
    message: Json = {**fields, "ts": ts, "to": reader}
    if thread_ts is not None:
        message["thread_ts"] = thread_ts
    conversation.ephemerals[ts] = message
    tell_message(workspace, conversation, message)
    _log_post(workspace, conversation, message)
    workspace.touch()
    return message


def _log_post(workspace: Workspace, conversation: Conversation, message: Json) -> None:
    if message.get("bot_id") == workspace.seed.app.bot_id:
        entry = Post(conversation.id, message["ts"], message["text"], dict(message), message.get("to"))
        workspace.log.posts.append(entry)


def _count_reply(parent: Json, reply: Json) -> None:
    parent["thread_ts"] = parent["ts"]
    people: list[str] = parent.setdefault("reply_users", [])
    if reply["user"] not in people and len(people) < _MOST_REPLY_USERS:
        people.append(reply["user"])
    parent["reply_count"] = parent.get("reply_count", 0) + 1
    parent["reply_users_count"] = len(people)
    parent["latest_reply"] = reply["ts"]
    parent.setdefault("is_locked", False)
    parent.setdefault("subscribed", False)


def edit(workspace: Workspace, conversation: Conversation, message: Json, content: Content, given: set[str]) -> Json:
    """Change a message; what the edit did not mention stays, except that text alone drops old blocks."""
    before = dict(message)
    fields: dict[str, Any] = content.fields()
    for name in ("blocks", "attachments"):
        if name in fields:
            message[name] = fields[name]
        elif name in given or (name == "blocks" and "text" in given):
            message.pop(name, None)
    if "text" in given or "blocks" in given or "markdown_text" in given:
        message["text"] = fields["text"]
    if "metadata" in given:
        message.pop("metadata", None)
        if "metadata" in fields:
            message["metadata"] = fields["metadata"]
    if "to" not in message:
        # An edit has its own time; it must not use up the next message's stamp.
        message["edited"] = {
            "user": message.get("user", ""),
            "ts": f"{int(workspace.now().timestamp())}.000000",
        }
        message_event(workspace, conversation, message, before=before)
    tell_message(workspace, conversation, message, "message_changed")
    workspace.touch()
    return message


def remove(workspace: Workspace, conversation: Conversation, message: Json) -> None:
    """Take a message or an ephemeral out."""
    ts = message["ts"]
    if "to" in message:
        conversation.ephemerals.pop(ts, None)
        tell_deleted(workspace, conversation, ts, [message["to"]])
    else:
        conversation.messages.pop(ts, None)
        _uncount_reply(workspace, conversation, message)
        tell_deleted(workspace, conversation, ts, conversation.members)
        message_event(workspace, conversation, message, deleted=True)
    workspace.touch()


def _uncount_reply(workspace: Workspace, conversation: Conversation, reply: Json) -> None:
    parent = conversation.messages.get(reply.get("thread_ts", ""))
    if parent is None or parent is reply:
        return
    left = [message for message in conversation.thread(parent["ts"]) if message is not parent]
    parent["reply_count"] = len(left)
    if left:
        parent["latest_reply"] = left[-1]["ts"]
    tell_message(workspace, conversation, parent, "message_changed")
