"""Other processes of a benchmark: servers that end with us, and the load."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict
from typing import Any

from tests.benchmarks.load import Job, Measured

_LONGEST_LINE = 64 * 1024 * 1024


@asynccontextmanager
async def spawned(module: str, *arguments: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """A Python process with pipes, until the block ends: it is asked by the end of its input, then killed."""
    command = (sys.executable, "-m", f"tests.benchmarks.{module}", *arguments)
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, limit=_LONGEST_LINE)
    try:
        yield process
    finally:
        if process.stdin is not None:
            process.stdin.close()
        try:
            async with asyncio.timeout(10):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()


async def told(process: asyncio.subprocess.Process) -> Any:
    """The next line that a process prints, as JSON."""
    assert process.stdout is not None
    line = await process.stdout.readline()
    if not line:
        raise RuntimeError("a process of the benchmark ended before its time")
    return json.loads(line)


@asynccontextmanager
async def server(kind: str, **places: Any) -> AsyncIterator[int]:
    """One of the compared servers; its port."""
    async with spawned("servers", kind, json.dumps(places)) as process:
        yield int(await told(process))


class Loader:
    """The load generator."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def run(self, job: Job) -> Measured:
        """Have a job done; raises when any answer was not the expected one."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(asdict(job)).encode() + b"\n")
        measured = Measured(**await told(self._process))
        if measured.wrong:
            raise RuntimeError(
                f"{len(measured.wrong)} of {job.count} answers were wrong, the first: {measured.wrong[0]}"
            )
        return measured


@asynccontextmanager
async def loader() -> AsyncIterator[Loader]:
    """A load generator of its own process."""
    async with spawned("load") as process:
        yield Loader(process)


@asynccontextmanager
async def stub() -> AsyncIterator[str]:
    """A Slack that takes everything; its API's address."""
    async with spawned("stub") as process:
        yield f"http://127.0.0.1:{await told(process)}/api/"
