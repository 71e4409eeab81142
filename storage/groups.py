"""What waits for each other anyway is done in one transaction, and heard of at once: reads, and SQLite's writes.

To write a commit to the disk takes as long as most transactions, and to wake whoever waits for a result longer than
most reads. Nobody hears that theirs is done before it is on the disk. One that fails undoes the others with it, and
then each is done by itself: that costs a little where it happens, and nothing where it doesn't.
"""

import asyncio
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from itertools import groupby
from queue import Empty, SimpleQueue
from threading import Event, Thread
from typing import Any

from sqlalchemy import Connection

MOST = 16
SECONDS = 0.02
"""When a group is closed, or who came first would wait long for the last."""
PATIENCE = 2 * SECONDS
"""A group that takes longer has something long in it: who waits behind it is helped by another thread."""

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


class Groups:
    """Runs work on a thread; `run` does some in a transaction of the thread's own connection.

    Where that connection is a reader's, each statement must see what was committed before it: somebody may have written
    when the group had begun, and asks in it what stands there now.
    """

    def __init__(self, run: Callable[[Work], Any], name: str, *, helped: bool = False) -> None:
        """`helped`: a second thread steps in where the first takes long. Two that take turns take Python in turns."""
        self._run = run
        self._waiting: SimpleQueue[_Job | None] = SimpleQueue()
        self._threads = [Thread(target=self._work, name=name, daemon=True)]
        if helped:
            self._threads.append(Thread(target=self._help, name=f"{name}-helper", daemon=True))
        self._came = Event()
        self._since: float | None = None
        self._started = False
        self._ended = Event()

    async def do(self, work: Work) -> Any:
        """Have work done. It may be run a second time, so it must do nothing but read and write."""
        loop = asyncio.get_running_loop()
        job = _Job(work, loop, loop.create_future())
        self._waiting.put(job)
        if not self._came.is_set():
            self._came.set()
        if not self._started:
            self._started = True
            for thread in self._threads:
                thread.start()
        return await job.future

    def shutdown(self) -> None:
        """Let everything that waits be done."""
        if not self._started:
            return
        self._waiting.put(None)
        self._ended.set()
        self._came.set()
        for thread in self._threads:
            thread.join()

    def _work(self) -> None:
        while (job := self._waiting.get()) is not None:
            self._since = time.monotonic()
            self._do(job)
            self._since = None

    def _help(self) -> None:
        while not self._ended.is_set():
            self._came.wait()
            self._ended.wait(PATIENCE)
            self._came.clear()
            if self._waiting.empty():
                continue
            self._came.set()  # nobody may come any more, and these still wait
            since = self._since
            if since is not None and time.monotonic() - since > PATIENCE and (job := self._next()) is not None:
                self._do(job)

    def _do(self, job: _Job) -> None:
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
            self._waiting.put(None)  # for a thread that is done with its group
        return job

    def _together(self, first: _Job) -> list[_Job]:
        """Do this one and what waits behind it."""
        group = [first]

        def work(connection: Connection) -> None:
            until = time.monotonic() + SECONDS
            for again in group:  # more than the first when the group is run again
                again.do(connection)
            while len(group) < MOST and time.monotonic() < until and (job := self._next()) is not None:
                group.append(job)
                job.do(connection)

        try:
            self._run(work)
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
            self._run(job.do)
        except Exception as error:  # noqa: BLE001 - likewise
            job.error = error


def _settle(jobs: Iterable[_Job]) -> None:
    for job in jobs:
        job.settle()
