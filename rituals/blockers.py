"""Blockers: what stops somebody and needs somebody else to move."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from rituals.refusals import Refusal


class StuckSinceLater(Refusal):
    """Nobody has been stuck since a day that has not come."""


class BlockerState(StrEnum):
    """Open until it is resolved."""

    OPEN = "open"
    RESOLVED = "resolved"


@dataclass(frozen=True, slots=True)
class Blocker:
    """One blocker. `number` is what people say ("B-42"); `plan_id` is the plan that raised it.

    `restated` counts how often its reporter planned around it again (F34 will ask for an owner).
    """

    id: UUID
    workspace: str
    number: int
    reporter_id: UUID
    plan_id: UUID | None
    text: str
    needs: str | None
    impact: str | None
    state: BlockerState
    opened_at: datetime
    opened_on: date
    restated: int

    @property
    def label(self) -> str:
        """The name that people use: "B-42"."""
        return f"B-{self.number}"
