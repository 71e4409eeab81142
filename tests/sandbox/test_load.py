"""The measurement counts what it says it counts."""

from dataclasses import replace

from tests.sandbox.load import Heard, Plan, Result, measure


def test_each_page_is_counted_once_a_post() -> None:
    plan = Plan(rate=50, seconds=1, pages=3)
    result = measure(plan)
    assert result.accepted == 50
    assert (result.heard.complete, result.heard.messages) == (3, 150)
    assert len(result.shown) == len(result.answered) == 50
    assert min(result.answered) > 0


def test_it_held_only_if_everything_came_everywhere_once_and_in_time() -> None:
    plan = Plan(rate=2, seconds=1, pages=2)
    good = Result(plan, 2, 1.0, [0.1, 0.1], [0.1, 0.2], Heard(messages=4, complete=2), None)
    assert good.lines()[-1] == "held"
    for bad in (
        replace(good, accepted=1),
        replace(good, answered=[0.1, 1.5]),
        replace(good, shown=[]),
        replace(good, heard=Heard(messages=3, complete=1)),
        replace(good, heard=Heard(messages=5, complete=2)),
    ):
        assert bad.lines()[-1] == "not held"
