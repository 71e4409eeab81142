"""The month: how each KPI stood, what its owner says of it, and what leaders owe it (M1, M6-M9).

Colours are computed (`rituals.kpis`). A red is acknowledged, a yellow acted on or watched, a green thanked for. Whose
answer it is: the nearest leader above the KPI's owner; unanswered reds climb from there (F57).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from uuid import UUID

from rituals.kpis import WORST_FIRST, Colour, Filed, Kpi, Reading, Terms, badness, gap, terms_on
from rituals.kpis_numbers import as_decimal
from rituals.kpis_periods import Period, Span, period_of
from rituals.people import Person, Role
from rituals.refusals import Refusal
from rituals.undo import NothingToUndo, require_undoable

LONGEST_ANSWER = 500
"""Characters of a cause, a proposal, a help wanted."""
PLACES = 8
NOT_IMPROVED = 2
"""Months without improvement after which people, money and time are asked about (M7, F60)."""
SHOWN = 12
"""Months that a sparkline and the picture show (M5)."""


class Answered(StrEnum):
    """What became of a KPI's colour in a month: each colour has answers of its own."""

    NONE = "none"
    ACK = "ack"
    ACT = "act"
    WATCH = "watch"
    THANKED = "thanked"


FITTING: Mapping[Colour, frozenset[Answered]] = {
    Colour.RED: frozenset({Answered.ACK}),
    Colour.YELLOW: frozenset({Answered.ACT, Answered.WATCH}),
    Colour.GREEN: frozenset({Answered.THANKED}),
}
"""Which answers a colour takes; grey and slipping ask for none (F49)."""


class WrongColour(Refusal):
    """This answer does not fit the colour that the KPI has."""

    def __init__(self, colour: Colour, answer: Answered) -> None:
        super().__init__(colour, answer)
        self.colour = colour
        self.answer = answer


class AnsweredAlready(Refusal):
    """Somebody acknowledged this before."""

    def __init__(self, review: "Review") -> None:
        super().__init__(review.id)
        self.review = review


@dataclass(frozen=True, slots=True)
class Review:
    """One KPI in one month, known by its first date: the colour it had, and what a leader made of it.

    `behind` is how far it was behind on the scale of percent, None without a value. `leader_id` owes the answer.
    """

    id: UUID
    workspace: str
    kpi_id: UUID
    month: date
    colour: Colour
    behind: Decimal | None
    leader_id: UUID | None
    answer: Answered
    answered_by_id: UUID | None
    answered_at: datetime | None
    climbed_to_id: UUID | None
    climbed_at: datetime | None

    @property
    def waits(self) -> bool:
        """Whether somebody owes it an answer: a red or a yellow without one."""
        return self.answer is Answered.NONE and self.colour in {Colour.RED, Colour.YELLOW}


@dataclass(frozen=True, slots=True)
class Climb:
    """A red that nobody acknowledged came to `person_id`: one level of the chain that its card shows (F57)."""

    id: UUID
    workspace: str
    review_id: UUID
    person_id: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class Explanation:
    """What an owner says of a KPI that is off track in the period that begins on `period` (M8).

    `people`, `money` and `time` are asked after months without improvement (M7).
    """

    id: UUID
    workspace: str
    kpi_id: UUID
    period: date
    cause: str
    proposal: str
    help: str
    people: str
    money: str
    time: str
    by_id: UUID
    at: datetime

    @property
    def prepared(self) -> bool:
        """Whether the session can begin with it: a cause and a proposal (F53)."""
        return bool(self.cause and self.proposal)


def month_before(day: date) -> Period:
    """The month that is reviewed on `day`: the one before (M6)."""
    return period_of(Span.MONTH, day).shifted(-1)


def asked(kpi: Kpi, month: Period) -> Period | None:
    """The period whose value a month's collection asks for; None for weekly ones, and before a quarter is over."""
    period = period_of(kpi.cadence, month.last)
    return period if kpi.cadence is not Span.WEEK and period.last == month.last else None


def standing(kpi: Kpi, terms: Sequence[Terms], filed: Iterable[Filed], month: Period) -> Reading | None:
    """A KPI as it stood in a month; None while no terms apply.

    A monthly value speaks for its own month only: missing is grey, never green (M6). Of a longer period the value
    before speaks until the next one is due, of weeks the newest that began in the month.
    """
    newest: dict[date, Filed] = {}
    for one in sorted(filed, key=lambda one: one.revision):
        newest[one.period] = one
    running = period_of(kpi.cadence, month.last)
    there = [p for p, one in newest.items() if concerns(kpi, p, month) and one.value is not None]
    speaks = max(there, default=None)
    applies = terms_on(terms, speaks or running.first)
    if applies is None:
        return None
    last = Period(speaks or running.first, kpi.cadence)
    row = (newest.get(last.shifted(-back).first) for back in reversed(range(SHOWN)))
    past = tuple(None if one is None else one.value for one in row)
    return Reading(kpi, applies, None if speaks is None else newest[speaks], past)


def concerns(kpi: Kpi, period: date, month: Period) -> bool:
    """Whether the value of the period that begins on `period` may speak for a month."""
    return oldest(kpi.cadence, month) <= period <= month.last


def oldest(span: Span, month: Period) -> date:
    """The first date of the earliest period that may speak for a month: of a long one that runs, the one before."""
    running = period_of(span, month.last)
    if span in {Span.WEEK, Span.MONTH}:
        return month.first
    return running.first if running.last == month.last else running.shifted(-1).first


def scale(reading: Reading) -> Decimal | None:
    """How far behind on the scale of percent, also for bands in units (F61); None without a value."""
    return None if gap(reading) is None else round(as_decimal(-badness(reading)[1]), PLACES)


def owes(
    owner: Person | None, above: Sequence[Person], head: Person | None, everybody: Iterable[Person]
) -> UUID | None:
    """Who owes a KPI's colour an answer: the nearest leader above its owner, else the owner or the head who is one.

    Without any of them a leader whom nobody leads; None in a company without leaders.
    """
    nearest = [*above, *([owner] if owner else []), *([head] if head else [])]
    found = next((one for one in nearest if one.active and one.has(Role.LEADER)), None)
    if found is not None:
        return found.id
    leaders = [one for one in everybody if one.active and one.has(Role.LEADER)]
    first = min(leaders, key=lambda one: (one.manager_id is not None, one.name), default=None)
    return None if first is None else first.id


def reviewed(before: Review, colour: Colour, behind: Decimal | None) -> Review:
    """The review with the colour that a corrected value makes; another colour asks for another answer."""
    if colour is before.colour:
        return replace(before, behind=behind)
    return replace(unanswered(before), colour=colour, behind=behind)


def answer(review: Review, how: Answered, by_id: UUID, now: datetime) -> Review:
    """The review with a leader's answer; raises WrongColour, and AnsweredAlready where it was given before.

    Whoever acts on a yellow may have watched it first, and the other way round.
    """
    if how not in FITTING.get(review.colour, frozenset()):
        raise WrongColour(review.colour, how)
    if review.answer is how:
        raise AnsweredAlready(review)
    return replace(review, answer=how, answered_by_id=by_id, answered_at=now)


def take_back(review: Review, by_id: UUID, now: datetime) -> Review:
    """The review without its answer, for ten minutes and for whoever gave it (F142); raises NothingToUndo and more."""
    if review.answered_at is None or review.answered_by_id != by_id:
        raise NothingToUndo
    require_undoable(review.answered_at, now)
    return unanswered(review)


def unanswered(review: Review) -> Review:
    """The review, waiting for an answer again."""
    return replace(review, answer=Answered.NONE, answered_by_id=None, answered_at=None)


def worsened(now: Review, before: Review | None) -> bool:
    """Whether a KPI that was watched last month got worse: it is asked about again, and told so (F54)."""
    watched = before is not None and before.answer is Answered.WATCH and before.behind is not None
    return watched and before is not None and now.behind is not None and now.behind > (before.behind or 0)


def still_watched(now: Review, before: Review | None) -> bool:
    """Whether a yellow goes on being watched without a new question: it was, and it did not get worse (F54)."""
    if before is None or now.colour is not Colour.YELLOW or before.colour is not Colour.YELLOW:
        return False
    return before.answer is Answered.WATCH and now.behind is not None and not worsened(now, before)


def carried(now: Review, before: Review | None) -> Review:
    """The review as it begins: a yellow that goes on being watched keeps that answer, its author and its time (F54)."""
    if before is None or not still_watched(now, before):
        return now
    return replace(now, answer=Answered.WATCH, answered_by_id=before.answered_by_id, answered_at=before.answered_at)


def is_carried(now: Review, before: Review | None) -> bool:
    """Whether its answer is last month's."""
    return before is not None and now.answered_at is not None and now.answered_at == before.answered_at


def stuck(gaps: Sequence[Fraction | Decimal | None]) -> bool:
    """Whether a KPI has not improved for two months and is still behind; `gaps` are the months', newest last (F60).

    Months without a value say nothing: neither that it got better nor that it did not.
    """
    known = [gap for gap in gaps if gap is not None][-NOT_IMPROVED - 1 :]
    falling = all(later >= earlier for earlier, later in pairwise(known))
    return len(known) > NOT_IMPROVED and known[-1] > 0 and falling


def gaps(kpi: Kpi, terms: Sequence[Terms], filed: Iterable[Filed], last: Period) -> list[Fraction | None]:
    """How far behind a KPI was in its last three periods, `last` included and newest last; None without a value."""
    newest: dict[date, Filed] = {}
    for one in sorted(filed, key=lambda one: one.revision):
        newest[one.period] = one
    row: list[Fraction | None] = []
    for back in reversed(range(NOT_IMPROVED + 1)):
        period = last.shifted(-back).first
        applies = terms_on(terms, period)
        row.append(None if applies is None else gap(Reading(kpi, applies, newest.get(period))))
    return row


def worst_first(reviews: Iterable[Review], prepared: Mapping[UUID, bool]) -> list[Review]:
    """The order in which a leader meets them (F61): reds without cause and proposal before all (F53), then by gap.

    `prepared` says of a KPI by its id whether both are in.
    """

    def place(review: Review) -> tuple[int, bool, Decimal, UUID]:
        ready = review.colour is not Colour.RED or prepared.get(review.kpi_id, False)
        return WORST_FIRST.index(review.colour), ready, -(review.behind or Decimal(0)), review.kpi_id

    return sorted(reviews, key=place)


def streak(colours: Sequence[Colour]) -> int:
    """For how many months in a row a KPI has been green by now; `colours` are the months', newest last."""
    back = 0
    for colour in reversed(colours):
        if colour is not Colour.GREEN:
            break
        back += 1
    return back
