"""SQLite's one writer: transactions that wait for each other anyway go to the disk together.

To write a commit to the disk takes as long as most transactions. Nobody hears that theirs is done before it is on the
disk. One that fails undoes the others with it, and then each is done by itself: that costs a little where it happens,
and nothing where it doesn't.
"""

import asyncio
import time
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from itertools import groupby
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any

from sqlalchemy import Connection

MOST = 16
SECONDS = 0.02
"""When a group is closed, or who came first would wait long for the last."""

Work = Callable[[Connection], Any]


@dataclass(slots=True)
class _Job:
    work: Work
    loop: asyncio.AbstractEventLoop
    future: asyncio.Future[Any]
    result: Any = None
    error: Exception | None = None

    def do(self, connection: Connection) -> None:
        """Do the work, if anybody still waits for it."""
        if not self.future.cancelled():
            self.result = self.work(connection)

    def settle(self) -> None:
        """Say how it ended."""
        if self.future.done():
            return  # whoever waited for it has gone
        if self.error is None:
            self.future.set_result(self.result)
        else:
            self.future.set_exception(self.error)


class GroupCommit:
    """Runs work one after the other on one thread; `begun` gives a connection in a transaction and commits it."""

    def __init__(self, begun: Callable[[], AbstractContextManager[Connection]]) -> None:
        self._begun = begun
        self._waiting: SimpleQueue[_Job | None] = SimpleQueue()
        self._thread: Thread | None = None

    async def write(self, work: Work) -> Any:
        """Have work done. It may be run a second time, so it must do nothing but read and write."""
        loop = asyncio.get_running_loop()
        job = _Job(work, loop, loop.create_future())
        self._waiting.put(job)
        if self._thread is None:
            self._thread = Thread(target=self._run, name="db-write", daemon=True)
            self._thread.start()
        return await job.future

    def shutdown(self) -> None:
        """Let everything that waits be done."""
        if self._thread is not None:
            self._waiting.put(None)
            self._thread.join()

    def _run(self) -> None:
        while (job := self._waiting.get()) is not None:
            group = self._together(job)
            for loop, jobs in groupby(group, key=lambda one: one.loop):
                with suppress(RuntimeError):  # closed: nobody waits there any more
                    loop.call_soon_threadsafe(_settle, list(jobs))

    def _next(self) -> _Job | None:
        try:
            job = self._waiting.get_nowait()
        except Empty:
            return None
        if job is None:
            self._waiting.put(None)  # for `_run`, when this group is done
        return job

    def _together(self, first: _Job) -> list[_Job]:
        """Do this one and what waits behind it."""
        group = [first]
        try:
            with self._begun() as connection:
                until = time.monotonic() + SECONDS
                first.do(connection)
                while len(group) < MOST and time.monotonic() < until and (job := self._next()) is not None:
                    group.append(job)
                    job.do(connection)
        except Exception as error:  # noqa: BLE001 - told to whoever waits for the work
            # Nothing of the group is on the disk, whoever's fault that is.
            if len(group) == 1:
                first.error = error
            else:
                for each in group:
                    self._alone(each)
        return group

    def _alone(self, job: _Job) -> None:
        try:
            with self._begun() as connection:
                job.do(connection)
        except Exception as error:  # noqa: BLE001 - likewise
            job.error = error


def _settle(jobs: Iterable[_Job]) -> None:
    for job in jobs:
        job.settle()
