"""fanout: 10,000 prompts from ready in the outbox to sent and recorded, Slack without limits."""

import asyncio
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from typing import Any

from sqlalchemy import create_engine, func, select
from sqlalchemy.orm import Session

from bot import slack as slack_api
from bot.delivery import AT_ONCE, Delivery
from bot.ids import new_id
from bot.slack import Slack
from storage import outbox
from storage.database import Database, sqlalchemy_url
from storage.outbox import Message, Policy, Rank, State
from storage.tables import Outbox
from tests.benchmarks.company import Company, mark
from tests.benchmarks.places import KINDS, Places
from tests.benchmarks.processes import stub
from tests.benchmarks.table import Figure, at_least
from tests.factories import NOW, WORKSPACE

ROUNDS = 5
MESSAGES = 2_000
"""A round; five of them make 10,000."""
BARE = 1_000
"""So many by the bare SDK after each round: what is wanted of it is its rate."""
MUST = {"SQLite": 0.7, "PostgreSQL": 0.6}


def body() -> dict[str, Any]:
    """A prompt."""
    text = "*Plan for Monday 23 November* · huddle with Dana at 09:15\nOn Friday you planned 2 things. Still open: …"
    buttons = [
        {
            "type": "button",
            "text": {"type": "plain_text", "text": label},
            "action_id": f"huddle.{label}",
            "value": str(new_id()),
        }
        for label in ("Write plan", "Same plan, nothing stuck", "Skip today")
    ]
    blocks = [
        {"type": "section", "text": {"type": "mrkdwn", "text": text}},
        {"type": "actions", "elements": buttons},
        {"type": "context", "elements": [{"type": "mrkdwn", "text": "Closes 09:00. One reminder at 08:50."}]},
    ]
    return {"text": "Your plan for Monday 23 November", "blocks": blocks, "unfurl_links": False}


def fill(url: str, first: int) -> None:
    """Have the next prompts ready."""
    engine = create_engine(sqlalchemy_url(url))
    with Session(engine) as tx, tx.begin():
        outbox.post_many(
            tx,
            [
                (
                    Message(new_id(), WORKSPACE, f"plan:{number}", Policy.RESEND, Rank.PROMPT, body(), NOW),
                    f"U{mark(number)}",
                )
                for number in range(first, first + MESSAGES)
            ],
        )
    engine.dispose()


def recorded(url: str) -> int:
    """How many messages are known to be out."""
    engine = create_engine(sqlalchemy_url(url))
    with engine.connect() as connection:
        done = connection.execute(select(func.count()).where(Outbox.state == State.SENT)).scalar_one()
    engine.dispose()
    return int(done)


async def drained(delivery: Delivery) -> float:
    """Messages a second until all that is ready is sent and recorded."""
    started = time.perf_counter()
    while await delivery.drain_workspace(WORKSPACE):
        pass
    return MESSAGES / (time.perf_counter() - started)


async def bare(slack: Slack) -> float:
    """The SDK in a loop, as many at once as delivery has."""
    left = iter(range(BARE))
    said = body()

    async def sending() -> None:
        for number in left:
            metadata = {"event_type": "cadence_message", "event_payload": {"key": f"plan:{number}"}}
            await slack.client.chat_postMessage(channel=f"U{mark(number)}", metadata=metadata, **said)

    started = time.perf_counter()
    await asyncio.gather(*(sending() for _ in range(AT_ONCE)))
    return BARE / (time.perf_counter() - started)


async def fanout(places: Places) -> Sequence[Figure]:
    """Delivery against the bare SDK in the same process, by turns."""
    figures = []
    for kind in KINDS:
        async with AsyncExitStack() as stack:
            (url,) = stack.enter_context(places.databases(kind, Company(0), 1))
            slack = await stack.enter_async_context(
                slack_api.connect("xoxb-bench", await stack.enter_async_context(stub()))
            )
            database = Database(url)
            stack.push_async_callback(database.close)
            delivery = Delivery(database, slack, lambda: NOW, paced=False)
            rates = []
            for turn in range(ROUNDS):
                fill(url, turn * MESSAGES)
                rates.append((await drained(delivery), await bare(slack)))
            if recorded(url) != ROUNDS * MESSAGES:
                raise RuntimeError("not every message was recorded")
        name = f"{ROUNDS * MESSAGES:,} messages from outbox to recorded, {kind}"
        figures.append(at_least("fanout", name, [a for a, _ in rates], [b for _, b in rates], MUST[kind]))
    return figures
