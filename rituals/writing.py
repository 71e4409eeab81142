"""Words that somebody owes: a blocker, a question, a reason, a line of a weekly."""

from rituals.refusals import Refusal


class NothingWritten(Refusal):
    """Words are asked for, and there are none."""


def worded(text: str | None, longest: int | None = None) -> str:
    """The words on one line, at most so many characters of them; raises NothingWritten when there are none."""
    words = " ".join((text or "").split())
    if not words:
        raise NothingWritten
    return words[:longest]
