"""What a day had no room for: named in a later message, and sent for one press."""

from bot.held_back import handlers
from bot.ritual import Part

PART = Part(name="held_back", register=handlers.register, commands=[])
