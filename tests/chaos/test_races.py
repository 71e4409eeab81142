"""Planners, openers and senders at once, and two builds that overlap."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from typing import Any

import psycopg
from sqlalchemy import insert, make_url, update
from sqlalchemy.orm import Session

from bot import engine, slack
from bot.app import RITUALS, TROUBLES
from bot.clock import machine_clock
from bot.delivery import Delivery
from bot.ids import new_id
from bot.scheduler import Scheduler
from storage.database import Database
from storage.tables import Outbox, Recipients
from tests.bot.world import WORKSPACE
from tests.chaos.town import Town, Verdict, town


@asynccontextmanager
async def builds(place: Town, count: int, kind: type[Delivery] = Delivery) -> AsyncIterator[Sequence[Scheduler]]:
    """So many processes' worth of planner and sender, each with a database and a client of its own."""
    async with AsyncExitStack() as stack:
        made = []
        for _ in range(count):
            database = Database(place.orders.database_url)
            stack.push_async_callback(database.close)
            client = await stack.enter_async_context(slack.connect("xoxb-test", place.sandbox.api_url))
            clock = place.orders.clock
            delivery = kind(database, client, clock, trouble=TROUBLES.tell, paced=False)
            made.append(Scheduler(database, RITUALS, clock, delivery, TROUBLES))
        yield made


async def race(place: Town, all_of_them: Sequence[Scheduler]) -> None:
    """Everybody plans, opens and sends, several times, all at once."""
    await asyncio.gather(*(one.tick() for one in all_of_them for _ in range(2)))
    await asyncio.gather(*(one._delivery.drain() for one in all_of_them for _ in range(4)))
    await place.settled(len(place.people))


async def test_planners_openers_and_senders_that_race_ask_everybody_once(database_url: str) -> None:
    async with town(database_url, 120) as place, builds(place, 3) as three:
        await place.know_dms()
        await race(place, three)

        assert (await place.verdict(prompts=True)).counted() == Verdict(120, 120, 0, 0)


async def grab(place: Town, senders: int) -> Verdict:
    """The negative control: senders that read what is ready and send it without a claim."""
    async with slack.connect("xoxb-test", place.sandbox.api_url) as client:
        await place.enqueue([f"line:{number}" for number in range(20)])

        async def careless() -> None:
            for key in await place.states():
                metadata = {"event_type": "cadence_message", "event_payload": {"key": key}}
                await client.call("chat.postMessage", {"channel": "U00001", "text": key, "metadata": metadata})

        await asyncio.gather(*(careless() for _ in range(senders)))
        return await place.verdict()


async def test_without_claims_racing_senders_double_everything(database_url: str) -> None:
    async with town(database_url, 2) as place:
        assert await grab(place, 3) == Verdict(20, 20, 0, 40)


async def test_a_row_of_the_build_before_is_understood(database_url: str) -> None:
    """The columns that came later hold what the migration gave them; what may be empty is empty."""
    async with town(database_url, 1) as place, builds(place, 1) as (one,):
        old = {
            "id": new_id(),
            "workspace": WORKSPACE,
            "key": "old",
            "kind": "post",
            "policy": "resend",
            "rank": 1,
            "recipient": "U00000",
            "body": {"text": "From the build before"},
            "state": "sending",
            "not_before": place.orders.clock(),
            "lease_token": new_id(),
            "lease_until": machine_clock() - timedelta(seconds=1),
            "attempt": 1,
        }

        def put(tx: Session) -> None:
            tx.execute(insert(Outbox).values(old))
            tx.execute(insert(Recipients).values(workspace=WORKSPACE, slack_id="U00000"))

        await place.write(put)
        await one.sweep()
        await one._delivery.drain()

        assert place.sent() == Counter({"old": 1})


async def test_a_row_that_a_newer_build_has_words_for_holds_up_no_other(database_url: str) -> None:
    async with town(database_url, 2) as place, builds(place, 1) as (one,):
        await place.enqueue(["new", "old"])
        await place.write(lambda tx: tx.execute(update(Outbox).where(Outbox.key == "new").values(rank=7)))
        await one._delivery.drain()

        assert place.sent() == Counter({"new": 1, "old": 1})


async def test_a_job_of_the_build_before_is_run_and_one_of_the_build_after_harms_nobody(postgres: Any) -> None:
    with postgres.database() as url:
        async with (
            town(url, 10) as place,
            builds(place, 1) as (one,),
            engine.jobs_on(place.database).open_async() as jobs,
        ):
            await place.enqueue([f"line:{number}" for number in range(10)])
            dsn = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
            put = (
                "INSERT INTO procrastinate_jobs (queue_name, task_name, priority, args, status, lock, queueing_lock)"
                " VALUES ('default', %s, 0, %s, 'todo', %s, %s)"
            )
            name = f"deliver:{WORKSPACE}"
            async with await psycopg.AsyncConnection.connect(dsn, autocommit=True) as other:
                await other.execute(put, ("deliver", json.dumps({"workspace": WORKSPACE}), name, name))
                await other.execute(put, ("export", json.dumps({"shape": "of tomorrow"}), None, None))
            async with engine.working(jobs, WORKSPACE, place.database, one._delivery, place.orders.clock):
                await place.settled(10)

            assert (await place.verdict()).counted() == Verdict(10, 10, 0, 0)


async def test_a_job_whose_worker_was_killed_stands_in_the_way_of_none_that_waits(postgres: Any) -> None:
    """The killed one keeps the lock, the waiting one the place in the queue: neither may wait for the other."""
    with postgres.database() as url:
        async with (
            town(url, 10) as place,
            builds(place, 1) as (one,),
            engine.jobs_on(place.database).open_async() as jobs,
        ):
            dsn = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
            async with await psycopg.AsyncConnection.connect(dsn, autocommit=True) as other:
                long_ago = "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 minute')"
                worker = await (await other.execute(long_ago + " RETURNING id")).fetchone()
                assert worker is not None
                put = (
                    "INSERT INTO procrastinate_jobs"
                    " (queue_name, task_name, args, status, lock, queueing_lock, worker_id)"
                    " VALUES ('default', 'deliver', %s, %s, %s, %s, %s)"
                )
                name, arguments = f"deliver:{WORKSPACE}", json.dumps({"workspace": WORKSPACE})
                await other.execute(put, (arguments, "doing", name, name, worker[0]))
                await other.execute(put, (arguments, "todo", name, name, None))
            await place.enqueue([f"line:{number}" for number in range(10)])
            async with engine.working(jobs, WORKSPACE, place.database, one._delivery, place.orders.clock):
                await place.settled(10)

            assert (await place.verdict()).counted() == Verdict(10, 10, 0, 0)
