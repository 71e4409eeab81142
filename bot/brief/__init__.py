"""The brief before a 1:1."""

from bot.brief.commands import BRIEF
from bot.ritual import Part

PART = Part(name="brief", register=lambda _: None, commands=[BRIEF])
