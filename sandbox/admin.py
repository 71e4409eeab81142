"""What happens around the app: people come and go, channels close, the app is removed."""

from dataclasses import replace
from typing import Any

from sandbox.errors import Json
from sandbox.events import send_event
from sandbox.page_shapes import page_user, tell_channel
from sandbox.seed import Channel, User
from sandbox.shapes import channel_json, user_json
from sandbox.state import Conversation
from sandbox.tokens import Tokens
from sandbox.workspace import Workspace

# What `channel_created` tells of a channel; `is_frozen` is added to it.
_CREATED_KEYS = {
    "id",
    "is_channel",
    "name",
    "name_normalized",
    "created",
    "creator",
    "is_shared",
    "is_org_shared",
    "context_team_id",
    "is_archived",
    "is_general",
    "is_group",
    "is_private",
    "is_ext_shared",
    "is_im",
    "is_mpim",
    "is_pending_ext_shared",
}
_CHANNEL_TYPE = {"public": "C", "private": "G", "im": "D", "mpim": "G"}


class Admin:
    """An administrator's hand. Each change reaches the pages, and the app as an event."""

    def __init__(self, workspace: Workspace, tokens: Tokens) -> None:
        self._workspace = workspace
        self._tokens = tokens

    def _stamp(self) -> str:
        return f"{self._workspace.now().timestamp():.6f}"

    def _channel(self, channel_id: str) -> Conversation:
        return self._workspace.state.conversations[channel_id]

    def _user_event(self, kind: str, user: User) -> None:
        workspace = self._workspace
        shown = user_json(user, workspace.seed, workspace.now(), with_locale=True)
        event = {
            "type": kind,
            "user": shown,
            "cache_ts": int(workspace.now().timestamp()),
            "event_ts": self._stamp(),
        }
        send_event(workspace, event)
        workspace.hub.tell({"type": "user", "user": page_user(user, workspace)})
        workspace.touch()

    def join(self, user: User) -> None:
        """Add a person (`team_join`)."""
        self._workspace.state.put_user(user)
        self._user_event("team_join", user)

    def change(self, user_id: str, **fields: Any) -> None:
        """Change a person's fields (`user_change`), for example `tz`, `title` or `deleted`."""
        before = self._workspace.user(user_id)
        if before is None:
            raise LookupError(f"the workspace has nobody with the id {user_id}")
        after = replace(before, **fields)
        self._workspace.state.put_user(after)
        self._user_event("user_change", after)

    def deactivate(self, user_id: str) -> None:
        """Deactivate a person."""
        self.change(user_id, deleted=True)

    def create_channel(self, channel: Channel, creator: str) -> None:
        """Add a channel (`channel_created`)."""
        workspace = self._workspace
        made = workspace.state.put_channel(channel, int(workspace.now().timestamp()), creator)
        shown = channel_json(made, workspace.seed, is_member=False, reader=workspace.seed.app.bot_user_id)
        told: Json = {key: value for key, value in shown.items() if key in _CREATED_KEYS}
        told["is_frozen"] = False
        self._channel_changed(made, {"type": "channel_created", "channel": told})

    def _channel_changed(self, channel: Conversation, event: Json) -> None:
        tell_channel(self._workspace, channel)
        send_event(self._workspace, {**event, "event_ts": self._stamp()})
        self._workspace.touch()

    def archive(self, channel_id: str, by: str) -> None:
        """Archive a channel (`channel_archive`)."""
        channel = self._channel(channel_id)
        channel.is_archived = True
        self._channel_changed(channel, {"type": "channel_archive", "channel": channel_id, "user": by, "is_moved": 0})

    def unarchive(self, channel_id: str, by: str) -> None:
        """Bring a channel back (`channel_unarchive`)."""
        channel = self._channel(channel_id)
        channel.is_archived = False
        self._channel_changed(channel, {"type": "channel_unarchive", "channel": channel_id, "user": by})

    def rename(self, channel_id: str, name: str) -> None:
        """Rename a channel (`channel_rename`)."""
        channel = self._channel(channel_id)
        channel.name = name
        told = {
            "id": channel_id,
            "name": name,
            "name_normalized": name,
            "created": channel.created,
            "is_channel": channel.kind == "public",
            "is_mpim": False,
        }
        self._channel_changed(channel, {"type": "channel_rename", "channel": told})

    def share_externally(self, channel_id: str, team_id: str = "T0PARTNER") -> None:
        """Share a channel with another company (`channel_shared`)."""
        channel = self._channel(channel_id)
        channel.is_ext_shared = True
        event = {"type": "channel_shared", "connected_team_id": team_id, "channel": channel_id}
        self._channel_changed(channel, event)

    def add_member(self, channel_id: str, user_id: str, inviter: str | None = None) -> None:
        """Put somebody, or the app, into a channel (`member_joined_channel`)."""
        channel = self._channel(channel_id)
        if user_id in channel.members:
            return
        channel.members.append(user_id)
        event = self._member_event("member_joined_channel", channel, user_id)
        if inviter is not None:
            event["inviter"] = inviter
        self._channel_changed(channel, event)

    def remove_member(self, channel_id: str, user_id: str) -> None:
        """Take somebody, or the app, out of a channel (`member_left_channel`)."""
        channel = self._channel(channel_id)
        if user_id not in channel.members:
            return
        channel.members.remove(user_id)
        self._channel_changed(channel, self._member_event("member_left_channel", channel, user_id))

    def _member_event(self, kind: str, channel: Conversation, user_id: str) -> Json:
        return {
            "type": kind,
            "user": user_id,
            "channel": channel.id,
            "channel_type": _CHANNEL_TYPE[channel.kind],
            "team": self._workspace.seed.team.id,
        }

    def revoke_bot_tokens(self) -> None:
        """Revoke every bot token (`tokens_revoked`)."""
        for token in self._tokens.live_bot_tokens():
            self._tokens.revoke(token)
        bot = self._workspace.seed.app.bot_user_id
        send_event(
            self._workspace,
            {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [bot]}, "event_ts": self._stamp()},
        )

    def uninstall(self) -> None:
        """Remove the app (`app_uninstalled` and `tokens_revoked`, in no promised order)."""
        for token in self._tokens.live_bot_tokens():
            self._tokens.revoke(token, "account_inactive")
        bot = self._workspace.seed.app.bot_user_id
        revoked = {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [bot]}, "event_ts": self._stamp()}
        events: list[Json] = [{"type": "app_uninstalled", "event_ts": self._stamp()}, revoked]
        self._workspace.ids.random.shuffle(events)
        for event in events:
            send_event(self._workspace, event)
