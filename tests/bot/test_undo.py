"""Ten minutes to take an agreement back, and a record that keeps both (F142)."""

from datetime import timedelta
from uuid import UUID

import pytest

from bot.huddle import card_views
from bot.ids import new_id
from rituals.plans import Answer
from storage import audit
from tests.bot import forging
from tests.bot.steps import Json, card, carded, file, items_of, plan_of
from tests.bot.world import World, buttons, words


async def answers(world: World, name: str) -> list[Answer]:
    """What the manager said to each of somebody's results."""
    return [item.answer for item in await items_of(world, name)]


async def pressed(world: World, shown: Json, action: str, block_id: str | None = None) -> Json:
    """Dana presses on her card; the card a few seconds later."""
    assert (await world.hand("Dana").click(shown, action, block_id=block_id)).ok
    world.clock.now += timedelta(seconds=5)
    await world.deliver()
    return card(world)


async def agreed(world: World) -> Json:
    """Dana has agreed to Ana's plan."""
    shown = await carded(world)
    return await pressed(world, shown, card_views.AGREE, block_id=f"plan:{(await plan_of(world, 'Ana')).id}")


def undo_value(shown: Json) -> str:
    """What the card's `Undo` carries."""
    elements = (element for block in shown["blocks"] for element in block.get("elements", ()))
    return str(next(element["value"] for element in elements if element.get("action_id") == card_views.UNDO))


async def test_an_agreement_is_taken_back_in_one_press_and_the_record_shows_both(morning: World) -> None:
    shown = await agreed(morning)
    item = (await items_of(morning, "Ana"))[0]
    assert "Undo agree (Ana)" in buttons(shown)

    shown = await pressed(morning, shown, card_views.UNDO)

    assert await answers(morning, "Ana") == [Answer.NONE, Answer.NONE]
    assert "Undo agree (Ana)" not in buttons(shown)
    assert buttons(shown).count("Agree") == 2
    assert "Dana answered" not in words(morning.dm("Ana")[0])
    entries = await morning.read(audit.of, [item.id])
    dana = morning.people["Dana"].id
    told = [(entry.act.actor_id, entry.act.via, entry.before, entry.after) for entry in entries][-2:]
    assert told == [
        (dana, card_views.AGREE, {"answer": "none"}, {"answer": "agreed"}),
        (dana, card_views.UNDO, {"answer": "agreed"}, {"answer": "none"}),
    ]


async def test_agree_all_is_taken_back_as_one(morning: World) -> None:
    shown = await pressed(morning, await carded(morning), card_views.AGREE_ALL)
    assert "Undo agree (2 people)" in buttons(shown)

    await pressed(morning, shown, card_views.UNDO)

    assert await answers(morning, "Ana") == [Answer.NONE, Answer.NONE]
    assert await answers(morning, "Tom") == [Answer.NONE]


async def test_the_newest_agreement_goes_first_and_then_the_one_before(morning: World) -> None:
    shown = await agreed(morning)
    shown = await pressed(morning, shown, card_views.AGREE_ALL)
    assert "Undo agree (Tom)" in buttons(shown)

    shown = await pressed(morning, shown, card_views.UNDO)
    assert "Undo agree (Ana)" in buttons(shown)
    assert await answers(morning, "Ana") == [Answer.AGREED, Answer.NONE]
    await pressed(morning, shown, card_views.UNDO)

    assert await answers(morning, "Ana") == [Answer.NONE, Answer.NONE]


@pytest.mark.parametrize(("minutes", "left"), [(10, Answer.NONE), (11, Answer.AGREED)])
async def test_ten_minutes_and_no_longer(morning: World, minutes: int, left: Answer) -> None:
    shown = await agreed(morning)
    entry = (await morning.read(audit.of, [(await items_of(morning, "Ana"))[0].id]))[-1]
    morning.clock.now = entry.act.at + timedelta(minutes=minutes)

    assert (await morning.hand("Dana").click(shown, card_views.UNDO)).ok

    assert (await answers(morning, "Ana"))[0] is left
    if left is Answer.AGREED:
        said = words(morning.hand("Dana").ephemerals()[-1])
        assert said.startswith("Ten minutes have passed, and others count on what you said")


async def test_pressed_twice_it_undoes_once_and_says_so(morning: World) -> None:
    shown = await agreed(morning)
    value = undo_value(shown)
    await pressed(morning, shown, card_views.UNDO)

    assert (await forging.press(morning, "Dana", shown, card_views.UNDO, value)).ok

    assert words(morning.hand("Dana").ephemerals()[-1]).startswith("This was taken back already")


@pytest.mark.parametrize("name", ["Ana", "Tom", "Priya", "Zoe"])
async def test_nobody_takes_back_what_another_agreed_to(morning: World, name: str) -> None:
    shown = await agreed(morning)

    assert (await forging.press(morning, name, shown, card_views.UNDO, undo_value(shown))).ok

    assert words(morning.hand(name).ephemerals()[-1]) == (
        "Only Dana can do this. Nothing changed. <slack://user?team=T0TEST&id=U0DANA|Ask Dana>"
    )
    assert await answers(morning, "Ana") == [Answer.AGREED, Answer.NONE]


async def test_only_an_agreement_can_be_undone_by_this_button(morning: World) -> None:
    shown = await carded(morning)
    item = (await items_of(morning, "Ana"))[0]
    filed: UUID = (await morning.read(audit.of, [item.id]))[0].act.id

    for value in (str(filed), str(new_id())):
        assert (await forging.press(morning, "Ana", shown, card_views.UNDO, value)).ok
        assert words(morning.hand("Ana").ephemerals()[-1]).startswith("This is no longer there")

    assert await items_of(morning, "Ana")


async def test_a_plan_that_was_edited_since_keeps_what_its_writer_wrote(morning: World) -> None:
    shown = await agreed(morning)
    value = undo_value(shown)
    assert (await file(morning, "Ana", "Something else entirely")).ok
    await morning.deliver()

    assert (await forging.press(morning, "Dana", shown, card_views.UNDO, value)).ok

    assert words(morning.hand("Dana").ephemerals()[-1]).startswith("This was taken back already")
    assert [item.text for item in await items_of(morning, "Ana")] == ["Something else entirely"]
