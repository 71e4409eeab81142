"""Numbers as people type them, read exactly or refused: never guessed; and written so that they can be read again."""

import re
from decimal import Decimal, localcontext
from enum import StrEnum
from fractions import Fraction

from rituals.refusals import Refusal

MOST_DIGITS = 16
"""Digits before the decimal sign that are kept."""
MOST_PLACES = 8
"""Digits behind it."""
GROUP = 3
LONGEST_NUMBER = 60
THIN_SPACE = "\u202f"
"""Narrow and without a line break: what stands between thousands."""

CURRENCIES = {"€": "EUR", "$": "USD", "£": "GBP", "¥": "JPY"}
CODES = frozenset({"EUR", "USD", "GBP", "CHF", "JPY", "SEK", "NOK", "DKK", "PLN", "CZK", "CAD", "AUD", "SGD", "INR"})
SCALES = {"k": 3, "tsd": 3, "m": 6, "mn": 6, "mio": 6, "million": 6, "bn": 9, "mrd": 9, "billion": 9}
"""Powers of ten behind a number: "50k", "1.2M", "3 bn"."""

_OF_UNITS = frozenset("%€$£¥ ./")
"""Signs that stand in units; others, as in "=A1", make it no number with a unit."""
_SPACES = "\u00a0\u2009\u202f\t"
_PARTS = re.compile(
    r"(?P<before>[^\d+\-.,']*)(?P<sign>[+-]?)(?P<inner>[€$£¥]?)(?P<digits>\d(?:[\d.,' ]*\d)?)(?P<after>[^\d]*)"
)


class Doubt(StrEnum):
    """Why a number is refused."""

    NONE = "none"
    """No number, or more than one."""
    TWO_WAYS = "two ways"
    """"1.200" is 1200 in one country and 1.2 in another."""
    UNIT = "unit"
    """It names a unit that is not the KPI's."""
    SIZE = "size"
    """It has more digits than are kept."""


class NumberUnclear(Refusal):
    """`text` is no one number in `unit`; `either` are the two that it could be."""

    def __init__(self, text: str, unit: str, doubt: Doubt, either: tuple[str, str] | None = None) -> None:
        super().__init__(text, unit, doubt)
        self.text = text
        self.unit = unit
        self.doubt = doubt
        self.either = either


def read_number(text: str, unit: str = "") -> Decimal:
    """The number that somebody typed, exactly: "1.2M", "50k", "81,5", "12 %", "€ 1.200.000".

    A currency, a per cent sign or a word beside it must be the KPI's `unit`. Raises NumberUnclear.
    """
    tidy = text.strip().replace("−", "-").replace("’", "'")
    for space in _SPACES:
        tidy = tidy.replace(space, " ")
    match = _PARTS.fullmatch(tidy) if len(tidy) <= LONGEST_NUMBER and tidy.isprintable() else None
    if match is None or not _known_signs(tidy, unit):
        raise NumberUnclear(text, unit, Doubt.NONE)
    scale, beside = _beside(match)
    for word in beside:
        if not _is_unit(word, unit):
            named = all(sign.isalpha() or sign in _OF_UNITS for sign in word)
            raise NumberUnclear(text, unit, Doubt.UNIT if named else Doubt.NONE)
    plain = _plain(match["digits"], text, unit, scaled=scale is not None)
    return _fitting(Decimal(f"{match['sign']}{plain}").scaleb(scale or 0), text, unit)


def _known_signs(text: str, unit: str) -> bool:
    """Whether whatever is not ASCII in it belongs to a currency or to the unit; digits of other scripts do not."""
    return all(sign.isascii() or sign in CURRENCIES or sign.lower() in unit.lower() for sign in text)


def _beside(match: re.Match[str]) -> tuple[int | None, list[str]]:
    """The power of ten behind the digits, and the words and signs that stand beside them."""
    after = match["after"].split()
    scale = None
    if after:
        word = after[0].rstrip(".").lower()
        for sign in CURRENCIES:
            word = word.removesuffix(sign)
        if word in SCALES:
            scale = SCALES[word]
            after = ([after[0][len(word) :].strip(".")] if after[0].lower().rstrip(".") != word else []) + after[1:]
    words = [match["before"].strip(), match["inner"], " ".join(after)]
    return scale, [word for word in words if word]


def _is_unit(word: str, unit: str) -> bool:
    meant = CURRENCIES.get(word, word).casefold()
    known = CURRENCIES.get(unit.strip(), unit.strip()).casefold()
    return meant == known or (meant, known) in {("%", "percent"), ("percent", "%"), ("per cent", "%")}


def _plain(digits: str, text: str, unit: str, *, scaled: bool) -> str:
    """The digits with a point as decimal sign and nothing else."""
    signs = [sign for sign in digits if not sign.isdigit()]
    kinds = sorted(set(signs), key=digits.rfind)
    decimal = ""
    if len(kinds) > 1 and digits.count(kinds[-1]) == 1 and kinds[-1] in ".,":
        decimal = kinds.pop()
    if len(kinds) > 1:
        raise NumberUnclear(text, unit, Doubt.NONE)
    whole, _, places = digits.partition(decimal) if decimal else (digits, "", "")
    if not kinds:
        return f"{whole}.{places}" if decimal else whole
    (sign,) = kinds
    groups = whole.split(sign)
    grouped = 1 <= len(groups[0]) <= GROUP and all(len(group) == GROUP for group in groups[1:])
    if decimal or len(groups) > 2 or sign in "' ":  # noqa: PLR2004 - two groups: one separator
        if not grouped or groups[0].startswith("0"):
            raise NumberUnclear(text, unit, Doubt.NONE)
        return "".join(groups) + (f".{places}" if decimal else "")
    if grouped and groups[0].lstrip("0"):
        one, other = "".join(groups), f"{groups[0]}.{groups[1]}"
        raise NumberUnclear(text, unit, Doubt.TWO_WAYS, None if scaled else (one, f"{other}0"))
    return ".".join(groups)


def _fitting(number: Decimal, text: str, unit: str) -> Decimal:
    if abs(number) >= 10**MOST_DIGITS or number != round(number, MOST_PLACES):
        raise NumberUnclear(text, unit, Doubt.SIZE)
    return number


def editable(number: Decimal) -> str:
    """The number to type over: exact, without groups, and such that `read_number` reads it back."""
    written = f"{number:f}"
    whole, point, places = written.partition(".")
    places = places.rstrip("0") if point else ""
    if not places:
        return whole
    # "1.234" would be refused as a thousand: one more place says that it is none.
    doubtful = len(places) == GROUP and len(whole.lstrip("-")) <= GROUP and whole.lstrip("-0")
    return f"{whole}.{places}{'0' if doubtful else ''}"


def shown(number: Decimal) -> str:
    """The number to read, exact: thousands apart by a thin space from 10 000 on, millions as "1.05 M" where exact."""
    millions = number.scaleb(-6)
    if abs(number) >= 10**6 and millions == round(millions, 2):
        return f"{_trimmed(millions)} M"
    written = _trimmed(number)
    whole, point, places = written.partition(".")
    sign, bare = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    grouped = f"{int(bare):,}".replace(",", THIN_SPACE) if len(bare) > GROUP + 1 else bare
    return f"{sign}{grouped}{point}{places}"


def about(number: Fraction) -> str:
    """A computed number to read: exact where it has two places at most, else rounded by its size ("66.7")."""
    exact = as_decimal(number)
    if Fraction(exact) == number and exact == round(exact, 2):
        return shown(exact)
    places = 1 if abs(exact) >= 10 else 2  # noqa: PLR2004 - 66.7, but 6.67
    return shown(round(exact, places))


def as_decimal(number: Fraction) -> Decimal:
    """The nearest Decimal of 40 digits; exact wherever one exists."""
    with localcontext() as context:
        context.prec = 40
        return Decimal(number.numerator) / Decimal(number.denominator)


def _trimmed(number: Decimal) -> str:
    written = f"{number:f}"
    return written.rstrip("0").rstrip(".") if "." in written else written
