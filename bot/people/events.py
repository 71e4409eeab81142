"""Slack's events about people: each is taken in at once (F91)."""

from typing import Any

from slack_bolt.async_app import AsyncAck

from bot import payloads
from bot.clock import machine_clock
from bot.deps import Deps
from bot.doors import Doors
from bot.people import accounts, roster


def register(doors: Doors) -> None:
    """Whoever joins, and whatever changes about anybody."""
    doors.event("user_change")(heard)
    doors.event("team_join")(heard)


async def heard(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """`team_join`, `user_change`: commit, then ack, so that Slack tells again what was not kept."""
    event = payloads.account_event(body)
    profile = accounts.profile(event.account, event.workspace)
    await deps.database.write(roster.take_in, event.workspace, [profile], deps.clock(), machine_clock())
    await ack()
    deps.wake()
