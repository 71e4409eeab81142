"""`cadence web` and `cadence worker`, several of each on one PostgreSQL, as an operator runs and loses them."""

import asyncio
import contextlib
import os
import random
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot.clock import machine_clock
from rituals import calendar
from rituals.plans import PlanState
from sandbox import Person as Hand
from storage import plans
from storage.outbox import Kind
from tests.chaos.town import ROOT, Crew, Town, Verdict, tell, town, until
from tests.chaos.worker import Orders

pytestmark = pytest.mark.postgresql
DICE = 7


def free_port() -> int:
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as one:
        return int(one.getsockname()[1])


@dataclass
class Balancer:
    """Passes each connection to one of the web processes in turn, and to the next one when it is down."""

    ports: list[int]
    turn: int = 0
    tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def reach(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
        """A connection to whoever listens."""
        for _ in self.ports:
            self.turn += 1
            with contextlib.suppress(OSError):
                return await asyncio.open_connection("127.0.0.1", self.ports[self.turn % len(self.ports)])
        return None

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection from Slack."""
        other = await self.reach()
        if other is not None:
            with contextlib.suppress(OSError):
                await asyncio.gather(pump(reader, other[1]), pump(other[0], writer))
        writer.close()


async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Pass on what comes, until it ends."""
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    finally:
        writer.close()


@asynccontextmanager
async def balanced(ports: list[int]) -> AsyncIterator[int]:
    """The port behind which all of them stand."""
    balancer = Balancer(ports)
    server = await asyncio.start_server(balancer.serve, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


async def opened(hand: Hand) -> dict[str, Any] | None:
    """The form that `/plan` opens; None when whoever was to open it died."""
    with contextlib.suppress(AssertionError):
        if (await hand.command("/plan")).ok:
            found: dict[str, Any] = await until(lambda: next((v for v in [hand.view] if v and v["submit"]), None), 4)
            return found
    return None


async def busy_morning(place: Town, number: int, until_when: float, acked: dict[int, str]) -> None:
    """One rep writes plan after plan; what Slack saw acked is written down."""
    hand = place.sandbox.person(place.people[number].slack_id)
    edition = 0
    while time.monotonic() < until_when:
        if await opened(hand) is None:
            continue
        edition += 1
        words = f"Result {edition} of {number}"
        outcome = await hand.submit(values={"today": words})
        if outcome.ok:
            acked[number] = words
        else:
            await hand.close()


class Forked:
    """Two web and two worker processes, forked; each can be lost by itself."""

    def __init__(self, crew: Crew, orders: Orders, ports: list[int]) -> None:
        self._crew = crew
        self._roles = {f"web{n}": replace(orders, role="web", port=port) for n, port in enumerate(ports)}
        self._roles |= {f"worker{n}": replace(orders, role="worker") for n in range(2)}
        self._pids = {name: crew.start(role) for name, role in self._roles.items()}

    async def lose_one(self, dice: random.Random) -> None:
        """Kill one and start it again."""
        name = dice.choice(sorted(self._pids))
        await self._crew.kill(self._pids[name])
        self._pids[name] = self._crew.start(self._roles[name])

    async def close(self) -> None:
        """The crew ends them."""


class Host:
    """`honcho start web worker` by our Procfile, as a supervisor keeps it running."""

    def __init__(self, orders: Orders, port: int, log: Path) -> None:
        self._log = log
        self._read = 0
        programs = Path(sys.executable).parent
        self._command = [str(programs / "honcho"), "start", "--no-colour", "--port", str(port), "web", "worker"]
        self._command[2:2] = ["--procfile", str(ROOT / "Procfile"), "--env", "none"]
        self._environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("SLACK_", "PORT"))},
            "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
            "DATABASE_URL": orders.database_url,
            "SLACK_API_URL": orders.api_url,
            "SLACK_BOT_TOKEN": "xoxb-test",
            "SLACK_SIGNING_SECRET": "sandbox-signing-secret",
        }
        self._honcho: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start both."""
        with self._log.open("ab") as log:
            self._read = log.tell()
            self._honcho = subprocess.Popen(  # noqa: S603 - honcho, from our own lock file
                self._command, env=self._environment, cwd=self._log.parent, stdout=log, stderr=log
            )

    def pids(self) -> dict[str, int]:
        """Both, by the names that honcho gives them, once it has told."""
        told = self._log.read_bytes()[self._read :].decode(errors="replace")
        found = re.findall(r"(web|worker)\.1 started \(pid=(\d+)\)", told)
        return {name: int(pid) for name, pid in found}

    async def lose(self, name: str) -> None:
        """Kill one; honcho then ends the other and itself, and is started again."""
        pids = await until(lambda: found if len(found := self.pids()) == 2 else None)
        os.killpg(pids[name], signal.SIGKILL)
        await self.ended()
        self.start()

    async def ended(self) -> None:
        """Wait until honcho has ended, and with it both."""
        if self._honcho is not None:
            await asyncio.to_thread(self._honcho.wait, 30)

    async def close(self) -> None:
        """Ask both to stop."""
        if self._honcho is not None and self._honcho.poll() is None:
            self._honcho.terminate()
            await self.ended()


class Hosts:
    """Two hosts, each with a web and a worker process under honcho."""

    def __init__(self, orders: Orders, ports: list[int], folder: Path) -> None:
        self._hosts = [Host(orders, port, folder / f"host{n}.log") for n, port in enumerate(ports)]
        for host in self._hosts:
            host.start()

    async def lose_one(self, dice: random.Random) -> None:
        """Kill one process of one host."""
        await dice.choice(self._hosts).lose(dice.choice(["web", "worker"]))

    async def close(self) -> None:
        """Stop both hosts."""
        await asyncio.gather(*(host.close() for host in self._hosts))


Start = Callable[[Orders, list[int]], Forked | Hosts]


async def under_load(start: Start, url: str, seconds: float, writers: int) -> tuple[Verdict, int, int]:
    """Two of each, killed and restarted at random under load; returns the verdict, kills, and acked answers lost."""
    dice = random.Random(DICE)  # noqa: S311 - repeatable
    ports = [free_port(), free_port()]
    async with balanced(ports) as front:  # noqa: SIM117 - the town's address needs the port
        async with town(url, writers + 40, request_url=f"http://127.0.0.1:{front}/slack/events") as place:
            await place.know_dms()
            place.orders = replace(place.orders, ritual=place.orders.began)
            running = start(place.orders, ports)
            try:
                await until(lambda: sum(call.method == "auth.test" for call in place.sandbox.calls) >= 4)
                await until(lambda: all(listens(port) for port in ports))
                acked: dict[int, str] = {}
                end = time.monotonic() + seconds
                load = [asyncio.create_task(busy_morning(place, n, end, acked)) for n in range(writers)]
                kills = rounds = 0
                while time.monotonic() < end:
                    await place.enqueue([f"prompt:{rounds}:{n}" for n in range(8)])
                    rounds += 1
                    await asyncio.sleep(dice.uniform(0.5, 2))
                    await running.lose_one(dice)
                    kills += 1
                await asyncio.gather(*load)
                await place.settled(rounds * 8, 100)
                await until(lambda: no_edits_left(place), 60, 0.2)
                return await place.verdict(), kills, await missing(place, acked)
            finally:
                await running.close()


async def no_edits_left(place: Town) -> bool:
    return set((await place.states(Kind.EDIT)).values()) <= {"sent", "expired", "skipped"}


def listens(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


async def missing(place: Town, acked: dict[int, str]) -> int:
    """How many people's last acked plan is not the one that is kept."""

    def look(tx: Any) -> int:
        lost = 0
        for number, words in acked.items():
            person = place.people[number]
            days = {calendar.local_day(machine_clock() - timedelta(days=back), person.zone) for back in (0, 1)}
            found = [plan for day in days if (plan := plans.find_on(tx, person.id, day)) is not None]
            kept = [item.text for plan in found for item in plans.items(tx, [plan.id])[plan.id]]
            lost += words not in kept or any(plan.state is not PlanState.FILED for plan in found)
        return lost

    return int(await place.database.read(look))


@pytest.mark.chaos
async def test_two_of_each_killed_under_load_lose_and_double_nothing(postgres: Any, crew: Crew) -> None:
    with postgres.database() as url:
        verdict, kills, lost = await under_load(partial(Forked, crew), url, 8, 3)

    assert kills > 2
    assert lost == 0
    assert verdict.counted().well


@pytest.mark.chaos
async def test_two_of_each_under_honcho_killed_under_load_for_two_minutes(postgres: Any, tmp_path: Path) -> None:
    with postgres.database() as url:
        verdict, kills, lost = await under_load(partial(Hosts, folder=tmp_path), url, 120, 6)

    tell(f"Two hosts with `honcho start web worker`, {kills} kills under load: {verdict}, {lost} acked answers lost.")
    assert kills > 10
    assert lost == 0
    assert verdict.counted().well


# Figures


@pytest.mark.chaos
async def test_the_fan_out_moves_on_within_thirty_seconds_of_a_kill(postgres: Any, crew: Crew) -> None:
    with postgres.database() as url:
        async with town(url, 400) as place:
            await place.know_dms()
            place.orders = replace(place.orders, ritual=place.orders.began)
            first = crew.start(replace(place.orders, role="worker"))
            await until(lambda: place.sandbox.calls)
            await place.enqueue([f"prompt:{number}" for number in range(400)])
            await until(lambda: len(place.sandbox.posts) >= 15)
            crew.start(replace(place.orders, role="worker"))
            await until(lambda: sum(call.method == "auth.test" for call in place.sandbox.calls) >= 2)
            seen = len(place.sandbox.posts)
            await until(lambda: len(place.sandbox.posts) > seen + 3)
            await crew.kill(first)
            began, posts = time.monotonic(), len(place.sandbox.posts)
            await until(lambda: len(place.sandbox.posts) > posts + 1)
            seconds = time.monotonic() - began
            tell(f"Failover: {seconds:.1f} s from SIGKILL of the sending worker until the other one sends.")
            await place.settled(400, 300)
            tell(f"All 400 were out {time.monotonic() - began:.0f} s after the kill.")

            assert seconds < 30
            assert (await place.verdict()).counted() == Verdict(400, 400, 0, 0)


def cpu_seconds(pid: int) -> float:
    """User and system time so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@pytest.mark.chaos
async def test_an_idle_worker_takes_less_than_one_percent_of_a_core(postgres: Any, crew: Crew) -> None:
    with postgres.database() as url:
        async with town(url, 10) as place:
            orders = replace(place.orders, ritual=place.orders.began)
            pid = crew.start(replace(orders, role="worker"))
            await until(lambda: place.sandbox.calls)
            await asyncio.sleep(5)  # until it has planned the coming days
            before = cpu_seconds(pid)
            await asyncio.sleep(60)  # the measurement itself
            share = (cpu_seconds(pid) - before) / 60
            tell(f"Idle worker: {share:.2%} of a core over 60 s.")

            assert share < 0.01


@pytest.mark.parametrize("role", ["worker"])
async def test_sigterm_with_work_in_flight_ends_within_ten_seconds_and_loses_nothing(
    postgres: Any, crew: Crew, role: str
) -> None:
    with postgres.database() as url:
        async with town(url, 60) as place:
            await place.know_dms()
            place.orders = replace(place.orders, ritual=place.orders.began)
            first = crew.start(replace(place.orders, role=role))
            await until(lambda: place.sandbox.calls)
            await place.enqueue([f"prompt:{number}" for number in range(60)])
            await until(lambda: len(place.sandbox.posts) >= 5)
            began = time.monotonic()
            crew.send(first, signal.SIGTERM)
            await crew.gone(first)
            seconds = time.monotonic() - began
            states = await place.states()
            tell(f"Graceful stop: {seconds:.1f} s with {sum(s == 'sending' for s in states.values())} left in flight.")
            assert seconds <= 10
            assert "sending" not in states.values()
            assert sum(state == "sent" for state in states.values()) == len(place.sandbox.posts)
            crew.start(replace(place.orders, role=role))
            await place.settled(60)

            assert (await place.verdict()).counted() == Verdict(60, 60, 0, 0)
