"""What was down, and what is late because of it."""

from datetime import timedelta

import pytest

from rituals.outages import MOST_SILENT, Outage, between
from tests.factories import NOW

MINUTE = timedelta(minutes=1)


def test_a_pause_of_minutes_was_an_outage_and_a_shorter_one_or_a_clock_set_back_was_none() -> None:
    assert between(NOW, NOW + MOST_SILENT) is None
    assert between(NOW, NOW - MINUTE) is None
    assert between(NOW, NOW + 15 * MINUTE) == Outage(NOW, NOW + 15 * MINUTE)


@pytest.mark.parametrize(("due", "explained"), [(-1, False), (0, True), (5, True), (15, True), (16, False)])
def test_an_outage_explains_what_was_due_in_it(due: int, explained: bool) -> None:
    outage = Outage(NOW, NOW + 15 * MINUTE)

    assert outage.explains(NOW + due * MINUTE, NOW + 16 * MINUTE) is explained
    assert not outage.explains(NOW + due * MINUTE, NOW + 14 * MINUTE)
