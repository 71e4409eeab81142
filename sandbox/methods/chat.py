"""chat.postMessage, update, delete, postEphemeral, getPermalink."""

from sandbox.directs import app_dm
from sandbox.errors import Json, SlackError
from sandbox.message_rules import read_content
from sandbox.methods.registry import Call, method
from sandbox.posting import app_fields, edit, post, post_ephemeral, remove
from sandbox.shapes import team_url
from sandbox.state import Conversation


def _destination(call: Call) -> Conversation:
    """Return where a post goes; a person's id stands for the app's DM with them."""
    workspace = call.workspace
    wanted = call.text("channel")
    if wanted is None:
        raise SlackError("channel_not_found")
    conversation = workspace.conversation(wanted)
    if conversation is None:
        conversation = _by_name(call, wanted) or _dm_by_user_id(call, wanted)
    if not call.can_see(conversation):
        raise SlackError("channel_not_found")
    if conversation.is_archived:
        raise SlackError("is_archived")
    if conversation.kind == "im":
        if not workspace.seed.app.messages_tab:
            raise SlackError("messages_tab_disabled")
        if any(user is not None and user.deleted for user in map(workspace.user, conversation.members)):
            raise SlackError("channel_not_found")
    return conversation


def _by_name(call: Call, wanted: str) -> Conversation | None:
    """Find a public channel by name, which Slack still allows for posting in one workspace."""
    if call.grant.is_org and wanted.startswith("#"):
        raise SlackError("team_not_found")
    name = wanted.removeprefix("#")
    for conversation in call.workspace.state.conversations.values():
        if conversation.kind == "public" and conversation.name == name:
            return conversation
    return None


def _dm_by_user_id(call: Call, wanted: str) -> Conversation:
    user = call.workspace.user(wanted)
    if user is None or user.deleted or user.is_stranger:
        raise SlackError("channel_not_found")
    if user.is_bot or user.id == call.workspace.seed.app.bot_user_id:
        raise SlackError("cannot_dm_bot")
    if not call.workspace.seed.app.messages_tab:
        raise SlackError("messages_tab_disabled")
    return app_dm(call.workspace, user.id)


def _refuse_outsider(call: Call, conversation: Conversation) -> None:
    open_to_all = conversation.kind == "public" and "chat:write.public" in call.grant.scopes
    if not call.is_member(conversation) and not open_to_all:
        raise SlackError("not_in_channel")


def _answered(message: Json) -> Json:
    return {key: value for key, value in message.items() if key not in {"to", "parent_user_id"}}


@method("chat.postMessage", scopes=("chat:write",), special="chat.postMessage")
async def post_message(call: Call) -> Json:
    """Post a message."""
    content = read_content(call.arguments, call.workspace.ids)
    conversation = _destination(call)
    _refuse_outsider(call, conversation)
    thread_ts = _thread(call, conversation)
    fields = {**app_fields(call.workspace), **content.fields()}
    broadcast = thread_ts is not None and call.flag("reply_broadcast")
    message = post(call.workspace, conversation, fields, thread_ts=thread_ts, broadcast=broadcast)
    return {"channel": conversation.id, "ts": message["ts"], "message": _answered(message)}


def _thread(call: Call, conversation: Conversation) -> str | None:
    """Return the parent's `ts`; a reply to a reply goes to the same thread."""
    thread_ts = call.text("thread_ts")
    if thread_ts is None:
        return None
    parent = conversation.messages.get(thread_ts)
    if parent is None:
        # What Slack does with an unknown parent is not documented; here a test hears of it.
        raise SlackError("cannot_reply_to_message")
    return str(parent.get("thread_ts", thread_ts))


@method("chat.postEphemeral", scopes=("chat:write",), tier=4)
async def post_ephemeral_message(call: Call) -> Json:
    """Show a message to one member of a conversation."""
    reader = call.need("user")
    content = read_content(call.arguments, call.workspace.ids)
    conversation = _destination(call)
    _refuse_outsider(call, conversation)
    if reader not in conversation.members:
        raise SlackError("user_not_in_channel")
    thread_ts = _thread(call, conversation)
    fields = {**app_fields(call.workspace), **content.fields()}
    message = post_ephemeral(call.workspace, conversation, reader, fields, thread_ts)
    return {"message_ts": message["ts"]}


def _own_message(call: Call, refusal: str) -> tuple[Conversation, Json]:
    conversation = call.visible_channel()
    message = conversation.messages.get(call.need("ts"))
    if message is None:
        raise SlackError("message_not_found")
    if message.get("bot_id") != call.workspace.seed.app.bot_id:
        raise SlackError(refusal)
    return conversation, message


@method("chat.update", scopes=("chat:write",))
async def update(call: Call) -> Json:
    """Change one of the app's messages."""
    conversation, message = _own_message(call, "cant_update_message")
    if conversation.is_archived:
        raise SlackError("is_inactive")
    window = call.workspace.edit_window_seconds
    if window is not None and call.workspace.now().timestamp() - float(message["ts"]) > window:
        raise SlackError("edit_window_closed")
    given = {name for name in call.arguments if call.arguments[name] is not None}
    if given <= {"channel", "ts", "metadata"} and "metadata" in given:
        # An edit of the metadata alone keeps the words.
        content = read_content({**call.arguments, "text": message["text"] or " "}, call.workspace.ids)
    else:
        content = read_content(call.arguments, call.workspace.ids, editing=True)
    changed = edit(call.workspace, conversation, message, content, given)
    return {
        "channel": conversation.id,
        "ts": changed["ts"],
        "text": changed["text"],
        "message": _answered(changed),
    }


@method("chat.delete", scopes=("chat:write",))
async def delete(call: Call) -> Json:
    """Delete one of the app's messages."""
    conversation, message = _own_message(call, "cant_delete_message")
    remove(call.workspace, conversation, message)
    return {"channel": conversation.id, "ts": message["ts"]}


@method("chat.getPermalink", tier=4)
async def get_permalink(call: Call) -> Json:
    """Return the address of a message."""
    conversation = call.visible_channel()
    ts = call.need("message_ts")
    message = conversation.messages.get(ts)
    if message is None:
        raise SlackError("message_not_found")
    link = f"{team_url(call.workspace.seed.team)}archives/{conversation.id}/p{ts.replace('.', '')}"
    if message.get("thread_ts") not in (None, ts):
        link += f"?thread_ts={message['thread_ts']}&cid={conversation.id}"
    return {"channel": conversation.id, "permalink": link}
