"""A person's plan for a date: its results, what became of them, and what the manager said."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from rituals.refusals import Refusal

MOST_RESULTS = 5
"""A plan holds one to five results (D2)."""
LONGEST_RESULT = 280
"""Characters in one result: a sentence that a manager can read at a glance."""


class PlanState(StrEnum):
    """Asked, answered, or excused for the day."""

    OPEN = "open"
    FILED = "filed"
    EXCUSED = "excused"


class Answer(StrEnum):
    """What the manager said to one result. `NONE` is owed an answer."""

    NONE = "none"
    AGREED = "agreed"
    KEPT = "kept"
    REDIRECTED = "redirected"


class Outcome(StrEnum):
    """What became of a result by the next plan (D9)."""

    OPEN = "open"
    DONE = "done"
    CARRIED = "carried"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Plan:
    """One person's plan for one date, whatever the number of times it was sent or edited.

    It is asked what its team asked when it was opened (F19).
    """

    id: UUID
    workspace: str
    person_id: UUID
    team_id: UUID
    day: date
    state: PlanState
    filed_at: datetime | None
    late: bool
    revision: int
    note: str | None
    note_shared: bool
    excuse: str | None
    opened_at: datetime | None = None

    @property
    def answered(self) -> bool:
        """Whether nothing more is asked of the person today."""
        return self.state is not PlanState.OPEN


@dataclass(frozen=True, slots=True)
class Item:
    """One result that a plan promises. `guessed` says that nobody has confirmed the KPI yet (F6).

    `removed_in` is the revision that took it out of the plan; None while it stands.
    """

    id: UUID
    workspace: str
    plan_id: UUID
    position: int
    text: str
    kpi_id: UUID | None
    guessed: bool
    why_no_kpi: str | None
    answer: Answer
    kept_because: str | None
    outcome: Outcome
    dropped_because: str | None
    removed_in: int | None

    @property
    def warns(self) -> bool:
        """Whether the manager sees ⚠: it moves no number and nobody has kept or redirected it (F7)."""
        return self.kpi_id is None and self.answer is Answer.NONE

    @property
    def agreeable(self) -> bool:
        """Whether `Agree` stamps it: it has a KPI and no answer yet; never a ⚠ (F8)."""
        return self.kpi_id is not None and self.answer is Answer.NONE


@dataclass(frozen=True, slots=True)
class Redirect:
    """The manager's word on one result: `was` became the item's text of now. `live` means said in the huddle."""

    id: UUID
    workspace: str
    item_id: UUID
    by_id: UUID
    was: str
    was_kpi_id: UUID | None
    instead: str
    why: str
    live: bool
    at: datetime
    reply: str | None


class NoSuchDay(Refusal):
    """Words that name no day."""

    def __init__(self, typed: str) -> None:
        super().__init__(typed)
        self.typed = typed


class TooFarAhead(Refusal):
    """A day that is over, or too far off to plan for."""

    def __init__(self, day: date) -> None:
        super().__init__(day)
        self.day = day


class NoResults(Refusal):
    """A plan needs at least one result."""


class TooManyResults(Refusal):
    """More lines than `MOST_RESULTS`."""

    def __init__(self, count: int) -> None:
        super().__init__(count)
        self.count = count


class ResultTooLong(Refusal):
    """Line `line` (from 1) has `length` characters, more than `LONGEST_RESULT`."""

    def __init__(self, line: int, length: int) -> None:
        super().__init__(line, length)
        self.line = line
        self.length = length


class WhyDropped(Refusal):
    """Dropping a result asks for one line of why."""

    def __init__(self, item_id: UUID) -> None:
        super().__init__(item_id)
        self.item_id = item_id


class AlreadyFiled(Refusal):
    """The plan of the day is filed, so there is nothing to be excused from."""


class SavedMeanwhile(Refusal):
    """The plan was saved, from another window, after the form that would edit it was opened: as `plan` with `items`."""

    def __init__(self, plan: Plan, items: Sequence[Item], zone: str) -> None:
        super().__init__(plan.id)
        self.plan = plan
        self.items = items
        self.zone = zone


class AnsweredBy(Refusal):
    """Somebody else, `by`, was faster, so long `ago`; `wall` is when, on the reader's own clock."""

    def __init__(self, by: str, wall: datetime, ago: timedelta) -> None:
        super().__init__(by)
        self.by = by
        self.wall = wall
        self.ago = ago


class NothingToAnswer(Refusal):
    """The item already has its answer, or it left the plan."""


def read_results(text: str) -> tuple[str, ...]:
    """Split a box into results, one a line; list marks ("-", "1.") are dropped, blank lines ignored.

    A result that was read reads as itself again, so that a form prefilled with it changes nothing.
    Raises NoResults, TooManyResults or ResultTooLong.
    """
    lines = [re.sub(r"^\s*(?:(?:[-*•]|\d{1,2}[.)])\s+)+", "", line).strip() for line in text.splitlines()]
    results = tuple(line for line in lines if line)
    if not results:
        raise NoResults
    if len(results) > MOST_RESULTS:
        raise TooManyResults(len(results))
    for number, result in enumerate(results, 1):
        if len(result) > LONGEST_RESULT:
            raise ResultTooLong(number, len(result))
    return results


@dataclass(frozen=True, slots=True)
class Settled:
    """What a person says of one result of the last plan: done, carried, or dropped with a reason (D9)."""

    item_id: UUID
    outcome: Outcome
    why: str | None = None


def settle(items: Sequence[Item], answers: Iterable[Settled]) -> list[Item]:
    """Give each still open item its outcome; an item that nobody answered is carried.

    Raises WhyDropped when a drop has no reason.
    """
    by_id = {answer.item_id: answer for answer in answers}
    settled = []
    for item in items:
        answer = by_id.get(item.id, Settled(item.id, Outcome.CARRIED))
        why = (answer.why or "").strip()
        if answer.outcome is Outcome.DROPPED and not why:
            raise WhyDropped(item.id)
        reason = why if answer.outcome is Outcome.DROPPED else None
        settled.append(replace(item, outcome=answer.outcome, dropped_because=reason))
    return settled


def still_planned(results: Iterable[str], settled: Iterable[Item]) -> tuple[str, ...]:
    """Results without those just reported done or dropped: their line was only prefilled."""
    over = {item.text for item in settled if item.outcome in {Outcome.DONE, Outcome.DROPPED}}
    return tuple(result for result in results if result not in over)


def as_redirected(results: Iterable[str], redirects: Mapping[UUID, Redirect]) -> tuple[str, ...]:
    """Results with each line that was redirected in the meantime as it reads now.

    A form that was opened before the redirect still holds the old line; sending it must not undo the manager's word.
    """
    now = {redirect.was: redirect.instead for redirect in redirects.values()}
    lines = list(results)
    standing = {line.strip() for line in lines}
    return tuple(now.get(line.strip(), line) for line in lines if now.get(line.strip()) not in standing)


def reconcile(items: Sequence[Item], results: Sequence[str]) -> tuple[list[tuple[int, Item]], list[tuple[int, str]]]:
    """Match new lines with the items that a plan already has: `(kept, new)`, each with its position.

    A line with an unchanged text keeps its item, and so its KPI and the manager's answer (F14).
    """
    unused = list(items)
    kept: list[tuple[int, Item]] = []
    new: list[tuple[int, str]] = []
    for position, text in enumerate(results, 1):
        match = next((item for item in unused if item.text == text), None)
        if match is None:
            new.append((position, text))
        else:
            unused.remove(match)
            kept.append((position, match))
    return kept, new


def agree(items: Iterable[Item]) -> list[Item]:
    """Stamp every item that `Agree` may stamp; raises NothingToAnswer when there is none."""
    stamped = [replace(item, answer=Answer.AGREED) for item in items if item.agreeable]
    if not stamped:
        raise NothingToAnswer
    return stamped


def take_back(items: Iterable[Item]) -> list[Item]:
    """Let what was agreed to wait for an answer again; what was answered otherwise since stays (F142)."""
    return [replace(item, answer=Answer.NONE) for item in items if item.answer is Answer.AGREED]


def keep(item: Item, because: str) -> Item:
    """Keep a ⚠ with a reason (D3); raises NothingToAnswer when it is none any more."""
    if not item.warns or item.removed_in is not None:
        raise NothingToAnswer
    return replace(item, answer=Answer.KEPT, kept_because=because)


def redirect(item: Item, instead: str, kpi_id: UUID | None) -> Item:
    """Replace what the item says; raises NothingToAnswer when it is redirected already or gone (D4)."""
    if item.answer is Answer.REDIRECTED or item.removed_in is not None:
        raise NothingToAnswer
    return replace(item, text=instead, kpi_id=kpi_id, guessed=False, answer=Answer.REDIRECTED)


def answered(redirect: Redirect, reply: str) -> Redirect:
    """The redirect with the rep's word on it."""
    return replace(redirect, reply=reply)
