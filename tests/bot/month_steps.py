"""What owners and leaders do in tests of the month."""

from dataclasses import replace
from datetime import date
from typing import Any

from bot.kpis import value_forms
from bot.stoplight import collect_views, walk_views
from tests.bot.steps import change, filled
from tests.bot.world import World, words

ASKED = date(2026, 12, 1)
REMINDED = date(2026, 12, 4)
REPORTED = date(2026, 12, 8)
NOVEMBER = date(2026, 11, 1)
Json = dict[str, Any]


async def owned(world: World) -> None:
    """Ana owns New bookings and Renewals, Tom Qualified leads."""
    owners = {"New bookings": "Ana", "Renewals": "Ana", "Qualified leads": "Tom"}
    for name, owner in owners.items():
        await change(world, replace(world.kpis[name], owner_id=world.people[owner].id))
    await world.at("12:00", date(2026, 11, 27))


def message(world: World, name: str, starts: str) -> Json:
    """Somebody's newest message from Cadence that starts like this."""
    found = [one for one in world.dm(name) if one["text"].startswith(starts)]
    assert found, [one["text"] for one in world.dm(name)]
    return found[-1]


async def enter(world: World, name: str, kpi: str, value: str, **said: str) -> None:
    """`Enter` in the collection, then `Save`: two clicks."""
    hand = world.hand(name)
    shown = message(world, name, "November")
    assert (await hand.click(shown, collect_views.ENTER, block_id=f"kpi:{world.kpis[kpi].id}:2026-11-01")).ok
    view = await filled(world, name)
    assert (await hand.click(view, value_forms.VALUE_TYPED, value, block_id="value:2026-11-01")).ok
    await world.cadence.deps.background.drained(10)
    assert (await hand.submit(values={f"{field}:2026-11-01": words for field, words in said.items()})).ok


async def screen(world: World, name: str, says: str) -> Json:
    """The screen of the walk that is open, once it says something."""

    def shown() -> Json | None:
        view = world.hand(name).view
        return view if view is not None and says in words(view) else None

    return await world.sandbox.until(shown)


async def turned(world: World, name: str, says: str) -> Json:
    """`Next`, and what it shows."""
    assert (await world.hand(name).click(world.hand(name).view or {}, walk_views.NEXT)).ok
    return await screen(world, name, says)


async def collected(world: World) -> None:
    """By the evening of working day 1 Ana has filed a red and a yellow, Tom a green."""
    await owned(world)
    await world.at("10:00", ASKED)
    await enter(world, "Ana", "New bookings", "70", cause="Two events cancelled", proposal="Move 40 k to search")
    await enter(world, "Ana", "Renewals", "88", cause="Late quotes", proposal="Quote within two days")
    await enter(world, "Tom", "Qualified leads", "104")
    await world.at("18:00", ASKED)
