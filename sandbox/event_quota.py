"""The Events API quota: so many events an hour; over it they are dropped and the app is told once a minute."""

import time
from collections import deque

PER_HOUR = 30_000
_HOUR_SECONDS = 3600.0
_MINUTE_SECONDS = 60


class EventQuota:
    """Counts deliveries over the last hour."""

    def __init__(self, per_hour: int = PER_HOUR) -> None:
        self._per_hour = per_hour
        self._sent: deque[float] = deque()
        self._told = -1

    def take(self) -> bool:
        """Count one event; False when it must be dropped."""
        now = time.monotonic()
        while self._sent and now - self._sent[0] > _HOUR_SECONDS:
            self._sent.popleft()
        if len(self._sent) >= self._per_hour:
            return False
        self._sent.append(now)
        return True

    def tell(self) -> bool:
        """Whether the app is to be told of this minute's drops; true once a minute."""
        minute = int(time.monotonic()) // _MINUTE_SECONDS
        if minute == self._told:
            return False
        self._told = minute
        return True
