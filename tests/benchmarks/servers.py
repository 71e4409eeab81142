"""The servers that are compared, each in a process of its own; the door, the server and Bolt are ours in all of them.

`python -m tests.benchmarks.servers KIND PLACES`: PLACES is a JSON object; the port is printed; ends with its input.
"""

import asyncio
import json
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot import app as composition
from bot import slack as slack_api
from bot.app import Identity
from bot.clock import machine_clock
from bot.deps import Background, Deps
from bot.huddle import views
from bot.memory import collect_rarely
from bot.slack import Slack
from bot.web import door, listen, serve_on
from storage.database import Database
from tests.benchmarks.company import Company
from tests.benchmarks.replay import Bare, Statement
from tests.benchmarks.submissions import SECRET
from tests.factories import NOW, WORKSPACE

IDENTITY = Identity(WORKSPACE, "Nordlicht", None, "B0CADENCE", "U0CADENCE")
DEAF = "http://127.0.0.1:9/"
"""Where nobody answers: what is measured calls no Slack."""

Json = dict[str, Any]


def ours(deps: Deps) -> AsyncApp:
    """Cadence."""
    return composition.build(deps, IDENTITY)


def bare(slack: Slack) -> AsyncApp:
    """A Bolt app in our settings, without any of our code behind it."""
    return AsyncApp(
        client=slack.bare_client,
        authorize=composition._authorize(slack, IDENTITY),  # type: ignore[arg-type] # as in ours
        process_before_response=True,
        request_verification_enabled=False,
        ssl_check_enabled=False,
    )


def replaying(slack: Slack, url: str, company: Company, statements: list[Statement]) -> AsyncApp:
    """Does what a submission of ours does to the database, on one thread, and acks."""
    app, database, threads = bare(slack), Bare(url, company, statements), ThreadPoolExecutor(1)

    @app.view(views.SUBMIT)
    async def submit(ack: AsyncAck, body: Json) -> None:
        number = int(body["user"]["id"].removeprefix("U"), 16)
        await asyncio.get_running_loop().run_in_executor(threads, database.submit, number)
        await ack()

    return app


def idle(slack: Slack) -> AsyncApp:
    """Acks."""
    app = bare(slack)

    @app.view(views.SUBMIT)
    async def submit(ack: AsyncAck) -> None:
        await ack()

    return app


def opening(slack: Slack, view: Json) -> AsyncApp:
    """Opens the same view for everybody, as a handler of Bolt's does."""
    app = bare(slack)

    @app.action(views.WRITE)
    async def write(ack: AsyncAck, client: AsyncWebClient, body: Json) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=view)

    return app


def _kept(path: str) -> Any:
    return json.loads(Path(path).read_text())


@asynccontextmanager
async def _app(kind: str, places: Json) -> Any:
    async with slack_api.connect("xoxb-bench", places.get("slack", DEAF)) as slack:
        if kind == "ours":
            database = Database(places["database"])
            yield ours(Deps(database, slack, lambda: NOW, lambda: None, Background()))
            await database.close()
        elif kind == "replaying":
            statements = [Statement(**one) for one in _kept(places["statements"])]
            yield replaying(slack, places["database"], Company(places["people"]), statements)
        elif kind == "opening":
            yield opening(slack, _kept(places["view"]))
        else:
            yield idle(slack)


async def main(kind: str, places: Json) -> None:
    """Serve until standard input ends."""
    async with _app(kind, places) as app:
        collect_rarely()
        asgi = door(app, SECRET, machine_clock, lambda: True)
        listener = listen("127.0.0.1", 0)
        sys.stdout.write(f"{listener.getsockname()[1]}\n")
        sys.stdout.flush()
        serving = asyncio.create_task(serve_on(asgi, listener))
        await asyncio.to_thread(sys.stdin.read)
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], json.loads(sys.argv[2])))
