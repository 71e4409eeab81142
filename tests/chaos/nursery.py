"""Starts workers that can be killed: forks them from one process that has imported everything already.

`python -m tests.chaos.nursery` reads one line of orders (JSON) at a time and answers each with a process id,
and an empty line with "ready". No worker outlives it, however it ends.
"""

import asyncio
import json
import logging
import os
import signal
import sys
import traceback
from pathlib import Path
from typing import Any

from tests.chaos.worker import Orders, work


def main() -> None:
    """Fork a worker per line, until there are no more lines."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel buries the dead
    alive, ours = os.pipe()
    for line in sys.stdin:
        if not line.strip():
            sys.stdout.write("ready\n")
            sys.stdout.flush()
            continue
        pid = os.fork()
        if pid == 0:
            os.close(ours)
            be_born(json.loads(line), alive)
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()


def be_born(orders: dict[str, Any], alive: int) -> None:
    """Work, and end with the process, never with the nursery's loop."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    log = os.open(orders.pop("log"), os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for stream in (1, 2):
        os.dup2(log, stream)
    with Path(os.devnull).open() as nothing:
        os.dup2(nothing.fileno(), 0)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(process)d %(levelname)s %(name)s: %(message)s")
    for chatty in ("bolt", "apscheduler", "procrastinate", "alembic"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    code = 1
    try:
        asyncio.run(until_orphaned(Orders.read(orders), alive))
        code = 0
    except BaseException:  # noqa: BLE001 - a forked child must never return into its parent's loop
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


async def until_orphaned(orders: Orders, alive: int) -> None:
    """Work for as long as the nursery lives."""
    asyncio.get_running_loop().add_reader(alive, os._exit, 1)
    await work(orders)


if __name__ == "__main__":
    main()
