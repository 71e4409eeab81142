"""Text is cut to Slack's limits without leaving half of anything, and pages are bounded."""

import re
from html import unescape
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import blocks
from bot.catalogue import Mrkdwn, count, escape, join, plain, say

words = st.text("ab <>&;|é🎯", max_size=40)
pieces = st.one_of(
    st.text("ab é🎯*_", max_size=12),
    st.sampled_from(["<", ">", "&", "&amp;"]).map(escape),
    st.sampled_from(
        ["<@U0ANA>", "<!date^1764000000^{time}|08:30 Europe/Berlin>", "<https://a.example/?x=1&amp;y=2|A>"]
    ),
)
markup = st.lists(pieces, max_size=12).map(lambda parts: Mrkdwn("".join(parts)))
WHOLE = re.compile(r"<[^<>]+>|&(?:amp|lt|gt);|[^<>&]")


def is_whole(text: str) -> bool:
    """Whether a text is made of whole links, whole entities and plain characters."""
    return re.fullmatch(f"(?:{WHOLE.pattern})*", text, re.DOTALL) is not None


@given(markup, st.integers(1, 200))
def test_cut_markup_is_short_enough_whole_and_the_beginning_of_what_was_there(text: Mrkdwn, limit: int) -> None:
    found = blocks.cut_markup(text, limit)

    assert isinstance(found, Mrkdwn)
    assert len(found) <= limit
    assert is_whole(found)
    if len(text) <= limit:
        assert found == text
    else:
        assert found.endswith("…")
        assert text.startswith(found[:-1])


@pytest.mark.parametrize(
    ("expected", "limit"),
    [("Ask <@U0ANA> &amp; go", 21), ("Ask <@U0ANA> &amp;…", 19), ("Ask <@U0ANA>…", 18), ("Ask…", 12), ("Ask…", 5)],
)
def test_a_link_or_an_entity_is_there_whole_or_not_at_all(expected: str, limit: int) -> None:
    assert blocks.cut_markup(Mrkdwn("Ask <@U0ANA> &amp; go"), limit) == expected


@given(words, st.integers(1, 50))
def test_cut_text_is_short_enough_and_the_beginning(text: str, limit: int) -> None:
    found = blocks.cut(text, limit)

    assert len(found) <= limit
    assert found == text or (found[-1] == "…" and text.startswith(found[:-1]))


@given(words)
def test_what_a_person_wrote_is_shown_as_they_wrote_it_and_wakes_nobody(text: str) -> None:
    safe = escape(text)

    assert unescape(safe) == text
    assert "<" not in safe
    assert ">" not in safe
    assert is_whole(safe)


def test_a_sentence_escapes_words_and_keeps_markup() -> None:
    assert say("{who}: {what} {n}", who=Mrkdwn("<@U0ANA>"), what="<!channel> & co", n=3) == (
        "<@U0ANA>: &lt;!channel&gt; &amp; co 3"
    )
    assert join([Mrkdwn("<@U0ANA>"), "<b>"]) == "<@U0ANA> · &lt;b&gt;"
    assert plain("{what}", what="<b>") == "<b>"


@pytest.mark.parametrize(
    ("expected", "number", "nouns"),
    [
        ("0 results", 0, ("result",)),
        ("1 result", 1, ("result",)),
        ("2 results", 2, ("result",)),
        ("2 people", 2, ("person", "people")),
    ],
)
def test_a_number_has_its_noun(expected: str, number: int, nouns: tuple[str, ...]) -> None:
    assert count(number, *nouns) == expected


groups = st.lists(
    st.lists(st.text("ab", max_size=60).map(lambda text: blocks.section(Mrkdwn(text))), min_size=1, max_size=6),
    max_size=20,
)


@given(groups, st.integers(1, 10), st.integers(1, 200))
def test_pages_hold_everything_in_order_and_are_bounded_unless_one_group_is_too_large(
    kept: list[list[dict[str, Any]]], most: int, characters: int
) -> None:
    found = blocks.pages(kept, most, characters)

    assert [block for page in found for block in page] == [block for group in kept for block in group]
    assert len(found) >= 1
    assert found == [[]] or all(found)
    largest = max((len(group) for group in kept), default=0)
    heaviest = max((blocks.weight(group) for group in kept), default=0)
    for page in found:
        assert len(page) <= max(most, largest)
        assert blocks.weight(page) <= max(characters, heaviest)


@given(groups)
def test_a_group_stays_on_one_page(kept: list[list[dict[str, Any]]]) -> None:
    named = [[block | {"block_id": str(number)} for block in group] for number, group in enumerate(kept)]

    for page in blocks.pages(named, 4, 100):
        for name in {block["block_id"] for block in page}:
            assert sum(block["block_id"] == name for block in page) == len(named[int(name)])


def test_the_weight_of_blocks_is_what_people_read() -> None:
    block = blocks.section(Mrkdwn("four"), accessory=blocks.button("go", "act", "a value that nobody reads"))

    assert blocks.weight([block, blocks.divider()]) == 6


@given(words)
def test_a_message_of_any_words_fits_and_its_summary_is_escaped(text: str) -> None:
    body = blocks.message(text * 200)

    assert len(body["text"]) <= blocks.SECTION_LIMIT
    assert is_whole(body["text"])


@pytest.mark.parametrize("many", [1, 100, 101, 250])
def test_a_menu_of_any_length_stays_inside_slacks_limit(many: int) -> None:
    options = [blocks.option(f"KPI {n}", str(n)) for n in range(many)]

    menu = blocks.select("kpi", options, str(many - 1))

    groups = menu.get("option_groups") or [{"options": menu["options"]}]
    assert all(len(group["options"]) <= 100 for group in groups)
    assert [option for group in groups for option in group["options"]] == options
    assert menu["initial_option"] == options[-1]
    assert ("options" in menu) != ("option_groups" in menu)


def test_a_notification_escapes_a_persons_words_once() -> None:
    assert blocks.message("R&D")["text"] == "R&amp;D"
    assert blocks.message(say("*{team}*", team="R&D"))["text"] == "*R&amp;D*"
