"""The Web API's front: read the request, check the token and scope, call the method, log it."""

import base64
import json

from aiohttp import web

from sandbox.calls import ApiCall
from sandbox.errors import Json, SlackError
from sandbox.faults import Faults
from sandbox.faulty_api import after, before, refusal_of
from sandbox.methods import METHODS, Call, Method
from sandbox.rate_limits import RateLimits
from sandbox.services import Services
from sandbox.tokens import Grant
from sandbox.workspace import Workspace

_NOBODY = Grant("", "app", frozenset())
_UNLOGGED = {"token"}
_GRANT = web.RequestKey("grant", Grant)


class WebApi:
    """Serves `/api/<method>`: GET, form or JSON, with a bearer token or a `token` argument."""

    def __init__(self, workspace: Workspace, services: Services, limits: RateLimits, faults: Faults) -> None:
        self._workspace = workspace
        self._services = services
        self._limits = limits
        self._faults = faults

    async def serve(self, request: web.Request) -> web.Response:
        """Answer one call, unless a fault strikes."""
        fault = self._faults.strike(request.match_info["method"], api=True)
        if fault is None:
            return await self._answer(request, None)
        self._workspace.changes.ring()
        stopped = await before(fault, request)
        if stopped is not None:
            return stopped
        return after(fault, request, await self._answer(request, refusal_of(fault)))

    async def _answer(self, request: web.Request, refusal: SlackError | None) -> web.Response:
        name = request.match_info["method"]
        arguments: Json = {}
        headers: dict[str, str] = {}
        try:
            arguments = await read_arguments(request)
            if refusal is not None:
                raise refusal
            body = await self._call(name, arguments, request)
            status = 200
            _warn(request, body)
        except SlackError as refused:
            body, status = refused.body(), refused.status
            if "retry_after" in body:
                headers["Retry-After"] = str(body.pop("retry_after"))
        grant = request.get(_GRANT)
        if grant is not None:
            headers["X-OAuth-Scopes"] = ",".join(sorted(grant.scopes))
            headers["X-Accepted-OAuth-Scopes"] = ",".join(METHODS[name].scopes)
        self.note(name, arguments, body, status)
        return web.json_response(body, status=status, headers=headers)

    def note(self, name: str, arguments: Json, body: Json, status: int) -> None:
        """Log one call."""
        logged = {key: value for key, value in arguments.items() if key not in _UNLOGGED}
        self._workspace.log.calls.append(ApiCall(name, logged, body, status))
        self._workspace.changes.ring()

    async def _call(self, name: str, arguments: Json, request: web.Request) -> Json:
        method = METHODS.get(name)
        if method is None:
            raise SlackError("unknown_method", req_method=name)
        token = _bearer(request) or arguments.get("token")
        grant = self._grant(method, token if isinstance(token, str) else None)
        request[_GRANT] = grant
        call = Call(self._workspace, self._services, arguments, grant, request.method, _basic(request))
        self._limits.check(method, arguments)
        return {"ok": True, **await method.handler(call)}

    def _grant(self, method: Method, token: str | None) -> Grant:
        if method.kind == "none":
            return _NOBODY
        grant = self._services.tokens.look(token)
        if method.kind not in {"any", grant.kind}:
            raise SlackError("not_allowed_token_type")
        grant.need(*method.scopes)
        return grant


def _bearer(request: web.Request) -> str | None:
    word, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if word.lower() == "bearer" else None


def _basic(request: web.Request) -> tuple[str, str] | None:
    """Return the client id and secret of a Basic header, as OAuth calls have."""
    word, _, coded = request.headers.get("Authorization", "").partition(" ")
    if word.lower() != "basic":
        return None
    try:
        login, _, password = base64.b64decode(coded, validate=True).decode().partition(":")
    except ValueError:
        return None
    return login, password


async def read_arguments(request: web.Request) -> Json:
    """Return the arguments from the address, a form or JSON."""
    arguments: Json = dict(request.query)
    if request.method == "GET":
        return arguments
    if request.content_type == "application/json":
        try:
            given = json.loads(await request.read() or b"{}")
        except ValueError:
            raise SlackError("invalid_json") from None
        if not isinstance(given, dict):
            raise SlackError("json_not_object")
        return {**arguments, **given}
    form = await request.post()
    arguments.update((key, value) for key, value in form.items() if isinstance(value, str))
    return arguments


def _warn(request: web.Request, body: Json) -> None:
    """Warn as Slack does of JSON that does not name its character set."""
    if request.content_type == "application/json" and request.charset is None:
        body["warning"] = "missing_charset"
        metadata = dict(body.get("response_metadata") or {})
        body["response_metadata"] = {**metadata, "warnings": ["missing_charset"]}
