"""How many messages a day somebody gets that they did not ask for (D7, F109)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from rituals import calendar
from rituals.people import Person

MOST = 3
"""New messages of one's own day that nobody asked for, all rituals together."""
ASKED_FOR = ("receipt", "run", "answer", "typed", "held", "trouble")
"""Kinds of messages that answer somebody's own press, or tell that one of theirs could not be delivered."""
PROMPTS = ("plan", "filed")
"""Kinds that come whatever came before: there is always room for the day's prompt."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that somebody got, or will: its key, of which the first word is its kind, and when."""

    key: str
    at: datetime
    is_out: bool

    @property
    def kind(self) -> str:
        """What sort of message it is."""
        return self.key.partition(":")[0]


def counted(person: Person, had: Sequence[Sent], at: datetime) -> list[Sent]:
    """What somebody has on the same day of their own calendar and did not ask for, oldest first."""
    day = calendar.local_day(at, person.zone)
    mine = [one for one in had if one.kind not in ASKED_FOR and calendar.local_day(one.at, person.zone) == day]
    return sorted(mine, key=lambda one: (one.at, one.key))


def thread_of(person: Person, had: Sequence[Sent], at: datetime) -> str | None:
    """Under which message something goes that comes at an instant; None while there is room for one of its own.

    It goes under the newest that is out. Whoever is asked the evening before keeps room for that prompt.
    """
    found = counted(person, had, at)
    prompted = any(one.kind in PROMPTS for one in found)
    room = MOST - (1 if person.ask_before and not prompted else 0)
    if len(found) < room:
        return None
    return max(found, key=lambda one: (one.is_out, one.at, one.key)).key
