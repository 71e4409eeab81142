"""The lane of a decision by two questions, and the limits that people act within (C5, F70)."""

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from rituals.decisions import Decision, Lane
from rituals.refusals import Refusal

LONGEST_NAME = 75
LONGEST_LIMIT = 500


class NameTaken(Refusal):
    """Another limit has this name."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


@dataclass(frozen=True, slots=True)
class Guardrail:
    """A named limit: "Discounts", "up to 15 % without asking"; acting within it needs no approval, and is recorded."""

    id: UUID
    workspace: str
    name: str
    limit: str
    owner_id: UUID | None
    closed_on: date | None


def lane_of(*, touches: bool, guardrail_id: UUID | None) -> Lane:
    """The lane by two answers: it touches a financial target or customer promise; there is a limit to act within."""
    if touches:
        return Lane.COMMITMENT
    return Lane.AUTONOMY if guardrail_id is None else Lane.GUARDRAIL


def laned(decision: Decision, *, touches: bool, guardrail_id: UUID | None) -> Decision:
    """The decision in the lane that the two answers set; what the lane has no use for is taken off it."""
    lane = lane_of(touches=touches, guardrail_id=guardrail_id)
    return replace(
        decision,
        lane=lane,
        guardrail_id=guardrail_id if lane is Lane.GUARDRAIL else None,
        approver_id=decision.approver_id if lane is Lane.COMMITMENT else None,
    )
