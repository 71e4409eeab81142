"""The dotted-line card: one across teams, `Ask` only, and the solid line owns the answer (F8, F92)."""

from dataclasses import replace
from datetime import time, timedelta

from bot import preview
from bot.huddle import ask_views, card_views, dotted
from bot.ids import new_id
from rituals.huddle import Slot
from rituals.people import DottedLine, Role
from rituals.plans import Answer
from sandbox import User
from storage import huddles, occurrences
from tests import factories
from tests.bot import forging
from tests.bot.steps import Json, card, change, file, items_of, plan_of, redirected
from tests.bot.world import MONDAY, TUESDAY, World, buttons, words


async def dotted_world(world: World) -> World:
    """Zoe, a manager of nobody, has dotted lines from Ana and Tom of EMEA and from Noor of APAC."""
    zoe = replace(world.people["Zoe"], role=Role.MANAGER)
    await change(world, zoe)
    lee = factories.person("Lee Chan", role=Role.MANAGER)
    apac = factories.team("APAC", manager_id=lee.id, channel=None)
    await world.write(apac, lee)
    noor = factories.person("Noor Aziz", team_id=apac.id, manager_id=lee.id)
    await world.write(noor, factories.huddle(apac.id, since=world.clock.now, card_at=time(9, 20)))
    for name in (noor, world.people["Ana"], world.people["Tom"]):
        await world.write(DottedLine(new_id(), world.team.workspace, name.id, zoe.id))
    for person in (lee, noor):
        world.sandbox.admin.join(User(person.slack_id, person.given_name.lower(), person.name, tz=person.zone))
    return replace(world, people={**world.people, "Zoe": zoe, "Lee": lee, "Noor": noor})


def shown_to(world: World, name: str = "Zoe") -> list[Json]:
    return [message for message in world.dm(name) if message["text"].startswith("Dotted lines")]


async def redrawn(world: World) -> Json:
    world.clock.now += timedelta(seconds=5)
    await world.deliver()
    (found,) = shown_to(world)
    return found


async def test_one_card_spans_the_teams_and_holds_ask_and_nothing_that_is_between_rep_and_manager(
    morning: World,
) -> None:
    world = await dotted_world(morning)
    await world.at("08:30")
    assert (await file(world, "Ana", "Beltrán signs the new bookings", "Slides for Friday", stuck="Legal")).ok
    assert (await file(world, "Noor", "Three renewals called")).ok
    await world.at("09:00")
    assert (await redirected(world, card(world), "Ana", "Slides for Friday", "Call the renewals")).ok
    for wall in ("09:01", "09:20", "09:30"):
        await world.at(wall)

    (shown,) = shown_to(world)
    assert words(shown).splitlines() == [
        "*Dotted lines, Mon 23 Nov* · 2 of 3 planned · 1 blocker",
        "You may ask. Each person's own manager owes the answer.",
        "*Ana Torres* · EMEA, Dana answers · New bookings 🟡 YELLOW −12 %",
        "1 Beltrán signs the new bookings _(New bookings)_",
        "2 Call the renewals",
        "🟠 *B-1* Legal · new today",
        "Ask",
        "*Noor Aziz* · APAC, Lee answers · Renewals 🟡 YELLOW −12 %",
        "1 Three renewals called _(Renewals)_",
        "Ask",
    ]
    assert not [word for word in ("⚠", "Tom", "Slides", "late", "edited", "~") if word in words(shown)]


async def test_the_card_fills_in_place_and_a_question_stands_on_both_cards_while_the_solid_line_answers(
    morning: World,
) -> None:
    world = await dotted_world(morning)
    await world.at("08:30")
    await world.at("09:00")
    assert "0 of 3 planned" in words(shown_to(world)[0])
    assert (await file(world, "Tom", "Three renewals called", "Slides")).ok
    shown = await redrawn(world)
    assert "*Tom Becker* · EMEA, Dana answers" in words(shown)
    assert buttons(shown) == ["Ask"]
    zoe, block = world.hand("Zoe"), f"plan:{(await plan_of(world, 'Tom')).id}"
    assert (await zoe.click(shown, ask_views.ASK, block_id=block)).ok
    assert (await zoe.submit(values={"question": "Which three?"})).ok

    shown = await redrawn(world)
    assert "💬 “Which three?” _(asked, no answer yet)_" in words(shown)
    assert "Zoe asks:\n“Which three?”" in words(world.dm("Tom")[-1])
    assert "💬 “Which three?”" in words(card(world))
    assert "Agree" in buttons(card(world))

    plan = await plan_of(world, "Tom")
    for action in (card_views.AGREE, card_views.REDIRECT, card_views.KEEP):
        pressed = await forging.press(world, "Zoe", shown, action, f"{plan.id}:{plan.revision}")
        assert pressed.ok
        assert words(zoe.ephemerals()[-1]).startswith("Only Dana")
    assert [item.answer for item in await items_of(world, "Tom")] == [Answer.NONE, Answer.NONE]


async def test_whoever_is_off_gets_none_and_the_ledger_has_the_reason_and_who_has_one_gets_no_second(
    morning: World,
) -> None:
    world = await dotted_world(morning)
    await world.write(factories.absence(world.people["Zoe"].id, MONDAY, MONDAY, "dentist"))
    told = await world.read(preview.foresee, world.clock.now, world.clock.now + timedelta(days=2))
    foreseen = [one for one in told if one.slot == Slot.DOTTED]
    assert {one.to for one in foreseen} == {"Zoe Hart"}
    assert [one.skipped for one in foreseen] == ["away: dentist", "away: dentist", None, dotted.HAVE_IT]
    for day in (MONDAY, TUESDAY):
        await world.at("09:00", day)
        await world.at("09:20", day)

    assert [message["text"] for message in shown_to(world)] == ["Dotted lines, Tue 24 Nov"]
    reasons = []
    for team in (world.people["Ana"].team_id, world.people["Noor"].team_id):
        held = await world.read(huddles.of_team, team)
        for day in (MONDAY, TUESDAY):
            row = await world.read(occurrences.find, held.id, world.people["Zoe"].id, day, Slot.DOTTED)
            reasons.append(row.reason)
    assert reasons == ["away: dentist", None, "away: dentist", dotted.HAVE_IT]


async def test_nobody_at_work_makes_no_card(morning: World) -> None:
    world = await dotted_world(morning)
    for name in ("Ana", "Tom", "Noor"):
        await world.write(factories.absence(world.people[name].id, MONDAY, MONDAY))
    await world.at("09:00")

    assert shown_to(world) == []
