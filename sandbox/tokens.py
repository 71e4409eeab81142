"""Tokens and what they may do."""

from dataclasses import dataclass
from typing import Literal

from sandbox.errors import SlackError
from sandbox.seed import App
from sandbox.workspace import Workspace

TokenKind = Literal["bot", "app"]


@dataclass(frozen=True)
class Grant:
    """One token: a bot's in a workspace or organisation, or an app-level one."""

    token: str
    kind: TokenKind
    scopes: frozenset[str]
    is_org: bool = False

    def need(self, *scopes: str) -> None:
        """Raise Slack's refusal unless one of these scopes is held."""
        if scopes and not self.scopes.intersection(scopes):
            held = ",".join(sorted(self.scopes))
            raise SlackError("missing_scope", needed=scopes[0], provided=held)


class Tokens:
    """The tokens of the seed and those handed out by installs."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        app: App = workspace.seed.app
        self._grants = {
            app.bot_token: Grant(app.bot_token, "bot", frozenset(app.scopes)),
            app.app_token: Grant(app.app_token, "app", frozenset({"connections:write", "authorizations:read"})),
        }

    def look(self, token: str | None) -> Grant:
        """Return what a token grants, or raise Slack's refusal."""
        if not token:
            raise SlackError("not_authed")
        if token in self._workspace.state.revoked_tokens:
            raise SlackError(self._workspace.state.revoked_tokens[token])
        installed = self._workspace.state.installs.get(token)
        if installed is not None:
            return Grant(token, "bot", frozenset(installed["scopes"]), bool(installed["is_org"]))
        grant = self._grants.get(token)
        if grant is None:
            raise SlackError("invalid_auth")
        return grant

    def install(self, scopes: list[str], *, is_org: bool) -> Grant:
        """Hand out a new bot token."""
        token = f"xoxb-{self._workspace.ids.digits(12)}-{self._workspace.ids.hexadecimal(24)}"
        self._workspace.state.installs[token] = {"scopes": scopes, "is_org": is_org}
        self._workspace.touch()
        return self.look(token)

    def revoke(self, token: str, error: str = "token_revoked") -> None:
        """Make a token useless; `error` is what its next user is told."""
        self._workspace.state.revoked_tokens[token] = error
        self._workspace.touch()

    def live_bot_tokens(self) -> list[str]:
        """Return the bot tokens that still work."""
        revoked = self._workspace.state.revoked_tokens
        tokens = [*self._grants, *self._workspace.state.installs]
        return [token for token in tokens if token not in revoked and self.look(token).kind == "bot"]
