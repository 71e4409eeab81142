"""`/cadence strategy`."""

from bot.commands import Call, Noun, Verb
from bot.strategy import writing


async def show(call: Call) -> None:
    """The strategy, for everybody on the roster."""
    await call.show(writing.shown, call.deps.clock())


STRATEGY = Noun(
    "strategy", (Verb("show", "", "the strategy in a handful of choices, and whose week they change", show),), own=False
)
