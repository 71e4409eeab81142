"""The sandbox itself: one aiohttp server with the Web API, Socket Mode, response URLs and the page."""

import asyncio
import ipaddress
import socket
from collections import Counter, deque
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from aiohttp import web

from sandbox.acting import Acting
from sandbox.addons import Addon
from sandbox.admin import Admin
from sandbox.calls import ApiCall, Delivery, Post
from sandbox.changes import Found
from sandbox.control_api import ControlApi
from sandbox.delivery import Transport
from sandbox.door import keep_strangers_out
from sandbox.errors import Json, SlackError
from sandbox.event_quota import PER_HOUR, EventQuota
from sandbox.faults import Faults
from sandbox.faulty_transport import FaultyTransport
from sandbox.modals import Modals
from sandbox.oauth import AUTHORIZE_PATH, OAuth
from sandbox.page_api import PageApi
from sandbox.person import Person
from sandbox.rate_limits import POSTS_IN_WORKSPACE, RateLimits
from sandbox.response_urls import PATH as RESPONSE_PATH
from sandbox.response_urls import ResponseUrls
from sandbox.seed import Seed
from sandbox.services import Services
from sandbox.signed_http import SignedHttp
from sandbox.socket_mode import PATH as SOCKET_PATH
from sandbox.socket_mode import SocketMode
from sandbox.stamps import Clock, system_clock
from sandbox.tokens import Tokens
from sandbox.uploads import FILE_PATH, UPLOAD_PATH, Uploads
from sandbox.web_api import WebApi
from sandbox.workspace import EVENT_RETRY_PAUSES, Workspace

_TICK_SECONDS = 30.0
_LARGEST_REQUEST = 20 * 1024 * 1024


class Sandbox:
    """A local Slack workspace with one app installed; an async context manager.

    `clock` stamps messages; deadlines run on the machine's monotonic clock. With `state_path` the
    workspace is kept in that file. `posts_per_minute` pairs a workspace's rate with its burst. `random_seed` makes
    identifiers and socket choice repeatable.
    `edit_window_seconds` is how long messages may be edited, without end by default.
    Anything but a loopback `host` is refused unless `allow_remote` is set.
    """

    def __init__(
        self,
        seed: Seed | None = None,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        allow_remote: bool = False,
        state_path: Path | None = None,
        clock: Clock = system_clock,
        addons: Sequence[Addon] = (),
        rate_limits: bool = True,
        posts_per_minute: tuple[float, float] = POSTS_IN_WORKSPACE,
        random_seed: int | None = None,
        event_retry_pauses: Sequence[float] = EVENT_RETRY_PAUSES,
        events_per_hour: int = PER_HOUR,
        edit_window_seconds: float | None = None,
        socket_lifetime: float = 3600.0,
        debug_socket_lifetime: float = 360.0,
        socket_warning: float = 10.0,
    ) -> None:
        if not allow_remote and not _is_loopback(host):
            raise ValueError(f"{host} is not a loopback address; pass allow_remote=True to listen on it")
        self.seed = seed or Seed()
        self._host = host
        self._allow_remote = allow_remote
        self._port = port
        self._workspace = Workspace(self.seed, clock, state_path, random_seed)
        self._workspace.event_retry_pauses = event_retry_pauses
        self._workspace.edit_window_seconds = edit_window_seconds
        self._workspace.event_quota = EventQuota(events_per_hour)
        self.sockets = SocketMode(
            self._workspace,
            lifetime=socket_lifetime,
            debug_lifetime=debug_socket_lifetime,
            warning=socket_warning,
        )
        url = self.seed.app.request_url
        self._transport: Transport = (
            self.sockets if url is None else SignedHttp(self._workspace, url, self.seed.app.options_url)
        )
        self.faults = Faults(self._workspace.ids.random)
        self._workspace.transport = FaultyTransport(
            self._transport, self.faults, self._workspace.log, self._workspace.changes
        )
        self.rate_limits = RateLimits(
            enabled=rate_limits, history_limited=self.seed.app.history_limited, posts=posts_per_minute
        )
        self.tokens = Tokens(self._workspace)
        self.admin = Admin(self._workspace, self.tokens)
        self._uploads = Uploads(self._workspace)
        self._oauth = OAuth(self._workspace, self.tokens)
        self.response_urls = ResponseUrls(self._workspace)
        self._acting = Acting(self._workspace, self.response_urls)
        self._modals = Modals(self._acting)
        self._addons = list(addons)
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        """Start listening."""
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop, and write the state."""
        await self.stop()

    async def start(self) -> None:
        """Listen; `url` is known afterwards."""
        listener = socket.create_server((self._host, self._port), family=_family(self._host), backlog=512)
        self._port = listener.getsockname()[1]
        shown = f"[{self._host}]" if ":" in self._host else self._host
        self._workspace.base_url = f"http://{shown}:{self._port}"
        self._runner = web.AppRunner(self._application(), shutdown_timeout=0.5, access_log=None)
        await self._runner.setup()
        await web.SockSite(self._runner, listener).start()
        self._workspace.background(self._tick())

    async def stop(self) -> None:
        """Close every socket and write the state."""
        self._workspace.hub.stop()
        await self.sockets.stop()
        await self._transport.stop()
        await self._workspace.stop()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    def _application(self) -> web.Application:
        application = web.Application(
            client_max_size=_LARGEST_REQUEST,
            middlewares=[keep_strangers_out(allow_remote=self._allow_remote)],
        )
        services = Services(self.tokens, self.sockets, self._uploads, self._oauth)
        web_api = WebApi(self._workspace, services, self.rate_limits, self.faults)
        router = application.router
        router.add_route("*", "/api/{method}", web_api.serve)
        router.add_get(SOCKET_PATH, self.sockets.serve)
        router.add_post(RESPONSE_PATH + "{secret:.+}", self._respond)
        router.add_post(UPLOAD_PATH + "{ticket}", self._uploads.receive)
        router.add_get(FILE_PATH + "{file_id}/{name}", self._uploads.send)
        router.add_get(AUTHORIZE_PATH, self._oauth.show)
        router.add_post(AUTHORIZE_PATH, self._oauth.decide)
        ControlApi(self._workspace, self.faults, self.sockets, self.rate_limits, self.admin).add_to(application)
        PageApi(self._workspace, self._acting, self._modals, self._addons).add_to(application)
        for addon in self._addons:
            addon.add_to(application)
        return application

    async def _respond(self, request: web.Request) -> web.Response:
        try:
            given = await request.json()
        except ValueError:
            given = None
        if not isinstance(given, dict):
            return web.json_response({"ok": False, "error": "invalid_payload"}, status=400)
        try:
            self.response_urls.use(request.match_info["secret"], given)
        except SlackError as refusal:
            return web.json_response(refusal.body(), status=refusal.status)
        return web.Response(text="ok")

    async def _tick(self) -> None:
        while True:
            self.tell_now()
            await asyncio.sleep(_TICK_SECONDS)

    def tell_now(self) -> None:
        """Tell the pages what time it is; call it after the clock jumped."""
        self._workspace.hub.tell({"type": "now", "now": self._workspace.now().isoformat()})

    async def verify_request_url(self) -> bool:
        """Ask the app to prove that it owns its request URL, as Slack does when the URL is entered."""
        return isinstance(self._transport, SignedHttp) and await self._transport.verify()

    @property
    def url(self) -> str:
        """The page's address."""
        return self._workspace.base_url

    @property
    def api_url(self) -> str:
        """The `base_url` for a Slack client."""
        return f"{self.url}/api/"

    @property
    def connected(self) -> bool:
        """Whether the app is connected."""
        return self._transport.connected

    @property
    def calls(self) -> deque[ApiCall]:
        """Web API calls so far, with arguments and answers."""
        return self._workspace.log.calls

    @property
    def deliveries(self) -> deque[Delivery]:
        """What was sent to the app so far, and whether it was acked."""
        return self._workspace.log.deliveries

    @property
    def posts(self) -> list[Post]:
        """Messages and ephemerals that the app sent and the workspace accepted."""
        return self._workspace.log.posts

    def count_posts(self, key: str) -> Counter[str]:
        """Count accepted posts by one key of their metadata's event payload."""
        return self._workspace.log.count_by(key)

    def skew_clock(self, by: timedelta) -> None:
        """Put the server's clock before or after the given one: stamps and signatures follow."""
        self._workspace.skew = by

    def person(self, user_id: str) -> Person:
        """Return the hand of a person."""
        user = self._workspace.user(user_id)
        if user is None:
            raise LookupError(f"the workspace has nobody with the id {user_id}")
        return Person(user, self._acting, self._modals)

    async def until(self, look: Callable[[], Found | None], timeout: float = 10.0) -> Found:  # noqa: ASYNC109
        """Return the first true answer of `look`, asked again whenever the workspace changes."""
        return await self._workspace.changes.until(look, timeout)

    def new_trigger(self, user_id: str) -> str:
        """Return a fresh trigger id of a person, for tests that drive views without an interaction."""
        return self._workspace.triggers.make(user_id)

    def expire_triggers(self) -> None:
        """Age every trigger id and response URL past its life."""
        self._workspace.triggers.expire()
        self.response_urls.expire()

    def messages(self, channel: str) -> list[Json]:
        """Return every message of a conversation, replies included, oldest first."""
        return list(self._workspace.state.conversations[channel].messages.values())


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET
