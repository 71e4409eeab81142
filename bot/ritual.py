"""What a ritual gives to the rest of the bot: the one line in `bot.app.RITUALS` names it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from bot.commands import Noun
from bot.doors import Doors
from bot.drawing import Drawer
from bot.files import Maker
from rituals.people import Person
from storage.occurrences import Occurrence

Skips = Mapping[UUID, str | None]
"""Which occurrences were not opened, by their id, and why; None for one that was moved and stays planned.

The rest were opened.
"""


Opener = Callable[[Session, Sequence[Occurrence], datetime], Skips]
"""Does what is due at one slot, for all who are due, with a number of queries that does not grow with them."""


@dataclass(frozen=True, slots=True)
class Foreseen:
    """One message that a ritual would send at `at`, to a person or a channel on `zone`; or `skipped` says why not."""

    workspace: str
    ritual: str
    slot: str
    team: str
    to: str
    zone: str
    at: datetime
    what: str
    skipped: str | None


@dataclass(frozen=True, slots=True)
class Part:
    """What has doors in Slack and no clock of its own."""

    name: str
    register: Callable[[Doors], None]
    commands: Sequence[Noun]


@dataclass(frozen=True, slots=True)
class Ritual:
    """A ritual's doors to the clock and to delivery.

    `plan` writes a part of what is due soon into the ledger, and returns 0 when all of it is there. `openers` do it, by
    slot. `compose` redraws what is stale; None where each press draws what it changed.
    `owner` says who must know when the message with a key can't be delivered; None for a key of another ritual.
    `rehome` has what the message belongs to use another channel from now on. `makers` make the files that it sends, by
    the name that their outbox rows give; `drawers` likewise draw the messages whose content is drawn when they go out.
    """

    name: str
    register: Callable[[Doors], None]
    commands: Sequence[Noun]
    plan: Callable[[Session, datetime], int]
    openers: Mapping[str, Opener]
    foresee: Callable[[Session, datetime, datetime], Sequence[Foreseen]]
    owner: Callable[[Session, str], Person | None]
    rehome: Callable[[Session, str, str], None]
    compose: Callable[[Session, datetime], int] | None = None
    makers: Mapping[str, Maker] = field(default_factory=dict)
    drawers: Mapping[str, Drawer] = field(default_factory=dict)
