"""Many posts and many open pages: nothing is lost and nothing comes twice."""

import asyncio
from collections import Counter
from contextlib import AsyncExitStack

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import Sandbox
from tests.sandbox.support import SEED


async def test_a_thousand_posts_at_once_are_each_there_once() -> None:
    async with Sandbox(SEED, rate_limits=False) as sandbox, aiohttp.ClientSession() as session:
        client = AsyncWebClient(token=SEED.app.bot_token, base_url=sandbox.api_url, session=session)

        async def post(start: int) -> None:
            for number in range(start, 1000, 16):
                metadata = {"event_type": "sent", "event_payload": {"key": str(number)}}
                await client.chat_postMessage(channel="C0TEAM", text="x", metadata=metadata)

        await asyncio.gather(*(post(start) for start in range(16)))
        assert sandbox.count_posts("key") == Counter(str(number) for number in range(1000))
        stamps = [message["ts"] for message in sandbox.messages("C0TEAM")]
        assert len(set(stamps)) == 1000
        assert stamps == sorted(stamps)


async def test_two_hundred_open_pages_hear_every_message_in_order(sandbox: Sandbox) -> None:
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)))
        url = f"{sandbox.url}/page/live?as=U0BEN"
        pages = [await stack.enter_async_context(session.ws_connect(url)) for _ in range(200)]
        ana = sandbox.person("U0ANA")
        for number in range(10):
            await ana.say(str(number), "C0TEAM")
        for page in pages:
            heard: list[str] = []
            while len(heard) < 10:
                event = await page.receive_json(timeout=10)
                if event["type"] == "message":
                    heard.append(event["message"]["text"])
            assert heard == [str(number) for number in range(10)]


async def test_stopping_takes_less_than_two_seconds_with_pages_and_a_silent_app_connected() -> None:
    sandbox = Sandbox(SEED)
    await sandbox.start()
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(aiohttp.ClientSession())
        for _ in range(3):
            await stack.enter_async_context(session.ws_connect(f"{sandbox.url}/page/live?as=U0BEN"))
            client = AsyncWebClient(base_url=sandbox.api_url)
            opened = await client.apps_connections_open(app_token=SEED.app.app_token)
            await stack.enter_async_context(session.ws_connect(str(opened["url"])))
        async with asyncio.timeout(2):
            await sandbox.stop()
