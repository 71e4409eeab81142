"""The manager's card: who answered, agreeing, keeping, redirecting, and what others changed meanwhile."""

from dataclasses import replace
from datetime import timedelta

from bot.huddle import card_views, receipt_views, views
from rituals.people import Part
from rituals.plans import Answer, Redirect
from tests import factories
from tests.bot import forging
from tests.bot.steps import (
    Json,
    card,
    carded,
    change,
    file,
    inputs,
    items_of,
    plan_of,
    redirected,
    stored,
    texts_of,
)
from tests.bot.world import MONDAY, World, buttons, words


async def answers(world: World, name: str) -> list[Answer]:
    """What the manager said to each of somebody's results."""
    return [item.answer for item in await items_of(world, name)]


async def block_of(world: World, name: str) -> str:
    """The row of buttons under somebody's plan."""
    return f"plan:{(await plan_of(world, name)).id}"


async def redrawn(world: World) -> Json:
    """The card a few seconds later."""
    world.clock.now += timedelta(seconds=5)
    await world.deliver()
    return card(world)


# Who is there


async def test_one_message_names_who_answered_who_is_excused_and_who_is_missing(morning: World) -> None:
    mia = morning.people["Mia"]
    await morning.write(factories.absence(mia.id, MONDAY, MONDAY))
    await morning.at("08:30")
    assert (await file(morning, "Ana", "Three renewals called")).ok
    for wall in ("09:00", "09:01", "09:15"):
        await morning.at(wall)

    (shown,) = morning.dm("Dana")
    head = words(shown).splitlines()[0]
    assert head == "*EMEA huddle, Mon 23 Nov* · 1 of 2 planned · Mia away · Tom open · Ravi asked later today"
    assert "*Ana Torres*" in words(shown)
    assert "*Tom Becker*" not in words(shown)
    assert morning.dm("Priya") == []


async def test_a_late_plan_rewrites_the_card_and_the_line_and_posts_no_second_one(morning: World) -> None:
    await morning.at("08:30")
    for wall in ("09:00", "09:30"):
        await morning.at(wall)
    (before,) = morning.dm("Dana")

    await morning.at("12:00")
    assert (await file(morning, "Tom", "Three renewals called")).ok
    after = await redrawn(morning)

    assert len(morning.dm("Dana")) == 1
    assert after["ts"] == before["ts"]
    assert "Tom open" not in words(after)
    assert "*Tom Becker* · Renewals 🟡 YELLOW −12 % · _late_" in words(after)
    (line,) = morning.channel()
    assert "1 planned" in words(line)
    assert "late" not in words(line)
    (receipt,) = morning.dm("Tom")
    assert "late" not in words(receipt).lower()
    assert (await plan_of(morning, "Tom")).late


# Agree


async def test_agree_stamps_the_results_with_a_number_and_never_a_warning(morning: World) -> None:
    shown = await carded(morning)
    assert "⚠ 1 result moves no number" in words(shown)

    assert (await morning.hand("Dana").click(shown, card_views.AGREE, block_id=await block_of(morning, "Ana"))).ok
    after = await redrawn(morning)

    assert await answers(morning, "Ana") == [Answer.AGREED, Answer.NONE]
    assert await answers(morning, "Tom") == [Answer.NONE]
    assert "✓ 1 Beltrán signs the new bookings" in words(after)
    assert "⚠ 2 Slides for Friday" in words(after)
    assert "Dana answered 1 result." in words(morning.dm("Ana")[0])


async def test_agree_all_is_one_press_for_the_card_and_leaves_every_warning(morning: World) -> None:
    shown = await carded(morning)
    assert "Agree all without ⚠ (2 people)" in buttons(shown)

    assert (await morning.hand("Dana").click(shown, card_views.AGREE_ALL)).ok
    after = await redrawn(morning)

    assert await answers(morning, "Ana") == [Answer.AGREED, Answer.NONE]
    assert await answers(morning, "Tom") == [Answer.AGREED]
    assert not any(label.startswith("Agree") for label in buttons(after))
    assert "Dana answered 1 result." in words(morning.dm("Tom")[0])


async def test_agree_all_leaves_out_what_was_edited_after_the_card_was_drawn(morning: World) -> None:
    shown = await carded(morning)
    morning.clock.now += timedelta(minutes=1)
    assert (await file(morning, "Ana", "New bookings doubled")).ok

    assert (await morning.hand("Dana").click(shown, card_views.AGREE_ALL)).ok

    assert await answers(morning, "Ana") == [Answer.NONE]
    assert await answers(morning, "Tom") == [Answer.AGREED]


async def test_agreeing_to_a_plan_that_was_edited_since_is_refused_and_the_card_shows_how_it_stands(
    morning: World,
) -> None:
    shown = await carded(morning)
    assert (await file(morning, "Ana", "Beltrán signs the new bookings", "Renewals letter")).ok
    dana = morning.hand("Dana")

    assert (await dana.click(shown, card_views.AGREE, block_id=await block_of(morning, "Ana"))).ok

    (said,) = dana.ephemerals()
    assert words(said) == "Ana changed this 1 second ago. Here is the current card."
    assert await answers(morning, "Ana") == [Answer.NONE, Answer.NONE]
    assert "Renewals letter" in words(await redrawn(morning))


async def test_a_second_press_on_agree_says_that_it_was_answered(morning: World) -> None:
    shown = await carded(morning)
    dana, block = morning.hand("Dana"), await block_of(morning, "Tom")
    assert (await dana.click(shown, card_views.AGREE, block_id=block)).ok

    assert (await dana.click(shown, card_views.AGREE, block_id=block)).ok

    (said,) = dana.ephemerals()
    assert "This was answered already" in words(said)
    assert await answers(morning, "Tom") == [Answer.AGREED]


# Keep


async def test_a_warning_is_kept_with_a_reason(morning: World) -> None:
    shown = await carded(morning)
    dana = morning.hand("Dana")
    assert (await dana.click(shown, card_views.KEEP, block_id=await block_of(morning, "Ana"))).ok
    assert inputs(dana.view or {}) == ["item", "because"]
    assert "because" in (await dana.submit()).errors

    assert (await dana.submit(values={"because": "The investor comes"})).ok
    after = await redrawn(morning)

    assert await answers(morning, "Ana") == [Answer.NONE, Answer.KEPT]
    assert "✓ 2 Slides for Friday _(kept: The investor comes)_" in words(after)
    assert "moves no number" not in words(after)
    assert "Keep, because…" not in buttons(after)


# Redirect


async def test_a_redirect_reaches_the_rep_with_both_lines_and_two_buttons(morning: World) -> None:
    shown = await carded(morning)

    assert (await redirected(morning, shown, "Ana", "Slides for Friday", "Call the renewals")).ok
    after = await redrawn(morning)

    told = morning.dm("Ana")[-1]
    assert words(told).startswith("Dana redirected 1:\n~Slides for Friday~ → *Call the renewals*\n“Slides can wait”")
    assert buttons(told) == ["Accept", "Discuss"]
    assert "~Slides for Friday~ → *Call the renewals*" in words(morning.dm("Ana")[0])
    assert "↪ 2 ~Slides for Friday~ → *Call the renewals*" in words(after)
    (kept,) = await stored(morning, Redirect)
    assert (kept.was, kept.instead, kept.why, kept.live) == (
        "Slides for Friday",
        "Call the renewals",
        "Slides can wait",
        False,
    )
    assert await texts_of(morning, "Ana") == ["Beltrán signs the new bookings", "Call the renewals"]


async def test_a_redirect_said_in_the_huddle_is_kept_and_sends_nothing(morning: World) -> None:
    shown = await carded(morning)
    posted = len(morning.sandbox.posts)

    assert (await redirected(morning, shown, "Ana", "Slides for Friday", "Call the renewals", how="live")).ok
    after = await redrawn(morning)

    assert len(morning.sandbox.posts) == posted
    assert len(morning.dm("Ana")) == 1
    assert "_said in huddle_" in words(after)
    (kept,) = await stored(morning, Redirect)
    assert kept.live


async def test_a_redirect_needs_its_text(morning: World) -> None:
    shown = await carded(morning)

    refused = await redirected(morning, shown, "Ana", "Slides for Friday", " ")

    assert "instead" in refused.errors
    assert await stored(morning, Redirect) == []


async def test_accept_takes_the_buttons_away_and_the_card_shows_it(morning: World) -> None:
    shown = await carded(morning)
    assert (await redirected(morning, shown, "Ana", "Slides for Friday", "Call the renewals")).ok
    await morning.deliver()
    ana, told = morning.hand("Ana"), morning.dm("Ana")[-1]

    assert (await ana.click(told, views.ACCEPT)).ok
    assert (await ana.click(told, views.DISCUSS)).ok
    after = await redrawn(morning)

    told = morning.dm("Ana")[-1]
    assert buttons(told) == []
    assert "✅ You accepted." in words(told)
    assert "*Call the renewals* · accepted" in words(after)
    assert len(morning.dm("Dana")) == 1


async def test_discuss_quotes_both_lines_to_the_manager_with_the_way_to_the_reps_dm(morning: World) -> None:
    shown = await carded(morning)
    assert (await redirected(morning, shown, "Ana", "Slides for Friday", "Call the renewals")).ok
    await morning.deliver()

    assert (await morning.hand("Ana").click(morning.dm("Ana")[-1], views.DISCUSS)).ok
    await morning.deliver()

    told = words(morning.dm("Dana")[-1])
    assert "*Ana* would like to discuss this:\n~Slides for Friday~ → *Call the renewals*" in told
    assert "slack://user?team=T0TEST&id=U0ANA" in told
    assert "You asked to discuss it. Dana has both lines." in words(morning.dm("Ana")[-1])
    (kept,) = await stored(morning, Redirect)
    assert kept.reply == receipt_views.DISCUSSED


async def test_of_two_managers_who_redirect_one_result_the_first_wins_and_the_other_is_told(morning: World) -> None:
    shown = await carded(morning)
    plan, (_, slides) = await plan_of(morning, "Ana"), await items_of(morning, "Ana")
    value = f"{plan.id}:{plan.revision}"
    priya = morning.hand("Priya")
    assert (await forging.press(morning, "Priya", shown, card_views.REDIRECT, value)).ok
    assert (await redirected(morning, shown, "Ana", "Slides for Friday", "Call the renewals")).ok

    refused = await priya.submit(values={"item": str(slides.id), "instead": "Rest", "why": "Tired"})

    assert list(refused.errors) == ["item"]
    assert refused.errors["item"] == "Dana answered this 1 second ago. Here is the current card."
    (kept,) = await stored(morning, Redirect)
    assert kept.instead == "Call the renewals"
    assert (await texts_of(morning, "Ana"))[1] == "Call the renewals"


async def test_a_redirect_of_a_result_that_the_rep_has_taken_out_is_refused(morning: World) -> None:
    shown = await carded(morning)
    dana = morning.hand("Dana")
    assert (await dana.click(shown, card_views.REDIRECT, block_id=await block_of(morning, "Ana"))).ok
    assert (await file(morning, "Ana", "Beltrán signs the new bookings")).ok

    refused = await dana.submit(values={"instead": "Call the renewals", "why": "They are behind"})

    assert list(refused.errors) == ["item"]
    assert await stored(morning, Redirect) == []


# Somebody else's card


async def test_while_the_manager_is_away_the_next_one_up_has_the_card_and_the_receipt_says_so(morning: World) -> None:
    await morning.write(factories.absence(morning.people["Dana"].id, MONDAY, MONDAY + timedelta(days=2)))
    await morning.at("08:30")
    assert "huddle with Priya" in words(morning.dm("Ana")[0])
    assert (await file(morning, "Ana", "Three renewals called")).ok
    await morning.at("09:00")

    assert morning.dm("Dana") == []
    shown = card(morning, "Priya")
    assert "You have this huddle while the team's manager is away." in words(shown)
    assert "Dana is away until Wed 25 Nov. Priya sees it at" in words(morning.dm("Ana")[0])

    assert (await morning.hand("Priya").click(shown, card_views.AGREE)).ok
    assert await answers(morning, "Ana") == [Answer.AGREED]
    await morning.deliver()
    assert "Priya answered 1 result." in words(morning.dm("Ana")[0])


async def test_the_receipt_names_the_minute_at_which_the_stand_in_gets_the_card(morning: World) -> None:
    await morning.write(factories.absence(morning.people["Dana"].id, MONDAY, MONDAY))
    await morning.at("08:30")
    assert (await file(morning, "Ana", "Three renewals called")).ok
    await morning.deliver()
    receipt = words(morning.dm("Ana")[0])
    await morning.at("09:00")

    (sent,) = morning.dm("Priya")
    assert f"Priya sees it at <!date^{int(float(sent['ts']))}^" in receipt


async def test_a_rep_without_a_manager_has_a_plan_that_is_kept_and_is_told_so(morning: World) -> None:
    team = factories.team("Iberia", channel=None)
    zoe = morning.people["Zoe"]
    await morning.write(team, factories.huddle(team.id))
    await change(morning, replace(zoe, team_id=team.id))
    await morning.at("08:30")
    assert "your manager reads every plan" in words(morning.dm("Zoe")[0])

    assert (await file(morning, "Zoe", "Three renewals called")).ok
    await morning.at("09:00")

    assert "Your plan is kept. Nobody is set as your manager" in words(morning.dm("Zoe")[0])
    assert await texts_of(morning, "Zoe") == ["Three renewals called"]


async def test_a_deputy_who_plans_is_asked_by_somebody_else_and_reads_their_own_plan_without_a_button_to_answer_it(
    morning: World,
) -> None:
    people = morning.people
    await change(morning, replace(people["Dana"], deputy_id=people["Tom"].id))
    await morning.write(factories.absence(people["Dana"].id, MONDAY, MONDAY))
    await morning.at("08:30")
    for name, answers_them in (("Ana", "Tom"), ("Tom", "Priya")):
        assert f"huddle with {answers_them}" in words(morning.dm(name)[0])
    await carded_for(morning, "Tom")

    shown = card(morning, "Tom")
    assert buttons(shown)[:4] == ["Agree", "Redirect…", "Ask", "Agree all without ⚠ (1 person)"]
    assert "*Tom Becker* · Renewals 🟡 YELLOW −12 %\n1 Three renewals called" in words(shown)
    assert "Your own plan: somebody else answers it." in words(shown)


async def carded_for(world: World, reader: str) -> None:
    """Ana and Tom plan, and whoever stands in has their card."""
    await world.at("08:30")
    for name in ("Ana", "Tom"):
        assert (await file(world, name, "Three renewals called")).ok
    await world.at("09:00")
    assert card(world, reader)


async def test_a_redirect_waits_for_whoever_has_the_afternoon_off(morning: World) -> None:
    shown = await carded(morning)
    ana = morning.people["Ana"].id
    await morning.write(factories.absence(ana, MONDAY, MONDAY, "dentist", Part.AFTERNOON))
    await morning.at("14:00")
    assert (await redirected(morning, shown, "Ana", "Slides for Friday", "Call the renewals")).ok
    await morning.at("17:00")
    assert len(morning.dm("Ana")) == 1

    await morning.at("09:00", MONDAY + timedelta(days=1))

    assert "*Call the renewals*" in words(morning.dm("Ana")[-1])
