"""Narratives of at most 1,200 characters, questions, wins (F64, F134)."""

from datetime import date

import pytest

from bot.ids import new_id
from rituals import stoplight as month
from rituals import stoplight_words as rules
from rituals.kpis import Colour
from rituals.stoplight_words import Inquiry
from tests.factories import NOW, WORKSPACE


def test_three_answers_have_1200_characters_together() -> None:
    assert rules.narrated(" Yes ", "", "x" * 1197) == ("Yes", "", "x" * 1197)
    with pytest.raises(rules.NarrativeTooLong) as refused:
        rules.narrated("Yes", "No", "x" * 1196)
    assert refused.value.length == 1201


def test_a_later_answer_replaces_an_earlier_one() -> None:
    asked = Inquiry(new_id(), WORKSPACE, new_id(), date(2026, 11, 1), new_id(), new_id(), "Why?", NOW, None, None)

    again = rules.answered(rules.answered(asked, "Fair cancelled", NOW), "Two fairs cancelled", NOW)
    assert (again.answer, again.answered_at) == ("Two fairs cancelled", NOW)


def test_a_streak_ends_where_it_was_not_green() -> None:
    green, grey = Colour.GREEN, Colour.GREY

    assert [month.streak(row) for row in ([], [grey], [green], [green, grey, green], [green] * 3)] == [0, 0, 1, 1, 3]
