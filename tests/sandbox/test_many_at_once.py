"""Many posts and many open pages: nothing is lost and nothing comes twice."""

import asyncio
from collections import Counter
from contextlib import AsyncExitStack, suppress

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


async def test_each_page_hears_what_is_for_its_person_in_order_whatever_its_length(sandbox: Sandbox) -> None:
    async with aiohttp.ClientSession() as session:
        ana, ben = sandbox.person("U0ANA"), sandbox.person("U0BEN")
        url = f"{sandbox.url}/page/live?as="
        async with session.ws_connect(f"{url}U0ANA") as hers, session.ws_connect(f"{url}U0BEN") as his:
            for length in (1, 500, 100_000):
                await ana.say("a" * length, "C0OPEN")
                await ben.say("b" * length, "C0TEAM")
            told: list[list[tuple[str, int]]] = []
            for page, most in ((hers, 6), (his, 3)):
                events = [await page.receive_json(timeout=5) for _ in range(most)]
                texts = [event["message"]["text"] for event in events]
                told.append([(text[0], len(text)) for text in texts])
        assert told[0] == [(who, length) for length in (1, 500, 100_000) for who in "ab"]
        assert told[1] == [("b", length) for length in (1, 500, 100_000)]


async def test_a_page_that_does_not_keep_up_is_cut_off_and_the_others_hear_on(sandbox: Sandbox) -> None:
    host, port = sandbox.url.removeprefix("http://").split(":")
    stuck, writer = await asyncio.open_connection(host, int(port))
    writer.write(
        f"GET /page/live?as=U0BEN HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n\r\n".encode()
    )
    assert b" 101 " in await stuck.readuntil(b"\r\n\r\n")
    url = f"{sandbox.url}/page/live?as=U0BEN"
    async with aiohttp.ClientSession() as session, session.ws_connect(url, max_msg_size=0) as page:
        for number in range(40):
            sandbox._workspace.hub.tell({"type": "test", "number": number, "text": "x" * 1_000_000})
            assert (await page.receive_json(timeout=10))["number"] == number
    received = 0
    with suppress(ConnectionError):
        while piece := await stuck.read(1_000_000):
            received += len(piece)
    assert 0 < received < 39_000_000
    writer.close()


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
