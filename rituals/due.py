"""Something that falls due: what a ritual will do, about whom, when."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Due:
    """One thing to do at `due_at`, for a person or a team (`subject`); after `expires_at` it is too late for it.

    `day` is the nominal date, on the calendar of `zone`; `slot` says what is done.
    """

    slot: str
    subject: UUID
    day: date
    due_at: datetime
    expires_at: datetime
    zone: str
