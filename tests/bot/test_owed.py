"""What a manager hears at 14:00: plans after the huddle, and those that waited two working days (D6)."""

from dataclasses import replace
from datetime import date, timedelta

from bot.huddle import ask_views, card_views, owed
from rituals.huddle import Slot
from rituals.owed import Owed, Why
from rituals.people import Part
from rituals.plans import Answer
from storage import huddles, occurrences
from tests import factories
from tests.bot.steps import Json, carded, change, file, items_of, plan_of, stored
from tests.bot.world import MONDAY, TUESDAY, World, buttons, words

WEDNESDAY = MONDAY + timedelta(days=2)


def told(world: World, name: str = "Dana") -> list[Json]:
    """What somebody was told of plans that wait."""
    return [message for message in world.dm(name) if "for your answer" in message["text"]]


async def reason(world: World, day: date = MONDAY) -> str | None:
    """Why nothing came on a day, by the ledger."""
    huddle = await world.read(huddles.of_team, world.team.id)
    row = await world.read(occurrences.find, huddle.id, world.team.id, day, Slot.OWED)
    assert row is not None
    found: str | None = row.reason
    return found


async def block_of(world: World, name: str, day: date = MONDAY) -> str:
    return f"plan:{(await plan_of(world, name, day)).id}"


async def answers(world: World, name: str, day: date = MONDAY) -> list[Answer]:
    return [item.answer for item in await items_of(world, name, day)]


async def redrawn(world: World, name: str = "Dana") -> Json:
    """The message a few seconds later."""
    world.clock.now += timedelta(seconds=5)
    await world.deliver()
    (found,) = told(world, name)
    return found


async def late(world: World) -> Json:
    """Ana and Tom planned in time; then Tom wrote his plan anew, and Mia's came."""
    await carded(world)
    await world.at("11:00")
    assert (await file(world, "Tom", "Renewals sorted", "Desk moved")).ok
    assert (await file(world, "Mia", "New bookings counted")).ok
    await world.at("14:00")
    (found,) = told(world)
    return found


async def test_what_came_or_changed_after_the_huddle_is_one_message_at_two_with_the_buttons_that_answer(
    morning: World,
) -> None:
    shown = await late(morning)

    assert words(shown).splitlines()[:2] == [
        "*EMEA, Mon 23 Nov* · 2 plans wait for your answer",
        "After the huddle: Mia, Tom (changed)",
    ]
    assert "Ana" not in words(shown)
    assert buttons(shown) == [
        *("Agree", "Redirect…", "Ask"),
        *("Agree", "Redirect…", "Ask", "Keep, because…"),
        "Agree all without ⚠ (2 people)",
    ]

    assert (await morning.hand("Dana").click(shown, card_views.AGREE, block_id=await block_of(morning, "Mia"))).ok
    after = await redrawn(morning)

    assert after["ts"] == shown["ts"]
    assert await answers(morning, "Mia") == [Answer.AGREED]
    assert words(after).splitlines()[1] == "After the huddle: Tom (changed)"
    assert "Dana answered 1 result." in words(morning.dm("Mia")[-1])
    assert "✓ 1 New bookings counted" in words(next(one for one in morning.dm("Dana") if "huddle" in one["text"]))


async def test_answering_by_any_of_the_buttons_empties_the_message(morning: World) -> None:
    shown = await late(morning)
    dana, tom = morning.hand("Dana"), await block_of(morning, "Tom")
    assert (await dana.click(shown, card_views.AGREE_ALL)).ok
    shown = await redrawn(morning)
    assert "After the huddle: Tom (changed)" in words(shown)
    assert (await dana.click(shown, ask_views.ASK, block_id=tom)).ok
    assert (await dana.submit(values={"question": "Whose desk?"})).ok
    assert "“Whose desk?” _(asked, no answer yet)_" in words(await redrawn(morning))
    assert (await dana.click(shown, card_views.KEEP, block_id=tom)).ok
    assert (await dana.submit(values={"because": "It was in the way"})).ok

    after = await redrawn(morning)

    assert words(after) == "*EMEA, Mon 23 Nov* · ✅ 2 plans are answered."
    assert buttons(after) == []
    assert await answers(morning, "Tom") == [Answer.AGREED, Answer.KEPT]


async def test_nothing_waits_nothing_comes_and_the_ledger_says_so(morning: World) -> None:
    await carded(morning)
    await morning.at("14:00")

    assert told(morning) == []
    assert await reason(morning) == owed.NOTHING


async def test_a_plan_is_named_once_for_being_late_and_once_after_two_working_days(morning: World) -> None:
    await late(morning)
    await morning.at("14:00", TUESDAY)
    assert len(told(morning)) == 1
    await morning.at("08:30", WEDNESDAY)
    await morning.at("11:00", WEDNESDAY)
    assert (await file(morning, "Ana", "Beltrán signs", stuck="No NDA")).ok
    await morning.at("14:00", WEDNESDAY)
    (_, nudge) = told(morning)
    await morning.at("14:00", WEDNESDAY + timedelta(days=1))

    assert len(told(morning)) == 2
    lines = words(nudge).splitlines()
    assert lines[:2] == ["*EMEA, Wed 25 Nov* · 4 plans wait for your answer", "After the huddle: Ana"]
    assert words(nudge).count("*B-1* No NDA") == 1  # Ana has two plans here, and a message names a row once
    assert lines[2].startswith("2 working days or more without an answer: ")
    assert {name in lines[2] for name in ("Ana (Mon 23 Nov)", "Tom (Mon 23 Nov)", "Mia (Mon 23 Nov)")} == {True}
    assert "*Ana Torres* · Mon 23 Nov" in words(nudge)
    assert {(one.day, one.why) for one in await stored(morning, Owed)} == {
        (MONDAY, Why.LATE),
        (WEDNESDAY, Why.LATE),
        (WEDNESDAY, Why.OVERDUE),
    }


async def test_an_edit_that_nobody_saw_is_not_agreed_to_from_here_either(morning: World) -> None:
    shown = await late(morning)
    morning.clock.now += timedelta(minutes=1)
    assert (await file(morning, "Tom", "Something else")).ok
    dana = morning.hand("Dana")

    assert (await dana.click(shown, card_views.AGREE, block_id=await block_of(morning, "Tom"))).ok

    assert words(dana.ephemerals()[-1]) == "Tom changed this 1 second ago. Here is the current card."
    assert await answers(morning, "Tom") == [Answer.NONE]
    assert "Something else" in words(await redrawn(morning))


async def test_whoever_stands_in_at_two_is_told_and_may_answer_a_day_before_their_turn(morning: World) -> None:
    """Dana has Wednesday's afternoon off: Priya, no longer above her but her deputy, answers Monday's plans."""
    people = morning.people
    await change(morning, replace(people["Dana"], deputy_id=people["Priya"].id, manager_id=None))
    await carded(morning)
    await morning.write(factories.absence(people["Dana"].id, WEDNESDAY, WEDNESDAY, part=Part.AFTERNOON))
    await morning.at("14:00", WEDNESDAY)

    assert told(morning) == []
    (shown,) = told(morning, "Priya")
    assert (await morning.hand("Priya").click(shown, card_views.AGREE_ALL)).ok
    assert await answers(morning, "Tom") == [Answer.AGREED]


async def test_a_deputy_who_is_a_rep_is_never_told_of_their_own_plan(morning: World) -> None:
    people = morning.people
    await change(morning, replace(people["Dana"], deputy_id=people["Tom"].id))
    await carded(morning)
    await morning.write(factories.absence(people["Dana"].id, WEDNESDAY, WEDNESDAY))
    await morning.at("14:00", WEDNESDAY)

    (shown,) = told(morning, "Tom")
    assert "Ana" in words(shown)
    assert "Tom" not in words(shown)
    await morning.at("14:00", WEDNESDAY + timedelta(days=1))
    assert "Tom (Mon 23 Nov)" in words(told(morning)[0])


async def test_nobody_is_told_on_a_day_off_and_hears_of_it_on_the_next_working_day(morning: World) -> None:
    people = morning.people
    for name in ("Dana", "Priya"):
        await morning.write(factories.absence(people[name].id, TUESDAY, WEDNESDAY))
    await carded(morning)
    await morning.at("14:00", WEDNESDAY)
    assert await reason(morning, WEDNESDAY) == owed.ALL_OFF

    for late in (1, 2):
        await morning.at("14:00", WEDNESDAY + timedelta(days=late))

    (shown,) = told(morning)
    assert words(shown).startswith("*EMEA, Fri 27 Nov*")
    assert told(morning, "Priya") == []


async def test_a_leavers_plan_waits_for_nobody(morning: World) -> None:
    await late(morning)
    for name in ("Mia", "Tom", "Ana"):
        await change(morning, replace(morning.people[name], active=False))
    await morning.at("14:00", WEDNESDAY)

    assert len(told(morning)) == 1


async def test_what_a_whole_large_team_is_owed_goes_over_pages(morning: World) -> None:
    reps = [
        factories.person(f"Rep{n} Long", team_id=morning.team.id, manager_id=morning.people["Dana"].id)
        for n in range(30)
    ]
    await morning.write(*reps)
    for rep in reps:
        plan = factories.plan(rep.id, morning.team.id)
        kpi = morning.kpis["Renewals"].id
        await morning.write(plan, factories.item(plan.id, kpi_id=kpi))
    await morning.at("14:00", WEDNESDAY)
    (shown,) = told(morning)
    assert "Page 1 of 2" in words(shown)
    assert len(shown["blocks"]) <= 50

    assert (await morning.hand("Dana").click(shown, card_views.PAGE)).ok
    after = await redrawn(morning)
    assert "Page 2 of 2" in words(after)
    assert (await morning.hand("Dana").click(after, card_views.AGREE_ALL)).ok
    assert words(await redrawn(morning)) == "*EMEA, Wed 25 Nov* · ✅ 30 plans are answered."
