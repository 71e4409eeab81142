"""Who changed what, for whoever may ask."""

from bot.records import commands
from bot.ritual import Part

PART = Part(name="records", register=commands.register, commands=[commands.AUDIT])
