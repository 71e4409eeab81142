"""The manifest that people paste into Slack asks for what the app hears and uses, and for nothing else."""

import json

from bot.app import every_door
from bot.demo.play import MANIFEST
from bot.doctor import OPTIONAL, SCOPES

LOADED = json.loads(MANIFEST.read_text())
FEATURES, DOORS = LOADED["features"], every_door()


def test_every_command_is_heard_and_gives_names_as_ids() -> None:
    assert {one["command"] for one in FEATURES["slash_commands"]} == set(DOORS.command.handlers)
    # Without it `@lee` arrives as three letters, and nobody knows who is meant.
    assert all(one["should_escape"] for one in FEATURES["slash_commands"])


def test_every_shortcut_and_event_is_heard() -> None:
    heard = {name for name in DOORS.event.handlers if name != "message"}
    assert {one["callback_id"] for one in FEATURES["shortcuts"]} == set(DOORS.shortcut.handlers)
    assert set(LOADED["settings"]["event_subscriptions"]["bot_events"]) == {*heard, "message.im"}


def test_the_scopes_are_those_that_the_doctor_looks_for() -> None:
    scopes = LOADED["oauth_config"]["scopes"]
    assert set(scopes["bot"]) == {*SCOPES, *OPTIONAL}
    assert set(scopes["bot_optional"]) == set(OPTIONAL)
