"""Outbox keys: by them a message is answered in its thread, edited or taken back, and never sent twice."""

from datetime import date
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


def filed_key(plan_id: UUID) -> str:
    """Outbox key of the line that a day's plan was filed before the day came."""
    return f"filed:{plan_id}"


def reminder_key(plan_id: UUID) -> str:
    """Outbox key of a plan's one reminder."""
    return f"reminder:{plan_id}"


def redirect_key(redirect_id: UUID) -> str:
    """Outbox key of the DM about a redirect."""
    return f"redirect:{redirect_id}"


def post_key(team_id: UUID, day: date) -> str:
    """Outbox key of a team's one channel post of a date."""
    return f"post:{team_id}:{day.isoformat()}"
