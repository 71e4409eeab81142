"""Where each button, form, shortcut, command and event leads: our own tables, with one Bolt listener in front of each.

Bolt inspects every listener of an app, and tries one after the other for each request; there are hundreds of buttons.
"""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.deps import Deps

Handler: TypeAlias = Callable[[AsyncAck, dict[str, Any], Deps], Awaitable[None]]
_ANY = re.compile("")


class Table:
    """Handlers by their exact ids."""

    def __init__(self) -> None:
        self.handlers: dict[str, Handler] = {}

    def __call__(self, name: str) -> Callable[[Handler], None]:
        """Give what puts a handler in under `name`; that raises ValueError when the name is taken."""

        def put(handler: Handler) -> None:
            if self.handlers.setdefault(name, handler) is not handler:
                raise ValueError(f"{name} leads to {self.handlers[name]} and to {handler}")

        return put


@dataclass(frozen=True, slots=True)
class Doors:
    """What each part's `register` fills."""

    action: Table = field(default_factory=Table)
    """Buttons, and choices that act at once."""
    view: Table = field(default_factory=Table)
    """Forms that are sent."""
    shortcut: Table = field(default_factory=Table)
    command: Table = field(default_factory=Table)
    event: Table = field(default_factory=Table)

    def open(self, app: AsyncApp, deps: Deps) -> None:
        """Have Bolt ask the tables. What nobody claims is acked, or its sender would watch it fail: a link button."""

        def leading(table: Table, asked: Callable[[Any], str]) -> Callable[..., Awaitable[None]]:
            async def listener(ack: AsyncAck, body: dict[str, Any]) -> None:
                handler = table.handlers.get(asked(body))
                await (ack() if handler is None else handler(ack, body, deps))

            return listener

        app.action({"action_id": _ANY})(leading(self.action, lambda body: body["actions"][0]["action_id"]))
        app.view_submission(_ANY)(leading(self.view, lambda body: body["view"]["callback_id"]))
        app.view_closed(_ANY)(leading(Table(), lambda body: body["view"]["callback_id"]))
        app.shortcut(_ANY)(leading(self.shortcut, lambda body: body["callback_id"]))
        app.event(_ANY)(leading(self.event, lambda body: body["event"]["type"]))
        for name in self.command.handlers:
            app.command(name)(leading(self.command, lambda body: body["command"]))
