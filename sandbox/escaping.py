"""Typed names of people and channels as ids, for commands that ask for it."""

import re

from sandbox.workspace import Workspace

_NAME = re.compile(r"(?<![\w<])([@#])([\w.-]*\w)")


def escape_names(workspace: Workspace, text: str) -> str:
    """Return text with `@name` as `<@id|name>` and `#name` as `<#id|name>` where the name exists."""
    state = workspace.state
    people = {user["name"]: user_id for user_id, user in state.users.items()}
    channels = {one.name: one.id for one in state.conversations.values() if one.kind in {"public", "private"}}

    def escaped(found: re.Match[str]) -> str:
        sign, name = found.groups()
        identity = (people if sign == "@" else channels).get(name)
        return found[0] if identity is None else f"<{sign}{identity}|{name}>"

    return _NAME.sub(escaped, text)
