"""Three messages a day that nobody asked for, and what is more is named in the next one (F109)."""

from datetime import timedelta

from bot.held_back import views
from bot.huddle import ask_views, loading
from storage import outbox
from storage.outbox import State
from tests.bot.steps import Json, card, carded, file, filled, plan_of
from tests.bot.world import MONDAY, World, buttons, words

TUESDAY = MONDAY + timedelta(days=1)


async def asked(world: World, *questions: str) -> None:
    """Dana asks about Ana's plan, one thing after the other."""
    await carded(world)
    dana = world.hand("Dana")
    block = f"plan:{(await plan_of(world, 'Ana')).id}"
    for question in questions:
        assert (await dana.click(card(world), ask_views.ASK, block_id=block)).ok
        await filled(world, "Dana")
        assert (await dana.submit(values={"question": question})).ok
        await world.deliver()


def questions(world: World) -> list[str]:
    """What reached Ana of it."""
    return [words(message).splitlines()[1] for message in world.dm("Ana") if words(message).startswith("Dana asks")]


def prompt(world: World) -> Json:
    """The last prompt that Ana got."""
    return [message for message in world.dm("Ana") if message["text"].startswith("Your plan for")][-1]


async def test_a_fourth_message_of_a_day_waits_for_the_next_days_prompt(morning: World) -> None:
    await asked(morning, "Who decides?", "By when?", "At what price?", "With whom?")

    assert questions(morning) == ["“Who decides?”", "“By when?”"]

    await morning.at("08:30", TUESDAY)
    told = words(prompt(morning))
    assert told.count("Dana asks about your plan") == 2
    assert "Also for you; I write to you 3 times a day at most." in told
    assert buttons(prompt(morning))[-1] == "Show all 2"

    assert (await morning.hand("Ana").click(prompt(morning), views.SHOW)).ok
    await morning.deliver()
    assert questions(morning) == ["“Who decides?”", "“By when?”", "“At what price?”", "“With whom?”"]
    assert words(morning.hand("Ana").ephemerals()[-1]) == "2 messages are on the way."

    assert (await morning.hand("Ana").click(prompt(morning), views.SHOW)).ok
    assert words(morning.hand("Ana").ephemerals()[-1]) == "Nothing is held back any more."


async def test_what_was_shown_does_not_count_and_a_new_day_has_room_again(morning: World) -> None:
    await asked(morning, "Who decides?", "By when?", "At what price?")
    await morning.at("08:30", TUESDAY)
    assert (await morning.hand("Ana").click(prompt(morning), views.SHOW)).ok
    await morning.deliver()

    await asked_on(morning, "Still true?", "And the board?")

    assert questions(morning) == [
        "“Who decides?”",
        "“By when?”",
        "“At what price?”",
        "“Still true?”",
        "“And the board?”",
    ]


async def asked_on(world: World, *said: str) -> None:
    """Dana asks on about the day before."""
    dana = world.hand("Dana")
    block = f"plan:{(await plan_of(world, 'Ana')).id}"
    for question in said:
        assert (await dana.click(card(world), ask_views.ASK, block_id=block)).ok
        await filled(world, "Dana")
        assert (await dana.submit(values={"question": question})).ok
        await world.deliver()


async def test_a_reminder_that_had_no_room_is_taken_back_with_the_plan(morning: World) -> None:
    await asked(morning, "Who decides?", "By when?", "At what price?")
    await morning.at("08:30", TUESDAY)
    await asked_on(morning, "Still true?", "And the board?")
    await morning.at("08:50", TUESDAY)
    plan = await plan_of(morning, "Ana", TUESDAY)
    key = loading.reminder_key(plan.id)
    assert await morning.read(outbox.state_of, plan.workspace, key) == State.FOLDED

    assert (await file(morning, "Ana", "Slides")).ok

    assert await morning.read(outbox.state_of, plan.workspace, key) == State.EXPIRED
