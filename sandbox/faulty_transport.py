"""A transport that loses, repeats, delays or reorders deliveries when a fault says so."""

import asyncio
from contextlib import suppress

from sandbox.calls import CallLog, Delivery
from sandbox.changes import Changes
from sandbox.delivery import ACK_SECONDS, TIMED_OUT, Answer, Envelope, Transport
from sandbox.faults import Faults

_LONGEST_HOLD_SECONDS = 2.0


def names_of(envelope: Envelope) -> tuple[str, str]:
    """Return the names by which faults know a delivery: its kind, and kind with type."""
    inner = envelope.payload.get("event") or envelope.payload
    what = inner.get("command") or inner.get("type") or ""
    return envelope.kind, f"{envelope.kind}:{what}"


class FaultyTransport:
    """Passes everything to the real transport, unless a fault strikes, and logs what came of it."""

    def __init__(self, inner: Transport, faults: Faults, log: CallLog, changes: Changes) -> None:
        self._inner = inner
        self._faults = faults
        self._log = log
        self._changes = changes
        self._passed = asyncio.Event()

    @property
    def connected(self) -> bool:
        """Whether the app can be reached."""
        return self._inner.connected

    async def deliver(self, envelope: Envelope) -> Answer:
        """Deliver, or fail as told."""
        answer = await self._deliver(envelope)
        entry = Delivery(envelope.kind, envelope.payload, answer.ok, answer.error, envelope.retry_attempt)
        self._log.deliveries.append(entry)
        self._changes.ring()
        return answer

    async def _deliver(self, envelope: Envelope) -> Answer:
        fault = self._faults.strike(*names_of(envelope), api=False)
        kind = None if fault is None else fault.kind
        if kind == "lose":
            await asyncio.sleep(ACK_SECONDS)
            return TIMED_OUT
        if kind == "late" and fault is not None:
            await asyncio.sleep(fault.seconds)
        if kind == "reorder":
            await self._let_another_pass()
        if kind == "duplicate":
            first, _second = await asyncio.gather(self._pass(envelope), self._pass(envelope))
            return first
        return await self._pass(envelope)

    async def _let_another_pass(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(_LONGEST_HOLD_SECONDS):
                await self._passed.wait()

    async def _pass(self, envelope: Envelope) -> Answer:
        answer = await self._inner.deliver(envelope)
        self._passed.set()
        self._passed = asyncio.Event()
        return answer

    async def stop(self) -> None:
        """Stop the real transport."""
        await self._inner.stop()
