"""Response URLs: five uses in thirty minutes, to answer where an interaction happened."""

import time
from dataclasses import dataclass, field

from sandbox.errors import Json, SlackError
from sandbox.message_rules import read_content
from sandbox.posting import app_fields, edit, post, post_ephemeral, remove
from sandbox.state import Conversation
from sandbox.workspace import Workspace

LIFETIME_SECONDS = 1800.0
MOST_USES = 5
PATH = "/response/"


@dataclass
class ResponseUrl:
    """Where an answer goes: the conversation, the person, and the message that was pressed."""

    channel_id: str
    user_id: str
    message_ts: str | None = None
    made: float = field(default_factory=time.monotonic)
    uses: int = 0


class ResponseUrls:
    """All response URLs of the last half hour."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._known: dict[str, ResponseUrl] = {}

    def make(self, conversation: Conversation, user_id: str, message: Json | None = None) -> str:
        """Return a fresh URL."""
        ids = self._workspace.ids
        secret = f"{self._workspace.seed.team.id}/{ids.digits(13)}/{ids.hexadecimal(24)}"
        source_ts = None if message is None else message["ts"]
        self._known[secret] = ResponseUrl(conversation.id, user_id, source_ts)
        return f"{self._workspace.base_url}{PATH}{secret}"

    def use(self, secret: str, given: Json) -> None:
        """Do what an app posted to a URL, or raise Slack's refusal."""
        target = self._known.get(secret)
        if target is None:
            raise SlackError("invalid_url", status=404)
        if time.monotonic() - target.made > LIFETIME_SECONDS:
            raise SlackError("expired_url", status=404)
        if target.uses >= MOST_USES:
            raise SlackError("used_url", status=404)
        respond(self._workspace, target, given)
        target.uses += 1

    def expire(self) -> None:
        """Age every URL past its life, so that a test need not wait."""
        for target in self._known.values():
            target.made -= LIFETIME_SECONDS + 1


def respond(workspace: Workspace, target: ResponseUrl, given: Json) -> None:
    """Answer an interaction: a new message, a replaced one or a deleted one."""
    conversation = workspace.state.conversations[target.channel_id]
    source = _source(conversation, target)
    if given.get("delete_original"):
        if source is not None:
            remove(workspace, conversation, source)
        return
    content = read_content(given, workspace.ids)
    if given.get("replace_original") and source is not None:
        edit(workspace, conversation, source, content, set(given))
        return
    fields = {**app_fields(workspace), **content.fields()}
    thread_ts = given.get("thread_ts") or None
    if given.get("response_type", "ephemeral") == "in_channel":
        post(workspace, conversation, fields, thread_ts=thread_ts)
    else:
        post_ephemeral(workspace, conversation, target.user_id, fields, thread_ts)


def _source(conversation: Conversation, target: ResponseUrl) -> Json | None:
    if target.message_ts is None:
        return None
    return conversation.messages.get(target.message_ts) or conversation.ephemerals.get(target.message_ts)
