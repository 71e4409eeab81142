"""A database that is slow for real: another connection holds what Cadence needs."""

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import psycopg
from sqlalchemy import make_url

from tests.bot.world import World


@contextmanager
def busy(world: World, seconds: float | None = None) -> Iterator[None]:
    """Keep every transaction that changes plans waiting, until the block ends or for `seconds`."""
    release, close = _held(world.cadence.deps.database.url)
    timer = None if seconds is None else asyncio.get_running_loop().call_later(seconds, release)
    try:
        yield
    finally:
        if timer is None or not timer.cancelled():
            release()
        if timer is not None:
            timer.cancel()
        close()


def _held(url: str) -> tuple[Callable[[], None], Callable[[], None]]:
    if url.startswith("sqlite"):
        file = sqlite3.connect(make_url(url).database or "", isolation_level=None)
        file.execute("BEGIN IMMEDIATE")

        def release() -> None:
            with suppress(sqlite3.OperationalError):  # nothing is held any more
                file.execute("ROLLBACK")

        return release, file.close
    plain = make_url(url).set(drivername="postgresql").difference_update_query(["plugin"])
    server = psycopg.connect(plain.render_as_string(hide_password=False))
    server.execute("LOCK TABLE plans IN ACCESS EXCLUSIVE MODE")
    return server.rollback, server.close
