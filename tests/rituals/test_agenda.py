"""Scorecard first, at most sixty minutes, and nothing for what is not there (W1, W9, F39)."""

from hypothesis import given
from hypothesis import strategies as st

from rituals.agenda import ALWAYS, Topic, agenda


def test_a_full_hour() -> None:
    whole = dict.fromkeys(Topic, 3)

    assert [(part.topic.value, part.minutes) for part in agenda(whole)] == [
        ("scorecard", 15),
        ("last week's actions", 5),
        ("themes", 25),
        ("dependencies", 10),
        ("close", 5),
    ]


@given(st.dictionaries(st.sampled_from(list(Topic)), st.integers(0, 50)), st.integers(1, 500))
def test_whatever_there_is_the_minutes_never_pass_the_hour_and_the_scorecard_is_first(
    there: dict[Topic, int], minutes: int
) -> None:
    parts = agenda(there, minutes)

    assert sum(part.minutes for part in parts) <= min(60, minutes)
    assert parts[0].topic is Topic.SCORECARD
    topics = [part.topic for part in parts]
    assert topics == sorted(topics, key=list(Topic).index)
    assert set(topics) == {topic for topic, count in there.items() if count} | set(ALWAYS)
