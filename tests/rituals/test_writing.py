"""What is written stands on one line, and nothing is refused."""

import pytest

from rituals.writing import NothingWritten, worded


def test_words_are_one_line_of_at_most_so_many_characters_and_nothing_is_refused() -> None:
    assert worded(" closed \n Beltrán ") == "closed Beltrán"
    assert worded("x" * 900, 300) == "x" * 300
    for nothing in (None, "", " \n "):
        with pytest.raises(NothingWritten):
            worded(nothing)
