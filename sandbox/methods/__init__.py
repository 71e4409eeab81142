"""The Web API methods, one module per family."""

from sandbox.methods import (
    apps,
    chat,
    conversations,
    files,
    history,
    oauth,
    reactions,
    usergroups,
    users,
    views,
)
from sandbox.methods.registry import METHODS, Call, Method

__all__ = [
    "METHODS",
    "Call",
    "Method",
    "apps",
    "chat",
    "conversations",
    "files",
    "history",
    "oauth",
    "reactions",
    "usergroups",
    "users",
    "views",
]
