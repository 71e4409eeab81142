"""A KPI in one line: colour as emoji and word, value against what is expected, sparkline, how far behind (M5, F62)."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from bot.catalogue import Mrkdwn, join, say
from rituals.kpis import Bands, Colour, Direction, Pace, Reading, Terms, colour, expected, gap, verdict
from rituals.kpis_numbers import about, as_decimal, shown
from rituals.kpis_periods import Period

COLOURS: Mapping[Colour, str] = {
    Colour.GREEN: "🟢 GREEN",
    Colour.SLIPPING: "▽ slipping",
    Colour.YELLOW: "🟡 YELLOW",
    Colour.RED: "🔴 RED",
    Colour.GREY: "⚪ no value",
}
"""Emoji and word, for whoever can't tell colours apart (M5). Slipping is neutral and never green (F49)."""
BETTER: Mapping[Direction, str] = {
    Direction.HIGHER: "or more",
    Direction.LOWER: "or less",
    Direction.NEAR: "as near as can be",
}
BARS = "▁▂▃▄▅▆▇█"
MISSING = "·"
FEWEST_BARS = 2
MOST_PLACES = 28
"""More than any gap between two numbers that are kept needs to tell its colour."""


def kpi_line(reading: Reading) -> Mrkdwn:
    """Name, colour and distance: "New bookings 🟡 YELLOW −12 %"."""
    away = distance(reading, " %")
    far = say(" {away}", away=away) if away else Mrkdwn("")
    return say("{name} {colour}{far}", name=reading.kpi.name, colour=COLOURS[colour(reading)], far=far)


def line(reading: Reading) -> Mrkdwn:
    """The whole of it: "🔴 RED Leads 50 / 66.7 ▇▅▃▂ −25%" (F62)."""
    name = say("*{name}*", name=reading.kpi.name)
    parts = [COLOURS[colour(reading)], name, score(reading), sparkline(reading.past), distance(reading)]
    return join(filter(None, parts), " ")


def score(reading: Reading) -> str:
    """Value and what is expected by its date: "50 / 66.7"; a KPI without a value shows its target only."""
    filed, terms = reading.filed, reading.terms
    if filed is None or filed.value is None:
        return f"– / {shown(terms.target)}"
    return f"{shown(filed.value)} / {about(expected(terms, filed.as_of))}"


def sparkline(past: Sequence[Decimal | None]) -> str:
    """The last values as bars, missing ones as a dot; what is missing before the first is left out (M5)."""
    known = [value for value in past if value is not None]
    if len(known) < FEWEST_BARS:
        return ""
    first = next(n for n, value in enumerate(past) if value is not None)
    low, high = min(known), max(known)
    return "".join(_bar(value, low, high) for value in past[first:])


def _bar(value: Decimal | None, low: Decimal, high: Decimal) -> str:
    if value is None:
        return MISSING
    if low == high:
        return BARS[len(BARS) // 2]
    return BARS[int(Fraction(value - low) * (len(BARS) - 1) / Fraction(high - low))]


def distance(reading: Reading, percent: str = "%") -> str:
    """How far behind or ahead: "−25%", "+4%", or in the KPI's unit; "" without a value.

    Rounded to whole numbers, unless that would show another colour than it has: 9.96 % is "−9.96%", never 10.
    """
    short = gap(reading)
    if short is None:
        return ""
    ahead = -short if reading.terms.direction is not Direction.NEAR else _above(reading)
    sign = "−" if ahead < 0 else "+" if ahead > 0 else "±"
    if reading.terms.bands is Bands.ABSOLUTE:
        unit = f" {reading.kpi.unit}" if reading.kpi.unit != "%" else " points"
        return f"{sign}{about(abs(short))}{unit}"
    return f"{sign}{rounded(reading.terms, short)}{percent}"


def _above(reading: Reading) -> Fraction:
    """By how much a value is above what is expected; negative is below."""
    filed = reading.filed
    if filed is None or filed.value is None:
        return Fraction(0)
    return Fraction(filed.value) - expected(reading.terms, filed.as_of)


def in_a_word(reading: Reading) -> str:
    """Where a KPI stands, for the middle of a sentence: "4 % ahead", "3 points behind", "on target"; "" without one."""
    short, far = gap(reading), distance(reading, " %")
    if short is None:
        return ""
    if short == 0:
        return "on target"
    if reading.terms.direction is Direction.NEAR:
        return f"{far[1:]} off target"
    return f"{far[1:]} {'behind' if short > 0 else 'ahead'}"


def rounded(terms: Terms, short: Fraction) -> str:
    """A gap without its sign, with as few places as tell its colour truly."""
    exact = as_decimal(short)
    told = next(
        (
            near
            for places in range(MOST_PLACES)
            if verdict(terms, Fraction(near := round(exact, places))) is verdict(terms, short)
        ),
        exact,
    )
    return shown(abs(told))


def when(reading: Reading) -> str:
    """The period that the value is for; "" without one."""
    if reading.filed is None:
        return ""
    return Period(reading.filed.period, reading.kpi.cadence).label


def in_words(terms: Terms, unit: str) -> Mrkdwn:
    """Target, direction, bands and pace as a person would say them."""
    better = BETTER[terms.direction]
    parts = [say("target {target} {unit} {better}", target=shown(terms.target), unit=unit, better=better)]
    measure = "%" if terms.bands is Bands.PERCENT else unit
    low, high = shown(terms.yellow_from), shown(terms.yellow_until)
    bands = "yellow from {low} to {high} {measure} behind, red beyond"
    if terms.direction is Direction.NEAR:
        bands = "held to ±{low} {measure}, yellow to ±{high}, red beyond"
    parts.append(say(bands, low=low, high=high, measure=measure))
    if terms.pace is Pace.LINEAR:
        parts.append(say("expected evenly over the {goal}", goal=terms.goal))
    elif terms.pace is Pace.PROFILE:
        parts.append(say("expected {profile} % over the {goal}", profile=terms.profile, goal=terms.goal))
    return join(parts, " · ")
