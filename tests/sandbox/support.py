"""The workspace of these tests, and types that several of them share."""

from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.errors import SlackApiError

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
        commands=[Command("/plan", "Write a plan", "[today]"), Command("/silent", should_escape=True)],
        shortcuts=[
            Shortcut("Start", "start", "global"),
            Shortcut("Keep this", "keep", "message"),
        ],
    ),
)


async def refused(call: Awaitable[Any]) -> Json:
    """Return what the Web API answered to a call that it refused."""
    try:
        await call
    except SlackApiError as error:
        answer: Json = error.response.data
        return answer
    raise AssertionError("the call was accepted")


async def error_of(call: Awaitable[Any]) -> str:
    """Return the error name of a refused call."""
    return str((await refused(call))["error"])


def section(text: str = "Hello", **more: Any) -> Json:
    """Return a section block."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def plain(text: str) -> Json:
    """Return a plain text object."""
    return {"type": "plain_text", "text": text}


def button(action_id: str = "go", **more: Any) -> Json:
    """Return a button."""
    return {"type": "button", "action_id": action_id, "text": plain("Go"), **more}


def actions(*elements: Json) -> Json:
    """Return an actions block."""
    return {"type": "actions", "block_id": "row", "elements": list(elements)}


def field(block_id: str = "line", kind: str = "plain_text_input", **more: Any) -> Json:
    """Return an input block; `more` goes into the element."""
    element = {"type": kind, "action_id": f"{block_id}_value", **more}
    return {"type": "input", "block_id": block_id, "label": plain(block_id), "element": element}


def modal(*blocks: Json, **more: Any) -> Json:
    """Return a modal that can be submitted."""
    found = list(blocks) or [section()]
    return {"type": "modal", "title": plain("Title"), "submit": plain("Save"), "blocks": found, **more}
