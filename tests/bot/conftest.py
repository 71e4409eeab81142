"""The company in a sandbox, on SQLite and on PostgreSQL."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from tests.bot.street import log, open_door
from tests.bot.world import World, world

__all__ = ["log", "open_door"]


@pytest.fixture
async def morning(database_url: str) -> AsyncIterator[World]:
    """Sunday noon before a working week."""
    async with world(database_url, datetime(2026, 11, 22, 11, 0, tzinfo=UTC)) as built:
        yield built
