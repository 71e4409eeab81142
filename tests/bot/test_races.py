"""Two at once: whoever comes second is told who was first, and nothing is done twice or lost."""

import asyncio
from dataclasses import replace
from datetime import timedelta

from bot.huddle import card_views
from rituals.plans import Answer, Redirect
from sandbox import Outcome
from tests import factories
from tests.bot import forging
from tests.bot.steps import Json, card, carded, change, filled, items_of, plan_of, stored, submitted
from tests.bot.world import MONDAY, World, words


async def with_deputy(world: World) -> Json:
    """Dana is off from this morning on: Priya, her deputy, has the card, and Dana looks all the same."""
    await change(world, replace(world.people["Dana"], deputy_id=world.people["Priya"].id))
    shown = await carded(world)
    await world.write(factories.absence(world.people["Dana"].id, MONDAY, MONDAY))
    return shown


async def redirecting(world: World, name: str, instead: str) -> Outcome:
    """Somebody sends the redirect form that they have open."""
    (_, slides) = await items_of(world, "Ana")
    return await world.hand(name).submit(
        values={"item": str(slides.id), "instead": instead, "why": "Now", "how": "send"}
    )


async def test_a_manager_and_their_deputy_redirect_one_result_at_once_and_one_of_them_is_told(morning: World) -> None:
    shown = await with_deputy(morning)
    plan = await plan_of(morning, "Ana")
    for name in ("Dana", "Priya"):
        pressed = await forging.press(morning, name, shown, card_views.REDIRECT, f"{plan.id}:{plan.revision}")
        assert pressed.ok
        await filled(morning, name)

    outcomes = await asyncio.gather(redirecting(morning, "Dana", "Call one"), redirecting(morning, "Priya", "Call two"))
    await morning.deliver()

    assert sorted(outcome.ok for outcome in outcomes) == [False, True]
    (kept,) = await stored(morning, Redirect)
    winner = "Dana" if outcomes[0].ok else "Priya"
    (told,) = (outcome.errors["item"] for outcome in outcomes if not outcome.ok)
    assert told == f"{winner} answered this 1 second ago. Here is the current card."
    assert kept.instead == {"Dana": "Call one", "Priya": "Call two"}[winner]
    assert [item.text for item in await items_of(morning, "Ana")][1] == kept.instead
    assert sum("redirected one of your results" in message["text"] for message in morning.dm("Ana")) == 1


async def test_a_rep_edits_while_the_manager_agrees_and_no_answer_lands_on_words_that_nobody_saw(
    morning: World,
) -> None:
    shown = await carded(morning)
    for number, action in enumerate((card_views.AGREE, card_views.AGREE_ALL)):
        block = f"plan:{(await plan_of(morning, 'Ana')).id}" if action == card_views.AGREE else None
        assert (await morning.hand("Ana").command("/plan")).ok
        await filled(morning, "Ana")
        new = f"New bookings counted, {number}"

        await asyncio.gather(
            morning.hand("Dana").click(shown, action, block_id=block), submitted(morning, "Ana", {"today": new})
        )

        (item,) = await items_of(morning, "Ana")
        assert (item.text, item.answer) == (new, Answer.NONE)
        morning.clock.now += timedelta(seconds=5)
        await morning.deliver()
        shown = card(morning)
        assert new in words(shown)
        assert "Agree" in words(shown)
        morning.clock.now += timedelta(seconds=5)


async def test_two_managers_agree_at_once_and_the_plan_is_agreed_once(morning: World) -> None:
    shown = await with_deputy(morning)
    plan = await plan_of(morning, "Tom")
    value = f"{plan.id}:{plan.revision}"

    await asyncio.gather(*(forging.press(morning, name, shown, card_views.AGREE, value) for name in ("Dana", "Priya")))

    assert [item.answer for item in await items_of(morning, "Tom")] == [Answer.AGREED]
    said = [words(one) for name in ("Dana", "Priya") for one in morning.hand(name).ephemerals()]
    assert len(said) == 1
    assert said[0] in {f"{name} answered this 1 second ago. Here is the current card." for name in ("Dana", "Priya")}


async def test_an_answer_of_some_time_ago_is_told_with_its_time(morning: World) -> None:
    shown = await with_deputy(morning)
    plan = await plan_of(morning, "Tom")
    value = f"{plan.id}:{plan.revision}"
    assert (await forging.press(morning, "Priya", shown, card_views.AGREE, value)).ok
    morning.clock.now += timedelta(minutes=14)

    assert (await forging.press(morning, "Dana", shown, card_views.AGREE, value)).ok

    assert words(morning.hand("Dana").ephemerals()[-1]) == "Priya answered this at 09:00. Nothing changed."
