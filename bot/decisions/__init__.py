"""Decision memos in Slack."""

from bot.decisions import commands, handlers
from bot.ritual import Part

PART = Part(name="decisions", register=handlers.register, commands=[commands.DECIDE])
