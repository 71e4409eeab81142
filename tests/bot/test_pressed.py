"""Which message a press was on: two DMs may hold messages with the same `ts`."""

from bot import payloads
from storage.outbox import Place


def test_a_press_knows_its_message_by_channel_and_ts() -> None:
    container = {"type": "message", "channel_id": "D0ANA", "message_ts": "1763890000.000001"}
    pressed = payloads.press(
        {
            "team": {"id": "T0TEST"},
            "user": {"id": "U0ANA", "team_id": "T0TEST"},
            "actions": [{"action_id": "huddle.accept", "type": "button", "value": "x"}],
            "container": container,
        }
    )

    assert pressed.place == Place("D0ANA", "1763890000.000001").mark
    assert pressed.place != Place("D0TOM", "1763890000.000001").mark
