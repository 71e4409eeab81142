"""What stops somebody has a name that people can say."""

from bot.ids import new_id
from tests import factories


def test_a_blocker_is_called_by_its_letter_and_number() -> None:
    assert factories.blocker(new_id(), 42).label == "B-42"
