"""What the workspace remembers: people, conversations, messages, views, files."""

from dataclasses import dataclass, field
from typing import Any, Literal

from sandbox.errors import Json
from sandbox.seed import Channel, Seed, User

Kind = Literal["public", "private", "im", "mpim"]


@dataclass
class Conversation:
    """A channel, a DM or a group DM with everything said in it.

    `messages` and `ephemerals` are keyed by `ts`; each ephemeral carries the reader in `to`.
    """

    id: str
    name: str
    kind: Kind
    members: list[str]
    created: int = 0
    creator: str = ""
    topic: str = ""
    purpose: str = ""
    is_archived: bool = False
    is_ext_shared: bool = False
    messages: dict[str, Json] = field(default_factory=dict)
    ephemerals: dict[str, Json] = field(default_factory=dict)
    last_ts: str | None = None

    def thread(self, thread_ts: str) -> list[Json]:
        """Return the parent and its replies, oldest first."""
        return [
            message for ts, message in self.messages.items() if ts == thread_ts or message.get("thread_ts") == thread_ts
        ]

    def top_level(self) -> list[Json]:
        """Return what the channel itself shows, oldest first: no replies that were not broadcast."""
        return [message for message in self.messages.values() if not is_hidden_reply(message)]


def is_hidden_reply(message: Json) -> bool:
    """Tell whether a message shows in its thread only."""
    thread_ts = message.get("thread_ts")
    return thread_ts not in {None, message["ts"]} and message.get("subtype") != "thread_broadcast"


@dataclass
class State:
    """The whole memory. Plain data only, so that it can be written as JSON."""

    users: dict[str, Json] = field(default_factory=dict)
    conversations: dict[str, Conversation] = field(default_factory=dict)
    stacks: dict[str, list[Json]] = field(default_factory=dict)
    homes: dict[str, Json] = field(default_factory=dict)
    read_marks: dict[str, dict[str, str]] = field(default_factory=dict)
    files: dict[str, Json] = field(default_factory=dict)
    file_contents: dict[str, str] = field(default_factory=dict)
    installs: dict[str, Json] = field(default_factory=dict)
    revoked_tokens: dict[str, str] = field(default_factory=dict)

    def user(self, user_id: str) -> User | None:
        """Return a person as the seed describes people."""
        fields = self.users.get(user_id)
        return None if fields is None else User(**fields)

    def put_user(self, user: User) -> None:
        """Add or replace a person."""
        self.users[user.id] = {name: getattr(user, name) for name in User.__dataclass_fields__}

    def put_channel(self, channel: Channel, created: int, creator: str) -> Conversation:
        """Add a seeded channel."""
        conversation = Conversation(
            id=channel.id,
            name=channel.name,
            kind="private" if channel.is_private else "public",
            members=list(channel.members),
            created=created,
            creator=creator,
            topic=channel.topic,
            purpose=channel.purpose,
            is_archived=channel.is_archived,
            is_ext_shared=channel.is_ext_shared,
        )
        self.conversations[channel.id] = conversation
        return conversation

    def find_view(self, view_id: str) -> tuple[str, Json] | None:
        """Return the owner and the view with this id: an open modal or a published Home."""
        for user_id, stack in self.stacks.items():
            for view in stack:
                if view["id"] == view_id:
                    return user_id, view
        for user_id, view in self.homes.items():
            if view["id"] == view_id:
                return user_id, view
        return None

    def to_json(self) -> Json:
        """Return everything as plain JSON values."""
        plain: dict[str, Any] = dict(vars(self))
        plain["conversations"] = {key: vars(value) for key, value in self.conversations.items()}
        return plain

    @classmethod
    def from_json(cls, stored: Json) -> "State":
        """Rebuild the memory from `to_json`; what an older or newer version kept besides is left out."""
        known = set(cls.__dataclass_fields__)
        conversations = {key: Conversation(**value) for key, value in stored["conversations"].items()}
        kept = {key: value for key, value in stored.items() if key in known}
        return cls(**{**kept, "conversations": conversations})

    def add_missing(self, seed: Seed, created: int) -> None:
        """Add what a seed has and the memory lacks; keep what is already remembered."""
        for user in (*seed.users, seed.bot_user()):
            if user.id not in self.users:
                self.put_user(user)
        people = [user.id for user in seed.users if not user.is_bot]
        creator = people[0] if people else seed.app.bot_user_id
        for channel in seed.channels:
            if channel.id not in self.conversations:
                self.put_channel(channel, created, creator)
