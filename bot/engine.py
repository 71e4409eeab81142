"""Who runs delivery: a local loop, or procrastinate on PostgreSQL.

A job names a task and a workspace. Rows are the truth and jobs are hints: a lost job costs one sweep, a doubled one
finds nothing to do.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any, Protocol, TypeVar

import procrastinate
import psycopg
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException
from procrastinate.jobs import Status
from psycopg.abc import PQGen
from sqlalchemy.engine import make_url

from bot.clock import Clock
from bot.delivery import Delivery
from storage import sending
from storage.database import Database

R = TypeVar("R")

log = logging.getLogger(__name__)

SWEEP_SECONDS = 2.0
HEARTBEAT_SECONDS = 5.0
STALLED_SECONDS = 15.0
"""A killed worker's lock does not free itself: it is taken for dead after this long without a heartbeat."""
STOP_SECONDS = 8.0
HINT_PAUSE = 0.05
"""Hints given in this time are one: under load the answers to a thousand presses need one job."""
DELIVER = "deliver"


class Engine(Protocol):
    """Runs delivery while its block is open."""

    def wake(self) -> None:
        """Something was enqueued: have it sent now."""


@asynccontextmanager
async def local(delivery: Delivery) -> AsyncIterator[Engine]:
    """Delivery as a loop of this process; what is in flight at the end is still recorded."""
    task = asyncio.create_task(delivery.run())
    try:
        yield delivery
    finally:
        delivery.stop()
        _, late = await asyncio.wait({task}, timeout=STOP_SECONDS)
        for one in late:
            one.cancel()


class _Quiet(psycopg.AsyncConnection[Any]):
    """Waits for an answer or a notification without looking ten times a second whether Ctrl-C was pressed.

    A loop hears of signals by itself.
    """

    async def wait(self, gen: PQGen[R], interval: float = SWEEP_SECONDS, timeout: float | None = None) -> R:  # noqa: ASYNC109 - psycopg's own
        return await super().wait(gen, interval, timeout)


def jobs_on(database: Database) -> procrastinate.App:
    """The job queue in the same PostgreSQL; its tables arrive with our migrations."""
    conninfo = make_url(database.url).set(drivername="postgresql").render_as_string(hide_password=False)
    connector = procrastinate.PsycopgConnector(conninfo=conninfo, min_size=1, max_size=4, connection_class=_Quiet)
    return procrastinate.App(connector=connector)


class Hints:
    """Defers jobs after a commit, on the queue's own connections.

    Inside the domain's transaction a duplicate would abort it, and a second enqueuer would wait for the first.
    """

    def __init__(self, jobs: procrastinate.App, workspace: str) -> None:
        self._jobs = jobs
        self._workspace = workspace
        self._woken = asyncio.Event()

    def wake(self) -> None:
        """Have the workspace's messages sent now."""
        self._woken.set()

    async def run(self) -> None:
        """Turn wake-ups into jobs, for ever."""
        while True:
            await self._woken.wait()
            await asyncio.sleep(HINT_PAUSE)
            self._woken.clear()
            try:
                await defer(self._jobs, self._workspace)
            except Exception:
                log.exception("a hint was lost; the sweep will find the work")


async def defer(jobs: procrastinate.App, workspace: str) -> None:
    """Ask for a workspace's messages to be sent; asked for already is as good."""
    name = f"{DELIVER}:{workspace}"
    with suppress(AlreadyEnqueued):
        await jobs.configure_task(DELIVER, lock=name, queueing_lock=name).defer_async(workspace=workspace)


@asynccontextmanager
async def hinting(jobs: procrastinate.App, workspace: str) -> AsyncIterator[Hints]:
    """The engine of a process that only enqueues: `cadence web`."""
    hints = Hints(jobs, workspace)
    task = asyncio.create_task(hints.run())
    try:
        yield hints
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


@asynccontextmanager
async def working(
    jobs: procrastinate.App, workspace: str, database: Database, delivery: Delivery, clock: Clock
) -> AsyncIterator[Engine]:
    """The engine of a process that sends: `cadence worker`, and `cadence run` on PostgreSQL."""

    @jobs.task(name=DELIVER)
    async def deliver(workspace: str) -> None:
        while not delivery.stopping and await delivery.drain_workspace(workspace):
            pass

    async with hinting(jobs, workspace) as hints:
        worker = asyncio.create_task(
            jobs.run_worker_async(
                concurrency=2,
                install_signal_handlers=False,
                shutdown_graceful_timeout=STOP_SECONDS,
                update_heartbeat_interval=HEARTBEAT_SECONDS,
                stalled_worker_timeout=STALLED_SECONDS,
                delete_jobs="always",
            )
        )
        sweeper = asyncio.create_task(_sweeping(jobs, database, delivery, clock))
        try:
            yield hints
        finally:
            delivery.stop()
            sweeper.cancel()
            worker.cancel()
            await asyncio.wait({worker, sweeper}, timeout=STOP_SECONDS)


async def _sweeping(jobs: procrastinate.App, database: Database, delivery: Delivery, clock: Clock) -> None:
    """Find work whose hint was lost and jobs whose worker was killed, every two seconds."""
    while True:
        try:
            await _sweep(jobs, database, delivery, clock)
        except Exception:
            log.exception("a sweep stumbled; the next one goes on")
        await asyncio.sleep(SWEEP_SECONDS)


async def _sweep(jobs: procrastinate.App, database: Database, delivery: Delivery, clock: Clock) -> None:
    now = clock()
    # First, because a lost job keeps the lock that the next one needs.
    await _bury(jobs)
    await delivery.compose(now)
    for workspace in await database.read(sending.ready_workspaces, now):
        await defer(jobs, workspace)


async def _bury(jobs: procrastinate.App) -> None:
    """End the jobs whose worker is gone.

    Run again they could not be: another one waits already with the same `queueing_lock`, for the lock that they keep.
    """
    for job in await jobs.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS):
        log.warning("job %s lost its worker", job.id)
        with suppress(ConnectorException):  # another worker was faster
            await jobs.job_manager.finish_job(job, Status.FAILED, delete_job=True)
