"""Socket Mode: connections, refreshes, and what happens when they break."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import aiohttp
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import App, Command, Sandbox, Seed
from tests.sandbox.support import SEED, Connect, Json, error_of


@asynccontextmanager
async def raw_socket(sandbox: Sandbox, more: str = "") -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
    """Open a connection without the SDK, to see the frames."""
    client = AsyncWebClient(base_url=sandbox.api_url)
    url = str((await client.apps_connections_open(app_token=SEED.app.app_token))["url"])
    async with aiohttp.ClientSession() as session, session.ws_connect(url + more) as socket:
        yield socket


async def test_the_first_frame_says_hello(sandbox: Sandbox) -> None:
    async with raw_socket(sandbox) as socket:
        hello = await socket.receive_json()
    assert hello["type"] == "hello"
    assert hello["num_connections"] == 1
    assert hello["connection_info"] == {"app_id": "A0APP"}
    assert hello["debug_info"]["approximate_connection_time"] == 3600


async def test_debug_reconnects_shortens_the_connection(sandbox: Sandbox) -> None:
    async with raw_socket(sandbox, "&debug_reconnects=true") as socket:
        hello = await socket.receive_json()
    assert hello["debug_info"]["approximate_connection_time"] == 360


async def test_an_address_opens_one_connection_only(sandbox: Sandbox) -> None:
    client = AsyncWebClient(base_url=sandbox.api_url)
    url = str((await client.apps_connections_open(app_token=SEED.app.app_token))["url"])
    async with aiohttp.ClientSession() as session:
        async with session.ws_connect(url):
            pass
        async with session.get(url) as second:
            assert second.status == 401


async def test_an_eleventh_connection_is_one_too_many(sandbox: Sandbox) -> None:
    sandbox.rate_limits.enabled = False
    async with AsyncExitStack() as stack:
        for _ in range(10):
            socket = await stack.enter_async_context(raw_socket(sandbox))
            await socket.receive_json()
        over = await stack.enter_async_context(raw_socket(sandbox))
        assert (await over.receive_json())["reason"] == "too_many_websockets"
        assert (await over.receive()).type is aiohttp.WSMsgType.CLOSE


async def test_each_payload_goes_to_one_of_the_connections(sandbox: Sandbox) -> None:
    async with raw_socket(sandbox) as first, raw_socket(sandbox) as second:
        counts = {first: 0, second: 0}

        async def answer(socket: aiohttp.ClientWebSocketResponse) -> None:
            async for message in socket:
                frame = json.loads(message.data)
                if frame["type"] != "hello":
                    counts[socket] += 1
                    await socket.send_json({"envelope_id": frame["envelope_id"]})

        readers = [asyncio.create_task(answer(socket)) for socket in counts]
        await sandbox.until(lambda: len(sandbox.sockets.connections) == 2)
        for _ in range(20):
            assert (await sandbox.person("U0ANA").command("/plan")).ok
        for reader in readers:
            reader.cancel()
        assert sum(counts.values()) == 20
        assert min(counts.values()) > 0


async def test_an_ack_over_another_connection_counts(sandbox: Sandbox) -> None:
    async with raw_socket(sandbox) as first:
        await first.receive_json()
        asked = asyncio.create_task(sandbox.person("U0ANA").command("/plan"))
        frame = await first.receive_json()
        async with raw_socket(sandbox) as second:
            await second.send_json({"envelope_id": frame["envelope_id"]})
            assert (await asked).ok


async def test_an_envelope_has_every_key_that_slack_sends(sandbox: Sandbox) -> None:
    async with raw_socket(sandbox) as socket:
        await socket.receive_json()
        asked = asyncio.create_task(sandbox.person("U0ANA").command("/plan"))
        frame = await socket.receive_json()
        await socket.send_json({"envelope_id": frame["envelope_id"], "payload": {"text": "Hi"}})
        outcome = await asked
    assert set(frame) == {"envelope_id", "payload", "type", "accepts_response_payload"}
    assert frame["type"] == "slash_commands"
    assert frame["accepts_response_payload"] is True
    assert outcome.response == {"text": "Hi"}


async def test_a_connection_is_warned_before_it_is_replaced() -> None:
    async with (
        Sandbox(SEED, socket_lifetime=0.2, socket_warning=0.1) as sandbox,
        raw_socket(sandbox) as socket,
    ):
        frames = [await socket.receive_json() for _ in range(3)]
        assert [frame.get("reason") for frame in frames] == [None, "warning", "refresh_requested"]
        assert (await socket.receive()).type is aiohttp.WSMsgType.CLOSE


async def answering(bolt: AsyncApp) -> list[Json]:
    bodies: list[Json] = []

    @bolt.command("/plan")
    async def note(ack: Any, body: Json) -> None:
        bodies.append(body)
        await ack()

    return bodies


async def test_bolt_survives_a_refresh(sandbox: Sandbox, bolt: AsyncApp, connect: Connect) -> None:
    bodies = await answering(bolt)
    await connect(bolt)
    (old,) = sandbox.sockets.connections
    sandbox.sockets.refresh_all(grace=0.1)
    await sandbox.until(lambda: [one for one in sandbox.sockets.connections if one is not old])
    await sandbox.until(lambda: old not in sandbox.sockets.connections)
    assert (await sandbox.person("U0ANA").command("/plan")).ok
    assert len(bodies) == 1


async def test_a_dropped_socket_fails_commands_until_the_app_is_back(
    sandbox: Sandbox, bolt: AsyncApp, connect: Connect
) -> None:
    await answering(bolt)
    handler = await connect(bolt)
    sandbox.sockets.drop_all()
    assert (await sandbox.person("U0ANA").command("/plan")).error == "dispatch_failed"
    await handler.client.connect_to_new_endpoint(force=True)
    await sandbox.until(lambda: sandbox.connected)
    assert (await sandbox.person("U0ANA").command("/plan")).ok


async def test_a_hung_socket_looks_open_and_answers_nothing(sandbox: Sandbox, bolt: AsyncApp, connect: Connect) -> None:
    await answering(bolt)
    await connect(bolt)
    sandbox.sockets.hang_all()
    assert sandbox.connected
    assert (await sandbox.person("U0ANA").command("/plan")).error == "operation_timeout"


async def test_socket_mode_is_refused_to_an_app_that_uses_http() -> None:
    seed = Seed(app=App(request_url="http://127.0.0.1:9/slack/events", commands=[Command("/plan")]))
    async with Sandbox(seed) as sandbox:
        client = AsyncWebClient(base_url=sandbox.api_url)
        opened = client.apps_connections_open(app_token=seed.app.app_token)
        assert await error_of(opened) == "socket_mode_not_enabled"
        assert (await sandbox.person("U0ANA").command("/plan")).error == "dispatch_failed"
        assert not sandbox.connected
