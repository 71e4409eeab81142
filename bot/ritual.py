"""What a ritual gives to the rest of the bot: the one line in `bot.app.RITUALS` names it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from slack_bolt.async_app import AsyncApp
from sqlalchemy.orm import Session

from storage.occurrences import Occurrence

Skips = Mapping[UUID, str]
"""Which occurrences were not opened, by their id, and why; the rest were."""


Opener = Callable[[Session, Sequence[Occurrence], datetime], Skips]
"""Does what is due at one slot, for all who are due, with a number of queries that does not grow with them."""


@dataclass(frozen=True, slots=True)
class Ritual:
    """`plan` writes what is due soon into the ledger; `openers` do it, by slot; `compose` redraws what is stale."""

    name: str
    register: Callable[[AsyncApp], None]
    plan: Callable[[Session, datetime], int]
    openers: Mapping[str, Opener]
    compose: Callable[[Session, datetime], int]
