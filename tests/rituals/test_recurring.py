"""Three blockers with something in common are proposed once; what was refused is not proposed again (F33)."""

from datetime import date
from typing import Any
from uuid import UUID, uuid5

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.ids import new_id
from rituals.likeness import CAUSE, heard, likeness
from rituals.recurring import MOST_CASES, UNTAUGHT, Case, Lessons, first_day, learn, propose
from rituals.themes import Theme, ThemeState
from tests import factories

LEGAL = [
    "Legal has not returned the NDA for Beltrán",
    "still no NDA back from legal, asked twice",
    "our nda for Helio sits with the lawyers",
]
TEAM = new_id()
NEW_BOOKINGS, RENEWALS = new_id(), new_id()


def cases(*texts: str, **facts: Any) -> list[Case]:
    return [Case(new_id(), text, **facts) for text in texts]


def theme(state: ThemeState, **facts: Any) -> Theme:
    return factories.theme(TEAM, state=state, **facts)


def test_three_with_similar_words_become_one_proposal_naming_all_three() -> None:
    found = cases(*LEGAL, "Laptop dies every two hours", "Flight to Oslo not approved")

    (one,) = propose(found, {})

    assert one.cases == tuple(case.id for case in found[:3])
    assert one.name == "Legal turnaround"


def test_two_are_no_theme() -> None:
    assert propose(cases(*LEGAL[:2]), {}) == []


def test_three_with_the_same_kpi_become_one_proposal_called_after_it() -> None:
    found = cases("Laptop dies", "Flight to Oslo", "Nobody answers in Rome", kpi_id=RENEWALS)
    other = cases("Badge for the fair", kpi_id=NEW_BOOKINGS)

    (one,) = propose([*found, *other], {RENEWALS: "Renewals", NEW_BOOKINGS: "New bookings"})

    assert (one.cases, one.name) == (tuple(case.id for case in found), "Renewals")


def test_a_tag_says_more_than_words_and_words_more_than_a_kpi() -> None:
    tagged = cases("Laptop dies", "Flight to Oslo", LEGAL[0], tags=frozenset({"travel"}))
    legal = cases(*LEGAL, kpi_id=RENEWALS)
    rest = cases("Badge for the fair", "Rome is silent", kpi_id=RENEWALS)

    found = propose([*tagged, *legal, *rest], {RENEWALS: "Renewals"})

    assert [(len(one.cases), one.name) for one in found] == [(3, "#travel"), (3, "Legal turnaround")]


@pytest.mark.parametrize("typed", ["Legal has not returrned the NDA", "legl sits on our nda"])
def test_a_mistyped_word_is_heard_as_the_right_one(typed: str) -> None:
    first, second = heard([LEGAL[0], typed])

    assert likeness(first, second) > 0.2


def test_what_a_group_without_a_known_cause_is_called_is_said_in_it() -> None:
    (one,) = propose(cases("Residual values missing", "residual value for vans", "No residuals for trucks"), {})

    assert "residual" in one.name.lower()


def test_a_refused_pairing_is_not_proposed_again_and_its_signs_weigh_less() -> None:
    found = cases(*LEGAL)
    lessons = learn([(theme(ThemeState.REFUSED), found)])

    assert propose(found, {}, lessons) == []
    assert lessons.weights[f"{CAUSE}Legal turnaround"] == 0.5
    # Others of the cause may be a theme still, but look less alike than before.
    fresh = cases("legal is slow", "lawyers on holiday", "waiting for legal")
    before, after = heard([case.said for case in fresh]), heard([case.said for case in fresh], lessons.weights)
    assert likeness(*after[:2]) < likeness(*before[:2])


def test_three_refusals_of_a_cause_end_its_proposals() -> None:
    words = ["legal is slow", "lawyers on holiday", "our counsel travels"]
    assert propose(cases(*words), {})

    lessons = learn([(theme(ThemeState.REFUSED), cases(*words)) for _ in range(4)])

    assert propose(cases(*words), {}, lessons) == []


def test_what_was_split_stays_apart_and_its_parts_may_meet_others() -> None:
    first, second, third, fourth = cases(*LEGAL, "legal again: nda of Arbor")
    root = theme(ThemeState.MADE)
    split = theme(ThemeState.LEFT, root_id=root.root_id)
    lessons = learn([(root, [first, second]), (split, [third])])

    assert propose([first, second, third], {}, lessons) == []
    (one,) = propose([first, second, third, fourth], {}, lessons)
    assert one.cases == (first.id, second.id, fourth.id)


def test_what_was_made_a_theme_weighs_more() -> None:
    assert learn([(theme(ThemeState.MADE), cases(*LEGAL))]).weights[f"{CAUSE}Legal turnaround"] == 1.25
    assert learn([(theme(ThemeState.PROPOSED), cases(*LEGAL))]) == UNTAUGHT


def test_the_window_is_ten_working_days() -> None:
    def weekdays(day: date) -> bool:
        return day.isoweekday() < 6

    assert first_day(date(2026, 11, 25), weekdays) == date(2026, 11, 12)
    assert first_day(date(2026, 11, 29), weekdays) == date(2026, 11, 16)
    assert first_day(date(2026, 11, 25), lambda day: weekdays(day) and day.day != 18) == date(2026, 11, 11)


WORDS = ["legal", "nda", "price", "Preis", "demo", "Muster", "late", "#x", "Beltrán", "", "🎯", "sekurity"]


@settings(max_examples=60)
@given(
    st.lists(st.tuples(st.lists(st.sampled_from(WORDS), max_size=4), st.sampled_from([None, RENEWALS])), max_size=14),
    st.sets(st.tuples(st.integers(0, 13), st.integers(0, 13)), max_size=12),
)
def test_whatever_is_said_nobody_is_in_two_proposals_and_none_holds_what_is_kept_apart(
    said: list[tuple[list[str], UUID | None]], apart: set[tuple[int, int]]
) -> None:
    found = [Case(uuid5(TEAM, str(n)), " ".join(words), kpi) for n, (words, kpi) in enumerate(said)]
    ids = [case.id for case in found]
    pairs = frozenset(frozenset((uuid5(TEAM, str(a)), uuid5(TEAM, str(b)))) for a, b in apart if a != b)

    proposals = propose(found, {RENEWALS: "Renewals"}, Lessons(pairs, {}))

    held = [case for one in proposals for case in one.cases]
    assert len(set(held)) == len(held)
    assert set(held) <= set(ids)
    for one in proposals:
        assert len(one.cases) >= 3
        assert one.name
        assert not any(pair <= set(one.cases) for pair in pairs)
        assert list(one.cases) == sorted(one.cases, key=ids.index)
    assert propose(found, {RENEWALS: "Renewals"}, Lessons(pairs, {})) == proposals


def test_of_very_many_only_the_newest_are_compared() -> None:
    many = cases(*LEGAL, *("Laptop" for _ in range(MOST_CASES)))

    assert [len(one.cases) for one in propose(many, {})] == [MOST_CASES]
