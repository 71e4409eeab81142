"""`Show`: have what was held back sent after all."""

from datetime import datetime
from typing import Any

from slack_bolt.async_app import AsyncAck
from sqlalchemy.orm import Session

from bot import payloads
from bot.acting import actor
from bot.deps import Deps
from bot.doors import Doors
from bot.errors import answer_press, tell
from bot.held_back import views
from bot.payloads import Who
from storage import budget


def register(doors: Doors) -> None:
    """The one button."""
    doors.action(views.SHOW)(show)


async def show(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """Send whoever presses all that was held back from them."""
    press = payloads.press(body)

    async def shown() -> None:
        number = await deps.database.write(unfold, press.who, deps.clock())
        await tell(deps, press.response_url, views.on_their_way(number))

    await answer_press(ack, deps, press, shown())


def unfold(tx: Session, who: Who, now: datetime) -> int:
    """Have it sent now, outside the budget: they ask for it; return how many messages; raises Stranger."""
    return budget.unfold(tx, who.workspace, actor(tx, who).slack_id, now)
