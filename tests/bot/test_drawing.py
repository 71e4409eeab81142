"""What is drawn when it goes out is drawn from what is stored then, for a whole batch at once."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from bot.delivery import Delivery
from bot.drawing import AGAIN_AFTER, DRAWN_BY, Body
from bot.huddle import receipts
from bot.ids import new_id
from storage import outbox
from storage.outbox import Message, Policy, Rank
from tests.bot.steps import file, plan_of
from tests.bot.world import WORKSPACE, World, words


class Easel:
    """Draws every message, but for those that it is told it can't, and counts."""

    def __init__(self, *blocked: str) -> None:
        self.blocked = set(blocked)
        self.drawn: list[Sequence[str]] = []

    def draw(self, _tx: Session, asked: Sequence[Body]) -> Sequence[Body]:
        """All of them, or none when one of them can't be."""
        names = [each["name"] for each in asked]
        self.drawn.append(names)
        if self.blocked & set(names):
            raise RuntimeError("no paint")
        return [{"text": f"A picture of {name}"} for name in names]


async def hang(world: World, *names: str) -> None:
    """Three messages to the channel that are drawn when they go out."""

    def put(tx: Session) -> None:
        for name in names:
            body = {"text": name, DRAWN_BY: "easel", "name": name}
            outbox.post(
                tx, Message(new_id(), WORKSPACE, name, Policy.RESEND, Rank.REPLY, body, world.clock.now), "C0EMEA"
            )

    await world.cadence.deps.database.write(put)


def delivery(world: World, easel: Easel) -> Delivery:
    """Delivery with this easel as its only drawer."""
    deps = world.cadence.deps
    return Delivery(deps.database, deps.slack, deps.clock, drawers={"easel": easel.draw}, paced=False)


def shown(world: World) -> set[str]:
    """What stands in the channel."""
    return {one["text"] for one in world.sandbox.messages("C0EMEA")}


async def test_a_batch_is_drawn_at_once(morning: World) -> None:
    easel = Easel()
    await hang(morning, "a fox", "a hen", "a cow")
    await delivery(morning, easel).drain()
    assert shown(morning) == {"A picture of a fox", "A picture of a hen", "A picture of a cow"}
    assert [sorted(names) for names in easel.drawn] == [["a cow", "a fox", "a hen"]]


async def test_one_that_cannot_be_drawn_keeps_no_other_back_and_is_tried_again(morning: World) -> None:
    easel = Easel("a hen")
    await hang(morning, "a fox", "a hen", "a cow")
    sender = delivery(morning, easel)
    await sender.drain()
    assert shown(morning) == {"A picture of a fox", "A picture of a cow"}

    easel.blocked.clear()
    await sender.drain()
    assert len(shown(morning)) == 2
    morning.clock.now += AGAIN_AFTER
    await sender.drain()
    assert "A picture of a hen" in shown(morning)


async def test_a_receipt_shows_the_last_of_two_answers_that_it_was_told_of_at_once(morning: World) -> None:
    await morning.at("08:30")
    assert (await file(morning, "Ana", "Three renewals called")).ok
    assert (await file(morning, "Ana", "Three renewals called\nSlides for Friday's board")).ok
    await morning.deliver()
    (receipt,) = morning.dm("Ana")
    assert "2 results" in words(receipt)
    assert "2  Slides for Friday's board" in words(receipt)


async def test_many_receipts_take_as_many_queries_as_one(morning: World) -> None:
    await morning.at("08:30")
    for name in ("Ana", "Tom"):
        assert (await file(morning, name, "Three renewals called", stuck="The legal team is slow")).ok
    plans = [await plan_of(morning, name) for name in ("Ana", "Tom")]
    asked = [{"text": "", "plan": str(plan.id), "at": morning.clock.now.isoformat()} for plan in plans]
    database = morning.cadence.deps.database

    async def queries(*some: Mapping[str, Any]) -> int:
        heard: list[str] = []

        def hear(*arguments: Any) -> None:
            heard.append(arguments[2])

        event.listen(Engine, "before_cursor_execute", hear)
        try:
            drawn = await database.read(receipts.draw, some)
        finally:
            event.remove(Engine, "before_cursor_execute", hear)
        assert all("The legal team is slow" in str(body["blocks"]) for body in drawn)
        return len(heard)

    assert await queries(*asked) == await queries(asked[0]) > 0
