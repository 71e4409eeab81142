"""users.list, users.info, users.lookupByEmail, users.conversations."""

from sandbox.errors import Json, SlackError
from sandbox.methods.registry import Call, method, page_of
from sandbox.seed import User
from sandbox.shapes import channel_json, user_json

_LARGEST_WITHOUT_LIMIT = 1000


def _shown(call: Call, user: User) -> Json:
    return user_json(
        user,
        call.workspace.seed,
        call.workspace.now(),
        with_email="users:read.email" in call.grant.scopes,
        with_locale=call.flag("include_locale"),
    )


def refuse_foreign_team(call: Call) -> None:
    """Raise Slack's refusal when a team is named that the token does not reach."""
    team = call.text("team_id")
    if call.grant.is_org and team is None:
        raise SlackError("missing_argument", needed="team_id")
    if team not in (None, call.workspace.seed.team.id):
        raise SlackError("team_access_not_granted")


@method("users.list", scopes=("users:read",), tier=2)
async def users_list(call: Call) -> Json:
    """List everybody: deactivated people, guests and bots too."""
    refuse_foreign_team(call)
    stored = list(call.workspace.state.users)
    if call.get("limit") is None and len(stored) > _LARGEST_WITHOUT_LIMIT:
        raise SlackError("limit_required")
    page, cursor = page_of([{"id": user_id} for user_id in stored], call, len(stored) or 1)
    members = [_shown(call, user) for entry in page if (user := call.workspace.user(entry["id"]))]
    return {
        "members": members,
        "cache_ts": int(call.workspace.now().timestamp()),
        "response_metadata": {"next_cursor": cursor},
    }


@method("users.info", scopes=("users:read",), tier=4)
async def users_info(call: Call) -> Json:
    """Describe one person."""
    user = call.workspace.user(call.need("user"))
    if user is None:
        raise SlackError("user_not_found")
    return {"user": _shown(call, user)}


@method("users.lookupByEmail", scopes=("users:read.email",))
async def users_lookup_by_email(call: Call) -> Json:
    """Find an active person by mail address."""
    wanted = call.need("email").lower()
    for user_id in call.workspace.state.users:
        user = call.workspace.user(user_id)
        if user is not None and not user.deleted:
            shown = _shown(call, user)
            if str(shown["profile"].get("email", "")).lower() == wanted:
                return {"user": shown}
    raise SlackError("users_not_found")


@method("users.conversations", scopes=("channels:read", "groups:read", "im:read", "mpim:read"))
async def users_conversations(call: Call) -> Json:
    """List the conversations that the app, or a person, is in."""
    reader = call.text("user") or call.workspace.seed.app.bot_user_id
    if call.workspace.user(reader) is None:
        raise SlackError("user_not_found")
    kinds = {kind.removesuffix("_channel") for kind in call.names("types") or ["public_channel"]}
    found = [
        channel_json(conversation, call.workspace.seed, is_member=True, reader=reader)
        for conversation in call.workspace.state.conversations.values()
        if conversation.kind in kinds and reader in conversation.members and call.can_see(conversation)
    ]
    page, cursor = page_of(found, call, 100)
    return {"channels": page, "response_metadata": {"next_cursor": cursor}}
