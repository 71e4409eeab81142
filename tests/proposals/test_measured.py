"""The labelled lines are what they say, and the measurement on them can tell good from bad."""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

import pytest

from rituals.plans import read_results
from tests.proposals.__main__ import sound, tallies
from tests.proposals.lines import HALVES, Half, read
from tests.proposals.replay import Fate, accuracy, replay
from tests.proposals.rivals import Past, baseline, cadence, most_frequent

halves = pytest.mark.parametrize("half", [read(name) for name in HALVES], ids=HALVES)


def test_the_halves_share_no_person_and_no_company() -> None:
    tuned, held = (read(name) for name in HALVES)

    assert not tuned.plans.keys() & held.plans.keys()
    assert not tuned.kpis.keys() & held.kpis.keys()
    assert len(tuned.plans) + len(held.plans) >= 16
    assert len(tuned.kpis) + len(held.kpis) >= 4
    assert len(tuned.lines) + len(held.lines) >= 400
    assert abs(len(tuned.lines) - len(held.lines)) <= 50


@halves
def test_each_line_is_a_plans_line_and_names_a_kpi_of_its_company(half: Half) -> None:
    for plans in half.plans.values():
        days = [plan[0].day for plan in plans]
        assert days == sorted(set(days))
        for plan in plans:
            assert read_results("\n".join(line.text for line in plan)) == tuple(line.text for line in plan)
            assert all(line.kpi is None or line.kpi in half.kpis[line.company] for line in plan)
    assert 0.1 <= sum(line.kpi is None for line in half.lines) / len(half.lines) <= 0.15


@halves
def test_proposals_beat_the_rivals_and_shuffled_kpis_collapse(half: Half) -> None:
    counted = tallies(half)

    assert sound(counted)
    assert accuracy(counted["Cadence"].all) - accuracy(counted["baseline"].all) > 0.1


@halves
def test_a_rival_in_its_place_is_not_sound(half: Half) -> None:
    counted = tallies(half)

    assert not sound(counted | {"Cadence": replay(half, most_frequent)})
    assert not sound(counted | {"Cadence, KPIs shuffled": counted["Cadence"]})


@halves
def test_who_always_knows_costs_nothing_and_who_never_guesses_misses_every_number(half: Half) -> None:
    known = {line.text: line.kpi for line in half.lines}
    knows = replay(half, lambda text, *_: known[text])
    never = replay(half, lambda *_: None)

    assert accuracy(never.all) == pytest.approx(never.all[Fate.NONE] / never.all.total())
    assert never.all[Fate.WRONG] == never.all[Fate.RIGHT] == 0
    assert knows.all[Fate.RIGHT] == never.all[Fate.MISSING]
    assert knows.presses <= 0.02


def test_a_plan_that_was_right_teaches_nothing_and_one_that_was_opened_teaches_all_its_lines() -> None:
    half = read(HALVES[0])
    plans = half.plans["Diego Luna"]
    known = {line.text: line.kpi for plan in plans for line in plan}
    seen: list[Past] = []

    def knows(text: str, _names: Mapping[UUID, str], past: Past) -> UUID | None:
        seen.append(list(past))
        return known[text]

    replay(replace(half, plans={"Diego Luna": plans}), knows)

    opened = [plan for plan in plans[:-1] if any(line.kpi is None for line in plan)]
    assert seen[-1] == [(line.kpi, line.text) for plan in opened for line in plan]


@halves
def test_the_same_is_counted_every_time(half: Half) -> None:
    assert replay(half, cadence) == replay(half, cadence)
    assert replay(half, baseline) == replay(half, baseline)
