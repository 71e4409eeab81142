"""Questions of a team, and moods that tell on nobody."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import count
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rituals.team_questions import (
    LONGEST_QUESTION,
    MOODS,
    AnswerNeeded,
    Asked,
    AskedTwice,
    Kind,
    QuestionTooLong,
    TeamQuestion,
    TooManyQuestions,
    average_mood,
    read,
    require_answers,
    revise,
    written,
)
from tests import factories
from tests.factories import NOW

TEAM = factories.team()
NUMBERS = count(1)
LINES = st.lists(st.tuples(st.sampled_from("ABCDEFG"), st.booleans()), max_size=5, unique_by=lambda line: line[0])


def new_id() -> UUID:
    return UUID(int=next(NUMBERS))


def asking(*lines: tuple[str, bool], mood: bool = False) -> list[TeamQuestion]:
    """What a team asks that begins to ask this."""
    added, _ = revise([], lines, TEAM, NOW, new_id, mood=mood)
    return added


def after(standing: Sequence[TeamQuestion], lines: Sequence[tuple[str, bool]], *, mood: bool) -> list[TeamQuestion]:
    """All that was ever asked, once a team asks this instead."""
    added, changed = revise(standing, lines, TEAM, NOW + timedelta(days=1), new_id, mood=mood)
    by_id = {one.id: one for one in (*standing, *changed, *added)}
    return list(by_id.values())


def test_a_line_is_a_question_and_a_star_makes_it_needed() -> None:
    assert read("* Commit for today\n\n One thing learned \n*Whom do you help?") == [
        ("Commit for today", True),
        ("One thing learned", False),
        ("Whom do you help?", True),
    ]
    assert read("  \n*\n") == []


@pytest.mark.parametrize(
    ("lines", "refusal"),
    [
        ("\n".join("abcdef"), TooManyQuestions),
        ("x" * (LONGEST_QUESTION + 1), QuestionTooLong),
        ("Commit for today\n* commit for TODAY", AskedTwice),
    ],
)
def test_what_no_form_bears_is_refused(lines: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        read(lines)


@given(LINES, st.booleans(), LINES, st.booleans())
def test_a_change_leads_to_what_is_wanted_and_keeps_what_stays(
    lines: list[tuple[str, bool]], mood: bool, wanted: list[tuple[str, bool]], later: bool
) -> None:
    before = asking(*lines, mood=mood)
    known = {one.id: one for one in before}
    everything = after(before, wanted, mood=later)
    standing = sorted((one for one in everything if one.retired_at is None), key=lambda one: one.position)

    assert read(written(standing)) == wanted
    assert any(one.kind is Kind.MOOD for one in standing) is later
    assert [one.position for one in standing] == list(range(1, len(standing) + 1))
    # Whatever a plan that is open was asked reads as it did.
    for one in everything:
        if one.id in known:
            assert replace(one, position=0, retired_at=None) == replace(known[one.id], position=0)
        else:
            assert one.since == NOW + timedelta(days=1)
    assert set(known) <= {one.id for one in everything}
    assert revise(standing, wanted, TEAM, NOW, new_id, mood=later) == ([], [])


def test_only_what_a_form_showed_and_left_empty_is_missed() -> None:
    needed, free = asking(("Commit for today", True), ("One thing learned", False))
    asked = [Asked(needed, None), Asked(free, None)]

    require_answers(asked, {})
    require_answers(asked, {needed.id: "Acme signs", free.id: ""})
    with pytest.raises(AnswerNeeded):
        require_answers(asked, {needed.id: "  ", free.id: "x"})


@given(st.lists(st.sampled_from(sorted(MOODS)), max_size=12))
def test_fewer_than_four_moods_have_no_average(moods: list[int]) -> None:
    mean = average_mood(Counter(moods))

    if len(moods) < 4:
        assert mean is None
    else:
        assert mean == pytest.approx(sum(moods) / len(moods))
