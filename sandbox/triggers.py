"""Trigger ids: made for one interaction, alive for three seconds, good for one view."""

import time
from dataclasses import dataclass, field

from sandbox.errors import SlackError
from sandbox.stamps import Identifiers

LIFETIME_SECONDS = 3.0
_FORGOTTEN_AFTER_SECONDS = 300.0


@dataclass
class Trigger:
    """Who caused it, and from inside which modal."""

    user_id: str
    view_id: str | None = None
    made: float = field(default_factory=time.monotonic)
    used: bool = False


class Triggers:
    """All trigger ids of the last minutes."""

    def __init__(self, ids: Identifiers, team_id: str) -> None:
        self._ids = ids
        self._middle = "".join(str(ord(letter) % 10) for letter in team_id)
        self._known: dict[str, Trigger] = {}

    def make(self, user_id: str, view_id: str | None = None) -> str:
        """Return a fresh trigger id."""
        self._forget_old()
        trigger_id = f"{self._ids.digits(13)}.{self._middle}.{self._ids.hexadecimal(32)}"
        self._known[trigger_id] = Trigger(user_id, view_id)
        return trigger_id

    def look(self, trigger_id: str) -> Trigger:
        """Return a live trigger, or raise Slack's refusal. Looking does not use it up."""
        trigger = self._known.get(trigger_id)
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        if time.monotonic() - trigger.made > LIFETIME_SECONDS:
            raise SlackError("expired_trigger_id")
        return trigger

    def expire(self) -> None:
        """Age every trigger past its life, so that a test need not wait."""
        for trigger in self._known.values():
            trigger.made -= LIFETIME_SECONDS + 1

    def _forget_old(self) -> None:
        now = time.monotonic()
        for trigger_id, trigger in list(self._known.items()):
            if now - trigger.made < _FORGOTTEN_AFTER_SECONDS:
                break
            del self._known[trigger_id]
