"""A question about a plan reaches its writer once, and the answer whoever asked."""

import asyncio

from bot.huddle import ask_views
from rituals.questions import Question
from tests.bot import forging
from tests.bot.steps import Json, card, carded, filled, plan_of, stored
from tests.bot.world import World, buttons, words


async def asked(world: World, text: str = "Who decides there?", about: str | None = None) -> Json:
    """Dana asks about Ana's plan, or about one of its results; the DM that Ana gets."""
    shown = await carded(world)
    dana = world.hand("Dana")
    block = f"plan:{(await plan_of(world, 'Ana')).id}"
    assert (await dana.click(shown, ask_views.ASK, block_id=block)).ok
    view = await filled(world, "Dana")
    choices = next(b for b in view["blocks"] if b["block_id"] == "about")["element"]["options"]
    chosen = next(c["value"] for c in choices if c["text"]["text"] == (about or "The whole plan"))
    assert (await dana.submit(values={"about": chosen, "question": text})).ok
    await world.deliver()
    return world.dm("Ana")[-1]


async def answered(world: World, text: str) -> None:
    """Ana answers."""
    ana = world.hand("Ana")
    assert (await ana.click(world.dm("Ana")[-1], ask_views.ANSWER)).ok
    await filled(world, "Ana")
    assert (await ana.submit(values={"answer": text})).ok
    world.clock.now = world.clock.now.replace(second=59)
    await world.deliver()


async def test_a_question_about_one_result_quotes_it(morning: World) -> None:
    told = await asked(morning, about="Slides for Friday")

    assert words(told).splitlines()[:2] == ["Dana asks about *Slides for Friday*:", "“Who decides there?”"]
    assert buttons(told) == ["Answer"]
    assert "💬 “Who decides there?” _(asked, no answer yet)_" in words(card(morning))


async def test_the_answer_reaches_whoever_asked_and_stands_on_the_card(morning: World) -> None:
    await asked(morning)

    await answered(morning, "Beltrán's <CFO>")

    assert "You: “Beltrán's &lt;CFO&gt;”" in words(morning.dm("Ana")[-1])
    assert words(morning.dm("Dana")[-1]) == "*Ana Torres* answers “Who decides there?”:\n“Beltrán's &lt;CFO&gt;”"
    assert "💬 “Who decides there?” → “Beltrán's &lt;CFO&gt;”" in words(card(morning))


async def test_an_answer_that_changes_is_seen_in_the_same_message(morning: World) -> None:
    await asked(morning)
    await answered(morning, "The CFO")
    before = len(morning.dm("Dana"))

    await answered(morning, "The board")

    assert len(morning.dm("Dana")) == before
    assert "The board" in words(morning.dm("Dana")[-1])


async def test_the_same_question_sent_three_times_at_once_is_asked_once(morning: World) -> None:
    shown = await carded(morning)
    dana = morning.hand("Dana")
    assert (await dana.click(shown, ask_views.ASK, block_id=f"plan:{(await plan_of(morning, 'Ana')).id}")).ok
    view = await filled(morning, "Dana")
    state = {**view["state"]["values"], "question": {"question": {"type": "plain_text_input", "value": "Who?"}}}
    sent = {**view, "state": {"values": state}}
    before = len(morning.dm("Ana"))

    answers = await asyncio.gather(*(forging.submission(morning, "Dana", sent) for _ in range(3)))
    await morning.deliver()

    assert [forging.errors(answer) for answer in answers] == [[], [], []]
    assert len(await stored(morning, Question)) == 1
    assert len(morning.dm("Ana")) == before + 1


async def test_a_question_without_words_is_refused_even_when_no_form_of_ours_sent_it(morning: World) -> None:
    shown = await carded(morning)
    dana = morning.hand("Dana")
    assert (await dana.click(shown, ask_views.ASK, block_id=f"plan:{(await plan_of(morning, 'Ana')).id}")).ok
    view = await filled(morning, "Dana")
    state = {**view["state"]["values"], "question": {"question": {"type": "plain_text_input", "value": " \n"}}}

    answer = await forging.submission(morning, "Dana", {**view, "state": {"values": state}})

    assert forging.errors(answer) == ["Write a few words first."]
    assert await stored(morning, Question) == []


async def test_nothing_of_it_is_said_in_the_channel(morning: World) -> None:
    await asked(morning)
    await morning.at("09:30")

    assert all("decides" not in words(message) for message in morning.channel())
