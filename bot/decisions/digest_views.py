"""The lines of a leader's month about memos."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.catalogue import Mrkdwn


@dataclass(frozen=True, slots=True)
class Memos:
    """Lines for the digest: the leader's own readings, overdue ones of others, what goes to the monthly forum."""

    mine: Sequence[Mrkdwn]
    overdue: Sequence[Mrkdwn]
    forum: Sequence[Mrkdwn]

    def __bool__(self) -> bool:
        return bool(self.mine or self.overdue or self.forum)
