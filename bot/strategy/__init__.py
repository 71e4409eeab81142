"""The strategy in a handful of choices, and whose week they change."""

from bot.ritual import Part
from bot.strategy import commands, handlers

PART = Part(name="strategy", register=handlers.register, commands=[commands.STRATEGY])
