"""The log of what the app sent: Web API calls, and messages that the workspace accepted."""

from collections import Counter, deque
from dataclasses import dataclass, field

from sandbox.errors import Json

_KEPT_CALLS = 20_000


@dataclass(frozen=True)
class ApiCall:
    """One Web API call as it arrived, and the answer that was meant for it."""

    method: str
    arguments: Json
    response: Json
    status: int = 200

    @property
    def ok(self) -> bool:
        """Whether the workspace did what was asked, whatever the caller saw of the answer."""
        return bool(self.response.get("ok"))


@dataclass(frozen=True)
class Post:
    """One message or ephemeral that the app sent and the workspace accepted."""

    channel: str
    ts: str
    text: str
    message: Json
    to: str | None = None

    @property
    def metadata(self) -> Json:
        """The message metadata, empty when there is none."""
        found: Json = self.message.get("metadata") or {}
        return found


@dataclass(frozen=True)
class Delivery:
    """One thing sent to the app, and whether it was acked in time."""

    kind: str
    payload: Json
    ok: bool
    error: str | None
    retry_attempt: int


@dataclass
class CallLog:
    """Everything that arrived and went out since the start, newest last; very old entries are dropped."""

    calls: deque[ApiCall] = field(default_factory=lambda: deque(maxlen=_KEPT_CALLS))
    deliveries: deque[Delivery] = field(default_factory=lambda: deque(maxlen=_KEPT_CALLS))
    posts: list[Post] = field(default_factory=list)

    def count_by(self, key: str) -> Counter[str]:
        """Count accepted posts by one value of their metadata's event payload."""
        return Counter(
            str(post.metadata["event_payload"][key])
            for post in self.posts
            if key in post.metadata.get("event_payload", {})
        )

    def clear(self) -> None:
        """Forget everything so far."""
        self.calls.clear()
        self.deliveries.clear()
        self.posts.clear()
