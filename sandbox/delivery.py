"""How a payload reaches the app: what is sent, what comes back, and the two ways."""

from dataclasses import dataclass
from typing import Literal, Protocol

from sandbox.errors import Json

ACK_SECONDS = 3.0
Kind = Literal["events_api", "interactive", "slash_commands"]


@dataclass(frozen=True)
class Envelope:
    """One delivery. `accepts_response` is set where the ack may carry an answer."""

    kind: Kind
    payload: Json
    accepts_response: bool = False
    retry_attempt: int = 0
    retry_reason: str = ""


@dataclass(frozen=True)
class Answer:
    """What the app said. `error` is Slack's word for what the person then reads."""

    ok: bool
    payload: Json | None = None
    error: str | None = None
    retry_reason: str = ""
    no_retry: bool = False


TIMED_OUT = Answer(ok=False, error="operation_timeout", retry_reason="http_timeout")
UNREACHABLE = Answer(ok=False, error="dispatch_failed", retry_reason="connection_failed")


class Transport(Protocol):
    """Socket Mode or signed HTTP."""

    @property
    def connected(self) -> bool:
        """Whether the app can be reached, as far as is known."""

    async def deliver(self, envelope: Envelope) -> Answer:
        """Deliver once and wait for the ack, three seconds at most."""

    async def stop(self) -> None:
        """Let go of every connection."""
