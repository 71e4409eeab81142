"""A sandbox with a small workspace, the real client, and ways to connect a Bolt app."""

from collections.abc import AsyncIterator

import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import Sandbox
from tests.sandbox.page import visit
from tests.sandbox.support import SEED, Connect

__all__ = ["visit"]


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(SEED, random_seed=1) as running:
        yield running


@pytest.fixture
def client(sandbox: Sandbox) -> AsyncWebClient:
    return AsyncWebClient(token=SEED.app.bot_token, base_url=sandbox.api_url, retry_handlers=[])


def new_app(sandbox: Sandbox) -> AsyncApp:
    """Return a Bolt app that talks to the sandbox."""
    client = AsyncWebClient(token=sandbox.seed.app.bot_token, base_url=sandbox.api_url)
    return AsyncApp(client=client)


@pytest.fixture
async def connect(sandbox: Sandbox) -> AsyncIterator[Connect]:
    """Connect Bolt apps that are closed at the end of the test."""
    handlers: list[AsyncSocketModeHandler] = []

    async def connect(app: AsyncApp) -> AsyncSocketModeHandler:
        handler = AsyncSocketModeHandler(app, sandbox.seed.app.app_token)
        before = len(sandbox.sockets.connections)
        await handler.connect_async()  # type: ignore[no-untyped-call]
        await sandbox.until(lambda: len(sandbox.sockets.connections) > before)
        handlers.append(handler)
        return handler

    yield connect
    for handler in handlers:
        await handler.close_async()  # type: ignore[no-untyped-call]


@pytest.fixture
def bolt(sandbox: Sandbox) -> AsyncApp:
    return new_app(sandbox)
