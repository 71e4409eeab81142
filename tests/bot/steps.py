"""What people of the company do in many tests, and what the database then holds."""

from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.huddle import card_views
from rituals.plans import Item, Plan
from sandbox import Outcome
from storage import plans, values
from storage.tables import Outbox, PlanRevisions
from tests.bot.world import MONDAY, World

V = TypeVar("V")
Json = dict[str, Any]


async def file(world: World, name: str, *results: str, **more: Any) -> Outcome:
    """Open today's form by `/plan` and submit it; `more` are further fields, by their names."""
    hand = world.hand(name)
    assert (await hand.command("/plan")).ok
    await filled(world, name)
    return await submitted(world, name, {"today": "\n".join(results), **more})


async def said(world: World, name: str, text: str, thread_ts: str | None = None) -> None:
    """Somebody writes into the DM with Cadence, and what it answers is delivered."""
    outcome = await world.hand(name).say(text, thread_ts=thread_ts)
    assert outcome.ok

    def told() -> bool:
        events = (one.payload["event"] for one in world.sandbox.deliveries if one.kind == "events_api" and one.ok)
        place = (world.hand(name).dm_id, outcome.ts)
        return any((event.get("channel"), event.get("ts")) == place for event in events)

    await world.sandbox.until(told)
    await world.deliver()


async def submitted(world: World, name: str, values: dict[str, Any]) -> Outcome:
    """Send the form that somebody has open; on a busy machine do what its sentence says and send it again."""
    hand = world.hand(name)
    outcome = await hand.submit(values=values)
    while any(said.startswith("The database is slow") for said in outcome.errors.values()):
        await world.cadence.deps.background.drained(10)
        outcome = await hand.submit()
    return outcome


async def filled(world: World, name: str) -> Json:
    """The form that somebody has open, once it is more than "One moment"."""
    return await world.sandbox.until(lambda: next((v for v in [world.hand(name).view] if v and v["submit"]), None))


async def carded(world: World) -> Json:
    """Ana plans one result with a KPI and one without, Tom one with; Dana has their card."""
    await world.at("08:30")
    assert (await file(world, "Ana", "Beltrán signs the new bookings", "Slides for Friday")).ok
    assert (await file(world, "Tom", "Three renewals called")).ok
    await world.at("09:00")
    return card(world)


def card(world: World, name: str = "Dana") -> Json:
    """The huddle card that somebody has."""
    (found,) = (message for message in world.dm(name) if message["text"].startswith("EMEA huddle"))
    return found


async def redirected(world: World, shown: Json, name: str, item: str, instead: str, **more: Any) -> Outcome:
    """Dana redirects one result of `name` on her card."""
    dana = world.hand("Dana")
    plan, found = await plan_of(world, name), await items_of(world, name)
    assert (await dana.click(shown, card_views.REDIRECT, block_id=f"plan:{plan.id}")).ok
    item_id = next(str(one.id) for one in found if one.text == item)
    filled = {"item": item_id, "instead": instead, "kpi": "none", "why": "Slides can wait", "how": "send"}
    return await dana.submit(values=filled | more)


async def plan_of(world: World, name: str, day: date = MONDAY) -> Plan:
    """What is kept of somebody's day."""
    found = await world.read(plans.find_on, world.people[name].id, day)
    assert isinstance(found, Plan)
    return found


async def items_of(world: World, name: str, day: date = MONDAY) -> list[Item]:
    """The results that somebody's plan promises now."""
    plan = await plan_of(world, name, day)

    def look(tx: Session) -> list[Item]:
        return plans.items(tx, [plan.id])[plan.id]

    found: list[Item] = await world.read(look)
    return found


async def texts_of(world: World, name: str, day: date = MONDAY) -> list[str]:
    """The words of those results."""
    return [item.text for item in await items_of(world, name, day)]


async def change(world: World, value: Any) -> None:
    """Write a value over the one with its id."""
    await world.cadence.deps.database.write(values.save, value)


async def stored(world: World, kind: type[V]) -> list[V]:
    """Every value of a kind."""

    def look(tx: Session) -> list[V]:
        return values.fetch(tx, kind)

    found: list[V] = await world.read(look)
    return found


async def revisions(world: World, plan_id: UUID) -> list[Json]:
    """What a plan said before its edits, oldest first."""

    def look(tx: Session) -> list[Json]:
        query = select(PlanRevisions.said).where(PlanRevisions.plan_id == plan_id).order_by(PlanRevisions.revision)
        return list(tx.execute(query).scalars())

    found: list[Json] = await world.read(look)
    return found


async def outbox_row(world: World, key: str) -> Any:
    """One row of the outbox, by its key."""

    def look(tx: Session) -> Any:
        return tx.execute(select(Outbox.__table__).where(Outbox.key == key)).mappings().one()

    return await world.read(look)


def element(view: Json, action_id: str) -> Json:
    """The first input of a form with this action id."""
    found = (block["element"] for block in view["blocks"] if block["type"] == "input")
    return next(dict(one) for one in found if one["action_id"] == action_id)


def inputs(view: Json) -> list[str]:
    """The block ids of a form's inputs, without what follows a colon."""
    return [block["block_id"].split(":")[0] for block in view["blocks"] if block["type"] == "input"]


def block_for(view: Json, name: str, label: str) -> str:
    """The block id of the input called `name` that is labelled `label`."""
    return next(
        str(block["block_id"])
        for block in view["blocks"]
        if block["block_id"].startswith(f"{name}:") and block["label"]["text"].startswith(label)
    )
