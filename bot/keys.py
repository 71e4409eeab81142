"""Outbox keys of messages that more than one part answers in the thread of, or edits."""

from uuid import UUID


def plan_key(plan_id: UUID) -> str:
    """Outbox key of a plan's one message: the prompt that becomes the receipt."""
    return f"plan:{plan_id}"


def receipt_key(plan_id: UUID) -> str:
    """Outbox key of a receipt whose prompt never reached anybody."""
    return f"receipt:{plan_id}"


def card_key(card_id: UUID) -> str:
    """Outbox key of a manager's card."""
    return f"card:{card_id}"


def edit_key(key: str) -> str:
    """Outbox key of the edits of a message: one row, the newest wins."""
    return f"edit:{key}"
