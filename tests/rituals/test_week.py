"""What of a week was kept, and how often somebody answered, without counting absence."""

from fractions import Fraction
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rituals.plans import Item, Outcome
from rituals.week import Day, Week, tally
from tests import factories

PLAN = uuid4()


def item(outcome: Outcome, because: str | None = None) -> Item:
    return factories.item(PLAN, outcome=outcome, dropped_because=because)


def test_away_three_days_of_five_and_two_answers_is_all() -> None:
    away, answered = Day(worked=False, answered=False, items=()), Day(worked=True, answered=True, items=())

    assert tally([away, away, away, answered, answered]).participation == 1


def test_a_plan_on_a_day_off_counts_and_never_against_anybody() -> None:
    assert tally([Day(worked=False, answered=True, items=())]).participation == 1


def test_a_week_of_nothing_has_no_ratio() -> None:
    assert (tally([]).kept, tally([]).participation) == (None, None)


@pytest.mark.parametrize(
    ("outcomes", "kept"),
    [
        ([item(Outcome.DONE), item(Outcome.OPEN)], Fraction(1, 2)),
        ([item(Outcome.DONE), item(Outcome.DROPPED, "customer gone")], Fraction(1)),
        ([item(Outcome.DONE), item(Outcome.DROPPED)], Fraction(1, 2)),
        ([item(Outcome.CARRIED), item(Outcome.DONE), item(Outcome.DONE)], Fraction(2, 3)),
        ([item(Outcome.DROPPED, "customer gone")], None),
    ],
)
def test_done_is_counted_against_what_was_not_dropped_with_a_reason(
    outcomes: list[Item], kept: Fraction | None
) -> None:
    assert tally([Day(worked=True, answered=True, items=tuple(outcomes))]).kept == kept


@given(
    st.lists(
        st.builds(
            Day,
            worked=st.booleans(),
            answered=st.booleans(),
            items=st.lists(
                st.builds(item, st.sampled_from(Outcome), st.sampled_from([None, "", "no time"])), max_size=5
            ).map(tuple),
        ),
        max_size=7,
    )
)
def test_no_ratio_is_below_nothing_or_above_all(days: list[Day]) -> None:
    week: Week = tally(days)

    assert week.kept is None or 0 <= week.kept <= 1
    assert week.participation is None or 0 <= week.participation <= 1
