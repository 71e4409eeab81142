"""What the page is told: people, conversations and messages in its own short form."""

from sandbox.errors import Json
from sandbox.seed import User
from sandbox.shapes import color_of, initials_of
from sandbox.state import Conversation, is_hidden_reply
from sandbox.workspace import Workspace

_PRIVATE_KEYS = {"to", "client_msg_id", "bot_profile"}


def page_user(user: User, workspace: Workspace) -> Json:
    """Return a person."""
    return {
        "id": user.id,
        "name": user.name,
        "real_name": user.real_name or user.name,
        "tz": user.tz,
        "title": user.title,
        "color": f"#{color_of(user)}",
        "is_bot": user.is_bot or user.id == workspace.seed.app.bot_user_id,
        "deleted": user.deleted,
        "initials": initials_of(user),
    }


def page_channel(conversation: Conversation, reader: str, workspace: Workspace) -> Json:
    """Return a conversation as one person sees it."""
    bot = workspace.seed.app.bot_user_id
    shown: Json = {
        "id": conversation.id,
        "name": conversation.name,
        "kind": _kind(conversation, bot),
        "members": list(conversation.members),
        "topic": conversation.topic,
        "is_archived": conversation.is_archived,
        "last_ts": _last_shown(conversation, reader),
        "unread": unread(conversation, reader, workspace),
    }
    if conversation.kind == "im":
        other = next((member for member in conversation.members if member != reader), reader)
        person = workspace.user(other)
        shown["user"] = other
        shown["name"] = "" if person is None else person.real_name or person.name
    return shown


def _kind(conversation: Conversation, bot: str) -> str:
    if conversation.kind == "im":
        return "app_dm" if bot in conversation.members else "dm"
    return "channel" if conversation.kind == "public" else "private"


def _last_shown(conversation: Conversation, reader: str) -> str | None:
    stamps = [next(reversed(conversation.messages), None)]
    stamps.extend(ts for ts, message in conversation.ephemerals.items() if message["to"] == reader)
    return max((ts for ts in stamps if ts is not None), default=None)


def unread(conversation: Conversation, reader: str, workspace: Workspace) -> int:
    """Count what a person has not seen: others' messages after the read mark, replies left out."""
    mark = workspace.state.read_marks.get(reader, {}).get(conversation.id, "")
    count = 0
    for ts in reversed(conversation.messages):
        if ts <= mark:
            break
        message = conversation.messages[ts]
        count += message.get("user") != reader and not is_hidden_reply(message)
    return count


def page_message(message: Json) -> Json:
    """Return a message; an ephemeral says that it is one."""
    shown = {key: value for key, value in message.items() if key not in _PRIVATE_KEYS}
    if "to" in message:
        shown["ephemeral"] = True
    return shown


def tell_message(workspace: Workspace, conversation: Conversation, message: Json, kind: str = "message") -> None:
    """Show a new or changed message on the pages of those who can see it."""
    event = {"type": kind, "channel": conversation.id, "message": page_message(message)}
    readers = [message["to"]] if "to" in message else conversation.members
    workspace.hub.tell(event, readers)


def tell_deleted(workspace: Workspace, conversation: Conversation, ts: str, readers: list[str]) -> None:
    """Take a message off the pages."""
    workspace.hub.tell({"type": "message_deleted", "channel": conversation.id, "ts": ts}, readers)


def tell_channel(workspace: Workspace, conversation: Conversation) -> None:
    """Show a new or changed conversation to its members."""
    for member in conversation.members:
        event = {"type": "channel", "channel": page_channel(conversation, member, workspace)}
        workspace.hub.tell(event, [member])


def tell_stack(workspace: Workspace, user_id: str) -> None:
    """Show a person's modal stack as it is now."""
    workspace.hub.tell({"type": "view", "stack": workspace.state.stacks.get(user_id, [])}, [user_id])
