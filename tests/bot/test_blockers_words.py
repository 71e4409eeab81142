"""The one line of a triage command, in any order."""

from datetime import date

import pytest

from bot.blockers import words
from bot.blockers.words import Line

TODAY = date(2026, 11, 23)
FRIDAY, DECEMBER = date(2026, 11, 27), date(2026, 12, 12)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<@U0LEE|lee> by friday", Line("U0LEE", FRIDAY, "")),
        ("by friday <@U0LEE>", Line("U0LEE", FRIDAY, "")),
        ("friday to <@U0LEE>", Line("U0LEE", FRIDAY, "")),
        ("to me", Line("U0ME", None, "")),
        ("until 12 Dec waiting for audit", Line(None, DECEMBER, "waiting for audit")),
        ("waiting for audit until 12 Dec", Line(None, DECEMBER, "waiting for audit")),
        ("waiting until 12 Dec for audit", Line(None, DECEMBER, "waiting for audit")),
        ("tomorrow", Line(None, date(2026, 11, 24), "")),
        ("waiting on Legal", Line(None, None, "waiting on Legal")),
        ("mondays are bad", Line(None, None, "mondays are bad")),
        ("", Line(None, None, "")),
    ],
)
def test_a_person_a_date_and_words_stand_in_any_order(text: str, expected: Line) -> None:
    assert words.read(text, "U0ME", TODAY, dated=True) == expected


def test_without_a_date_asked_for_a_day_is_a_word() -> None:
    assert words.read("<@U0LEE> friday works", "U0ME", TODAY, dated=False) == Line("U0LEE", None, "friday works")
