"""What happens to people in Slack, in many tests, and what Cadence then knows of them."""

from typing import Any

from rituals.people import Person
from sandbox import User
from storage import people
from tests.bot.world import WORKSPACE, World


def joiner(number: int, **facts: Any) -> User:
    """Somebody whom Cadence has not heard of."""
    given: dict[str, Any] = {"tz": "Asia/Tokyo", "real_name": f"New {number}"}
    return User(f"U1{number:03}", f"new{number}", **(given | facts))


async def known(world: World, slack_id: str) -> Person | None:
    """Whom Cadence has behind a Slack id, leavers included."""
    found: Person | None = (await world.read(people.behind, WORKSPACE, [slack_id])).get(slack_id)
    return found


async def now(world: World, name: str) -> Person:
    """Somebody of the company as Cadence has them now."""
    found = await known(world, world.people[name].slack_id)
    assert found is not None
    return found


async def joins(world: World, user: User) -> None:
    """Somebody new appears in Slack."""
    before = _heard(world)
    world.sandbox.admin.join(user)
    await world.sandbox.until(lambda: _heard(world) > before)
    await world.deliver()


async def becomes(world: World, name: str, **facts: Any) -> Person:
    """Slack changes somebody of the company."""
    before = _heard(world)
    world.sandbox.admin.change(world.people[name].slack_id, **facts)
    await world.sandbox.until(lambda: _heard(world) > before)
    await world.deliver()
    return await now(world, name)


def _heard(world: World) -> int:
    return sum(one.kind == "events_api" and one.ok for one in world.sandbox.deliveries)
