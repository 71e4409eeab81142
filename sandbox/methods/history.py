"""conversations.history and conversations.replies."""

from sandbox.errors import Json, SlackError
from sandbox.methods.registry import Call, make_cursor, method, read_cursor
from sandbox.stamps import is_stamp
from sandbox.state import Conversation, Kind

_HISTORY_SCOPES: dict[Kind, str] = {
    "public": "channels:history",
    "private": "groups:history",
    "im": "im:history",
    "mpim": "mpim:history",
}
_MOST_WHEN_LIMITED = 15
_ANY_HISTORY = tuple(_HISTORY_SCOPES.values())


def _readable(call: Call) -> Conversation:
    conversation = call.visible_channel()
    call.grant.need(_HISTORY_SCOPES[conversation.kind])
    if not call.is_member(conversation):
        raise SlackError("not_in_channel")
    return conversation


def _in_range(call: Call, messages: list[Json]) -> list[Json]:
    oldest, latest = _edge(call, "oldest"), _edge(call, "latest")
    inclusive = call.flag("inclusive")

    def fits(message: Json) -> bool:
        ts = float(message["ts"])
        if inclusive and ts in {oldest, latest}:
            return True
        return (oldest is None or ts > oldest) and (latest is None or ts < latest)

    return [message for message in messages if fits(message)]


def _edge(call: Call, name: str) -> float | None:
    value = call.text(name)
    if value is None:
        return None
    if not (is_stamp(value) or value.replace(".", "", 1).isdigit()):
        raise SlackError(f"invalid_ts_{name}")
    return float(value)


def _shown(call: Call, message: Json) -> Json:
    if call.flag("include_all_metadata"):
        return message
    return {key: value for key, value in message.items() if key != "metadata"}


def _page(call: Call, messages: list[Json], default: int) -> Json:
    most = _MOST_WHEN_LIMITED if call.workspace.seed.app.history_limited else 999
    limit = call.number("limit", min(default, most), most)
    start = read_cursor(call.text("cursor"))
    end = start + limit
    has_more = end < len(messages)
    answer: Json = {
        "messages": [_shown(call, message) for message in messages[start:end]],
        "has_more": has_more,
    }
    if has_more:
        answer["response_metadata"] = {"next_cursor": make_cursor(end)}
    return answer


@method("conversations.history", scopes=_ANY_HISTORY)
async def conversations_history(call: Call) -> Json:
    """Return what was said in a conversation, newest first."""
    conversation = _readable(call)
    found = list(reversed(_in_range(call, conversation.top_level())))
    answer = _page(call, found, 100)
    return {**answer, "pin_count": 0, "channel_actions_ts": None, "channel_actions_count": 0}


@method("conversations.replies", scopes=_ANY_HISTORY)
async def conversations_replies(call: Call) -> Json:
    """Return a message and its replies, oldest first."""
    conversation = _readable(call)
    ts = call.need("ts")
    message = conversation.messages.get(ts)
    if message is None:
        raise SlackError("thread_not_found")
    thread = conversation.thread(message.get("thread_ts", ts))
    first, replies = thread[:1], _in_range(call, thread[1:])
    return _page(call, first + replies, 1000)
