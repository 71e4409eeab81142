"""A strict local Slack workspace that the real SDK and Bolt talk to."""

from sandbox.addons import Addon
from sandbox.person import Outcome, Person
from sandbox.sandbox import Sandbox
from sandbox.seed import App, Channel, Command, Seed, Shortcut, Team, User, UserGroup

__all__ = [
    "Addon",
    "App",
    "Channel",
    "Command",
    "Outcome",
    "Person",
    "Sandbox",
    "Seed",
    "Shortcut",
    "Team",
    "User",
    "UserGroup",
]
