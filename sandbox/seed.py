"""The workspace as it is before anything happens: people, channels, the app under test."""

from collections.abc import Sequence
from typing import Literal

from pydantic import ConfigDict, Field
from pydantic.dataclasses import dataclass

EVERY_SCOPE = (
    "app_mentions:read",
    "channels:history",
    "channels:read",
    "chat:write",
    "chat:write.public",
    "commands",
    "files:read",
    "files:write",
    "groups:history",
    "groups:read",
    "im:history",
    "im:read",
    "im:write",
    "mpim:history",
    "mpim:read",
    "mpim:write",
    "reactions:read",
    "reactions:write",
    "team:read",
    "usergroups:read",
    "users:read",
    "users:read.email",
)


_STRICT = ConfigDict(extra="forbid")


@dataclass(frozen=True, config=_STRICT)
class Team:
    """The workspace; `enterprise_id` is set when it belongs to an organisation."""

    id: str = "T0SANDBOX"
    name: str = "Sandbox"
    domain: str = "sandbox"
    enterprise_id: str | None = None
    enterprise_name: str | None = None


@dataclass(frozen=True, config=_STRICT)
class User:
    """A person or a bot. Only `id` and `name` are needed."""

    id: str
    name: str
    real_name: str = ""
    tz: str | None = "Europe/London"
    title: str = ""
    email: str | None = None
    deleted: bool = False
    is_bot: bool = False
    is_admin: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    is_stranger: bool = False
    is_invited_user: bool = False
    team_id: str | None = None
    locale: str = "en-GB"
    color: str = ""
    status_text: str = ""
    status_emoji: str = ""
    status_expiration: int = 0


@dataclass(frozen=True, config=_STRICT)
class Channel:
    """A public or private channel. `members` may hold the bot's user id."""

    id: str
    name: str
    members: Sequence[str] = ()
    is_private: bool = False
    is_archived: bool = False
    is_ext_shared: bool = False
    topic: str = ""
    purpose: str = ""


@dataclass(frozen=True, config=_STRICT)
class UserGroup:
    """A user group (`@handle`) and who is in it."""

    id: str
    name: str
    handle: str
    users: Sequence[str] = ()


@dataclass(frozen=True, config=_STRICT)
class Command:
    """A slash command of the app. With `should_escape`, its text arrives as markup: `<@U…|name>` and `&amp;`."""

    command: str = Field(pattern=r"^/[a-z0-9_-]{1,31}$")
    description: str = Field(default="", max_length=2000)
    usage_hint: str = Field(default="", max_length=1000)
    should_escape: bool = False


@dataclass(frozen=True, config=_STRICT)
class Shortcut:
    """A global or a message shortcut of the app."""

    name: str
    callback_id: str = Field(max_length=255)
    type: Literal["global", "message"] = "global"
    description: str = ""


@dataclass(frozen=True, config=_STRICT)
class App:
    """The app under test and its credentials.

    With `request_url` set, Slack's requests go there, signed, and Socket Mode is refused.
    `events` lists the subscribed bot events; `None` means every event that the scopes permit.
    `history_limited` is for commercial apps outside the Marketplace: they may read history once a minute,
    15 messages at a time.
    """

    id: str = "A0SANDBOX"
    name: str = Field(default="Sandbox app", max_length=35)
    bot_user_id: str = "U0BOT"
    bot_id: str = "B0BOT"
    bot_token: str = "xoxb-sandbox"  # noqa: S105  it opens nothing but the sandbox
    app_token: str = "xapp-sandbox"  # noqa: S105  likewise
    signing_secret: str = "sandbox-signing-secret"  # noqa: S105  likewise
    verification_token: str = "sandbox-verification-token"  # noqa: S105  likewise
    client_id: str = "1.2"
    client_secret: str = "sandbox-client-secret"  # noqa: S105  likewise
    redirect_urls: Sequence[str] = ()
    scopes: Sequence[str] = EVERY_SCOPE
    events: Sequence[str] | None = None
    commands: Sequence[Command] = Field(default=(), max_length=50)
    shortcuts: Sequence[Shortcut] = Field(default=(), max_length=10)
    home_tab: bool = True
    messages_tab: bool = True
    request_url: str | None = None
    options_url: str | None = None
    history_limited: bool = False


def default_users() -> tuple[User, ...]:
    """Three people in three time zones, for a sandbox that nobody seeded."""
    return (
        User(id="U0ANA", name="ana", real_name="Ana Torres", tz="Europe/Berlin", title="Account executive"),
        User(id="U0BEN", name="ben", real_name="Ben Okafor", tz="America/New_York", title="Manager"),
        User(id="U0CHI", name="chi", real_name="Chi Tanaka", tz="Asia/Tokyo", title="Engineer"),
    )


def default_channels() -> tuple[Channel, ...]:
    """One channel with everybody and one with two."""
    return (
        Channel(id="C0GENERAL", name="general", members=("U0ANA", "U0BEN", "U0CHI", "U0BOT")),
        Channel(id="C0RANDOM", name="random", members=("U0ANA", "U0BEN")),
    )


@dataclass(frozen=True, config=_STRICT)
class Seed:
    """Everything a sandbox starts with; `Seed()` alone is a small usable workspace."""

    team: Team = Field(default_factory=Team)
    users: Sequence[User] = Field(default_factory=default_users)
    channels: Sequence[Channel] = Field(default_factory=default_channels)
    usergroups: Sequence[UserGroup] = ()
    app: App = Field(default_factory=App)

    def bot_user(self) -> User:
        """Return the app's own user, made from the app when the seed does not list it."""
        for user in self.users:
            if user.id == self.app.bot_user_id:
                return user
        name = "".join(letter if letter.isalnum() else "_" for letter in self.app.name.lower())
        return User(id=self.app.bot_user_id, name=name, real_name=self.app.name, tz=None, is_bot=True)
