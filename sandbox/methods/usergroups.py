"""usergroups.list and usergroups.users.list."""

from sandbox.errors import Json, SlackError
from sandbox.methods.registry import Call, method
from sandbox.methods.users import refuse_foreign_team
from sandbox.seed import UserGroup


def _shown(call: Call, group: UserGroup) -> Json:
    seed = call.workspace.seed
    shown: Json = {
        "id": group.id,
        "team_id": seed.team.id,
        "is_usergroup": True,
        "is_subteam": True,
        "name": group.name,
        "description": "",
        "handle": group.handle,
        "is_external": False,
        "date_create": 0,
        "date_update": 0,
        "date_delete": 0,
        "auto_type": None,
        "auto_provision": False,
        "enterprise_subteam_id": "",
        "created_by": seed.app.bot_user_id,
        "updated_by": seed.app.bot_user_id,
        "deleted_by": None,
        "prefs": {"channels": [], "groups": []},
    }
    if call.flag("include_users"):
        shown["users"] = list(group.users)
    if call.flag("include_count"):
        shown["user_count"] = len(group.users)
    return shown


@method("usergroups.list", scopes=("usergroups:read",), tier=2)
async def usergroups_list(call: Call) -> Json:
    """List the user groups."""
    refuse_foreign_team(call)
    return {"usergroups": [_shown(call, group) for group in call.workspace.seed.usergroups]}


@method("usergroups.users.list", scopes=("usergroups:read",), tier=2)
async def usergroups_users_list(call: Call) -> Json:
    """List who is in a user group."""
    refuse_foreign_team(call)
    wanted = call.need("usergroup")
    for group in call.workspace.seed.usergroups:
        if group.id == wanted:
            return {"users": list(group.users)}
    raise SlackError("no_such_subteam")
