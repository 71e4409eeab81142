"""The press that an answer came by, and how the message pressed on is drawn again."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from bot.clock import machine_clock
from bot.payloads import Who

RESPONSE_URL_LIFE = timedelta(minutes=29)
"""Slack lets a response_url live for 30 minutes."""


@dataclass(frozen=True, slots=True)
class Pressed:
    """The press that an answer came by. `response_url` redraws the message pressed on, at `place`, until `until`."""

    who: Who
    response_url: str | None
    place: str | None
    until: datetime

    @classmethod
    def of(cls, who: Who, response_url: str | None, place: str | None) -> Self:
        """A press of this moment: its response_url lives on machine time."""
        return cls(who, response_url, place, machine_clock() + RESPONSE_URL_LIFE)
