"""Who has not been spoken to: managers coach everybody (W11)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from rituals.people import Person

SILENCE = timedelta(weeks=2)
"""After this long without a word between manager and report the manager is told (W11)."""
LOOK_BACK = 2 * SILENCE
"""How far back it is looked who was at work: whoever was asked for no plan before the silence is new, or was away."""


@dataclass(frozen=True, slots=True)
class Talk:
    """`person_id` and `with_id`, who manages them, have talked, says `by_id`, one of the two."""

    id: UUID
    workspace: str
    person_id: UUID
    with_id: UUID
    by_id: UUID
    at: datetime


def unspoken(
    reports: Collection[Person], asked: Mapping[UUID, date], last: Mapping[UUID, date], today: date
) -> list[Person]:
    """Reports without a word from their manager for two weeks, the longest silence first (W11).

    `asked` is since when each is asked for plans, `last` when the two last had words; who is in neither is left out.
    """
    since = {one.id: max(day for day in (asked[one.id], last.get(one.id)) if day) for one in reports if one.id in asked}
    silent = [one for one in reports if one.id in since and today - since[one.id] >= SILENCE]
    return sorted(silent, key=lambda one: (since[one.id], one.name, one.id))
