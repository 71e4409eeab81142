"""Whatever is sent, the answer is Slack's: accepted, or refused by name; never a crash."""

import copy
from collections.abc import Callable
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.errors import SlackError
from sandbox.message_rules import read_content
from sandbox.stamps import Identifiers
from sandbox.suggestions import check_suggestions
from sandbox.view_rules import read_view
from tests.sandbox.support import Json, field, modal
from tests.sandbox.test_block_limits import FITTING_IN_A_MESSAGE

LEAVES = st.none() | st.booleans() | st.integers(-5, 5000) | st.floats(allow_nan=False) | st.text(max_size=5)
KEYS = st.sampled_from(["type", "text", "blocks", "options", "value", "elements", "event_type", "event_payload"])
ANYTHING = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=6,
)
MESSAGE_KEYS = st.sampled_from(["text", "blocks", "attachments", "metadata", "markdown_text"])
MODALS = [modal(*blocks, field("last")) for blocks in FITTING_IN_A_MESSAGE if len(blocks) == 1]


@st.composite
def damaged(draw: st.DrawFn, good: list[Any]) -> Any:
    """Take something that fits and put anything in one place of it."""
    whole = [copy.deepcopy(draw(st.sampled_from(good)))]
    place: Any = whole
    key: Any = 0
    while isinstance(place[key], dict | list) and place[key] and draw(st.integers(0, 4)):
        place = place[key]
        key = draw(st.sampled_from(sorted(place) if isinstance(place, dict) else range(len(place))))
    place[key] = draw(ANYTHING)
    return whole[0]


def error_from(call: Callable[[], object]) -> str | None:
    try:
        call()
    except SlackError as refusal:
        return refusal.error
    return None


@settings(max_examples=200, deadline=None)
@given(damaged(FITTING_IN_A_MESSAGE))
def test_damaged_blocks_are_accepted_or_refused_by_name(blocks: Any) -> None:
    error = error_from(lambda: read_content({"text": "x", "blocks": blocks}, Identifiers(1)))
    assert error in {
        None,
        "invalid_blocks",
        "invalid_blocks_format",
        "invalid_attachments",
        "msg_blocks_too_long",
    }


@settings(max_examples=200, deadline=None)
@given(damaged(MODALS))
def test_damaged_views_are_accepted_or_refused_by_name(view: Any) -> None:
    for error in (error_from(lambda: read_view(view, "modal")), error_from(lambda: read_view(view, "home"))):
        assert error in {None, "invalid_arguments", "view_too_large"}


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(MESSAGE_KEYS, ANYTHING))
def test_any_arguments_are_accepted_or_refused_by_name(arguments: Json) -> None:
    assert error_from(lambda: read_content(arguments, Identifiers(1))) != ""


@settings(max_examples=50, deadline=None)
@given(ANYTHING)
def test_any_suggestions_are_shown_or_not(answer: Any) -> None:
    assert check_suggestions(answer) in {True, False}
