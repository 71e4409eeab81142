"""oauth.v2.access and auth.revoke."""

from sandbox.errors import Json, SlackError
from sandbox.methods.registry import Call, method


@method("oauth.v2.access", kind="none", tier=4)
async def oauth_access(call: Call) -> Json:
    """Turn a code into a bot token."""
    grant_type = call.text("grant_type")
    if grant_type not in (None, "authorization_code"):
        # Tokens here do not rotate.
        raise SlackError("invalid_grant_type")
    client = call.basic or (call.text("client_id") or "", call.text("client_secret") or "")
    return call.services.oauth.exchange(client, call.text("code"), call.text("redirect_uri") or "")


@method("auth.revoke", kind="any")
async def auth_revoke(call: Call) -> Json:
    """Make the token that asks useless."""
    if call.flag("test"):
        return {"revoked": False}
    call.services.tokens.revoke(call.grant.token)
    return {"revoked": True}
