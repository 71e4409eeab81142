"""Planner, outbox and sender against one rule, through any order of events: one message per person and date."""

import asyncio
import itertools
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import Engine, create_engine, delete, event, select
from sqlalchemy.orm import Session

from bot.app import RITUALS, TROUBLES
from bot.delivery import Delivery
from bot.scheduler import open_due
from bot.slack import CALL_SECONDS, Fault, Refused
from rituals.people import Person
from storage import aftermath, recipients, values
from storage.tables import Base, Occurrences, Outbox
from tests import factories
from tests.bot.world import WORKSPACE
from tests.chaos.town import roster, tell

START = datetime(2026, 11, 23, 7, 25, tzinfo=UTC)
"""Five minutes before Berlin is asked."""
ZONES = ("Europe/Berlin", "America/New_York", "Pacific/Auckland", "Pacific/Apia", "Asia/Kathmandu")
FATES = ("taken", "killed before", "killed after", "refused", "reply lost", "never arrived", "busy")


class Killed(BaseException):
    """The process is gone: nothing after this line ran."""


class Here:
    """A database whose transactions run at once, on the caller's thread."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    async def write(self, fn: Any, *args: Any, **more: Any) -> Any:
        with Session(self.engine) as tx, tx.begin():
            return fn(tx, *args, **more)

    read = write


class Town:
    """What Slack has: messages by DM, with their keys. Each call meets the fate that is next."""

    def __init__(self) -> None:
        self.dms: dict[str, list[str]] = {}
        self.fates = itertools.cycle(["taken"])

    async def call(self, method: str, arguments: Mapping[str, Any], seconds: float = CALL_SECONDS) -> dict[str, Any]:
        del seconds
        channel = str(arguments["channel"])
        if method == "conversations.history":
            keys = enumerate(self.dms[channel])
            found = [{"ts": str(n), "metadata": {"event_payload": {"key": key}}} for n, key in keys]
            return {"messages": found[::-1][: arguments["limit"]]}
        fate = next(self.fates)
        if fate == "killed before":
            raise Killed
        if fate == "busy":
            raise Refused(Fault.BUSY, "ratelimited", timedelta(seconds=1))
        if fate == "never arrived":
            raise Refused(Fault.UNKNOWN, "lost")
        if method == "chat.update":
            return {}
        dm = channel if channel.startswith("C") else f"D{channel[1:]}"
        self.dms.setdefault(dm, []).append(arguments["metadata"]["event_payload"]["key"])
        if fate == "killed after":
            raise Killed
        if fate == "reply lost":
            raise Refused(Fault.UNKNOWN, "lost")
        return {"channel": dm, "ts": str(len(self.dms[dm]))}


class Morning(RuleBasedStateMachine):
    """Everything that may happen to three reps over some days, in any order."""

    reconciles = True

    def __init__(self, engine: Engine) -> None:
        super().__init__()
        self.database = Here(engine)
        self.now = self.latest = START
        self.machine = self.now
        self.slack = Town()
        team, everybody = roster(3)
        self.people: list[Person] = everybody[1:]
        with Session(engine) as tx, tx.begin():
            for table in reversed(Base.metadata.sorted_tables):
                tx.execute(delete(table))
            values.add(tx, team)
            values.add(tx, *everybody)
            values.add(tx, factories.huddle(team.id, since=self.now - timedelta(days=1)))
            dms = {one.slack_id: f"D{one.slack_id[1:]}" for one in everybody}
            recipients.learn_dms(tx, WORKSPACE, dms)
        self.slack.dms = {channel: [] for channel in (*dms.values(), "C0TOWN")}
        self.delivery = Delivery(
            self.database,  # type: ignore[arg-type] # the same two methods
            self.slack,  # type: ignore[arg-type] # the same method
            lambda: self.now,
            trouble=TROUBLES.tell,
            paced=False,
            machine=lambda: self.machine,
        )

    def run(self, work: Any) -> None:
        """One process's work, which may end with its death."""

        async def alive() -> None:
            try:
                await work
            except Killed:
                self.delivery._one_batch = asyncio.Lock()

        asyncio.run(alive())

    @rule()
    def plan_and_open(self) -> None:
        async def tick() -> None:
            for ritual in RITUALS:
                while await self.database.write(ritual.plan, self.now):
                    pass
            while await self.database.write(open_due, RITUALS, self.now):
                pass

        self.run(tick())

    @rule(fates=st.lists(st.sampled_from(FATES), min_size=1, max_size=5))
    def deliver(self, fates: list[str]) -> None:
        self.slack.fates = itertools.cycle([*fates, "taken"])
        self.run(self.delivery.drain())

    @rule()
    def reap(self) -> None:
        self.run(self.database.write(aftermath.reap, self.machine))

    @rule()
    def settle_orphans(self) -> None:
        self.run(self.database.write(aftermath.orphans, self.now))

    @rule()
    def look(self) -> None:
        if self.reconciles:
            self.run(self.delivery.look())
            return
        for lost in asyncio.run(self.database.write(aftermath.uncertain, self.machine, 50)):
            asyncio.run(self.database.write(aftermath.unknowable, lost))

    @rule(number=st.integers(0, 2), zone=st.sampled_from(ZONES))
    def move_to_another_zone(self, number: int, zone: str) -> None:
        self.people[number] = replace(self.people[number], zone=zone)
        self.run(self.database.write(values.save, self.people[number]))
        self.run(self.database.write(forget_plans))

    @rule(number=st.integers(0, 2), days=st.integers(0, 2))
    def go_away(self, number: int, days: int) -> None:
        first = self.now.date()
        away = factories.absence(self.people[number].id, first, first + timedelta(days=days))
        self.run(self.database.write(values.add, away))
        self.run(self.database.write(forget_plans))

    @rule(minutes=st.sampled_from([1, 5, 20, 60, 1435]))
    def wait(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        self.machine += timedelta(minutes=minutes)

    @rule(hours=st.sampled_from([-1, 3]))
    def step_the_clock(self, hours: int) -> None:
        self.latest = max(self.latest, self.now)
        self.now += timedelta(hours=hours)

    @invariant()
    def nothing_twice(self) -> None:
        keys = Counter(itertools.chain.from_iterable(self.slack.dms.values()))
        assert not {key: count for key, count in keys.items() if count > 1}, "doubled"

    @invariant()
    def one_prompt_per_person_and_date(self) -> None:
        with Session(self.database.engine) as tx:
            rows = tx.execute(select(Occurrences.subject, Occurrences.day, Occurrences.slot)).all()
        assert len(rows) == len(set(rows))

    def teardown(self) -> None:
        """Let everything that is due come to its end: then nothing is lost."""
        self.slack.fates = itertools.cycle(["taken"])
        self.now = max(self.now, self.latest)  # what was asked for before the clock was set back is not due before that
        for _ in range(8):
            self.reap()
            self.look()
            self.settle_orphans()
            self.deliver(["taken"])
            self.now += timedelta(minutes=1)  # what Slack was too busy for is due again a second later
            self.machine += timedelta(minutes=1)
        self.nothing_twice()
        with Session(self.database.engine) as tx:
            rows = tx.execute(select(Outbox.key, Outbox.state, Outbox.policy, Outbox.target)).all()
        states = {row.key: row.state for row in rows}
        out = set(itertools.chain.from_iterable(self.slack.dms.values()))
        for row in rows:
            settled = row.state in {"sent", "expired", "dead", "skipped"} or row.policy == "hold"
            waits = row.target is not None and states[row.target] in {"ready", "sending", "unknown"}
            assert settled or waits, f"{row.key} hangs in {row.state}"
            assert row.state != "sent" or row.key in out or row.key.startswith("edit:"), f"{row.key} was lost"


def forget_plans(tx: Session) -> None:
    """Somebody changed: the planner looks again, as it does after an hour at the latest."""
    tx.execute(delete(Base.metadata.tables["huddle_plans"]))


def machines(engine: Engine, *, reconciling: bool = True) -> Any:
    """Machines on this database."""

    class Machine(Morning):
        reconciles = reconciling

        def __init__(self) -> None:
            super().__init__(engine)

    return Machine


def quick(database_url: str) -> Engine:
    engine = create_engine(database_url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=OFF"))
    return engine


def explore(engine: Engine, examples: int, *, reconciling: bool = True) -> None:
    """Try so many mornings."""
    try:
        run_state_machine_as_test(
            machines(engine, reconciling=reconciling),
            settings=settings(
                max_examples=examples,
                stateful_step_count=30,
                deadline=None,
                suppress_health_check=list(HealthCheck),
                print_blob=False,
            ),
        )
    finally:
        engine.dispose()


def test_no_order_of_events_loses_or_doubles_a_message(database_url: str) -> None:
    explore(quick(database_url), 10)


def test_without_reconciling_an_order_of_events_is_found_that_doubles_one(sqlite_url_of: str) -> None:
    machine = machines(quick(sqlite_url_of), reconciling=False)()
    machine.wait(20)
    machine.plan_and_open()
    machine.deliver(["killed after"])
    machine.wait(1)
    machine.reap()
    machine.look()
    machine.deliver(["taken"])
    with pytest.raises(AssertionError, match="doubled"):
        machine.nothing_twice()
    machine.database.engine.dispose()


@pytest.mark.chaos
def test_five_hundred_orders_of_events_lose_or_double_no_message(database_url: str) -> None:
    engine = quick(database_url)
    explore(engine, 500)
    tell(f"500 orders of events on {engine.dialect.name}: no message lost, none doubled, none hangs.")
