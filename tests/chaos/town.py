"""Many people on one team in a sandbox, workers that can be killed, and the books that say what was lost or doubled."""

import asyncio
import contextlib
import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.clock import machine_clock
from bot.ids import new_id
from rituals import calendar
from rituals.huddle import Huddle, Slot
from rituals.people import Person, Role, Team
from sandbox import App, Channel, Command, Sandbox, Seed, User
from sandbox import Team as SlackTeam
from storage import outbox, recipients
from storage.database import Database
from storage.outbox import Kind, Message, Policy, Rank
from storage.tables import Occurrences, Outbox
from storage.values import add
from tests import factories
from tests.bot.world import WORKSPACE
from tests.chaos.worker import Orders

MONDAY = date(2026, 11, 23)
ROOT = Path(__file__).parents[2]
TALLY = "CADENCE_CHAOS_TALLY"
"""Names the file that `make chaos` adds up."""
PATIENCE = 60.0
AFTER_A_DEATH = 60.0
"""Seconds that pass between a worker's death and the next one's birth: more than a lease."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the oracle says: `lost` was due and is nowhere, `doubled` counts every copy beyond the first."""

    due: int
    sent: int
    lost: int
    doubled: int

    @classmethod
    def of(cls, due: Sequence[str], posts: Counter[str]) -> "Verdict":
        """Judge what was due by what the workspace accepted."""
        return cls(
            len(due),
            sum(1 for key in due if posts[key]),
            sum(1 for key in due if not posts[key]),
            sum(posts[key] - 1 for key in due if posts[key] > 1),
        )

    @property
    def well(self) -> bool:
        """Nothing lost, nothing twice."""
        return not self.lost and not self.doubled

    def counted(self) -> "Verdict":
        """Add it to what `make chaos` tells in the end."""
        if path := os.environ.get(TALLY):
            with Path(path).open("a") as tally:
                fcntl.flock(tally, fcntl.LOCK_EX)
                tally.write(json.dumps([self.due, self.sent, self.lost, self.doubled]) + "\n")
        return self


def tell(line: str) -> None:
    """Have `make chaos` print a figure."""
    if path := os.environ.get(TALLY):
        with Path(path).open("a") as tally:
            fcntl.flock(tally, fcntl.LOCK_EX)
            tally.write(json.dumps(line) + "\n")


async def until(look: Callable[[], Any], seconds: float = PATIENCE, pause: float = 0.05) -> Any:
    """The first true answer of `look`, which may be awaitable; fails after `seconds`."""
    deadline = time.monotonic() + seconds
    while True:
        found = look()
        if asyncio.iscoroutine(found):
            found = await found
        if found:
            return found
        if time.monotonic() > deadline:
            raise AssertionError(f"it did not come true in {seconds} s")
        await asyncio.sleep(pause)


class Nursery:
    """The one process that workers are forked from."""

    def __init__(self, folder: Path) -> None:
        self._errors = (folder / "nursery.log").open("wb")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.chaos.nursery"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
        )
        assert (self._process.stdout, self._process.stdin) != (None, None)
        self._ask("")

    def _ask(self, line: str) -> str:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
        return self._process.stdout.readline()

    def fork(self, orders: Orders, log: Path) -> int:
        """A new worker's process id."""
        return int(self._ask(json.dumps(orders.written() | {"log": str(log)})))

    def close(self) -> None:
        """End it and all its workers."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.stdout.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(10)
        self._process.kill()
        self._process.wait()
        self._errors.close()


class Crew:
    """The workers of one test, each a process of its own."""

    def __init__(self, nursery: Nursery, log: Path) -> None:
        self._nursery = nursery
        self.log = log
        self.pids: list[int] = []

    def start(self, orders: Orders) -> int:
        """A new worker; returns its process id."""
        pid = self._nursery.fork(orders, self.log)
        self.pids.append(pid)
        return pid

    def send(self, pid: int, number: signal.Signals = signal.SIGKILL) -> None:
        """Signal a worker, if it lives."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)

    async def gone(self, pid: int, seconds: float = PATIENCE) -> None:
        """Wait until a worker has ended."""
        await until(lambda: not lives(pid), seconds, 0.01)

    async def kill(self, pid: int) -> None:
        """Kill a worker and see it gone."""
        self.send(pid)
        await self.gone(pid)

    def close(self) -> None:
        """End them all."""
        for pid in self.pids:
            self.send(pid)


def lives(pid: int) -> bool:
    """Whether there is such a process."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@dataclass
class Town:
    """What a test holds."""

    sandbox: Sandbox
    database: Database
    people: Sequence[Person]
    team: Team
    huddle: Huddle
    orders: Orders

    async def write(self, fn: Callable[..., Any], *args: Any, **more: Any) -> Any:
        """One transaction."""
        return await self.database.write(fn, *args, **more)

    async def know_dms(self) -> None:
        """Everybody was written to before."""
        dms = {person.slack_id: self.sandbox.person(person.slack_id).dm_id for person in self.people}
        await self.write(recipients.learn_dms, WORKSPACE, dms)

    async def enqueue(self, keys: Sequence[str], policy: Policy = Policy.RESEND, **facts: Any) -> None:
        """Have something said to each person in turn."""
        now = self.orders.clock()
        messages = [
            (
                Message(new_id(), WORKSPACE, key, policy, Rank.PROMPT, {"text": key}, now, **facts),
                self.people[number % len(self.people)].slack_id,
            )
            for number, key in enumerate(keys)
        ]
        await self.write(outbox.post_many, messages)

    def sent(self) -> Counter[str]:
        """How often each message was accepted, by its key."""
        return self.sandbox.count_posts("key")

    async def states(self, kind: Kind = Kind.POST) -> dict[str, str]:
        """The state of each message."""

        def look(tx: Session) -> dict[str, str]:
            # What was taken back before it was out is not due any more.
            due = (Outbox.kind == kind.value, func.coalesce(Outbox.last_error, "") != "withdrawn")
            rows = tx.execute(select(Outbox.key, Outbox.state).where(*due))
            return {row.key: row.state for row in rows}

        found: dict[str, str] = await self.database.read(look)
        return found

    async def unopened(self) -> int:
        """Prompts that are due and stand only in the ledger, or not even there."""

        def look(tx: Session) -> int:
            query = select(Occurrences.subject).where(Occurrences.slot == Slot.PROMPT, Occurrences.state == "opened")
            return len(self.people) - len(set(tx.execute(query).scalars()))

        return int(await self.database.read(look))

    async def settled(self, expected: int, seconds: float = PATIENCE) -> None:
        """Wait until this many messages are out and nothing is on its way any more."""

        async def look() -> bool:
            states = Counter((await self.states()).values())
            return states["sent"] >= expected and not states["ready"] + states["sending"] + states["unknown"]

        try:
            await until(look, seconds, 0.2)
        except AssertionError:
            raise AssertionError(await self.unsettled()) from None

    async def unsettled(self) -> list[Any]:
        """What is still on its way, for whoever reads of a failure."""

        def look(tx: Session) -> list[Any]:
            columns = (Outbox.key, Outbox.kind, Outbox.state, Outbox.attempt, Outbox.looks, Outbox.last_error)
            query = select(*columns, Outbox.lease_until).where(Outbox.state.not_in(["sent", "expired"]))
            return [tuple(row) for row in tx.execute(query)]

        found: list[Any] = await self.database.read(look)
        return found

    async def verdict(self, *, prompts: bool = False) -> Verdict:
        """What became of all that was due; with `prompts` everybody was to be asked once."""
        due = list(await self.states())
        missing = await self.unopened() if prompts else 0
        found = Verdict.of(due, self.sent())
        return replace(found, due=found.due + missing, lost=found.lost + missing)


def roster(count: int) -> tuple[Team, list[Person]]:
    """A manager and `count` reps of theirs."""
    team = factories.team(channel="C0TOWN")
    dana = factories.person("Dana Weiss", role=Role.MANAGER)
    team = replace(team, manager_id=dana.id)
    reps = [
        factories.person(f"Rep {n}", slack_id=f"U{n:05}", team_id=team.id, manager_id=dana.id) for n in range(count)
    ]
    return team, [dana, *reps]


@asynccontextmanager
async def town(
    database_url: str,
    count: int,
    *,
    asked: str = "08:30",
    at: str = "08:31",
    rate_limits: bool = False,
    request_url: str | None = None,
    speed: float = 5.0,
) -> AsyncIterator[Town]:
    """`count` reps on one team, who are to be asked at `asked` on a Monday on which it is `at`."""
    team, everybody = roster(count)
    now = machine_clock()
    ritual = calendar.instant(MONDAY, datetime.strptime(at, "%H:%M").time(), "Europe/Berlin")  # noqa: DTZ007 - a wall time
    assert ritual is not None
    given = Seed(
        team=SlackTeam(WORKSPACE, "Town", "town"),
        users=tuple(User(one.slack_id, one.slack_id.lower(), one.name, tz=one.zone) for one in everybody),
        channels=(Channel("C0TOWN", "town", ("U0CADENCE", *(one.slack_id for one in everybody[:3]))),),
        app=App(
            name="Cadence",
            bot_user_id="U0CADENCE",
            bot_token="xoxb-test",
            app_token="xapp-test",
            commands=(Command("/plan"), Command("/cadence")),
            request_url=request_url,
        ),
    )
    huddle = factories.huddle(
        team.id,
        asks_at=datetime.strptime(asked, "%H:%M").time(),  # noqa: DTZ007 - a wall time
        since=ritual - timedelta(hours=2),
    )
    async with Sandbox(given, rate_limits=rate_limits) as sandbox:
        built = None
        try:
            orders = Orders(
                database_url, sandbox.api_url, began=now.timestamp(), ritual=ritual.timestamp(), speed=speed
            )
            built = Town(sandbox, Database(database_url), everybody[1:], team, huddle, orders)

            def put(tx: Session) -> None:
                add(tx, team)
                add(tx, *everybody)
                add(tx, huddle)

            await built.write(put)
            yield built
        finally:
            if built is not None:
                await built.database.close()
