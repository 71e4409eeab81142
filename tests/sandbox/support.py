"""The workspace of these tests, and types that several of them share."""

from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp

from sandbox import App, Channel, Command, Seed, Shortcut, Team, User

Json = dict[str, Any]
Connect = Callable[[AsyncApp], Awaitable[AsyncSocketModeHandler]]

SEED = Seed(
    team=Team(id="T0NORD", name="Nordlicht", domain="nordlicht"),
    users=[
        User(id="U0ANA", name="ana", real_name="Ana Torres", tz="Europe/Berlin", title="Account executive"),
        User(id="U0BEN", name="ben", real_name="Ben Okafor", tz="America/New_York"),
        User(id="U0GONE", name="gone", real_name="Gone Person", deleted=True),
        User(id="U0GUEST", name="guest", real_name="A Guest", is_restricted=True),
        User(id="U0OTHER", name="otherbot", is_bot=True, tz=None),
        User(id="U0FAR", name="far", is_stranger=True, team_id="T0FOREIGN"),
    ],
    channels=[
        Channel(id="C0TEAM", name="team", members=["U0ANA", "U0BEN", "U0BOT"]),
        Channel(id="C0OPEN", name="open", members=["U0ANA"]),
        Channel(id="C0SECRET", name="secret", members=["U0ANA", "U0BEN"], is_private=True),
        Channel(id="C0OLD", name="old", members=["U0ANA", "U0BOT"], is_archived=True),
    ],
    app=App(
        id="A0APP",
        name="Test app",
        commands=[Command("/plan", "Write a plan", "[today]"), Command("/silent")],
        shortcuts=[
            Shortcut("Start", "start", "global"),
            Shortcut("Keep this", "keep", "message"),
        ],
    ),
)
