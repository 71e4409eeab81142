"""auth.test, api.test, apps.connections.open, team.info, bots.info."""

from sandbox.errors import Json, SlackError
from sandbox.methods.registry import Call, method
from sandbox.shapes import bot_profile_json, team_json, team_url


@method("api.test", kind="none", tier=4)
async def api_test(call: Call) -> Json:
    """Echo the arguments; `error` makes it fail with that name."""
    error = call.text("error")
    if error is not None:
        raise SlackError(error, args=call.arguments)
    return {"args": call.arguments} if call.arguments else {}


@method("auth.test", kind="any", special="auth.test")
async def auth_test(call: Call) -> Json:
    """Say whose token this is."""
    seed = call.workspace.seed
    if call.grant.kind == "app":
        return {"app_name": seed.app.name, "app_id": seed.app.id}
    bot = seed.bot_user()
    answer: Json = {
        "url": team_url(seed.team),
        "team": seed.team.name,
        "user": bot.name,
        "team_id": seed.team.id,
        "user_id": bot.id,
        "bot_id": seed.app.bot_id,
        "is_enterprise_install": call.grant.is_org,
    }
    if seed.team.enterprise_id is not None:
        answer["enterprise_id"] = seed.team.enterprise_id
    if call.grant.is_org:
        answer["team_id"] = seed.team.enterprise_id
    return answer


@method("apps.connections.open", kind="app", scopes=("connections:write",), tier=1)
async def connections_open(call: Call) -> Json:
    """Hand out the address of one Socket Mode connection."""
    if call.http_method != "POST":
        raise SlackError("insecure_request")
    if call.workspace.seed.app.request_url is not None:
        # Slack's word when Socket Mode is switched off for the app.
        raise SlackError("socket_mode_not_enabled")
    return {"url": call.services.socket_mode.new_url()}


@method("team.info", scopes=("team:read",))
async def team_info(call: Call) -> Json:
    """Describe the workspace."""
    team = call.text("team")
    if team not in (None, call.workspace.seed.team.id):
        raise SlackError("team_not_found")
    return {"team": team_json(call.workspace.seed.team)}


@method("bots.info", scopes=("users:read",))
async def bots_info(call: Call) -> Json:
    """Describe a bot; the app's own is the only one."""
    seed = call.workspace.seed
    if call.text("bot") not in (None, seed.app.bot_id):
        raise SlackError("bot_not_found")
    profile = bot_profile_json(seed.app, seed.team)
    return {"bot": {key: value for key, value in profile.items() if key != "team_id"}}
