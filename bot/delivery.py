"""The only sender: what stands in the outbox goes to Slack, and what became of it is written down."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from bot.clock import Clock, machine_clock
from bot.ids import new_id
from bot.slack import CALL_SECONDS, Fault, Refused, Slack
from storage import outbox
from storage.database import Database
from storage.outbox import Envelope, Kind, Place, Policy, Result, State

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=3 * CALL_SECONDS + 5)
"""More than three times a call's timeout: whoever holds a lease is done, or gone, before it ends."""
BATCH = 50
AT_ONCE = 8
IDLE_SECONDS = 1.0
MOST_TRIES = 8
METADATA_EVENT = "cadence_message"

Composer = Callable[[Session, datetime], int]
"""Draws what is stale and enqueues the edits; returns how many."""


class Delivery:
    """Claims, sends and records, one batch after the other; a wake-up ends an idle wait at once."""

    def __init__(self, database: Database, slack: Slack, clock: Clock, composers: Sequence[Composer] = ()) -> None:
        self._database = database
        self._slack = slack
        self._clock = clock
        self._composers = composers
        self._woken = asyncio.Event()
        self._one_batch = asyncio.Lock()
        self._stopping = False

    def wake(self) -> None:
        """Something was enqueued."""
        self._woken.set()

    def stop(self) -> None:
        """Claim nothing more."""
        self._stopping = True
        self._woken.set()

    async def run(self) -> None:
        """Send until `stop`; what is in flight then is still recorded. A database that is away is waited for."""
        while not self._stopping:
            try:
                busy = await self.drain()
            except Exception:
                log.exception("delivery stumbled and goes on")
                busy = 0
            if not busy:
                with suppress(TimeoutError):
                    async with asyncio.timeout(IDLE_SECONDS):
                        await self._woken.wait()
                self._woken.clear()

    async def drain(self) -> int:
        """Send one batch of what is ready; return how many rows were claimed.

        One batch at a time: two edits of one message must not overtake each other.
        """
        async with self._one_batch:
            return await self._drain()

    async def _drain(self) -> int:
        now = self._clock()
        for compose in self._composers:
            await self._database.write(compose, now)
        envelopes = await self._database.write(
            outbox.claim, now, machine_clock(), token=new_id(), lease=LEASE, limit=BATCH
        )
        if envelopes:
            gate = asyncio.Semaphore(AT_ONCE)
            results = await asyncio.gather(*(self._send(envelope, gate) for envelope in envelopes))
            await self._database.write(outbox.record, results)
        return len(envelopes)

    async def _send(self, envelope: Envelope, gate: asyncio.Semaphore) -> Result:
        async with gate:
            try:
                place = await self._deliver(envelope)
            except Refused as refused:
                log.warning("%s was not sent: %s", envelope.key, refused.why)
                return settle(envelope, refused, self._clock())
            return Result(envelope, State.SENT, place)

    async def _deliver(self, envelope: Envelope) -> Place:
        if envelope.kind is Kind.EDIT:
            return await self._edit(envelope)
        arguments: dict[str, Any] = {
            **envelope.body,
            "channel": envelope.channel,
            "metadata": {"event_type": METADATA_EVENT, "event_payload": {"key": envelope.key}},
        }
        if envelope.kind is Kind.REPLY:
            arguments["thread_ts"] = envelope.ts
        answer = await self._slack.call("chat.postMessage", arguments)
        return Place(answer["channel"], answer["ts"])

    async def _edit(self, envelope: Envelope) -> Place:
        place = Place(envelope.channel, envelope.ts or "")
        content = {name: envelope.body[name] for name in ("text", "blocks") if name in envelope.body}
        if envelope.response_url is not None:
            try:
                await self._slack.respond(envelope.response_url, content | {"replace_original": True})
            except Refused as refused:
                log.info("%s goes by chat.update: %s", envelope.key, refused.why)
            else:
                return place
        await self._slack.call("chat.update", content | {"channel": place.channel, "ts": place.ts})
        return place


def settle(envelope: Envelope, refused: Refused, now: datetime) -> Result:
    """What a failed send becomes: ready again, dead, or unknown by the policy of its kind."""
    harmless = envelope.kind is Kind.EDIT or envelope.policy is Policy.RESEND
    if refused.fault is Fault.BUSY:
        # A refusal is no attempt: Slack did not take it and says when it will.
        again = now + (refused.after or timedelta(seconds=min(2**envelope.attempt, 60)))
        return Result(envelope, State.READY, error=refused.why, again_at=again, counts=refused.after is None)
    if refused.fault is not Fault.UNKNOWN:
        return Result(envelope, State.DEAD, error=refused.why)
    if harmless and envelope.attempt < MOST_TRIES:
        again = now + timedelta(seconds=min(2**envelope.attempt, 60))
        return Result(envelope, State.READY, error=refused.why, again_at=again)
    return Result(
        envelope, State.DEAD if harmless or envelope.policy is Policy.DROP else State.UNKNOWN, error=refused.why
    )
