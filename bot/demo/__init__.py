"""`cadence demo`: a morning in a made-up company, in a local stand-in for Slack."""

from bot.demo.play import DEFAULT_PORT, play

__all__ = ["DEFAULT_PORT", "play"]
