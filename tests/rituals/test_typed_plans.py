"""A plan as people type it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rituals.plans import MOST_RESULTS, read_results
from rituals.typed_plans import Typed, read

WORDS = st.text(st.characters(exclude_characters=";/:", exclude_categories=["C", "Zl", "Zp"]), min_size=1)
"""Anything but what parts one result from the next."""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plan: call Acme; demo Beta / blocked: legal", Typed("", "call Acme\ndemo Beta", "legal")),
        ("Plan : call Acme", Typed("", "call Acme", None)),
        (
            "*Plan:* call Acme\n• demo Beta\n\nStuck on: legal\nis silent",
            Typed("", "call Acme\n• demo Beta", "legal is silent"),
        ),
        ("plan tomorrow: call Acme", Typed("tomorrow", "call Acme", None)),
        ("plan for friday: call Acme", Typed("friday", "call Acme", None)),
        ("plan: A/B test done; price 3/4 / blocked by: IT", Typed("", "A/B test done\nprice 3/4", "IT")),
        ("plan: see https://acme.example/x; 10:30 demo", Typed("", "see https://acme.example/x\n10:30 demo", None)),
        ("plan: call Acme / blocked:", Typed("", "call Acme", "")),
        ("plan:", Typed("", "", None)),
        ("plan: blocked: legal", Typed("", "", "legal")),
    ],
)
def test_a_plan_is_read_as_it_is_typed(text: str, expected: Typed) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    "text", ["", "hello", "my plan: call Acme", "planning: x", "plans: x", "plan call Acme", "plan\n: x"]
)
def test_what_does_not_begin_with_plan_and_a_colon_is_no_plan(text: str) -> None:
    assert read(text) is None


@given(st.lists(WORDS.map(str.strip).filter(bool), min_size=1, max_size=MOST_RESULTS), st.none() | WORDS)
def test_no_word_of_a_result_is_lost(results: list[str], stuck: str | None) -> None:
    typed = read("plan: " + "; ".join(results) + ("" if stuck is None else f" / blocked: {stuck}"))

    assert typed is not None
    assert typed.today.split("\n") == results
    assert typed.stuck == (None if stuck is None else " ".join(stuck.split()))


def test_what_is_read_can_be_kept_as_results() -> None:
    typed = read("plan: - call Acme; 2. demo Beta")

    assert typed is not None
    assert read_results(typed.today) == ("call Acme", "demo Beta")
