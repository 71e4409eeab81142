"""A handful of choices, each edition after the one before, and results that cite them (C12)."""

import pytest

from bot.ids import new_id
from rituals.strategy import Mark, Strategy, WrittenMeanwhile, answered, cited, follows
from tests.factories import NOW, WORKSPACE


def strategy(version: int) -> Strategy:
    return Strategy(new_id(), WORKSPACE, version, "", "One\nTwo", new_id(), NOW)


def test_an_edition_follows_the_one_that_its_writer_saw() -> None:
    assert follows(strategy(1), None).version == 1
    assert follows(strategy(3), strategy(2)).version == 3
    for stale, newest in ((1, strategy(1)), (2, strategy(2)), (2, None)):
        with pytest.raises(WrittenMeanwhile):
            follows(strategy(stale), newest)


def test_a_result_cites_a_choice_by_its_mark_once_however_often_it_says_so() -> None:
    texts = ["Calls (S2)", "Slides (s2) (S2)", "S25 phones, (S12), (S0), (S8)", "Both (S1) and (S2)"]

    assert cited(texts) == {1: 1, 2: 3}


def test_an_answer_that_is_no_choice_is_none_and_a_later_one_replaces_it() -> None:
    mark = Mark(new_id(), WORKSPACE, new_id(), new_id(), new_id(), NOW)

    assert [answered(mark, choice, strategy(1), NOW).choice for choice in (0, 1, 2, 3, -1)] == [0, 1, 2, 0, 0]
    assert answered(answered(mark, 1, strategy(1), NOW), 2, strategy(1), NOW).choice == 2
