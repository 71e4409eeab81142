"""SQLite's one writer: transactions that wait for each other anyway go to the disk together.

To write a commit to the disk takes as long as most transactions. Each has a savepoint of its own, so that one that
fails takes nothing else with it, and nobody hears that theirs is done before it is on the disk.
"""

import sqlite3
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

MOST = 16
SECONDS = 0.02
"""When a group is closed, or who came first would wait long for the last."""

Work = Callable[[Connection], Any]


@dataclass(slots=True)
class _Job:
    work: Work
    future: Future[Any] = field(default_factory=Future)
    result: Any = None
    error: Exception | None = None

    def settle(self) -> None:
        """Say how it ended."""
        if self.error is None:
            self.future.set_result(self.result)
        else:
            self.future.set_exception(self.error)


class GroupCommit:
    """Runs work one after the other on one thread; `begun` gives a connection in a transaction and commits it."""

    def __init__(self, begun: Callable[[], AbstractContextManager[Connection]]) -> None:
        self._begun = begun
        self._waiting: deque[_Job] = deque()
        self._thread = ThreadPoolExecutor(1, "db-write")

    def submit(self, work: Work) -> Future[Any]:
        """Have work done. It may be run a second time, so it must do nothing but read and write."""
        job = _Job(work)
        self._waiting.append(job)
        # A turn for each job: what one turn leaves, because its group is full, the following ones take.
        self._thread.submit(self._turn)
        return job.future

    def shutdown(self) -> None:
        """Let everything that waits be done."""
        self._thread.shutdown()

    def _next(self) -> _Job | None:
        while self._waiting:
            job = self._waiting.popleft()
            if job.future.set_running_or_notify_cancel():
                return job
        return None

    def _turn(self) -> None:
        job = self._next()
        if job is None:
            return
        group = [job]
        try:
            with self._begun() as connection:
                until = time.monotonic() + SECONDS
                _attempt(connection, job)
                while len(group) < MOST and time.monotonic() < until and (job := self._next()) is not None:
                    group.append(job)
                    _attempt(connection, job)
        except Exception as error:  # noqa: BLE001 - told to whoever waits for the work
            # Nothing of the group is on the disk, whoever's fault that is.
            if len(group) == 1:
                group[0].error = error
            else:
                for each in group:
                    self._alone(each)
        for each in group:
            each.settle()

    def _alone(self, job: _Job) -> None:
        job.result = job.error = None
        try:
            with self._begun() as connection:
                job.result = job.work(connection)
        except Exception as error:  # noqa: BLE001 - likewise
            job.error = error


def _attempt(connection: Connection, job: _Job) -> None:
    """Do a job and leave nothing behind when it fails; raises its error when SQLite took back the whole group."""
    cursor = connection.connection.cursor()
    cursor.execute("SAVEPOINT job")
    try:
        job.result = job.work(connection)
    except Exception as error:  # noqa: BLE001 - likewise
        job.error = error
        try:
            cursor.execute("ROLLBACK TO job")
        except sqlite3.Error:
            raise error from None
    cursor.execute("RELEASE job")
