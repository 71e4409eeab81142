"""What somebody's words moved: from a blocker in a plan along all that came of it (F137)."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from bot import blocks
from bot.catalogue import plain, say
from bot.huddle.good_week_views import Moved
from rituals.actions import Action, ActionState
from rituals.blockers import Blocker, BlockerState
from rituals.decisions import IN_FORCE, Decision
from storage import blockers, decisions, themes


@dataclass(frozen=True, slots=True)
class Step:
    """Something that came of a blocker: "theme Legal turnaround", "D-19", "resolved", and when."""

    words: str
    at: datetime


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


def themed(tx: Session, told: Sequence[Blocker]) -> Mapping[UUID, Step]:
    """The theme that a blocker became a part of."""
    found = themes.made_of(tx, [blocker.id for blocker in told])
    return {
        blocker: Step(plain("theme {name}", name=theme.name), theme.decided_at)
        for blocker, theme in found.items()
        if theme.decided_at is not None
    }


def decided(tx: Session, told: Sequence[Blocker]) -> Mapping[UUID, Step]:
    """The decision that was made of a blocker, once everybody may read it."""
    return {
        blocker: Step(decision.label, decision.proposed_at)
        for blocker, decision in _decisions(tx, told).items()
        if decision.proposed_at is not None
    }


def live(tx: Session, told: Sequence[Blocker]) -> Mapping[UUID, Step]:
    """That the decision is in force, since when."""
    return {
        blocker: Step(say("live since {day}", day=blocks.day_of(decision.settled_at)), decision.settled_at)
        for blocker, decision in _decisions(tx, told).items()
        if decision.state in IN_FORCE and decision.settled_at is not None
    }


def _decisions(tx: Session, told: Sequence[Blocker]) -> Mapping[UUID, Decision]:
    known = decisions.some(tx, [blocker.decision_id for blocker in told if blocker.decision_id is not None])
    found = {blocker.id: known.get(blocker.decision_id) for blocker in told if blocker.decision_id is not None}
    return {blocker: decision for blocker, decision in found.items() if decision is not None and decision.open_to_all}


def acted(tx: Session, told: Sequence[Blocker]) -> Mapping[UUID, Step]:
    """What somebody took on for the blocker, or for its theme; done, if it is."""
    taken = themes.taken_for(tx, [blocker.id for blocker in told])
    return {blocker: _act(several[-1]) for blocker, several in taken.items()}


def _act(action: Action) -> Step:
    if action.state is ActionState.DONE and action.settled_at is not None:
        return Step(plain("{text}, done", text=action.text), action.settled_at)
    return Step(action.text, action.made_at)


FOLLOWED: Sequence[Follow] = (themed, decided, live, acted, closed)
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
