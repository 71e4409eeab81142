"""What a memo must hold before somebody else's time is asked for it (C2, F66, F67)."""

from collections.abc import Mapping

from rituals.decisions import Decision, Lane
from rituals.refusals import Refusal

MOST_WORDS = 900
"""Two pages (C2)."""
WORDS_A_MINUTE = 200
FEWEST_OPTIONS, MOST_OPTIONS = 2, 7
WRITTEN = ("title", "context", "options", "chosen", "because", "consequences", "will_not")
"""The fields that make up the two pages, in their order."""
NEEDED = ("context", "chosen", "because", "consequences", "decide_by", "review_on")


class TooManyWords(Refusal):
    """The memo is longer than two pages; `counts` says how many words each field has."""

    def __init__(self, counts: Mapping[str, int]) -> None:
        super().__init__(counts)
        self.counts = counts


class NotWritten(Refusal):
    """A field that a proposal needs is empty."""


class OptionsOff(Refusal):
    """Two to seven options are considered, one a line; `count` were."""

    def __init__(self, count: int) -> None:
        super().__init__(count)
        self.count = count


class LaneOpen(Refusal):
    """The two questions that set the lane are not answered."""


class ApproverMissing(Refusal):
    """A commitment needs an approver who is not its owner (F68)."""


class HeldOpen(Refusal):
    """A capability is named, but not whether it lies in one place or with each unit; or the other way round (C11)."""


class NothingExcluded(Refusal):
    """What will not be done is empty; asked once, then left to its author (C4)."""


def words_in(decision: Decision) -> Mapping[str, int]:
    """How many words each field of the memo has."""
    return {name: len(getattr(decision, name).split()) for name in WRITTEN}


def minutes_to_read(decision: Decision) -> int:
    """How long a memo takes its reader, a minute at least."""
    return max(1, -(-sum(words_in(decision).values()) // WORDS_A_MINUTE))


def require_two_pages(decision: Decision) -> None:
    """Raises TooManyWords above 900 words in all."""
    counts = words_in(decision)
    if sum(counts.values()) > MOST_WORDS:
        raise TooManyWords(counts)


def missing(decision: Decision, *, asked_before: bool) -> Mapping[str, Refusal]:
    """What keeps a memo from being proposed, by field; empty when it is complete.

    `asked_before` says that an empty `will_not` was pointed out once.
    """
    found: dict[str, Refusal] = {name: NotWritten() for name in NEEDED if not _filled(decision, name)}
    if not FEWEST_OPTIONS <= len(decision.considered) <= MOST_OPTIONS:
        found["options"] = OptionsOff(len(decision.considered))
    if decision.lane is None:
        found["touches"] = LaneOpen()
    if bool(decision.capability.strip()) != (decision.held is not None):
        found["held" if decision.held is None else "capability"] = HeldOpen()
    if decision.lane is Lane.COMMITMENT and decision.approver_id in {None, decision.owner_id}:
        found["approver"] = ApproverMissing()
    if not found and not decision.will_not.strip() and not asked_before:
        found["will_not"] = NothingExcluded()
    return found


def _filled(decision: Decision, name: str) -> bool:
    value = getattr(decision, name)
    return bool(value.strip()) if isinstance(value, str) else value is not None
