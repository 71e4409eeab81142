"""The huddle through its own doors: ticks, presses, forms, commands."""

from bot.huddle import views
from tests.bot.world import World, buttons, words


async def test_a_rep_is_asked_once_writes_a_plan_in_two_presses_and_sees_the_receipt(morning: World) -> None:
    await morning.at("08:30")
    await morning.at("08:31")

    (prompt,) = morning.dm("Ana")
    assert "Plan for Monday 23 November" in words(prompt)
    assert buttons(prompt) == ["Write plan", "Skip today"]

    ana = morning.hand("Ana")
    assert (await ana.click(prompt, views.WRITE)).ok
    assert (await ana.submit(values={"today": "Beltrán signs the new bookings\nSlides for Friday"})).ok
    await morning.deliver()

    (receipt,) = morning.dm("Ana")
    assert "Saved" in words(receipt)
    assert "Beltrán signs the new bookings _(New bookings)_" in words(receipt)
