"""What comes beyond three messages a day goes into a thread, with its buttons (F109)."""

from bot.huddle import card_views, good_week_views, receipt_views, views
from rituals.good_week import GoodWeek
from rituals.plans import Redirect
from sandbox import Outcome
from tests.bot.steps import Json, card, carded, file, plan_of, redirected, stored
from tests.bot.test_good_weeks import FRIDAY
from tests.bot.world import World, buttons, words


def replies(world: World, name: str) -> list[Json]:
    """What stands in the threads of somebody's DM, oldest first."""
    hand = world.hand(name)
    found = [one for above in hand.dm() for one in hand.messages(thread=above["ts"]) if one["ts"] != above["ts"]]
    return sorted(found, key=lambda one: str(one["ts"]))


async def test_the_fourth_message_of_a_day_is_a_reply_and_its_buttons_work_there(morning: World) -> None:
    await morning.at("08:30", FRIDAY)
    await morning.at("08:50", FRIDAY)
    assert (await file(morning, "Ana", "Slides", "More slides", "Renewals called")).ok
    await morning.at("09:00", FRIDAY)
    for item, instead in (("Slides", "Call Acme"), ("More slides", "Call Beta")):
        assert (await redirected_on_friday(morning, item, instead)).ok
        await morning.deliver()
    await morning.at("16:00", FRIDAY)

    assert len(morning.dm("Ana")) == 3
    second, week = replies(morning, "Ana")
    assert "*Call Beta*" in words(second)
    assert buttons(second) == ["Accept", "Discuss"]
    ana = morning.hand("Ana")
    assert (await ana.click(second, views.ACCEPT)).ok
    assert (await ana.click(week, good_week_views.YES)).ok
    await morning.deliver()
    accepted, answered = replies(morning, "Ana")
    assert "✅ You accepted." in words(accepted)
    assert "Was it a good week? *Yes*." in words(answered)
    assert {one.reply for one in await stored(morning, Redirect)} == {None, receipt_views.ACCEPTED}
    assert [one.good for one in await stored(morning, GoodWeek) if one.good is not None] == [True]


async def redirected_on_friday(world: World, item: str, instead: str) -> Outcome:
    dana, plan = world.hand("Dana"), await plan_of(world, "Ana", FRIDAY)
    assert (await dana.click(card(world), card_views.REDIRECT, block_id=f"plan:{plan.id}")).ok
    view = dana.view
    assert view is not None
    choices = next(block for block in view["blocks"] if block["block_id"] == "item")["element"]["options"]
    chosen = next(one["value"] for one in choices if one["text"]["text"] == item)
    filled = {"item": chosen, "instead": instead, "kpi": "none", "why": "It can wait", "how": "send"}
    return await dana.submit(values=filled)


async def test_a_receipt_of_ones_own_press_is_no_message_that_nobody_asked_for(morning: World) -> None:
    shown = await carded(morning)
    assert (await redirected(morning, shown, "Ana", "Slides for Friday", "Call the renewals")).ok
    await morning.deliver()
    assert (await file(morning, "Tom", "Three renewals called", "Desk moved")).ok
    await morning.deliver()

    assert replies(morning, "Ana") == replies(morning, "Tom") == []
