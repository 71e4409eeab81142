"""A proposal is decided once: made, split or refused (F33)."""

import pytest

from bot.ids import new_id
from rituals.themes import (
    LONGEST_NAME,
    AlreadyDecided,
    NoName,
    SplitsNothing,
    ThemeState,
    agreed,
    made,
    parted,
    refused,
)
from tests import factories
from tests.factories import NOW

BY = new_id()
PROPOSED = factories.theme(new_id())


def test_a_theme_is_named_by_whoever_makes_it() -> None:
    found = made(PROPOSED, "  Legal \n turnaround ", BY, NOW)

    assert (found.name, found.state, found.decided_by_id) == ("Legal turnaround", ThemeState.MADE, BY)
    assert len(made(PROPOSED, "x" * 200, BY, NOW).name) == LONGEST_NAME
    with pytest.raises(NoName):
        made(PROPOSED, " ", BY, NOW)


@pytest.mark.parametrize("state", [state for state in ThemeState if state is not ThemeState.PROPOSED])
def test_what_is_decided_is_not_decided_again(state: ThemeState) -> None:
    theme = factories.theme(new_id(), state=state)
    for decide in (lambda: made(theme, "Legal", BY, NOW), lambda: parted(theme, [BY], [])):
        with pytest.raises(AlreadyDecided) as caught:
            decide()
        assert caught.value.theme == theme


def test_a_theme_that_turns_out_to_be_none_is_refused_even_when_it_was_made() -> None:
    assert refused(made(PROPOSED, "Legal", BY, NOW), BY, NOW).state is ThemeState.REFUSED
    with pytest.raises(AlreadyDecided):
        refused(agreed(made(PROPOSED, "Legal", BY, NOW)), BY, NOW)


def test_a_split_leaves_some_on_each_side() -> None:
    members = [new_id() for _ in range(4)]

    assert parted(PROPOSED, members, members[:2]) == members[2:]
    for kept in ([], members):
        with pytest.raises(SplitsNothing):
            parted(PROPOSED, members, kept)
