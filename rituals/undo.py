"""What was pressed can be taken back for ten minutes by the one who pressed (F142)."""

from datetime import datetime, timedelta

from rituals.refusals import Refusal

UNDO_FOR = timedelta(minutes=10)


class TooLateToUndo(Refusal):
    """The ten minutes are over."""


class NothingToUndo(Refusal):
    """It was taken back already, or what it did was changed since."""


def require_undoable(pressed_at: datetime, now: datetime) -> None:
    """Let a press be taken back only while it is fresh; raises TooLateToUndo."""
    if now - pressed_at > UNDO_FOR:
        raise TooLateToUndo
