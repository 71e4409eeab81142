"""A proposal is decided once: made, split or refused (F33)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.ids import new_id
from rituals.themes import (
    LONGEST_NAME,
    AlreadyDecided,
    NoName,
    SplitsNothing,
    ThemeState,
    agreed,
    flow_named,
    flows,
    made,
    parted,
    refused,
)
from tests import factories
from tests.factories import NOW

BY = new_id()
PROPOSED = factories.theme(new_id())


def test_a_theme_is_named_by_whoever_makes_it() -> None:
    found = made(PROPOSED, "  Legal \n turnaround ", "Quote to cash", BY, NOW)

    assert (found.name, found.state, found.decided_by_id) == ("Legal turnaround", ThemeState.MADE, BY)
    assert found.flow == "Quote to cash"
    assert len(made(PROPOSED, "x" * 200, None, BY, NOW).name) == LONGEST_NAME
    with pytest.raises(NoName):
        made(PROPOSED, " ", None, BY, NOW)


@pytest.mark.parametrize("state", [state for state in ThemeState if state is not ThemeState.PROPOSED])
def test_what_is_decided_is_not_decided_again(state: ThemeState) -> None:
    theme = factories.theme(new_id(), state=state)
    for decide in (lambda: made(theme, "Legal", None, BY, NOW), lambda: parted(theme, [BY], [])):
        with pytest.raises(AlreadyDecided) as caught:
            decide()
        assert caught.value.theme == theme


def test_a_theme_that_turns_out_to_be_none_is_refused_even_when_it_was_made() -> None:
    assert refused(made(PROPOSED, "Legal", None, BY, NOW), BY, NOW).state is ThemeState.REFUSED
    with pytest.raises(AlreadyDecided):
        refused(agreed(made(PROPOSED, "Legal", None, BY, NOW)), BY, NOW)


def test_a_split_leaves_some_on_each_side() -> None:
    members = [new_id() for _ in range(4)]

    assert parted(PROPOSED, members, members[:2]) == members[2:]
    for kept in ([], members):
        with pytest.raises(SplitsNothing):
            parted(PROPOSED, members, kept)


def test_a_flow_is_spelled_as_it_was_first() -> None:
    known = ["Quote to cash", "Hiring"]

    assert flow_named("  quote TO \n cash ", known) == "Quote to cash"
    assert flow_named("Onboarding", known) == "Onboarding"
    assert flow_named("  ", known) is None


@given(st.lists(st.tuples(st.sampled_from(["Quote to cash", "Hiring", None]), st.integers(0, 20)), max_size=9))
def test_of_each_flow_the_two_themes_with_the_most_idle_days_are_told(held: list[tuple[str | None, int]]) -> None:
    idle = [(factories.theme(new_id(), flow=flow), days) for flow, days in held]
    cost = {theme.id: days for theme, days in idle}

    found = flows(idle)

    assert {one.name for one in found} == {flow for flow, days in held if flow and days}
    for one in found:
        most = sorted((days for flow, days in held if flow == one.name and days), reverse=True)
        assert [cost[theme] for theme in one.worst] == most[:2]
    whole = [sum(days for flow, days in held if flow == one.name) for one in found]
    assert whole == sorted(whole, reverse=True)
