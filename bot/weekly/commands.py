"""`/cadence weekly` and `/cadence actions`."""

from bot.commands import Noun, Verb
from bot.weekly import setting, settling

TEAM = frozenset({"team"})

WEEKLY = Noun(
    "weekly",
    (Verb("", "", "sets when your team's weekly collects and meets, and what it asks", setting.weekly, options=TEAM),),
    own=False,
)
ACTIONS = Noun(
    "actions", (Verb("", "", "shows what you owe out of weeklies, and what became of it", settling.mine),), own=False
)
