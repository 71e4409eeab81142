"""How the door opens and closes, and a morning that passes over it."""

import asyncio
import contextlib
import signal
import socket
from typing import Any

import aiohttp
import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot import web
from bot.clock import machine_clock
from sandbox import App, Command, Sandbox, Seed
from tests.bot.street import (
    COMMAND,
    HOST,
    MARK,
    NOW,
    SECRET,
    Street,
    bolt,
    signed,
    street,
    the_app_is_installed,
)

# Opening and closing.


async def test_a_port_that_is_taken_is_told_by_its_own_name() -> None:
    with socket.create_server((HOST, 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(web.PortTaken) as told:
            await web.serve(web.door(bolt([]), SECRET, machine_clock, lambda: True), HOST, port)

    assert (told.value.host, told.value.port) == (HOST, port)


async def test_a_door_opens_at_the_host_and_port_that_it_is_told() -> None:
    with web.listen(HOST, 0) as free:
        port = free.getsockname()[1]
    task = asyncio.create_task(web.serve(web.door(bolt([]), SECRET, machine_clock, lambda: True), HOST, port))
    await asyncio.wait([task], timeout=0)  # one turn of the loop: the port is bound before anything is awaited

    async with aiohttp.ClientSession() as session, session.get(f"http://{HOST}:{port}/healthz") as answer:
        assert answer.status == 200
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def nobody_opens(port: int) -> None:
    """Try until the port is closed; a caller who came too early is sent home unheard."""
    async with asyncio.timeout(10):
        while True:
            try:
                _, writer = await asyncio.open_connection(HOST, port)
            except ConnectionRefusedError:
                return
            except ConnectionResetError:
                continue  # the port was closed under this very call
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()


async def test_a_door_that_is_closed_answers_who_stands_in_it_and_lets_nobody_else_in() -> None:
    inside, leave = asyncio.Event(), asyncio.Event()
    app = AsyncApp(authorize=the_app_is_installed, process_before_response=True)

    @app.command("/plan")
    async def plan(ack: Any) -> None:
        inside.set()
        await leave.wait()
        await ack("Saved.")

    listener = web.listen(HOST, 0)
    port = listener.getsockname()[1]
    url = f"http://{HOST}:{port}{web.PATH}"
    task = asyncio.create_task(web.serve_on(web.door(app, SECRET, lambda: NOW, lambda: True), listener))
    async with aiohttp.ClientSession() as session:
        request = asyncio.create_task(session.post(url, data=COMMAND, headers=signed(COMMAND)))
        await inside.wait()

        task.cancel()
        await nobody_opens(port)
        leave.set()

        async with await request as answer:
            assert (answer.status, await answer.text()) == (200, "Saved.")
        with pytest.raises(asyncio.CancelledError):
            await task


async def test_the_signals_stay_with_whoever_runs_the_loop() -> None:
    before = signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)

    async with street() as here:
        assert (await here.ask("/healthz"))[0] == 200
        assert (signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)) == before


async def test_a_good_request_leaves_no_word_of_it_in_the_log(open_door: Street, log: pytest.LogCaptureFixture) -> None:
    assert (await open_door.knock())[0] == 200

    assert MARK not in log.text


# Slack's side, by the sandbox.

FORM_VIEW: dict[str, Any] = {
    "type": "modal",
    "callback_id": "plan.form",
    "title": {"type": "plain_text", "text": "Plan"},
    "submit": {"type": "plain_text", "text": "Save"},
    "blocks": [
        {
            "type": "input",
            "block_id": "results",
            "label": {"type": "plain_text", "text": "Today"},
            "element": {"type": "plain_text_input", "action_id": "text", "multiline": True},
        }
    ],
}
BUTTON = {"type": "button", "action_id": "write", "value": "1", "text": {"type": "plain_text", "text": "Write"}}


async def test_a_morning_passes_over_signed_http_from_command_to_button_to_form_to_receipt() -> None:
    listener = web.listen(HOST, 0)
    url = f"http://{HOST}:{listener.getsockname()[1]}{web.PATH}"
    seed = Seed(app=App(commands=[Command("/plan", "Write a plan")], request_url=url))
    async with Sandbox(seed) as sandbox:
        client = AsyncWebClient(token=seed.app.bot_token, base_url=sandbox.api_url, retry_handlers=[])
        app = AsyncApp(client=client, process_before_response=True, request_verification_enabled=False)

        @app.command("/plan")
        async def plan(ack: Any, command: dict[str, str]) -> None:
            await client.chat_postMessage(
                channel=command["user_id"], text="Good morning", blocks=[{"type": "actions", "elements": [BUTTON]}]
            )
            await ack()

        @app.action("write")
        async def write(ack: Any, body: dict[str, Any]) -> None:
            await client.views_open(trigger_id=body["trigger_id"], view=FORM_VIEW)
            await ack()

        @app.view("plan.form")
        async def save(ack: Any, body: dict[str, Any]) -> None:
            typed = body["view"]["state"]["values"]["results"]["text"]["value"]
            if typed == "bad":
                await ack(response_action="errors", errors={"results": "Not that."})
                return
            await client.chat_postMessage(channel=body["user"]["id"], text=f"Saved: {typed}")
            await ack()

        asgi = web.door(app, seed.app.signing_secret, machine_clock, lambda: True)
        task = asyncio.create_task(web.serve_on(asgi, listener))
        ana = sandbox.person("U0ANA")

        assert (await ana.command("/plan", "about the payload", channel="C0GENERAL")).ok
        assert (await ana.click(ana.dm()[-1], "write")).ok
        assert (await ana.submit(values={"results": "bad"})).errors == {"results": "Not that."}
        assert (await ana.submit(values={"results": "call five people"})).ok
        assert ana.view is None
        assert ana.dm()[-1]["text"] == "Saved: call five people"

        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert not (await ana.command("/plan", channel="C0GENERAL")).ok
