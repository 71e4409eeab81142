"""A worker as `cadence worker` is one, that kills itself where it is told to.

Time runs faster for it: its leases, its looks and its calls' timeouts end `speed` times sooner, and a worker that is
started after another died may find that `ahead` seconds have passed.
"""

import os
import resource
import signal
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Concatenate, ParamSpec, Self, TypeVar

from aiohttp import ClientSession, ClientTimeout
from pydantic import SecretStr
from sqlalchemy.orm import Session

from bot import app as composition
from bot import run
from bot.app import RITUALS, TROUBLES
from bot.clock import Clock, SharedClock, machine_clock
from bot.delivery import BATCH, Delivery
from bot.deps import Background, Deps
from bot.engine import local
from bot.people.reading import Roster
from bot.run import Running, Waker, connected, delivering, stop_signal, ticking
from bot.scheduler import Rhythm, Scheduler
from bot.settings import Settings
from bot.slack import CALL_SECONDS, Slack
from storage import aftermath
from storage.database import Database

P = ParamSpec("P")
R = TypeVar("R")
RHYTHM = Rhythm(plan=0.5, sweep=0.3)


@dataclass(frozen=True)
class Orders:
    """What a worker is told. `kill_at` names a crash point, `kill_on` the visit to it that is the last."""

    database_url: str
    api_url: str
    began: float
    """When the test began, by the machine's clock: every worker's time runs from here."""
    ritual: float
    """Ritual time at that moment."""
    role: str = "loop"
    speed: float = 5.0
    ahead: float = 0.0
    skew: float = 0.0
    """How far this host's clock is ahead of everybody else's."""
    shares: bool = False
    """Whether leases run on the clock that all hosts share, as they do in `bot.run`, or on this host's own."""
    kill_at: str = ""
    kill_on: int = 1
    reconciles: bool = True
    ticks: bool = True
    port: int = 0
    full_at: str = ""
    """The transaction from which on no file finds room to grow."""

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> Self:
        """Orders as they came over the pipe."""
        return cls(**given)

    def written(self) -> dict[str, Any]:
        """Orders as they go over the pipe."""
        return asdict(self)

    def host(self) -> datetime:
        """What this host's clock shows."""
        return machine_clock() + timedelta(seconds=self.skew)

    def hurried(self, moment: datetime) -> datetime:
        """A moment as this worker's leases see it."""
        began = datetime.fromtimestamp(self.began, UTC)
        return began + (moment - began) * self.speed + timedelta(seconds=self.ahead)

    @property
    def leases(self) -> Clock:
        """The time that leases run on."""
        return HurriedClock(self) if self.shares else lambda: self.hurried(self.host())

    @property
    def clock(self) -> Clock:
        """Ritual time for this worker."""
        began, ritual = datetime.fromtimestamp(self.began, UTC), datetime.fromtimestamp(self.ritual, UTC)
        return lambda: ritual + (machine_clock() - began)


class HurriedClock(SharedClock):
    """The shared clock, running fast."""

    def __init__(self, orders: Orders) -> None:
        super().__init__(orders.host)
        self._orders = orders

    def __call__(self) -> datetime:
        """Shared time now, by the last reading."""
        return self._orders.hurried(super().__call__())

    def within(self, tx: Session) -> datetime:
        """Shared time now, read in a transaction."""
        return self._orders.hurried(super().within(tx))


class Bomb:
    """Kills this process at the last visit to its crash point."""

    def __init__(self, at: str, on: int) -> None:
        self._at = at
        self._left = on

    def pass_by(self, point: str) -> None:
        """A crash point."""
        if point == self._at:
            self._left -= 1
            if self._left <= 0:
                os.kill(os.getpid(), signal.SIGKILL)


class MortalDatabase(Database):
    """Crash points before and after each commit, by the name of what was written."""

    def __init__(self, url: str, bomb: Bomb, full_at: str = "") -> None:
        super().__init__(url)
        self._bomb = bomb
        self._full_at = full_at

    async def write(self, fn: Callable[Concatenate[Session, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        """One transaction."""
        name = getattr(fn, "__name__", "")

        def mortal(tx: Session, /, *given: P.args, **named: P.kwargs) -> R:
            if name == self._full_at:
                # The journal is larger than this, the log is not.
                resource.setrlimit(resource.RLIMIT_FSIZE, (2**16, resource.RLIM_INFINITY))
            result = fn(tx, *given, **named)
            self._bomb.pass_by(f"{name}:before")
            return result

        done = await super().write(mortal, *args, **kwargs)
        self._bomb.pass_by(f"{name}:after")
        return done


class MortalSlack(Slack):
    """Crash points before and after each call, by its method."""

    def __init__(self, session: ClientSession, api_url: str, bomb: Bomb, speed: float) -> None:
        super().__init__(session, "xoxb-test", api_url)
        self._bomb = bomb
        self._speed = speed

    async def call(self, method: str, arguments: Mapping[str, Any], seconds: float = CALL_SECONDS) -> dict[str, Any]:
        """One call."""
        self._bomb.pass_by(f"{method}:before")
        answer = await super().call(method, arguments, seconds / self._speed)
        self._bomb.pass_by(f"{method}:after")
        return answer


class Careless(Delivery):
    """Reconciles nothing: what is uncertain follows its policy at once. The negative control."""

    async def look(self) -> int:
        """Look nowhere."""
        lost = await self._database.write(aftermath.uncertain, self._machine(), BATCH)
        for message in lost:
            await self._database.write(aftermath.unknowable, message)
        return len(lost)


@asynccontextmanager
async def built(orders: Orders) -> AsyncIterator[Running]:
    """What `bot.run.assembled` builds, with ends that can be cut off."""
    bomb = Bomb(orders.kill_at, orders.kill_on)
    async with AsyncExitStack() as stack:
        database = MortalDatabase(orders.database_url, bomb, orders.full_at)
        stack.push_async_callback(database.close)
        timeout = ClientTimeout(total=CALL_SECONDS, connect=3)
        session = await stack.enter_async_context(ClientSession(timeout=timeout))
        slack = MortalSlack(session, orders.api_url, bomb, orders.speed)
        identity = await composition.identify(slack)
        clock, leases = orders.clock, orders.leases
        composers = [ritual.compose for ritual in RITUALS if ritual.compose is not None]
        kind = Delivery if orders.reconciles else Careless
        delivery = kind(database, slack, clock, composers, trouble=TROUBLES.tell, paced=False, machine=leases)
        deps = Deps(database, slack, clock, Waker(), Background())
        # PostgreSQL's clock is the real one, so only the leases run fast.
        scheduler = Scheduler(
            database, RITUALS, clock, delivery, TROUBLES, machine=orders.host, leases=leases, rhythm=RHYTHM
        )
        roster = Roster(database, slack, identity.workspace, clock)
        yield Running(identity, deps, delivery, scheduler, composition.build(deps, identity), roster)


async def work(orders: Orders) -> None:
    """Do what the role says, until told to stop or killed."""
    if orders.role in {"web", "worker"}:
        await as_installed(orders)
        return
    async with stop_signal() as stopping, built(orders) as running, AsyncExitStack() as stack:
        if orders.role == "jobs":
            await stack.enter_async_context(delivering(running))
        elif orders.role in {"loop", "door"}:
            running.scheduler.wake = (await stack.enter_async_context(local(running.delivery))).wake
        if orders.role == "door":
            await stack.enter_async_context(connected(installed(orders, "xapp-test"), running))
        if orders.ticks:
            await stack.enter_async_context(ticking(running))
        await stopping.wait()


async def as_installed(orders: Orders) -> None:
    """`cadence web` and `cadence worker` themselves, in their own time."""
    await (run.web if orders.role == "web" else run.worker)(installed(orders))


def installed(orders: Orders, app_token: str = "") -> Settings:
    """What an operator would have set."""
    return Settings(
        database_url=orders.database_url,
        slack_bot_token=SecretStr("xoxb-test"),
        slack_app_token=SecretStr(app_token),
        slack_signing_secret=SecretStr("sandbox-signing-secret"),
        slack_api_url=orders.api_url,
        port=orders.port,
    )
