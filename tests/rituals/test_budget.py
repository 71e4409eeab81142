from hypothesis import given
from hypothesis import strategies as st

from rituals.budget import MOST, Turn, Unasked, over
from tests import factories

UNPROMPTED = st.sampled_from([Turn.REDIRECT, Turn.REMINDER, Turn.REST])


def waiting(*turns: Turn) -> list[Unasked[int]]:
    return [Unasked(number, turn) for number, turn in enumerate(turns)]


@given(st.lists(st.lists(st.sampled_from(Turn), max_size=4), max_size=5), st.booleans())
def test_a_day_never_has_more_than_three_and_always_its_first_prompt(
    batches: list[list[Turn]], writes_plans: bool
) -> None:
    sent: list[Turn] = []
    for batch in batches:
        turns = [turn for turn in batch if turn is not Turn.FREE]
        held = over(waiting(*turns), sent, writes_plans=writes_plans)
        sent += [turn for at, turn in enumerate(turns) if at not in held]

    assert len(sent) <= MOST
    assert not writes_plans or (Turn.PROMPT in sent) == any(Turn.PROMPT in batch for batch in batches)


def test_an_agenda_after_the_card_and_two_others_is_one_too_many_and_cannot_wait() -> None:
    agenda = Unasked("agenda", Turn.PROMPT)

    assert over([agenda], [Turn.PROMPT, Turn.REST, Turn.REST], writes_plans=False) == {"agenda"}
    assert not agenda.can_wait(factories.NOW)
    assert Unasked("themes", Turn.REST).can_wait(factories.NOW)


@given(st.lists(UNPROMPTED, max_size=6))
def test_nothing_is_held_back_that_there_is_room_for(turns: list[Turn]) -> None:
    held = over(waiting(*turns), [], writes_plans=False)

    assert len(held) == max(0, len(turns) - MOST)


def test_what_matters_most_goes_first_whatever_came_first() -> None:
    held = over(waiting(Turn.REST, Turn.REMINDER, Turn.REDIRECT, Turn.PROMPT), [], writes_plans=True)

    assert held == {0}


def test_a_place_is_kept_for_a_prompt_that_is_still_to_come() -> None:
    assert over(waiting(Turn.REST), [Turn.REST, Turn.REST], writes_plans=True) == {0}
    assert over(waiting(Turn.REST), [Turn.REST, Turn.REST], writes_plans=False) == set()
    assert over(waiting(Turn.REST), [Turn.REST, Turn.PROMPT], writes_plans=True) == set()
