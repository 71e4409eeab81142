"""What handlers are given: built once at start, never changed."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from bot.clock import Clock
from bot.slack import Slack
from storage.database import Database

log = logging.getLogger(__name__)


class Background:
    """Tasks that outlive a click, held until they end; asyncio itself keeps only weak references."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()

    def start(self, work: Coroutine[Any, Any, Any]) -> None:
        """Run `work` beside everything else; a failure is logged."""
        self.hold(asyncio.create_task(work))

    def hold(self, task: asyncio.Task[Any]) -> None:
        """Keep a task that runs already until it ends; a failure is logged."""
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("background work failed", exc_info=error)

    async def drained(self, seconds: float) -> None:
        """Wait until all of it has ended, for at most `seconds`; then cancel what is left."""
        if self._tasks:
            _, left = await asyncio.wait(self._tasks, timeout=seconds)
            for task in left:
                task.cancel()


@dataclass(frozen=True, slots=True)
class Deps:
    """Everything outside the rules. `clock` is ritual time; `wake` tells delivery that something was enqueued."""

    database: Database
    slack: Slack
    clock: Clock
    wake: Callable[[], None]
    background: Background
