"""What Slack sends, parsed once at the edge into typed values; nothing deeper looks into a payload."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.catalogue import as_read

CHOSEN: Mapping[str, str] = {
    "conversations_select": "selected_conversation",
    "users_select": "selected_user",
    "multi_users_select": "selected_users",
    "timepicker": "selected_time",
    "datepicker": "selected_date",
}
"""Where the inputs that have no `value` keep theirs."""


@dataclass(frozen=True, slots=True)
class Who:
    """A person as Slack names them. Names change and are not unique: only the ids count.

    `via` is the door that they come by: the id of a button or a form, or the name of a command.
    """

    workspace: str
    slack_id: str
    via: str = ""


@dataclass(frozen=True, slots=True)
class Press:
    """A button pressed or a choice made, on the message at `place` (`storage.outbox.Place.mark`) or in a form."""

    who: Who
    action_id: str
    block_id: str
    value: str
    trigger_id: str
    response_url: str | None
    place: str | None
    view: "View | None"
    ephemeral: bool = False


@dataclass(frozen=True, slots=True)
class View:
    """A form on somebody's screen: what it carries and what stands in its fields, by block id."""

    id: str
    hash: str
    metadata: str
    fields: Mapping[str, Any]

    def block(self, name: str) -> str:
        """The id of the block called `name`, whatever follows its colon; the first block when there is none."""
        named = (block for block in self.fields if block == name or block.split(":")[0] == name)
        return next(named, next(iter(self.fields)))


@dataclass(frozen=True, slots=True)
class Submission:
    """A form sent."""

    who: Who
    view: View


@dataclass(frozen=True, slots=True)
class Command:
    """A slash command."""

    who: Who
    text: str
    channel: str
    trigger_id: str
    response_url: str


@dataclass(frozen=True, slots=True)
class OnMessage:
    """A shortcut used on a message: what it says, as people read it, and a link to it in its thread."""

    who: Who
    text: str
    link: str
    trigger_id: str
    response_url: str


@dataclass(frozen=True, slots=True)
class DirectMessage:
    """Something that a person wrote to us, in Slack's markup; `ts` is its place in the DM, the same when told again."""

    who: Who
    text: str
    ts: str


@dataclass(frozen=True, slots=True)
class AccountEvent:
    """Slack tells of an account; the workspace is the one that the app is installed in."""

    workspace: str
    account: Mapping[str, Any]


def press(body: Mapping[str, Any]) -> Press:
    """Parse a `block_actions` payload."""
    action = body["actions"][0]
    view = body.get("view")
    container = body.get("container") or {}
    return Press(
        _who(body, action["action_id"]),
        action["action_id"],
        action.get("block_id", ""),
        _field(action) or "",
        body.get("trigger_id", ""),
        body.get("response_url"),
        _place(container),
        None if view is None else _view(view),
        bool(container.get("is_ephemeral")),
    )


def _place(container: Mapping[str, Any]) -> str | None:
    # A `ts` alone is unique only within its channel.
    ts = container.get("message_ts")
    return None if ts is None else f"{container.get('channel_id', '')}:{ts}"


def shortcut(body: Mapping[str, Any]) -> Press:
    """Parse a global shortcut: a press on no message."""
    name = body["callback_id"]
    return Press(_who(body, name), name, "", "", body["trigger_id"], None, None, None)


def on_message(body: Mapping[str, Any]) -> OnMessage:
    """Parse a message shortcut; a reply's link leads to it inside its thread."""
    message, channel, ts = body["message"], body["channel"]["id"], body["message"]["ts"]
    link = f"https://{body['team']['domain']}.slack.com/archives/{channel}/p{ts.replace('.', '')}"
    thread = message.get("thread_ts")
    return OnMessage(
        _who(body, body["callback_id"]),
        as_read(_kept(message.get("text") or "")),
        link if thread in {None, ts} else f"{link}?thread_ts={thread}&cid={channel}",
        body["trigger_id"],
        body["response_url"],
    )


def submission(body: Mapping[str, Any]) -> Submission:
    """Parse a `view_submission` payload."""
    return Submission(_who(body, body["view"]["callback_id"]), _view(body["view"]))


def command(body: Mapping[str, Any]) -> Command:
    """Parse a slash command."""
    who = Who(body["team_id"], body["user_id"], body["command"])
    return Command(
        who, _kept(body.get("text", "")).strip(), body["channel_id"], body["trigger_id"], body["response_url"]
    )


def account_event(body: Mapping[str, Any]) -> AccountEvent:
    """Parse a `team_join` or `user_change` event."""
    return AccountEvent(body["team_id"], body["event"]["user"])


def direct_message(body: Mapping[str, Any]) -> DirectMessage | None:
    """Parse a `message` event; None for what no person newly wrote to us: our own words, edits, replies in threads."""
    event = body["event"]
    new = event.get("subtype") in {None, "file_share"} and "thread_ts" not in event and "bot_id" not in event
    if not new or event.get("channel_type") != "im" or event.get("user") in {None, "USLACKBOT"}:
        return None
    who = Who(body["team_id"], event["user"], "message")
    return DirectMessage(who, _kept(event.get("text") or ""), event["ts"])


def _who(body: Mapping[str, Any], via: str) -> Who:
    # An organisation's install may send `team: null`; the person then still names a workspace.
    team = body.get("team") or {}
    return Who(team.get("id") or body["user"]["team_id"], body["user"]["id"], via)


def _view(view: Mapping[str, Any]) -> View:
    # Only one element stands in each of our input blocks, so its block id is its name.
    values = view["state"]["values"]
    fields = {block: _field(element) for block, elements in values.items() for element in elements.values()}
    return View(view["id"], view["hash"], view.get("private_metadata", ""), fields)


def _field(element: Mapping[str, Any]) -> Any:
    if element["type"] in CHOSEN:
        return element.get(CHOSEN[element["type"]])
    if element["type"] in {"checkboxes", "multi_static_select"}:
        return [choice["value"] for choice in element.get("selected_options") or ()]
    if element["type"] in {"static_select", "radio_buttons", "overflow"}:
        chosen = element.get("selected_option")
        return None if chosen is None else chosen["value"]
    if element["type"] == "datepicker":
        return element.get("selected_date")
    value = element.get("value")
    return _kept(value) if isinstance(value, str) else value


def _kept(text: str) -> str:
    """A person's words without the one character that PostgreSQL can't keep."""
    return text.replace("\x00", "")


def as_field(fields: Mapping[str, Any], name: str) -> Any:
    """What stands in the field called `name`, whatever follows its colon."""
    return next((value for block, value in fields.items() if block.split(":")[0] == name), None)
