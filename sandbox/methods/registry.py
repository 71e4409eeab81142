"""How a method is declared, and how it reads its arguments."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from sandbox.errors import Json, SlackError
from sandbox.services import Services
from sandbox.state import Conversation
from sandbox.tokens import Grant
from sandbox.workspace import Workspace

_TRUE = {"1", "true", "True", "yes"}


@dataclass
class Call:
    """One call: who asks, with which arguments, and the workspace it concerns."""

    workspace: Workspace
    services: Services
    arguments: Json
    grant: Grant
    http_method: str = "POST"
    basic: tuple[str, str] | None = None

    def get(self, name: str) -> Any:
        """Return an argument; an empty one counts as absent."""
        value = self.arguments.get(name)
        return None if value == "" else value

    def text(self, name: str) -> str | None:
        """Return a text argument."""
        value = self.get(name)
        if value is None or isinstance(value, str):
            return value
        if isinstance(value, bool | int | float):
            return str(value)
        raise SlackError("invalid_arguments", [f"{name} must be a string"])

    def need(self, name: str) -> str:
        """Return a text argument that must be there."""
        value = self.text(name)
        if value is None:
            raise SlackError("invalid_arguments", [f"missing required field: {name}"])
        return value

    def flag(self, name: str, default: bool = False) -> bool:
        """Return a true-or-false argument."""
        value = self.get(name)
        return default if value is None else value is True or str(value) in _TRUE

    def number(self, name: str, default: int, most: int = 1000) -> int:
        """Return a positive whole number; too large a one becomes the largest allowed."""
        value = self.get(name)
        if value is None:
            return default
        try:
            number = int(value)
        except (TypeError, ValueError):
            raise SlackError("invalid_arguments", [f"{name} must be an integer"]) from None
        if number < 1:
            raise SlackError("invalid_limit" if name == "limit" else "invalid_arguments")
        return min(number, most)

    def names(self, name: str) -> list[str]:
        """Return a list given as JSON or separated by commas."""
        value = self.get(name)
        if value is None:
            return []
        if isinstance(value, list):
            return [str(item) for item in value]
        if str(value).startswith("["):
            try:
                return [str(item) for item in json.loads(str(value))]
            except ValueError:
                raise SlackError("invalid_array_arg") from None
        return [item.strip() for item in str(value).split(",") if item.strip()]

    def visible_channel(self, name: str = "channel") -> Conversation:
        """Return the conversation that an argument names, if the app can know of it."""
        conversation = self.workspace.conversation(self.need(name))
        if conversation is None or not self.can_see(conversation):
            raise SlackError("channel_not_found")
        return conversation

    def can_see(self, conversation: Conversation) -> bool:
        """Tell whether the app knows of a conversation: public, or one that it is in."""
        return conversation.kind == "public" or self.is_member(conversation)

    def is_member(self, conversation: Conversation) -> bool:
        """Tell whether the app is in a conversation."""
        return self.workspace.seed.app.bot_user_id in conversation.members


Handler = Callable[[Call], Awaitable[Json]]


@dataclass(frozen=True)
class Method:
    """One method: its work, the scopes of which one is needed, and its rate tier."""

    name: str
    handler: Handler
    scopes: tuple[str, ...] = ()
    tier: int = 3
    kind: str = "bot"
    special: str | None = field(default=None)


METHODS: dict[str, Method] = {}


def method(
    name: str, *, scopes: tuple[str, ...] = (), tier: int = 3, kind: str = "bot", special: str | None = None
) -> Callable[[Handler], Handler]:
    """Declare a Web API method. `kind` says whose token it takes: bot, app, any or none."""

    def declare(handler: Handler) -> Handler:
        METHODS[name] = Method(name, handler, scopes, tier, kind, special)
        return handler

    return declare


def page_of(items: list[Json], call: Call, default: int, most: int = 1000) -> tuple[list[Json], str]:
    """Return one page of a list and the cursor of the next, empty at the end."""
    limit = call.number("limit", default, most)
    start = read_cursor(call.text("cursor"))
    if start > len(items):
        raise SlackError("invalid_cursor")
    end = start + limit
    return items[start:end], make_cursor(end) if end < len(items) else ""


def make_cursor(position: int) -> str:
    """Return an opaque cursor."""
    return f"next:{position:x}"


def read_cursor(cursor: str | None) -> int:
    """Return the position a cursor stands for."""
    if not cursor:
        return 0
    word, _, position = cursor.partition(":")
    try:
        return int(position, 16) if word == "next" else _bad_cursor()
    except ValueError:
        return _bad_cursor()


def _bad_cursor() -> int:
    raise SlackError("invalid_cursor")
