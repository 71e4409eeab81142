"""What somebody's words moved: from a blocker in a plan along all that came of it (F137)."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from bot.catalogue import plain
from rituals.blockers import Blocker, BlockerState
from storage import blockers


@dataclass(frozen=True, slots=True)
class Step:
    """Something that came of a blocker: "theme Legal turnaround", "D-19", "resolved", and when."""

    words: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Moved:
    """A blocker of somebody's, and what came of it, in order."""

    blocker: Blocker
    steps: Sequence[str]


Follow = Callable[[Session, Sequence[Blocker]], Mapping[UUID, Step]]
"""What came of blockers by one kind of link, by blocker; with a number of queries that does not grow with them."""


def closed(_: Session, told: Sequence[Blocker]) -> Mapping[UUID, Step]:
    """Those that are resolved, but for what its reporter closed without anybody's help."""
    found = {}
    for blocker in told:
        alone = blocker.closed_by_id in (None, blocker.reporter_id) and not blocker.shared
        if blocker.state is BlockerState.RESOLVED and blocker.closed_at is not None and not alone:
            found[blocker.id] = Step(plain("resolved"), blocker.closed_at)
    return found


FOLLOWED: Sequence[Follow] = (closed,)
"""The kinds of links, in the order in which a chain tells them."""


def moved(tx: Session, people: Collection[UUID], since: datetime, until: datetime) -> Mapping[UUID, Sequence[Moved]]:
    """What moved between two instants of what each of these people had reported, by person; nobody else is in it."""
    told = blockers.told_by(tx, people, since)
    links = [follow(tx, told) for follow in FOLLOWED] if told else []
    found: dict[UUID, list[Moved]] = {}
    for blocker in told:
        steps = [link[blocker.id] for link in links if blocker.id in link]
        if any(since <= step.at < until for step in steps):
            chain = Moved(blocker, [step.words for step in steps])
            found.setdefault(blocker.reporter_id, []).append(chain)
    return found
