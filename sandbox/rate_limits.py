"""Per-method rate limits: Slack's documented floors, with a burst, and 429 with Retry-After."""

import math
import time
from dataclasses import dataclass, field

from sandbox.errors import Json, SlackError
from sandbox.methods.registry import Method

PER_MINUTE = {1: 1, 2: 20, 3: 50, 4: 100}
# Slack does not publish bursts. Tier 1 needs room for two connections at start-up and a reconnect.
BURST = {1: 10, 2: 20, 3: 50, 4: 100}
_AUTH_TEST = (600, 600)
POSTS_IN_WORKSPACE = (300, 300)
_POSTS_IN_CHANNEL = (60, 10)
_LIMITED_HISTORY = (1, 1)
_HISTORY = {"conversations.history", "conversations.replies"}


@dataclass
class Bucket:
    """Tokens that refill evenly."""

    per_minute: float
    burst: float
    level: float = field(init=False)
    at: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        """Start full."""
        self.level = self.burst

    def wait(self) -> float:
        """Return 0 and take a token, or the seconds until there is one."""
        now = time.monotonic()
        self.level = min(self.burst, self.level + (now - self.at) * self.per_minute / 60)
        self.at = now
        if self.level >= 1:
            self.level -= 1
            return 0.0
        return (1 - self.level) * 60 / self.per_minute


class RateLimits:
    """One bucket per method, and for posts one more per channel."""

    def __init__(
        self, *, enabled: bool, history_limited: bool = False, posts: tuple[float, float] = POSTS_IN_WORKSPACE
    ) -> None:
        """`posts` is what a workspace takes: so many a minute, and so many at once."""
        self.enabled = enabled
        self._posts = posts
        self._history_limited = history_limited
        self._buckets: dict[str, Bucket] = {}

    def check(self, method: Method, arguments: Json) -> None:
        """Count a call, or raise 429."""
        if not self.enabled:
            return
        wait = self._bucket(method.name, self._size(method)).wait()
        if method.special == "chat.postMessage" and not wait:
            channel = str(arguments.get("channel"))
            wait = self._bucket(f"{method.name} {channel}", _POSTS_IN_CHANNEL).wait()
        if wait:
            raise SlackError("ratelimited", status=429, retry_after=max(1, math.ceil(wait)))

    def _size(self, method: Method) -> tuple[float, float]:
        if self._history_limited and method.name in _HISTORY:
            return _LIMITED_HISTORY
        if method.special == "auth.test":
            return _AUTH_TEST
        if method.special == "chat.postMessage":
            return self._posts
        return PER_MINUTE[method.tier], BURST[method.tier]

    def _bucket(self, key: str, size: tuple[float, float]) -> Bucket:
        bucket = self._buckets.get(key)
        if bucket is None:
            bucket = self._buckets[key] = Bucket(*size)
        return bucket

    def reset(self) -> None:
        """Fill every bucket."""
        self._buckets.clear()
