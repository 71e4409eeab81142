"""Measure: `python -m tests.sandbox.load` posts at a fixed rate while many pages are open, and says whether it held.

The server is a process of its own (`python -m sandbox`), the pages are a second and the posting app is this one. Every
page acts as a person of its own, all of them in the one channel that is posted to, so each page must be sent each post.
Posts fall due by the clock, whether or not earlier ones were answered, and are late from then on.
"""

import argparse
import asyncio
import json
import math
import multiprocessing
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from urllib.parse import urlsplit

CHANNEL = "C0LOAD"
TOKEN = "xoxb-load"
_CONNECTIONS = 32
_PATIENCE_SECONDS = 3.0
_LONGEST_BACKLOG = 2.0  # times the time asked for; then the rest is given up
_NUMBER = re.compile(rb'"load (\d+)"')
_LONGEST_NUMBER = 24
_LATE_SECONDS = 1.0


@dataclass(frozen=True)
class Plan:
    """What is asked of the server."""

    rate: int = 1000
    seconds: float = 8.0
    pages: int = 200

    @property
    def posts(self) -> int:
        """How many posts there are in all."""
        return int(self.rate * self.seconds)


@dataclass
class Heard:
    """What the pages were sent: how often in all, how many pages got all, and when the first page got each."""

    messages: int = 0
    complete: int = 0
    times: dict[int, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Result:
    """One measurement."""

    plan: Plan
    accepted: int
    took: float
    answered: Sequence[float]
    shown: Sequence[float]
    heard: Heard
    cpu: float | None

    @property
    def held(self) -> bool:
        """Whether every page was sent every post once, and hardly any post or page waited a second."""
        plan, heard = self.plan, self.heard
        everywhere = heard.complete == plan.pages and heard.messages == plan.posts * plan.pages
        late = max(_at(self.answered, 0.99), _at(self.shown, 0.99))
        return self.accepted == plan.posts and everywhere and late < _LATE_SECONDS

    def lines(self) -> list[str]:
        """Return the report."""
        plan, heard = self.plan, self.heard
        cpu = "" if self.cpu is None else f", {1000 * self.cpu / max(self.accepted, 1):.2f} ms of CPU each"
        return [
            (
                f"posts    {self.accepted} of {plan.posts} accepted in {self.took:.1f} s, "
                f"{self.accepted / self.took:.0f}/s (asked for {plan.rate}/s){cpu}"
            ),
            f"answered {_delays(self.answered)} after they were due",
            (
                f"pages    {heard.complete} of {plan.pages} pages of {plan.pages} people were sent every post once; "
                f"{heard.messages} of {plan.posts * plan.pages} messages"
            ),
            f"shown    {_delays(self.shown)} after they were due",
            f"load     {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores",
            "held" if self.held else "not held",
        ]


def _at(values: Sequence[float], share: float) -> float:
    """Return the value below which this share of all values lies."""
    return sorted(values)[min(int(share * len(values)), len(values) - 1)] if values else math.inf


def _delays(values: Sequence[float]) -> str:
    return ", ".join(f"p{100 * share:.0f} {1000 * _at(values, share):.0f} ms" for share in (0.5, 0.99))


class Page(asyncio.Protocol):
    """One open page that counts what it is sent, without a browser's work."""

    def __init__(self, address: str, user_id: str) -> None:
        self.address = address
        self.user_id = user_id
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.came = asyncio.Event()
        self.count = 0
        self.seen: set[bytes] = set()
        self.times: dict[int, float] | None = None
        self._rest = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the live socket."""
        assert isinstance(transport, asyncio.Transport)
        transport.write(
            f"GET /page/live?as={self.user_id} HTTP/1.1\r\nHost: {self.address}\r\nConnection: Upgrade\r\n"
            "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n\r\n".encode()
        )

    async def hear(self, posts: int) -> None:
        """Wait until so many posts have come."""
        while self.count < posts:
            self.came.clear()
            await self.came.wait()

    def data_received(self, data: bytes) -> None:
        """Count the posts in what came; one may lie across two pieces."""
        data = self._rest + data
        if not self.opened.done():
            head, end, data = data.partition(b"\r\n\r\n")
            if not end:
                self._rest = head
                return
            assert head.startswith(b"HTTP/1.1 101"), head
            self.opened.set_result(None)
        found = _NUMBER.findall(data)
        self.count += len(found)
        self.seen.update(found)
        self.came.set()
        if self.times is not None:
            self.times.update((int(number), time.monotonic()) for number in found)
        tail = data[-_LONGEST_NUMBER:]
        last = _NUMBER.search(tail)
        self._rest = tail if last is None else tail[last.end() :]


def watch(address: str, plan: Plan, pipe: Connection) -> None:
    """Hold the pages open in a process of their own until they have heard everything, or wait no longer."""
    asyncio.run(_watch(address, plan, pipe))


async def _watch(address: str, plan: Plan, pipe: Connection) -> None:
    loop = asyncio.get_running_loop()
    host, _, port = address.rpartition(":")
    pages = [Page(address, user_of(number)) for number in range(plan.pages)]
    first_times = pages[0].times = {}
    for page in pages:
        await loop.create_connection(lambda page=page: page, host, int(port))  # type: ignore[misc]
        await page.opened
    pipe.send("open")
    asked = asyncio.Event()
    loop.add_reader(pipe.fileno(), asked.set)
    await asked.wait()
    loop.remove_reader(pipe.fileno())
    accepted: int = pipe.recv()
    await asyncio.wait([asyncio.create_task(page.hear(accepted)) for page in pages], timeout=_PATIENCE_SECONDS)
    complete = sum(len(page.seen) == page.count == accepted for page in pages)
    pipe.send(Heard(sum(page.count for page in pages), complete, first_times))


def user_of(number: int) -> str:
    """Return the id of one of the people."""
    return f"U0P{number:05d}"


def seed(plan: Plan) -> str:
    """Return a workspace with one channel that everybody is in; the app there is subscribed to nothing."""
    people = [{"id": user_of(number), "name": f"person{number}"} for number in range(plan.pages)]
    members = [*(person["id"] for person in people), "U0BOT"]
    channel = {"id": CHANNEL, "name": "load", "members": members}
    return json.dumps({"users": people, "channels": [channel], "app": {"bot_token": TOKEN, "events": []}})


class Poster:
    """The app: posts when they are due, over a few connections that stay open."""

    def __init__(self, address: str, plan: Plan) -> None:
        self._address = address
        self._plan = plan
        self._due: asyncio.Queue[int | None] = asyncio.Queue()
        self._given_up_at = math.inf
        self.due_at: dict[int, float] = {}
        self.answered: list[float] = []

    async def run(self) -> float:
        """Post everything; return the seconds from the first due time to the last answer."""
        loop, plan = asyncio.get_running_loop(), self._plan
        start, wall = loop.time() + 0.2, time.monotonic() + 0.2
        self._given_up_at = wall + plan.seconds * _LONGEST_BACKLOG
        for number in range(plan.posts):
            self.due_at[number] = wall + number / plan.rate
            loop.call_at(start + number / plan.rate, self._due.put_nowait, number)
        for _ in range(_CONNECTIONS):
            loop.call_at(start + plan.seconds, self._due.put_nowait, None)
        await asyncio.gather(*(self._work() for _ in range(_CONNECTIONS)))
        return time.monotonic() - wall

    async def _work(self) -> None:
        host, _, port = self._address.rpartition(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        while (number := await self._due.get()) is not None and time.monotonic() < self._given_up_at:
            writer.write(self._request(number))
            head = await reader.readuntil(b"\r\n\r\n")
            length = re.search(rb"Content-Length: (\d+)", head)
            assert length is not None, head
            body = await reader.readexactly(int(length[1]))
            if body.startswith(b'{"ok": true'):
                self.answered.append(time.monotonic() - self.due_at[number])
        writer.close()

    def _request(self, number: int) -> bytes:
        block = {"type": "section", "text": {"type": "mrkdwn", "text": "*One post* of many, with a block."}}
        metadata = {"event_type": "load", "event_payload": {"key": str(number)}}
        message = {"channel": CHANNEL, "text": f"load {number}", "blocks": [block], "metadata": metadata}
        body = json.dumps(message).encode()
        return (
            f"POST /api/chat.postMessage HTTP/1.1\r\nHost: {self._address}\r\nAuthorization: Bearer {TOKEN}\r\n"
            f"Content-Type: application/json; charset=utf-8\r\nContent-Length: {len(body)}\r\n\r\n".encode()
            + body
        )


def cpu_seconds(pid: int) -> float | None:
    """Return the processor time that a process has used, where the system tells."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    except OSError:
        return None
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure(plan: Plan) -> Result:
    """Start everything, post, count, and stop everything."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "seed.json")
        path.write_text(seed(plan), encoding="utf-8")
        command = [sys.executable, "-m", "sandbox", "--port", "0", "--seed", str(path), "--no-rate-limits"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:  # noqa: S603  our own module
            try:
                assert server.stdout is not None
                address = urlsplit(server.stdout.readline().split()[-1]).netloc
                return _against(address, plan, server.pid)
            finally:
                server.send_signal(signal.SIGTERM)


def _against(address: str, plan: Plan, server_pid: int) -> Result:
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    pages = context.Process(target=watch, args=(address, plan, there), daemon=True)
    pages.start()
    there.close()
    here.recv()
    poster = Poster(address, plan)
    before = cpu_seconds(server_pid)
    took = asyncio.run(poster.run())
    here.send(len(poster.answered))
    heard: Heard = here.recv()
    after = cpu_seconds(server_pid)
    pages.join()
    shown = [at - poster.due_at[number] for number, at in heard.times.items()]
    cpu = None if before is None or after is None else after - before
    return Result(plan, len(poster.answered), took, poster.answered, shown, heard, cpu)


def main() -> int:
    """Read the arguments, measure once, and say what came of it."""
    parser = argparse.ArgumentParser(prog="python -m tests.sandbox.load", description=__doc__.partition("\n")[0])
    parser.add_argument("--rate", type=int, default=Plan.rate, help="posts a second (%(default)s)")
    parser.add_argument("--seconds", type=float, default=Plan.seconds, help="for how long (%(default)s)")
    parser.add_argument("--pages", type=int, default=Plan.pages, help="open pages (%(default)s)")
    given = parser.parse_args()
    result = measure(Plan(given.rate, given.seconds, given.pages))
    sys.stdout.write("\n".join(result.lines()) + "\n")
    return 0 if result.held else 1


if __name__ == "__main__":
    sys.exit(main())
