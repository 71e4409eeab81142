"""One process: Slack, the scheduler and delivery, from start to a clean stop."""

import asyncio
import contextlib
import logging
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.aiohttp import SocketModeClient

from bot import app as composition
from bot import engine
from bot import slack as slack_api
from bot.app import DRAWERS, MAKERS, RITUALS, TROUBLES, Identity
from bot.clock import Clock, SharedClock, machine_clock
from bot.delivery import Delivery
from bot.deps import Background, Deps
from bot.memory import collect_rarely
from bot.people.reading import LOOK_SECONDS, Roster
from bot.scheduler import Scheduler
from bot.settings import BadSettings, Settings
from bot.slack import Fault
from bot.web import door, listen, serve_on
from storage import recipients
from storage.database import Database

log = logging.getLogger(__name__)

STOP_SECONDS = 8
"""How long what is in flight may take when we are asked to stop; supervisors kill after ten."""


class NeedsPostgres(Exception):  # noqa: N818 - reads as the state it names
    """Several processes need a database that several processes can write."""


class AppTokenRefused(Exception):  # noqa: N818 - reads as what Slack did
    """Slack does not open Socket Mode with this app-level token; `why` is its own word."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Running:
    """A running Cadence."""

    identity: Identity
    deps: Deps
    delivery: Delivery
    scheduler: Scheduler
    app: AsyncApp
    roster: Roster

    def ready(self) -> bool:
        """Whether it does its work: red while the scheduler is silent."""
        return self.scheduler.healthy


class Waker:
    """Passes "something was enqueued" on to the engine, which is built after the handlers' Deps."""

    def __init__(self) -> None:
        self.to: Callable[[], None] = lambda: None

    def __call__(self) -> None:
        """Something was enqueued."""
        self.to()


@asynccontextmanager
async def assembled(settings: Settings, clock: Clock = machine_clock) -> AsyncIterator[Running]:
    """Everything built, with nothing going by itself yet.

    Raises Unreachable, Behind or Ahead for the database, Refused or AppTokenRefused when Slack refuses a token.
    """
    async with AsyncExitStack() as stack:
        database = Database(settings.database_url)
        stack.push_async_callback(database.close)
        await asyncio.to_thread(database.check)
        token = settings.slack_bot_token.get_secret_value()
        slack = await stack.enter_async_context(slack_api.connect(token, settings.slack_api_url))
        identity = await composition.identify(slack)
        # The token is good, so whatever stopped the sending is over: after a reinstallation nobody waits an hour.
        await database.write(recipients.release, identity.workspace)
        composers = [ritual.compose for ritual in RITUALS if ritual.compose is not None]
        leases = SharedClock()
        delivery = Delivery(
            database, slack, clock, composers, makers=MAKERS, drawers=DRAWERS, trouble=TROUBLES.tell, machine=leases
        )
        background = Background()
        deps = Deps(database, slack, clock, Waker(), background)
        stack.push_async_callback(background.drained, STOP_SECONDS)
        scheduler = Scheduler(database, RITUALS, clock, delivery, TROUBLES, leases=leases)
        roster = Roster(database, slack, identity.workspace, clock)
        scheduler.every(LOOK_SECONDS, roster.look, "roster")
        yield Running(identity, deps, delivery, scheduler, composition.build(deps, identity), roster)


@asynccontextmanager
async def delivering(built: Running) -> AsyncIterator[None]:
    """Have the outbox sent: a local loop on SQLite, procrastinate's worker on PostgreSQL."""
    async with AsyncExitStack() as stack:
        database = built.deps.database
        if database.is_sqlite:
            running_engine = await stack.enter_async_context(engine.local(built.delivery))
        else:
            jobs = await stack.enter_async_context(engine.jobs_on(database).open_async())
            running_engine = await stack.enter_async_context(
                engine.working(jobs, built.identity.workspace, database, built.delivery, built.deps.clock)
            )
        _wake_by(built, running_engine)
        yield


def _wake_by(built: Running, running_engine: engine.Engine) -> None:
    if isinstance(built.deps.wake, Waker):
        built.deps.wake.to = running_engine.wake
    built.scheduler.wake = running_engine.wake


@asynccontextmanager
async def ticking(built: Running) -> AsyncIterator[None]:
    """Have the planner woken."""
    built.scheduler.start()
    try:
        yield
    finally:
        built.scheduler.stop()


@asynccontextmanager
async def running(settings: Settings, clock: Clock = machine_clock) -> AsyncIterator[Running]:
    """Run everything until the block ends, then stop cleanly; raises as `assembled` does, and PortTaken."""
    async with (
        assembled(settings, clock) as built,
        delivering(built),
        ticking(built),
        connected(settings, built),
    ):
        log.info("running in %s as %s", built.identity.workspace_name, built.identity.bot_user_id)
        yield built


@asynccontextmanager
async def connected(settings: Settings, built: Running) -> AsyncIterator[None]:
    """Hear from Slack: by Socket Mode when there is an app-level token, else over HTTP."""
    if settings.slack_app_token.get_secret_value():
        async with _socket(settings, built.app):
            yield
    else:
        async with answering_http(settings, built):
            yield


@asynccontextmanager
async def answering_http(settings: Settings, built: Running) -> AsyncIterator[None]:
    """Slack's requests over HTTP, for as long as the block runs; raises PortTaken."""
    secret = settings.slack_signing_secret.get_secret_value()
    asgi = door(built.app, secret, machine_clock, built.ready)
    socket = listen(settings.host, settings.port)
    task = asyncio.create_task(serve_on(asgi, socket))
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


@asynccontextmanager
async def _socket(settings: Settings, app: AsyncApp) -> AsyncIterator[None]:
    """Socket Mode, for as long as the block runs."""
    handler = AsyncSocketModeHandler(app, settings.slack_app_token.get_secret_value())
    try:
        handler.client.wss_uri = await _address(handler.client)
        await handler.connect_async()  # type: ignore[no-untyped-call]
        yield
    finally:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(handler.close_async(), STOP_SECONDS)  # type: ignore[no-untyped-call]


async def _address(client: SocketModeClient) -> str:
    """Ask for the connection's address by hand: the SDK itself asks for ever when the token is refused."""
    try:
        answer = await client.web_client.apps_connections_open(app_token=client.app_token)
    except SlackApiError as error:
        refused = slack_api.refusal(error)
        raise (AppTokenRefused(refused.why) if refused.fault is Fault.DEAD else refused) from error
    return str(answer["url"])


@asynccontextmanager
async def stop_signal() -> AsyncIterator[asyncio.Event]:
    """An event that SIGTERM or Ctrl-C sets; a second one is the operating system's again."""
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()

    def stop() -> None:
        stopping.set()
        for name in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(name)

    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop)
    yield stopping


async def run(settings: Settings) -> None:
    """`cadence run`: everything in one process, until asked to stop."""
    async with stop_signal() as stopping, running(settings):
        collect_rarely()
        await stopping.wait()


def _several(settings: Settings) -> None:
    if Database(settings.database_url).is_sqlite:
        raise NeedsPostgres


async def web(settings: Settings) -> None:
    """`cadence web`: the door alone; what it enqueues is sent by the workers."""
    if not settings.slack_signing_secret.get_secret_value():
        raise BadSettings(["SLACK_SIGNING_SECRET is missing: Slack's requests over HTTP are signed with it."])
    _several(settings)
    async with stop_signal() as stopping, assembled(settings) as built, AsyncExitStack() as stack:
        jobs = await stack.enter_async_context(engine.jobs_on(built.deps.database).open_async())
        _wake_by(built, await stack.enter_async_context(engine.hinting(jobs, built.identity.workspace)))
        await stack.enter_async_context(answering_http(settings, built))
        collect_rarely()
        await stopping.wait()


async def worker(settings: Settings) -> None:
    """`cadence worker`: the planner and delivery, as many as you like."""
    _several(settings)
    async with stop_signal() as stopping, assembled(settings) as built, delivering(built), ticking(built):
        collect_rarely()
        await stopping.wait()
