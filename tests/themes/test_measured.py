"""The labelled blockers are what they say, and the measurement on them can tell good from bad."""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

import pytest

from tests.themes.blockers import HALVES, Groups, Labelled, read
from tests.themes.measure import measured, score
from tests.themes.rivals import RIVALS, cadence, rival

NAIVE = "shared words (naive)"
FLOORS = {"tuned": (0.93, 0.93), "held out": (0.88, 0.74)}
"""Precision and recall below which something broke."""
halves = pytest.mark.parametrize("half", HALVES)


def test_there_are_two_hundred_blockers_and_the_halves_share_no_company() -> None:
    tuned, held = (read(half) for half in HALVES)

    assert sum(map(len, tuned + held)) >= 200
    assert sum(map(len, tuned)) == sum(map(len, held))
    assert not {said[0].company for said in tuned} & {said[0].company for said in held}
    for said in tuned + held:
        assert len({one.id for one in said}) == len(said)
        assert max(one.day for one in said) - min(one.day for one in said) <= timedelta(days=11)
        themes = [one.theme for one in said if one.theme is not None]
        assert all(themes.count(theme) >= 3 for theme in themes)
        assert 0.25 <= 1 - len(themes) / len(said) <= 0.5
    assert {one.day.isoweekday() for said in tuned for one in said} <= {1, 2, 3, 4, 5}
    assert tuned[0][0].day == date(2026, 11, 9)


@halves
def test_proposals_keep_their_precision_and_recall_and_beat_the_naive_way(half: str) -> None:
    ours, naive = measured(half, cadence), measured(half, rival(NAIVE))
    precision, recall = FLOORS[half]

    assert ours.precision >= precision
    assert ours.recall >= recall
    assert ours.precision - naive.precision > 0.2
    assert ours.recall - naive.recall > 0.1


def test_no_other_rival_is_better_at_both_on_what_nobody_tuned_on() -> None:
    ours = measured("held out", cadence)

    for name in RIVALS:
        found = measured("held out", rival(name))
        assert found.precision < ours.precision
        assert found.recall < ours.recall


def test_who_knows_gets_everything_and_who_joins_all_or_nothing_does_not() -> None:
    companies = read("tuned")

    def knows(said: Sequence[Labelled]) -> Groups:
        themes = {one.theme for one in said if one.theme is not None}
        return [[one.id for one in said if one.theme == theme] for theme in themes]

    def never(_: Sequence[Labelled]) -> list[list[UUID]]:
        return []

    perfect = score(companies, knows)
    assert (perfect.precision, perfect.recall) == (1, 1)
    assert score(companies, never).recall == 0
    lumped = score(companies, lambda said: [[one.id for one in said]])
    assert lumped.recall == 1
    assert lumped.precision < 0.2
