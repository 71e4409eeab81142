"""The message budget: how many messages a person gets a day that they did not ask for (F109, D7)."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Generic, TypeVar

MOST = 3
"""New messages a day to one person, of all rituals together."""

M = TypeVar("M", bound=Hashable)


class Turn(IntEnum):
    """What a message is to its reader, in the order in which they are let through when a day's budget runs out.

    FREE is outside the budget: what answers the reader's own press, and an escalation to a leader.
    """

    PROMPT = 0
    REDIRECT = 1
    REMINDER = 2
    REST = 3
    FREE = 9


@dataclass(frozen=True, slots=True)
class Unasked(Generic[M]):
    """A message that waits to be sent to a person, and counts; at `until` it has lost its point."""

    message: M
    turn: Turn
    until: datetime | None = None

    def can_wait(self, day_ends: datetime) -> bool:
        """Whether it is worth as much on its reader's next day: a prompt and a word on today's plan are not."""
        return self.turn > Turn.REDIRECT and (self.until is None or self.until > day_ends)


def over(waiting: Sequence[Unasked[M]], sent: Sequence[Turn], *, writes_plans: bool) -> set[M]:
    """Which of one person's messages are held back: `sent` are those that counted and went out on the same day.

    A prompt carries what is held back. So while a writer of plans has had none today, one place is kept for it. Another
    one on a full day, as an agenda after the card and two others, is held back like anything else.
    """
    gone = list(sent)
    held = set()
    for one in sorted(waiting, key=lambda one: one.turn):
        kept = 1 if writes_plans and Turn.PROMPT not in (one.turn, *gone) else 0
        if len(gone) + kept < MOST:
            gone.append(one.turn)
        else:
            held.add(one.message)
    return held
