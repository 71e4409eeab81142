"""Installing the app: the consent page, the code it hands out, and the tokens a code is good for."""

import html
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit, urlunsplit

from aiohttp import web

from sandbox.errors import Json, SlackError
from sandbox.tokens import Tokens
from sandbox.workspace import Workspace

AUTHORIZE_PATH = "/oauth/v2/authorize"
CODE_SECONDS = 600.0


@dataclass
class Code:
    """What a person agreed to; good once, for ten minutes."""

    user_id: str
    scopes: list[str]
    redirect_uri: str
    is_org: bool
    made: float = field(default_factory=time.monotonic)


class OAuth:
    """The consent page and the exchange of codes."""

    def __init__(self, workspace: Workspace, tokens: Tokens) -> None:
        self._workspace = workspace
        self._tokens = tokens
        self._codes: dict[str, Code] = {}

    async def show(self, request: web.Request) -> web.Response:
        """Ask whether to install."""
        query = dict(request.query)
        problem = self._problem(query)
        if problem is not None:
            return web.Response(status=400, text=problem)
        return web.Response(text=self._page(query), content_type="text/html")

    def _problem(self, query: dict[str, str]) -> str | None:
        """Return why Slack would not show the consent page."""
        app = self._workspace.seed.app
        scopes = [scope for scope in query.get("scope", "").split(",") if scope]
        if query.get("client_id") != app.client_id:
            return "invalid_client_id"
        if not scopes:
            return "no_scopes"
        unknown = [scope for scope in scopes if scope not in app.scopes]
        if unknown:
            return f"invalid_scope: {unknown[0]}"
        redirect = query.get("redirect_uri")
        allowed = list(app.redirect_urls)
        if redirect and not any(redirect.startswith(url) for url in allowed):
            return "bad_redirect_uri"
        return None if redirect or allowed else "bad_redirect_uri"

    def _page(self, query: dict[str, str]) -> str:
        seed = self._workspace.seed
        hidden = "".join(
            f'<input type="hidden" name="{html.escape(name)}" value="{html.escape(value)}">'
            for name, value in query.items()
        )
        people = "".join(
            f'<option value="{html.escape(user.id)}">{html.escape(user.real_name or user.name)}</option>'
            for user in seed.users
            if not (user.is_bot or user.deleted)
        )
        organisation = ""
        if seed.team.enterprise_id is not None:
            name = html.escape(seed.team.enterprise_name or seed.team.enterprise_id)
            organisation = f'<label><input type="checkbox" name="org" value="1"> For all of {name}</label>'
        scopes = "".join(f"<li>{html.escape(scope)}</li>" for scope in query["scope"].split(","))
        app, team = html.escape(seed.app.name), html.escape(seed.team.name)
        return (
            f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Install {app}</title>'
            f"<main><h1>{app} wants to be installed in {team}</h1><ul>{scopes}</ul>"
            f'<form method="post">{hidden}<label>As <select name="as">{people}</select></label>{organisation}'
            '<button name="answer" value="allow">Allow</button>'
            '<button name="answer" value="cancel">Cancel</button></form></main></html>'
        )

    async def decide(self, request: web.Request) -> web.Response:
        """Send the person back to the app, with a code or a refusal."""
        form = {key: str(value) for key, value in (await request.post()).items()}
        problem = self._problem(form)
        if problem is not None:
            return web.Response(status=400, text=problem)
        redirect = form.get("redirect_uri") or self._workspace.seed.app.redirect_urls[0]
        answer = {"state": form.get("state", "")}
        if form.get("answer") != "allow":
            return _redirect(redirect, {**answer, "error": "access_denied"})
        is_org = form.get("org") == "1" and self._workspace.seed.team.enterprise_id is not None
        ids = self._workspace.ids
        code = f"{ids.digits(12)}.{ids.digits(12)}.{ids.hexadecimal(64)}"
        scopes = form["scope"].split(",")
        self._codes[code] = Code(form.get("as", ""), scopes, form.get("redirect_uri", ""), is_org)
        return _redirect(redirect, {**answer, "code": code})

    def exchange(self, client: tuple[str, str], code: str | None, redirect_uri: str) -> Json:
        """Turn a code into an installation, or raise Slack's refusal."""
        app, team = self._workspace.seed.app, self._workspace.seed.team
        if client[0] != app.client_id:
            raise SlackError("invalid_client_id")
        if client[1] != app.client_secret:
            raise SlackError("bad_client_secret")
        found = self._codes.pop(code or "", None)
        if found is None or time.monotonic() - found.made > CODE_SECONDS:
            raise SlackError("invalid_code")
        if found.redirect_uri and redirect_uri != found.redirect_uri:
            raise SlackError("bad_redirect_uri")
        grant = self._tokens.install(found.scopes, is_org=found.is_org)
        enterprise = None
        if team.enterprise_id is not None:
            enterprise = {"id": team.enterprise_id, "name": team.enterprise_name}
        return {
            "access_token": grant.token,
            "token_type": "bot",
            "scope": ",".join(found.scopes),
            "bot_user_id": app.bot_user_id,
            "app_id": app.id,
            "team": None if found.is_org else {"id": team.id, "name": team.name},
            "enterprise": enterprise,
            "authed_user": {"id": found.user_id},
            "is_enterprise_install": found.is_org,
        }


def _redirect(address: str, more: dict[str, str]) -> web.Response:
    parts = urlsplit(address)
    query = f"{parts.query}&{urlencode(more)}" if parts.query else urlencode(more)
    return web.Response(status=302, headers={"Location": urlunsplit(parts._replace(query=query))})
