"""conversations.open, list, info, members."""

from sandbox.directs import direct, find_direct
from sandbox.errors import Json, SlackError
from sandbox.methods.registry import Call, method, page_of
from sandbox.methods.users import refuse_foreign_team
from sandbox.shapes import channel_json
from sandbox.state import Conversation, Kind

_READ_SCOPES: dict[Kind, str] = {
    "public": "channels:read",
    "private": "groups:read",
    "im": "im:read",
    "mpim": "mpim:read",
}
_ANY_READ = tuple(_READ_SCOPES.values())
_TYPES: dict[str, Kind] = {
    "public_channel": "public",
    "private_channel": "private",
    "im": "im",
    "mpim": "mpim",
}
_MOST_PEOPLE = 8


def _shown(call: Call, conversation: Conversation) -> Json:
    bot = call.workspace.seed.app.bot_user_id
    shown = channel_json(conversation, call.workspace.seed, is_member=call.is_member(conversation), reader=bot)
    if call.flag("include_num_members"):
        shown["num_members"] = len(conversation.members)
    return shown


@method("conversations.open", scopes=("im:write", "mpim:write"))
async def conversations_open(call: Call) -> Json:
    """Open the app's DM with one person, or a group DM with up to eight."""
    workspace = call.workspace
    if call.text("channel") is not None:
        conversation = call.visible_channel()
        if conversation.kind not in {"im", "mpim"}:
            raise SlackError("method_not_supported_for_channel_type")
        return _opened(call, conversation, already=True)
    people = call.names("users")
    if not people:
        raise SlackError("users_list_not_supplied")
    if len(people) > _MOST_PEOPLE:
        raise SlackError("too_many_users")
    call.grant.need("im:write" if len(people) == 1 else "mpim:write")
    for user_id in people:
        user = workspace.user(user_id)
        if user is None:
            raise SlackError("user_not_found")
        if user.deleted:
            raise SlackError("user_disabled")
        if user.is_bot or user.id == workspace.seed.app.bot_user_id:
            raise SlackError("cannot_dm_bot")
    members = [*people, workspace.seed.app.bot_user_id]
    already = find_direct(workspace, members) is not None
    return _opened(call, direct(workspace, members), already=already)


def _opened(call: Call, conversation: Conversation, *, already: bool) -> Json:
    whole = call.flag("return_im")
    channel = _shown(call, conversation) if whole else {"id": conversation.id}
    return {"no_op": True, "already_open": True, "channel": channel} if already else {"channel": channel}


@method("conversations.list", scopes=_ANY_READ, tier=2)
async def conversations_list(call: Call) -> Json:
    """List public channels, and the private ones and DMs that the app is in."""
    refuse_foreign_team(call)
    kinds: list[Kind] = []
    for name in call.names("types") or ["public_channel"]:
        if name not in _TYPES:
            raise SlackError("invalid_types")
        call.grant.need(_READ_SCOPES[_TYPES[name]])
        kinds.append(_TYPES[name])
    without_archived = call.flag("exclude_archived")
    found = [
        {**_shown(call, conversation), "num_members": len(conversation.members)}
        for conversation in call.workspace.state.conversations.values()
        if conversation.kind in kinds
        and call.can_see(conversation)
        and not (without_archived and conversation.is_archived)
    ]
    page, cursor = page_of(found, call, 100)
    return {"channels": page, "response_metadata": {"next_cursor": cursor}}


@method("conversations.info", scopes=_ANY_READ)
async def conversations_info(call: Call) -> Json:
    """Describe one conversation."""
    conversation = call.visible_channel()
    call.grant.need(_READ_SCOPES[conversation.kind])
    return {"channel": _shown(call, conversation)}


@method("conversations.members", scopes=_ANY_READ, tier=4)
async def conversations_members(call: Call) -> Json:
    """List who is in a conversation."""
    conversation = call.visible_channel()
    call.grant.need(_READ_SCOPES[conversation.kind])
    page, cursor = page_of([{"id": member} for member in conversation.members], call, 100)
    return {"members": [entry["id"] for entry in page], "response_metadata": {"next_cursor": cursor}}
