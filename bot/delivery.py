"""The only sender: what stands in the outbox goes to Slack, and what became of it is written down."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from bot import clock as clocks
from bot.clock import Clock, machine_clock
from bot.drawing import AGAIN_AFTER, DRAWN_BY, Drawer, Drawers
from bot.files import SHARE, Files, Maker, NotShared
from bot.held_back import views as held_back
from bot.ids import new_id
from bot.outcomes import settle
from bot.pace import Pace, Turnstile
from bot.slack import CALL_SECONDS, Fault, Refused, Slack
from storage import aftermath, recipients, sending
from storage.aftermath import Uncertain
from storage.database import Database
from storage.outbox import Kind, Place, State
from storage.sending import Envelope, Result

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=3 * CALL_SECONDS + 5)
"""More than three times a call's timeout: whoever holds a lease is done, or gone, before it ends."""
BATCH = 100
BATCH_SECONDS = 2.0
"""A batch is no larger than the pace can send in this time: whoever waits for an answer waits behind one."""
MOST = 10 * BATCH
"""After so many in a row, what is stale is drawn again and other workspaces have their turn."""
AT_ONCE = 8
IDLE_SECONDS = 1.0
HELD_FOR = timedelta(hours=1)
METADATA_EVENT = "cadence_message"
POST = "chat.postMessage"
UPDATE = "chat.update"
PACED = (POST, UPDATE, SHARE)

Composer = Callable[[Session, datetime], int]
"""Draws what is stale and enqueues the edits; returns how many."""
Trouble = Callable[[Session, Envelope, Refused, datetime], None]
"""Tells whoever can mend it that a message could not be delivered."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A batch and what is known of the pace, read in the transaction that claimed it."""

    envelopes: Sequence[Envelope]
    paces: Mapping[str, Pace]


class Delivery:
    """Claims, sends and records, one batch after the other; a wake-up ends an idle wait at once."""

    def __init__(
        self,
        database: Database,
        slack: Slack,
        clock: Clock,
        composers: Sequence[Composer] = (),
        *,
        makers: Mapping[str, Maker] | None = None,
        drawers: Mapping[str, Drawer] | None = None,
        trouble: Trouble | None = None,
        paced: bool = True,
        machine: Clock = machine_clock,
    ) -> None:
        """`paced=False` sends as fast as Slack answers: only for a Slack without limits.

        `machine` runs leases: where several processes send, a `SharedClock`.
        """
        self._database = database
        self._slack = slack
        self._clock = clock
        self._composers = composers
        self._files = Files(database, slack, makers or {}, clock)
        self._drawers = Drawers(database, drawers or {})
        self._trouble = trouble
        self._paced = paced
        self._machine = machine
        self._woken = asyncio.Event()
        self._one_batch = asyncio.Lock()
        self._stopping = False
        self._turnstiles: dict[tuple[str, str], Turnstile] = {}

    @property
    def stopping(self) -> bool:
        """Whether nothing more is to be claimed."""
        return self._stopping

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
        """Redraw what is stale and send one batch per workspace; return how many rows were claimed."""
        now = self._clock()
        await self.compose(now)
        waiting = await self._database.read(sending.ready_workspaces, now)
        return sum([await self.drain_workspace(workspace) for workspace in waiting])

    async def compose(self, now: datetime) -> None:
        """Have what is stale drawn again, and its edits enqueued."""
        for compose in self._composers:
            await self._database.write(compose, now)

    async def drain_workspace(self, workspace: str) -> int:
        """Send what is ready in a workspace, a few batches at most; return how many rows were claimed.

        Where Slack has no limits, the next batch is claimed while one is on the wire, and it is recorded while the next
        one is. Batches go one after the other, and a row is not claimed again before it is recorded: two edits of one
        message must not overtake each other.
        """
        claimed = 0
        recording: asyncio.Task[None] | None = None
        async with self._one_batch:
            envelopes = await self._claim(workspace)
            try:
                while envelopes:
                    claimed += len(envelopes)
                    more = len(envelopes) == BATCH and claimed < MOST and not (self._paced or self._stopping)
                    following = asyncio.create_task(self._claim(workspace)) if more else None
                    try:
                        results = await self._send_all(envelopes)
                        before, recording = recording, asyncio.create_task(self._record(workspace, results))
                        if before is not None:
                            await before
                    finally:
                        # Also after a fault: what it claimed is then free when its lease ends.
                        envelopes = () if following is None else await following
            finally:
                if recording is not None:
                    await recording
        return claimed

    async def _record(self, workspace: str, results: Sequence[Result]) -> None:
        await self._database.write(self._keep, workspace, results, self._clock())

    async def _claim(self, workspace: str) -> Sequence[Envelope]:
        limit = self._batch_size(workspace, POST)
        edits = self._batch_size(workspace, UPDATE) if self._paced else None
        taken = await self._database.write(
            take, workspace, self._clock(), self._machine, new_id(), limit=limit, edits=edits
        )
        self._learn(workspace, taken.paces)
        return await self._drawers.drawn(taken.envelopes)

    def _batch_size(self, workspace: str, method: str) -> int:
        if not self._paced:
            return BATCH
        rate = self._turnstile(workspace, method).pace.rate
        return max(1, min(BATCH, int(rate * BATCH_SECONDS)))

    def _turnstile(self, workspace: str, method: str) -> Turnstile:
        return self._turnstiles.setdefault((workspace, method), Turnstile())

    def _learn(self, workspace: str, paces: Mapping[str, Pace]) -> None:
        for method, pace in paces.items():
            self._turnstile(workspace, method).pace = pace

    async def _send_all(self, envelopes: Sequence[Envelope]) -> list[Result]:
        """Send a batch, a few at once; messages to one recipient go one after the other."""
        gate = asyncio.Semaphore(AT_ONCE)
        lanes: dict[str, asyncio.Lock] = {}
        sent = (self._send(one, gate, lanes.setdefault(one.recipient, asyncio.Lock())) for one in envelopes)
        return await asyncio.gather(*sent)

    async def _send(self, envelope: Envelope, gate: asyncio.Semaphore, lane: asyncio.Lock) -> Result:
        async with lane, gate:
            method = {Kind.EDIT: UPDATE, Kind.FILE: SHARE}.get(envelope.kind, POST)
            await self._wait_turn(envelope, method)
            if (returned := self._too_late(envelope)) is not None:
                return returned
            try:
                place = await self._deliver(envelope)
            except NotShared as left:
                result = Result(envelope, State.SKIPPED, error=left.why)
            except Refused as error:
                refused = await self._confirmed(error)
                log.warning("%s was not sent: %s", envelope.key, refused.why)
                self._note(envelope.workspace, method, refused)
                result = settle(envelope, refused, self._clock(), self._machine())
            else:
                self._note(envelope.workspace, method, None)
                return Result(envelope, State.SENT, place)
            if envelope.kind is Kind.FILE and result.state in (State.SKIPPED, State.DEAD):
                # Before it is recorded: after a crash in between it is told again, under the same key.
                await self._files.tell(envelope)
            return result

    async def _confirmed(self, refused: Refused) -> Refused:
        """One word of a dead installation in a burst may be a mistake: ask once before everything stops."""
        if refused.fault is not Fault.DEAD:
            return refused
        try:
            await self._slack.call("auth.test", {})
        except Refused as again:
            return refused if again.fault is Fault.DEAD else again
        return Refused(Fault.BUSY, f"{refused.why}, but the token is good")

    async def _wait_turn(self, envelope: Envelope, method: str) -> None:
        if self._paced and envelope.response_url is None:
            wait = self._turnstile(envelope.workspace, method).enter(self._machine())
            if wait:
                await asyncio.sleep(min(wait, LEASE).total_seconds())

    def _note(self, workspace: str, method: str, refused: Refused | None) -> None:
        stile = self._turnstile(workspace, method)
        now = self._machine()
        if refused is None and self._paced:
            stile.pace = stile.pace.accepted(now)
        elif refused is not None and refused.fault is Fault.BUSY and refused.after is not None:
            stile.pace = stile.pace.refused(now, refused.after)

    def _too_late(self, envelope: Envelope) -> Result | None:
        """Give a row back unsent: its own time is over, or its lease ends before a call could."""
        if envelope.expires_at is not None and envelope.expires_at <= self._clock():
            return Result(envelope, State.EXPIRED, error="expired before it could be sent")
        held = self._turnstile(envelope.workspace, POST).pace.held_until
        if (held is not None and held > self._machine()) or not self._in_time(envelope):
            return Result(envelope, State.READY, again_at=self._clock(), counts=False)
        if DRAWN_BY in envelope.body:
            return Result(envelope, State.READY, error="could not be drawn", again_at=self._clock() + AGAIN_AFTER)
        return None

    def _in_time(self, envelope: Envelope) -> bool:
        """Whether another call would end before the lease does."""
        return self._machine() + timedelta(seconds=CALL_SECONDS) < envelope.lease_until

    async def _deliver(self, envelope: Envelope) -> Place | None:
        """Send it and return where it stands, as far as Slack says so; raises Refused or NotShared."""
        if envelope.kind is Kind.EDIT:
            return await self._edit(envelope)
        if envelope.kind is Kind.FILE:
            return await self._files.share(envelope, lambda: self._in_time(envelope))
        content = {"text": envelope.body["text"]} if envelope.plain else held_back.named(envelope.body, envelope.folded)
        arguments: dict[str, Any] = {
            **content,
            "channel": envelope.recipient,
            "metadata": {"event_type": METADATA_EVENT, "event_payload": {"key": envelope.key}},
        }
        if envelope.kind is Kind.REPLY:
            arguments["thread_ts"] = envelope.ts
        answer = await self._slack.call(POST, arguments)
        if "channel" not in answer or "ts" not in answer:
            raise Refused(Fault.UNKNOWN, "Slack did not say where it put the message")
        return Place(answer["channel"], answer["ts"])

    async def _edit(self, envelope: Envelope) -> Place:
        place = Place(envelope.recipient, envelope.ts or "")
        content = {name: envelope.body[name] for name in ("text", "blocks") if name in envelope.body}
        if envelope.plain:
            content = {"text": envelope.body["text"], "blocks": []}
        if envelope.response_url is not None:
            try:
                await self._slack.respond(envelope.response_url, content | {"replace_original": True})
            except Refused as refused:
                log.info("%s goes by %s: %s", envelope.key, UPDATE, refused.why)
            else:
                return place
        await self._slack.call(UPDATE, content | {"channel": place.channel, "ts": place.ts})
        return place

    def _keep(self, tx: Session, workspace: str, results: Sequence[Result], now: datetime) -> None:
        """One transaction per batch: what became of it, what was learnt, and whom to tell of trouble."""
        ours = sending.record(tx, results)
        mine = [result for result in results if result.envelope.id in ours]
        recipients.learn_dms(tx, workspace, new_dms(mine))
        for method in PACED:
            if self._paced and (stile := self._turnstiles.get((workspace, method))) is not None:
                recipients.keep_pace(tx, workspace, method, stile.pace.learnt)
        for result in mine:
            if result.refused is not None:
                self._act(tx, result.envelope, result.refused, now)

    def _act(self, tx: Session, envelope: Envelope, refused: Refused, now: datetime) -> None:
        """What a refusal asks for beyond the row itself (slack.md's table of errors)."""
        if refused.fault in {Fault.DEAD, Fault.PAUSED}:
            recipients.hold(tx, envelope.workspace, self._machine() + HELD_FOR, refused.why)
        elif refused.fault is Fault.RECIPIENT:
            recipients.mark_unreachable(tx, envelope.workspace, envelope.recipient, refused.why)
        elif refused.fault is Fault.DESTINATION and self._trouble is not None:
            self._trouble(tx, envelope, refused, now)

    async def look(self) -> int:
        """Look for messages whose fate is uncertain, by their key in the DM's history; return how many were due.

        A file is looked for by its id, in its thread.
        """
        lost = await self._database.write(doubtful, self._machine, BATCH)
        for message in lost:
            try:
                place = await self._find(message)
            except Refused as refused:
                log.warning("%s can't be looked for: %s", message.key, refused.why)
                if refused.fault not in LOOK_LATER:
                    await self._database.write(aftermath.unknowable, message)
            else:
                await self._database.write(aftermath.looked, message, place)
        if lost:
            self.wake()
        return len(lost)

    async def _find(self, message: Uncertain) -> Place | None:
        if message.file_id is not None:
            return await self._files.find(message)
        if message.dm is None:
            raise Refused(Fault.CONFIGURATION, "nobody knows their DM yet")
        arguments = {"channel": message.dm, "include_all_metadata": True, "limit": HISTORY}
        answer = await self._slack.call("conversations.history", arguments)
        for found in answer["messages"]:
            payload = found.get("metadata", {}).get("event_payload", {})
            if payload.get("key") == message.key:
                return Place(message.dm, found["ts"])
        return None


LOOK_LATER = frozenset({Fault.BUSY, Fault.UNKNOWN, Fault.DEAD, Fault.PAUSED})
"""What says nothing of whether anybody may ever look."""
HISTORY = 100
"""More than anybody gets in a DM between a send and the last look for it; commercial apps are given 15 at most."""


def take(
    tx: Session, workspace: str, now: datetime, machine: Clock, token: UUID, *, limit: int, edits: int | None
) -> Taken:
    """Claim a batch, with what is known of the pace; nothing while the workspace is on hold."""
    machine_now = clocks.read(machine, tx)
    hold = recipients.held(tx, workspace)
    if hold is not None and hold[0] > machine_now:
        return Taken((), {})
    envelopes = sending.claim(tx, workspace, now, machine_now, token=token, lease=LEASE, limit=limit, edits=edits)
    learnt = recipients.paces(tx, workspace) if envelopes else {}
    return Taken(envelopes, {method: Pace(*known) for method, known in learnt.items()})


def doubtful(tx: Session, machine: Clock, limit: int) -> list[Uncertain]:
    """Take messages to look for."""
    return aftermath.uncertain(tx, clocks.read(machine, tx), limit)


def doubt(tx: Session, machine: Clock) -> int:
    """Have whatever a backup takes for unsent looked for; return how many."""
    return aftermath.doubt(tx, clocks.read(machine, tx))


def reap(tx: Session, machine: Clock) -> int:
    """Take rows from senders that are gone; return how many."""
    return aftermath.reap(tx, clocks.read(machine, tx))


def new_dms(results: Sequence[Result]) -> dict[str, str]:
    """DM channels that these sends have shown, by person."""
    return {
        result.envelope.recipient: result.place.channel
        for result in results
        if result.place is not None
        and result.envelope.kind is Kind.POST
        and result.envelope.dm is None
        and result.place.channel != result.envelope.recipient
    }
