"""KPIs, what is expected of them, and their computed colour. Nobody picks a colour; people may only comment on it (M1).

Company objective → function → KPI → a person's share (F124). What applies to a KPI at a time are its terms: target,
direction, bands, pace. They change only by a commitment (`rituals.kpis_changes`, F46).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from uuid import UUID

from rituals.kpis_periods import Period, Span, asked_for, elapsed, period_of

SLIPPING_UNTIL = Decimal(10)
"""Percent behind from which a KPI is yellow, unless its bands say otherwise; 10.0 itself is yellow (F49)."""
YELLOW_UNTIL = Decimal(15)
"""Percent behind up to which a KPI is yellow; 15.0 itself is yellow (F49)."""


class Direction(StrEnum):
    """Which way is better."""

    HIGHER = "higher"
    LOWER = "lower"
    NEAR = "near"
    """Neither: the nearer to what is expected the better, on both sides of it (M17)."""


class Bands(StrEnum):
    """What the bounds of yellow are measured in: percent of what is expected, or the KPI's own unit (F50)."""

    PERCENT = "percent"
    ABSOLUTE = "absolute"


class Pace(StrEnum):
    """How much of a target is expected before its time is over: all of it, the elapsed share, or a profile (M11)."""

    NONE = "none"
    LINEAR = "linear"
    PROFILE = "profile"


class Colour(StrEnum):
    """The four computed states, and grey for "no value"."""

    GREEN = "green"
    SLIPPING = "slipping"
    YELLOW = "yellow"
    RED = "red"
    GREY = "grey"


class Source(StrEnum):
    """Which way a value came in."""

    FORM = "form"
    COMMAND = "command"
    CSV = "csv"
    API = "api"
    MIGRATION = "migration"


class Paid(StrEnum):
    """Whether a person's pay follows their share: yes, no, or it rewards the opposite (F136). Never an amount."""

    YES = "yes"
    NO = "no"
    OPPOSITE = "opposite"


WORST_FIRST = (Colour.RED, Colour.YELLOW, Colour.GREY, Colour.SLIPPING, Colour.GREEN)
"""The order in which colours are read out (F61)."""


@dataclass(frozen=True, slots=True)
class Objective:
    """What the company wants to reach; closed ones stay for the record."""

    id: UUID
    workspace: str
    name: str
    closed_on: date | None


@dataclass(frozen=True, slots=True)
class Function:
    """A part of the company that serves objectives (Marketing), and who heads it."""

    id: UUID
    workspace: str
    name: str
    head_id: UUID | None
    closed_on: date | None


@dataclass(frozen=True, slots=True)
class Kpi:
    """A number that somebody owns, filed once a `cadence`. `definition` is the one meaning it has (Q16).

    `controllable` says whether its owner can move it (M18).
    """

    id: UUID
    workspace: str
    number: int
    objective_id: UUID
    function_id: UUID
    team_id: UUID | None
    owner_id: UUID | None
    name: str
    unit: str
    cadence: Span
    definition: str
    retired_on: date | None
    controllable: bool = True

    @property
    def label(self) -> str:
        """The number that people see: K-3."""
        return f"K-{self.number}"


@dataclass(frozen=True, slots=True)
class Terms:
    """What is expected of a KPI from `effective_from` on; None while a change waits for approval.

    `yellow_from` and `yellow_until` are how far behind yellow begins and ends, in percent of what is expected or in the
    KPI's unit. `goal` is the time that the target is for; before its end, `pace` says how much is expected. `profile`
    holds the percent of each part of the goal, "20/30/50".
    """

    id: UUID
    workspace: str
    kpi_id: UUID
    version: int
    effective_from: date | None
    target: Decimal
    direction: Direction
    bands: Bands
    yellow_from: Decimal
    yellow_until: Decimal
    pace: Pace
    goal: Span
    profile: str

    @property
    def shares(self) -> list[Fraction]:
        """The profile's parts as percent; empty without one."""
        return [Fraction(part) for part in self.profile.split("/")] if self.pace is Pace.PROFILE else []


@dataclass(frozen=True, slots=True)
class Filed:
    """What somebody filed for the period that begins on `period`; a correction is a further revision.

    It counts up to `as_of`: the period's end, or the day it was filed while the period ran. `value` None takes an
    earlier one back.
    """

    id: UUID
    workspace: str
    kpi_id: UUID
    period: date
    revision: int
    value: Decimal | None
    as_of: date
    by_id: UUID | None
    at: datetime
    source: Source
    note: str | None


@dataclass(frozen=True, slots=True)
class Share:
    """A person's part in a KPI, in percent of it (M19), and whether they are paid on it (F136)."""

    id: UUID
    workspace: str
    kpi_id: UUID
    person_id: UUID
    percent: Decimal
    paid: Paid
    ended_on: date | None


@dataclass(frozen=True, slots=True)
class Link:
    """A leading KPI whose red warns of its lagging one (M4)."""

    id: UUID
    workspace: str
    leading_id: UUID
    lagging_id: UUID


@dataclass(frozen=True, slots=True)
class Reading:
    """A KPI as it stands: the terms that apply, the newest value, and the last ones, oldest first, None where missing.

    `filed` None, or one whose value was taken back, is grey: missing is never green (M6).
    """

    kpi: Kpi
    terms: Terms
    filed: Filed | None
    past: tuple[Decimal | None, ...] = ()

    @property
    def value(self) -> Decimal | None:
        """The newest value."""
        return None if self.filed is None else self.filed.value


def terms_on(known: Iterable[Terms], day: date) -> Terms | None:
    """Which terms apply to the period that begins on `day`: the newest in force by then, else the first there were."""
    approved = [(terms.effective_from, terms.version, terms) for terms in known if terms.effective_from is not None]
    in_force = [found for found in approved if found[0] <= day]
    if in_force:
        return max(in_force, key=lambda found: found[:2])[2]
    return min(approved, key=lambda found: found[:2])[2] if approved else None


def expected(terms: Terms, day: date) -> Fraction:
    """How much is expected by the end of `day`: target x elapsed share (M11), or the target itself without a pace."""
    target = Fraction(terms.target)
    return target if terms.pace is Pace.NONE else target * elapsed(terms.goal, day, terms.shares)


def behind(terms: Terms, value: Decimal, day: date) -> Fraction:
    """How far `value` is behind what is expected by `day`: percent, or units with absolute bands; negative is ahead.

    What is to be near it is behind on either side.

    Raises ValueError for percent bands on an expectation that is not positive (F50); `kpis_changes` refuses such terms.
    """
    wanted = expected(terms, day)
    short = Fraction(value) - wanted if terms.direction is Direction.LOWER else wanted - Fraction(value)
    if terms.direction is Direction.NEAR:
        short = abs(short)
    if terms.bands is Bands.ABSOLUTE:
        return short
    if wanted <= 0:
        raise ValueError("a percentage of a target that is not positive has no meaning")
    return short * 100 / wanted


def verdict(terms: Terms, short: Fraction) -> Colour:
    """The colour for so much behind, compared exactly: the bounds of yellow are themselves yellow (F49).

    What is to be near is held as long as it keeps inside its band, the edge included: ±5 % (M17).
    """
    held = terms.yellow_from if terms.direction is Direction.NEAR else 0
    if short <= held:
        return Colour.GREEN
    if short < Fraction(terms.yellow_from):
        return Colour.SLIPPING
    return Colour.YELLOW if short <= Fraction(terms.yellow_until) else Colour.RED


def gap(reading: Reading) -> Fraction | None:
    """How far behind: 12 means 12 %, or 12 units with absolute bands; negative means ahead; None without a value."""
    if reading.filed is None or reading.filed.value is None:
        return None
    return behind(reading.terms, reading.filed.value, reading.filed.as_of)


def colour(reading: Reading) -> Colour:
    """The computed colour (F49)."""
    short = gap(reading)
    return Colour.GREY if short is None else verdict(reading.terms, short)


def badness(reading: Reading) -> tuple[int, Fraction]:
    """Sort key: worst colour first, then widest gap first (F61).

    A gap in units is put on the scale of percent by its own edge of red: there it counts as 15 %.
    """
    short = gap(reading) or Fraction(0)
    if reading.terms.bands is Bands.ABSOLUTE and reading.terms.yellow_until > 0:
        short = short * Fraction(YELLOW_UNTIL) / Fraction(reading.terms.yellow_until)
    return WORST_FIRST.index(colour(reading)), -short


def reading(kpi: Kpi, terms: Sequence[Terms], filed: Sequence[Filed], today: date, periods: int = 12) -> Reading | None:
    """A KPI as it stands `today`, from what is known of it; None while no terms apply at all.

    Of each period the newest revision counts. The newest value speaks, also one of the running period; but when even
    the last period that was collected has none, the KPI is grey (M6).
    """
    newest: dict[date, Filed] = {}
    for one in sorted(filed, key=lambda one: one.revision):
        newest[one.period] = one
    running = period_of(kpi.cadence, today)
    speaks = max((p for p, one in newest.items() if p <= running.first and one.value is not None), default=None)
    due = last_due(kpi.cadence, today)
    if speaks is not None and speaks < due.first:
        speaks = None
    shown = running.first if speaks is None else speaks
    applies = terms_on(terms, shown)
    if applies is None:
        return None
    last = Period(due.first if speaks is None else speaks, kpi.cadence)
    row = [newest.get(last.shifted(-back).first) for back in reversed(range(periods))]
    past = tuple(None if one is None else one.value for one in row)
    return Reading(kpi, applies, None if speaks is None else newest[speaks], past)


def last_due(span: Span, today: date) -> Period:
    """The newest period whose value should be there: it is over, and so are the days in which it is collected (M6)."""
    return asked_for(span, today).shifted(-1)
