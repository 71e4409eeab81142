"""The load, in a process of its own: `python -m tests.benchmarks.load` takes a job a line and answers with figures.

It speaks just enough HTTP that it costs little beside the servers that it measures.
"""

import asyncio
import json
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.benchmarks.company import mark
from tests.benchmarks.submissions import signed


@dataclass(frozen=True, slots=True)
class Job:
    """`count` people from `first` on send the request in `template`, where `person` stands for each of them.

    Without a `rate` (a second) each connection sends its next request when the last is answered.
    """

    port: int
    template: str
    person: int
    first: int
    count: int
    connections: int = 64
    rate: float | None = None


@dataclass(frozen=True, slots=True)
class Measured:
    """What a job saw: seconds from the first request to the last answer, and of each request, from when it was due."""

    seconds: float
    latencies: Sequence[float]
    wrong: Sequence[str]


class Connections:
    """Requests over kept-alive connections."""

    def __init__(self, job: Job, requests: Sequence[bytes]) -> None:
        self._job = job
        self._left: Iterator[tuple[int, bytes]] = iter(enumerate(requests))
        self._latencies: list[float] = []
        self._wrong: list[str] = []

    async def measured(self) -> Measured:
        """Send everything."""
        opened = [await asyncio.open_connection("127.0.0.1", self._job.port) for _ in range(self._job.connections)]
        started = time.perf_counter()
        await asyncio.gather(*(self._sending(reader, writer, started) for reader, writer in opened))
        seconds = time.perf_counter() - started
        for _, writer in opened:
            writer.close()
        return Measured(seconds, self._latencies, self._wrong)

    async def _sending(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, started: float) -> None:
        for turn, request in self._left:
            due = time.perf_counter()
            if self._job.rate is not None:
                # From when it was due, so that a server which makes us wait can't hide it.
                due = started + turn / self._job.rate
                await asyncio.sleep(max(0.0, due - time.perf_counter()))
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
            body = await reader.readexactly(length)
            self._latencies.append(time.perf_counter() - due)
            if not head.startswith(b"HTTP/1.1 200") or b"errors" in body:
                self._wrong.append((head + body).decode()[:500])


def run(job: Job) -> Measured:
    """Do one job."""
    template = Path(job.template).read_bytes()
    ours, now = mark(job.person).encode(), time.time()
    people = range(job.first, job.first + job.count)
    requests = [signed(template.replace(ours, mark(number).encode()), now) for number in people]
    return asyncio.run(Connections(job, requests).measured())


def main() -> None:
    """Do jobs until there are no more."""
    for line in sys.stdin:
        sys.stdout.write(json.dumps(asdict(run(Job(**json.loads(line))))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
