"""Any Bolt app works here: this one has ten lines and knows nothing of the sandbox."""

from typing import Any

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import App, Command, Sandbox, Seed


async def start(token: str, app_token: str, base_url: str) -> AsyncSocketModeHandler:
    app = AsyncApp(client=AsyncWebClient(token=token, base_url=base_url))

    @app.command("/hello")
    async def hello(ack: Any, respond: Any, command: dict[str, str]) -> None:
        await ack()
        await respond(f"Hello, <@{command['user_id']}>: {command['text']}")

    handler = AsyncSocketModeHandler(app, app_token)
    await handler.connect_async()  # type: ignore[no-untyped-call]
    return handler


async def test_a_ten_line_bolt_app_answers_a_slash_command_over_socket_mode() -> None:
    seed = Seed(app=App(commands=[Command("/hello", "Say hello")]))
    async with Sandbox(seed) as sandbox:
        handler = await start(seed.app.bot_token, seed.app.app_token, sandbox.api_url)
        ana = sandbox.person("U0ANA")

        outcome = await ana.command("/hello", "world", channel="C0GENERAL")

        assert outcome.ok
        answers = await sandbox.until(lambda: ana.ephemerals("C0GENERAL"))
        assert answers[0]["text"] == "Hello, <@U0ANA>: world"
        await handler.close_async()  # type: ignore[no-untyped-call]
