"""The outbox against a model of it, through any order of asking, claiming, crashing and giving up."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import Engine, create_engine, delete, event, select
from sqlalchemy.orm import Session

from bot.ids import new_id
from storage import outbox
from storage.outbox import Message, Policy, Rank, State
from storage.sending import Envelope
from storage.tables import Outbox
from tests.storage.hands import LEASE, became, busy, claim, message, orphans, reap, sent
from tests.storage.support import NOW, WORKSPACE

KEYS = ["a", "b", "c"]
STEP = timedelta(seconds=10)
AFTER_LOSS = {Policy.RESEND: State.READY, Policy.DROP: State.DEAD, Policy.HOLD: State.UNKNOWN}

keys = st.sampled_from(KEYS)
policies = st.sampled_from(Policy)
ranks = st.sampled_from([Rank.PROMPT, Rank.DIGEST])
steps = st.integers(0, 6)


@dataclass
class Told:
    """What the model knows of one row."""

    asked: Message
    target: str | None
    state: State
    not_before: datetime
    holder: UUID | None = None
    lease_until: datetime = NOW
    held: bool = False
    newer: bool = False

    def settle(self, state: State) -> None:
        """Out of its hands; with a newer body than was in them it goes out again."""
        self.state = State.READY if self.newer else state
        self.holder, self.newer = None, False

    @property
    def is_edit(self) -> bool:
        return self.target is not None


class OutboxMachine(RuleBasedStateMachine):
    """Each rule does one thing to the tables and the same to the model; every claim must be the model's."""

    hands = Bundle("hands")

    def __init__(self, engine: Engine) -> None:
        super().__init__()
        self.engine = engine
        self.now = NOW
        self.rows: dict[str, Told] = {}
        with self.transaction() as tx:
            tx.execute(delete(Outbox))

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        with Session(self.engine) as tx, tx.begin():
            yield tx

    def new(self, key: str, **facts: Any) -> Message:
        return message(key, id=new_id(), body={"text": str(new_id())}, not_before=self.now, **facts)

    @rule(key=keys, policy=policies, rank=ranks, lives=st.none() | st.integers(0, 6))
    def post(self, key: str, policy: Policy, rank: Rank, lives: int | None) -> None:
        asked = self.new(key, policy=policy, rank=rank, expires_at=None if lives is None else self.now + lives * STEP)
        with self.transaction() as tx:
            assert outbox.post(tx, asked, "U0ANA") == (key not in self.rows)
        self.rows.setdefault(key, Told(asked, None, State.READY, asked.not_before))

    @rule(key=keys, policy=policies, rank=ranks)
    def edit(self, key: str, policy: Policy, rank: Rank) -> None:
        asked = self.new(f"edit:{key}", policy=policy, rank=rank)
        with self.transaction() as tx:
            outbox.edit(tx, asked, key)
        before = self.rows.get(asked.key)
        told = Told(asked, key, State.READY, asked.not_before)
        if before is not None:
            told.asked = replace(asked, id=before.asked.id)
            if before.holder is not None:
                told.state, told.holder, told.lease_until = before.state, before.holder, before.lease_until
                told.newer = True
        self.rows[asked.key] = told

    def is_out(self, target: str | None) -> bool:
        return target is None or (target in self.rows and self.rows[target].state is State.SENT)

    @rule(target=hands, limit=st.integers(1, 4))
    def claim(self, limit: int) -> list[Envelope]:
        for told in self.rows.values():
            if told.state is State.READY and told.asked.expires_at is not None and told.asked.expires_at <= self.now:
                told.state = State.EXPIRED
        never = NOW + timedelta(days=999)
        ready = sorted(
            (
                (told.asked.rank, told.asked.expires_at or never, told.not_before, told.asked.id, key)
                for key, told in self.rows.items()
                if told.state is State.READY and told.not_before <= self.now and self.is_out(told.target)
            ),
        )
        expected = [key for *_, key in ready][:limit]
        token = new_id()
        with self.transaction() as tx:
            envelopes = claim(tx, self.now, limit, token)
        assert [envelope.key for envelope in envelopes] == expected
        for envelope in envelopes:
            told = self.rows[envelope.key]
            assert told.holder is None, "a key was in two hands at once"
            assert not told.held, "what was held is sent again"
            assert envelope.body == told.asked.body
            told.state, told.holder, told.lease_until = State.SENDING, token, self.now + LEASE
        return envelopes

    def still_held(self, hand: list[Envelope]) -> list[Told]:
        return [self.rows[one.key] for one in hand if self.rows[one.key].holder == one.token]

    @rule(hand=consumes(hands))
    def send(self, hand: list[Envelope]) -> None:
        with self.transaction() as tx:
            sent(tx, *hand)
        for told in self.still_held(hand):
            told.settle(State.SENT)

    @rule(hand=consumes(hands), later=steps)
    def be_refused_for_now(self, hand: list[Envelope], later: int) -> None:
        again = self.now + later * STEP
        with self.transaction() as tx:
            for envelope in hand:
                busy(tx, envelope, again)
        for told in self.still_held(hand):
            told.settle(State.READY)
            told.not_before = again

    @rule(hand=consumes(hands), state=st.sampled_from([State.DEAD, State.UNKNOWN]))
    def give_up(self, hand: list[Envelope], state: State) -> None:
        with self.transaction() as tx:
            for envelope in hand:
                became(tx, envelope, state, "lost")
        for told in self.still_held(hand):
            told.settle(state)
            told.held = not told.is_edit

    @rule(hand=consumes(hands))
    def crash(self, hand: list[Envelope]) -> None:
        """Whoever held these is gone; nobody writes anything."""

    @rule(hand=hands)
    def write_it_down_twice(self, hand: list[Envelope]) -> None:
        """A reply that was taken for lost: the hand stays, and comes again later."""
        self.send(hand=hand)

    @rule()
    def reap(self) -> None:
        lost = [told for told in self.rows.values() if told.holder is not None and told.lease_until <= self.now]
        with self.transaction() as tx:
            assert reap(tx, self.now) == len(lost)
        for told in lost:
            told.settle(State.READY if told.is_edit else AFTER_LOSS[told.asked.policy])
            told.held = not told.is_edit and told.asked.policy is not Policy.RESEND

    @rule()
    def outlive_every_lease(self) -> None:
        self.now += LEASE
        self.reap()

    @rule()
    def settle_orphans(self) -> None:
        never = [
            told
            for told in self.rows.values()
            if told.state is State.READY
            and told.target is not None
            and (told.target not in self.rows or self.rows[told.target].state in {State.DEAD, State.EXPIRED})
        ]
        with self.transaction() as tx:
            assert orphans(tx, self.now) == len(never)
        for told in never:
            told.state = State.SKIPPED

    @rule(key=keys)
    def withdraw(self, key: str) -> None:
        with self.transaction() as tx:
            outbox.withdraw(tx, WORKSPACE, key)
        if key in self.rows and self.rows[key].state is State.READY:
            self.rows[key].state = State.EXPIRED

    @rule(steps=steps)
    def wait(self, steps: int) -> None:
        self.now += steps * STEP

    @invariant()
    def the_tables_say_what_the_model_says(self) -> None:
        with self.transaction() as tx:
            rows = tx.execute(select(Outbox.key, Outbox.state, Outbox.lease_token)).all()
        found = {row.key: (row.state, row.lease_token) for row in rows}
        assert found == {key: (told.state.value, told.holder) for key, told in self.rows.items()}


def test_no_order_of_events_sends_a_key_from_two_hands_or_again(database_url: str) -> None:
    engine = create_engine(database_url)
    if engine.dialect.name == "sqlite":
        # Nothing here asks what a power cut leaves behind.
        event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=OFF"))

    class Machine(OutboxMachine):
        def __init__(self) -> None:
            super().__init__(engine)

    try:
        run_state_machine_as_test(Machine, settings=settings(max_examples=25, stateful_step_count=40, deadline=None))
    finally:
        engine.dispose()
