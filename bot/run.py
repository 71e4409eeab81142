"""One process: Slack, the scheduler and delivery, from start to a clean stop."""

import asyncio
import contextlib
import logging
import signal
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp

from bot import app as composition
from bot import slack as slack_api
from bot.app import RITUALS, TROUBLES, Identity
from bot.clock import Clock, machine_clock
from bot.delivery import Delivery
from bot.deps import Background, Deps
from bot.scheduler import Scheduler
from bot.settings import Settings
from storage.database import Database

log = logging.getLogger(__name__)

STOP_SECONDS = 8
"""How long what is in flight may take when we are asked to stop; supervisors kill after ten."""


class PortTaken(Exception):  # noqa: N818 - reads as the state it names
    """Another program listens on this port."""

    def __init__(self, port: int) -> None:
        super().__init__(port)
        self.port = port


@dataclass(frozen=True, slots=True)
class Running:
    """A running Cadence."""

    identity: Identity
    deps: Deps
    delivery: Delivery
    scheduler: Scheduler


@asynccontextmanager
async def assembled(settings: Settings, clock: Clock = machine_clock) -> AsyncIterator[Running]:
    """Everything built and connected to Slack, with nothing going by itself yet; tests take their steps by hand.

    Raises Unreachable or Behind for the database, Refused when Slack does not accept the tokens.
    """
    async with AsyncExitStack() as stack:
        database = Database(settings.database_url)
        stack.push_async_callback(database.close)
        await asyncio.to_thread(database.check)
        token = settings.slack_bot_token.get_secret_value()
        slack = await stack.enter_async_context(slack_api.connect(token, settings.slack_api_url))
        identity = await composition.identify(slack)
        composers = [ritual.compose for ritual in RITUALS]
        delivery = Delivery(database, slack, clock, composers, trouble=TROUBLES.tell)
        background = Background()
        deps = Deps(database, slack, clock, delivery.wake, background)
        stack.push_async_callback(background.drained, STOP_SECONDS)
        scheduler = Scheduler(database, RITUALS, clock, delivery, TROUBLES)
        await stack.enter_async_context(_connected(settings, composition.build(deps, identity)))
        yield Running(identity, deps, delivery, scheduler)


@asynccontextmanager
async def running(settings: Settings, clock: Clock = machine_clock) -> AsyncIterator[Running]:
    """Run everything until the block ends, then stop cleanly; raises as `assembled` does."""
    async with assembled(settings, clock) as built, _task(built.delivery.run, built.delivery.stop):
        built.scheduler.start()
        try:
            log.info("running in %s as %s", built.identity.workspace_name, built.identity.bot_user_id)
            yield built
        finally:
            built.scheduler.stop()


@asynccontextmanager
async def _task(run: Callable[[], Coroutine[Any, Any, None]], stop: Callable[[], None]) -> AsyncIterator[None]:
    task = asyncio.create_task(run())
    try:
        yield
    finally:
        stop()
        _, late = await asyncio.wait({task}, timeout=STOP_SECONDS)
        for one in late:
            one.cancel()


@asynccontextmanager
async def _connected(settings: Settings, app: AsyncApp) -> AsyncIterator[None]:
    """Socket Mode, for as long as the block runs."""
    handler = AsyncSocketModeHandler(app, settings.slack_app_token.get_secret_value())
    try:
        await handler.connect_async()  # type: ignore[no-untyped-call]
        yield
    finally:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(handler.close_async(), STOP_SECONDS)  # type: ignore[no-untyped-call]


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
    """Run until asked to stop."""
    async with stop_signal() as stopping, running(settings):
        await stopping.wait()
