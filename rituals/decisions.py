"""Decision memos: captured, written, proposed, answered, and the chain of what replaced what (C1-C13).

States: draft → proposed → approved, for a commitment; draft → recorded for what needs no approval; either may be killed
before it is decided, and what is in force may be superseded. Nothing leads out of killed: a new one may link to it.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from rituals.people import Person
from rituals.refusals import Refusal

LETTER = "D"
"""What stands in front of the number that people see."""
LONGEST_TITLE = 120


class State(StrEnum):
    """Where a decision stands."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    APPROVED = "approved"
    RECORDED = "recorded"
    KILLED = "killed"
    SUPERSEDED = "superseded"


UNDECIDED = frozenset({State.DRAFT, State.PROPOSED})
"""What the seven-day clock runs for (C1)."""
IN_FORCE = frozenset({State.APPROVED, State.RECORDED})


class Lane(StrEnum):
    """How much asking a decision needs (C5): approval, a named limit to stay within, or none."""

    COMMITMENT = "commitment"
    GUARDRAIL = "guardrail"
    AUTONOMY = "autonomy"


class Held(StrEnum):
    """Where a capability lies, decided for each by itself (C11): in one place for all, or with each unit."""

    CENTRAL = "central"
    UNITS = "units"


class Outcome(StrEnum):
    """Whether it came as expected, asked on the review date (F75)."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


class NothingCaptured(Refusal):
    """Neither a title nor a choice was given."""


class Settled(Refusal):
    """The decision is no longer in a state in which this can be done."""

    def __init__(self, decision: "Decision") -> None:
        super().__init__(decision.id)
        self.decision = decision


class ReasonMissing(Refusal):
    """A kill, a return, an objection and a review that disappoints are given words."""


class OwnerApproves(Refusal):
    """Owner and approver of a commitment are two people (F68)."""


class NoLane(Refusal):
    """The two questions that set the lane are not answered."""


class SameDecision(Refusal):
    """A decision replaces another, never itself nor one that replaces it."""


class AlreadyReviewed(Refusal):
    """Its outcome was written down before."""


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision with its memo. `number` is what people say ("D-18"); `options` are one a line.

    `owner_id` is the author until somebody is named in writing (`owner_named_at`). `clock_from` is when its seven days
    began. `capability` names what it decides to do in one place or in each unit, and `held` which of the two.
    `restricted` keeps it to those it names. `source` links to the conversation that it was captured from;
    `revives_id` is a killed one that it takes up again. `version` counts the edits of the memo.
    """

    id: UUID
    workspace: str
    number: int
    author_id: UUID
    owner_id: UUID
    state: State
    title: str
    captured_at: datetime
    clock_from: datetime
    context: str = ""
    options: str = ""
    chosen: str = ""
    because: str = ""
    consequences: str = ""
    will_not: str = ""
    capability: str = ""
    held: Held | None = None
    lane: Lane | None = None
    guardrail_id: UUID | None = None
    approver_id: UUID | None = None
    owner_named_at: datetime | None = None
    decide_by: date | None = None
    review_on: date | None = None
    restricted: bool = False
    source: str | None = None
    blocker_id: UUID | None = None
    kpi_id: UUID | None = None
    revives_id: UUID | None = None
    supersedes_id: UUID | None = None
    superseded_by_id: UUID | None = None
    proposed_at: datetime | None = None
    settled_at: datetime | None = None
    settled_by_id: UUID | None = None
    returned_because: str | None = None
    killed_because: str | None = None
    outcome: Outcome | None = None
    learned: str | None = None
    reviewed_at: datetime | None = None
    version: int = 0

    @property
    def label(self) -> str:
        """The name that people use: "D-18"."""
        return f"{LETTER}-{self.number}"

    @property
    def open_to_all(self) -> bool:
        """Whether everybody on the roster may read it: once it has been proposed, unless it is kept to some (C3)."""
        return self.proposed_at is not None and not self.restricted

    @property
    def considered(self) -> tuple[str, ...]:
        """The options, as they were written, without empty lines."""
        return tuple(line for line in self.options.split("\n") if line.strip())


@dataclass(frozen=True, slots=True)
class Idea:
    """What a quick capture says: three fields, or only a title for what is still to be decided; and where it came from.

    `revives` is a killed decision that this one takes up again; a link is the only way back for it.
    """

    title: str = ""
    context: str = ""
    chosen: str = ""
    instead: str = ""
    because: str = ""
    source: str | None = None
    blocker_id: UUID | None = None
    kpi_id: UUID | None = None
    owner_id: UUID | None = None
    revives: Decision | None = None


def capture(idea: Idea, number: int, author: Person, decision_id: UUID, now: datetime) -> Decision:
    """A draft whose clock runs from now (F65); raises NothingCaptured, or Settled for reviving what was not killed."""
    title = title_of(idea.title) or title_of(idea.chosen)
    if not title:
        raise NothingCaptured
    if idea.revives is not None and idea.revives.state is not State.KILLED:
        raise Settled(idea.revives)
    considered = (" ".join(words.split()) for words in (idea.chosen, idea.instead))
    return Decision(
        id=decision_id,
        workspace=author.workspace,
        number=number,
        author_id=author.id,
        owner_id=idea.owner_id or author.id,
        state=State.DRAFT,
        title=title,
        captured_at=now,
        clock_from=now,
        context=idea.context,
        options="\n".join(words for words in considered if words),
        chosen=idea.chosen,
        because=idea.because,
        owner_named_at=None if idea.owner_id is None else now,
        source=idea.source,
        blocker_id=idea.blocker_id,
        kpi_id=idea.kpi_id,
        revives_id=None if idea.revives is None else idea.revives.id,
    )


def title_of(words: str) -> str:
    """A title from what somebody wrote: its first line, shortened."""
    first = next((" ".join(line.split()) for line in words.splitlines() if line.strip()), "")
    return first if len(first) <= LONGEST_TITLE else first[: LONGEST_TITLE - 1].rstrip() + "…"


def record_or_propose(decision: Decision, by: Person, now: datetime) -> Decision:
    """A complete draft leaves its author's desk: a commitment waits for its approver, the rest is decided (F70).

    Raises Settled, NoLane, and OwnerApproves for a commitment without an approver who is somebody else.
    """
    if decision.state is not State.DRAFT:
        raise Settled(decision)
    if decision.lane is None:
        raise NoLane
    if decision.lane is not Lane.COMMITMENT:
        return _settle(replace(decision, proposed_at=now, returned_because=None), State.RECORDED, by, now)
    if decision.approver_id in {None, decision.owner_id}:
        raise OwnerApproves
    return replace(decision, state=State.PROPOSED, proposed_at=now, returned_because=None)


def approve(decision: Decision, by: Person, now: datetime) -> Decision:
    """A commitment is approved, never by its owner (F68, F70); raises Settled or OwnerApproves."""
    if decision.state is not State.PROPOSED:
        raise Settled(decision)
    if by.id == decision.owner_id:
        raise OwnerApproves
    return _settle(decision, State.APPROVED, by, now)


def send_back(decision: Decision, because: str) -> Decision:
    """A proposal goes back to its author with words, to be written on; raises Settled or ReasonMissing."""
    if decision.state is not State.PROPOSED:
        raise Settled(decision)
    return replace(decision, state=State.DRAFT, returned_because=_words(because))


def kill(decision: Decision, because: str, by: Person, now: datetime) -> Decision:
    """The work stops, with a reason and an author (C1); raises Settled or ReasonMissing."""
    if decision.state not in UNDECIDED:
        raise Settled(decision)
    return _settle(replace(decision, killed_because=_words(because)), State.KILLED, by, now)


def hand_on(decision: Decision, to: Person, now: datetime) -> Decision:
    """Its owner has left, and somebody else owns it; whoever was to approve it can't, so it is a draft again (F91)."""
    handed = replace(decision, owner_id=to.id, owner_named_at=now)
    if to.id != decision.approver_id or decision.state not in UNDECIDED:
        return handed
    return replace(handed, approver_id=None, state=State.DRAFT)


def replaces(new: Decision, old: Decision) -> Decision:
    """`new` is meant to replace `old`, which stays in force until `new` is; raises Settled or SameDecision."""
    if old.state not in IN_FORCE:
        raise Settled(old)
    if new.id in {old.id, old.supersedes_id}:
        raise SameDecision
    if new.state not in UNDECIDED | IN_FORCE or new.supersedes_id not in {None, old.id}:
        raise Settled(new)
    return replace(new, supersedes_id=old.id)


def supersede(old: Decision, new: Decision) -> Decision:
    """`old` gives way to `new`, which replaces it and is in force (F74); raises Settled."""
    if old.state not in IN_FORCE:
        raise Settled(old)
    if new.state not in IN_FORCE or new.supersedes_id != old.id:
        raise Settled(new)
    return replace(old, state=State.SUPERSEDED, superseded_by_id=new.id)


def review(decision: Decision, outcome: Outcome, learned: str, now: datetime) -> Decision:
    """What became of it, against what was expected (F75).

    Raises Settled for what was never decided, AlreadyReviewed, and ReasonMissing when it did not come as expected.
    """
    require_reviewable(decision)
    told = learned.strip() if outcome is Outcome.YES else _words(learned)
    return replace(decision, outcome=outcome, learned=told or None, reviewed_at=now)


def require_reviewable(decision: Decision) -> None:
    """Only what was decided has an outcome, and it is written down once; raises Settled or AlreadyReviewed."""
    if decision.state not in IN_FORCE | {State.SUPERSEDED}:
        raise Settled(decision)
    if decision.outcome is not None:
        raise AlreadyReviewed


def _settle(decision: Decision, state: State, by: Person, now: datetime) -> Decision:
    return replace(decision, state=state, settled_at=now, settled_by_id=by.id)


def _words(text: str) -> str:
    if not text.strip():
        raise ReasonMissing
    return text.strip()
