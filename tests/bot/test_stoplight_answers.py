"""What a month asks and answers beside the walk: climbs, triggers, questions, thanks, narratives, wins (F55-F64)."""

import re
from dataclasses import replace
from datetime import date
from typing import Any

from bot.ids import new_id
from bot.kpis import value_forms
from bot.stoplight import ask_views, collect_views, digest_views, fired_views, one_views, walk_views
from rituals.actions import Action, Source
from rituals.decisions import Decision
from rituals.kpis import Colour
from rituals.people import Role
from rituals.stoplight import Answered, Review
from rituals.triggers import Firing, Started
from sandbox import User
from tests import decisions, factories
from tests.bot.month_steps import ASKED, REMINDED, REPORTED, collected, enter, message, owned, screen, turned
from tests.bot.steps import change, filled, stored
from tests.bot.world import World, undated, words

CLIMBS = date(2026, 12, 10)


async def led(world: World) -> World:
    """Omar leads Priya."""
    omar = factories.person("Omar Haddad", role=Role.LEADER, zone="Europe/London")
    await world.write(omar)
    world.sandbox.admin.join(User(omar.slack_id, "omar", omar.name, tz=omar.zone))
    await change(world, replace(world.people["Priya"], manager_id=omar.id))
    return replace(world, people={**world.people, "Omar": omar})


async def reported(world: World) -> None:
    """The digest of November is out."""
    await collected(world)
    await world.at("08:00", REPORTED, "Europe/London")


async def started(world: World, says: str = "Last month's actions") -> None:
    """Priya pressed `Start`."""
    assert (await world.hand("Priya").click(message(world, "Priya", "November"), digest_views.START)).ok
    await screen(world, "Priya", says)


async def test_a_red_that_nobody_acknowledged_climbs_once_and_an_answered_one_never(morning: World) -> None:
    world = await led(morning)
    await reported(world)
    await world.at("07:59", CLIMBS, "Europe/London")
    assert [one for one in world.dm("Omar") if "For your help" in one["text"]] == []
    for day in (CLIMBS, date(2026, 12, 14), date(2026, 12, 18)):
        await world.at("08:00", day, "Europe/London")

    (climbed,) = [one for one in world.dm("Omar") if one["text"].startswith("For your help: K-1 New bookings, red")]
    await world.at("08:01", date(2026, 12, 18), "Europe/London")
    front = message(world, "Omar", "November: 1 red needs you. About")
    below = "With the leaders below you: 🔴 1 red · 🟡 1 yellow · 🟢 1 green"
    assert f"🔴 0 red · 🟢 0 green · 1 red climbed to you\n{below}" in words(front)
    assert "_Climbed by the clock; no ask written yet._" in words(climbed)
    omar = world.hand("Omar")
    assert (await omar.click(climbed, one_views.ACK)).ok
    view = words(message(world, "Omar", "For your help: K-1"))
    assert "so it went on: Priya → Omar (Thu 10 Dec)" in undated(view)
    (red,) = [one for one in await stored(world, Review) if one.answer is Answered.ACK]
    assert (red.answered_by_id, red.climbed_to_id) == (world.people["Omar"].id, world.people["Omar"].id)
    assert (await world.hand("Priya").command("/stoplight", "ack K-1")).ok
    assert "This was answered already." in words(world.hand("Priya").ephemerals()[-1])


async def test_an_acknowledged_red_does_not_climb(morning: World) -> None:
    world = await led(morning)
    await reported(world)
    assert (await world.hand("Priya").command("/stoplight", "ack K-1")).ok

    await world.at("08:00", CLIMBS, "Europe/London")

    assert [one for one in world.dm("Omar") if "For your help" in one["text"]] == []


async def test_a_red_without_words_comes_first_until_they_are_in_and_grey_names_its_owner(morning: World) -> None:
    world = morning
    await owned(world)
    await world.at("10:00", ASKED)
    assert (await world.hand("Ana").command("/kpi", "set K-1 70")).ok
    await world.at("10:00", REMINDED)
    await world.at("08:00", REPORTED, "Europe/London")
    front = words(message(world, "Priya", "November: 1 red needs you."))
    assert "🔴 1 red" in front
    assert "⚪ 2 not filed" in front
    assert "1 red without cause and proposal yet; they come first." in front

    await enter(world, "Ana", "New bookings", "70", cause="Fair cancelled", proposal="Another fair")
    await world.at("08:01", REPORTED, "Europe/London")
    assert "without cause" not in words(message(world, "Priya", "November: 1 red needs you."))
    await started(world)
    await turned(world, "Priya", "*Cause:* Fair cancelled")
    await turned(world, "Priya", "⚪ no value *Qualified leads* – / 100 · Tom Becker")


async def test_a_reminder_that_was_missed_on_its_day_comes_on_the_next_working_day(morning: World) -> None:
    world = morning
    await owned(world)
    await world.at("10:00", ASKED)
    for day in (date(2026, 12, 5), date(2026, 12, 6)):  # down on Friday, back at the weekend
        await world.at("11:00", day)
    assert not [one for one in world.dm("Tom") if "closes" in one["text"]]

    await world.at("10:00", date(2026, 12, 7))
    assert "Qualified leads" in message(world, "Tom", "November closes at the end of Mon 7 Dec")["text"]
    await world.at("11:00", date(2026, 12, 7))
    assert len([one for one in world.dm("Tom") if "closes" in one["text"]]) == 1


async def test_a_channel_hears_once_a_day_of_numbers_that_turned_green_and_of_who_wants_to_be_named(
    morning: World,
) -> None:
    world = morning
    await owned(world)
    await world.at("10:00", ASKED)
    tom, ana = world.hand("Tom"), world.hand("Ana")
    assert (await tom.command("/cadence", "win on")).ok
    assert (await tom.command("/kpi", "set K-3 104")).ok
    assert (await ana.command("/kpi", "set K-1 103")).ok
    assert (await ana.command("/kpi", "set K-1 70")).ok  # within the ten minutes
    await world.at("10:09", ASKED)
    assert [one for one in world.channel() if "At goal again" in one["text"]] == []
    await world.at("10:11", ASKED)
    (said,) = [one for one in world.channel() if "At goal again" in one["text"]]
    assert re.search(r"GREEN \*Qualified leads\* 104 / 100 .* before · Tom", words(said))

    assert (await ana.command("/kpi", "set K-2 101")).ok
    await world.at("10:30", ASKED)
    await world.at("10:35", ASKED)
    (said,) = [one for one in world.channel() if "At goal again" in one["text"]]
    assert "*Renewals* 101 / 100" in words(said)
    assert "Qualified leads" in words(said)
    assert "Ana" not in words(said)  # she said nothing of wanting it
    assert "New bookings" not in words(said)


async def test_enter_all_walks_from_one_number_to_the_next(morning: World) -> None:
    world = morning
    await owned(world)
    await world.at("10:00", ASKED)
    ana = world.hand("Ana")

    assert (await ana.click(message(world, "Ana", "November"), collect_views.ENTER_ALL)).ok
    await filled(world, "Ana")
    assert (await ana.submit(values={"value:2026-11-01": "104"})).ok
    view = await screen(world, "Ana", "K-2 Renewals")
    assert (await ana.click(view, value_forms.VALUE_TYPED, "70", block_id="value:2026-11-01")).ok
    await screen(world, "Ana", "What you propose")
    assert (await ana.submit(values={"cause:2026-11-01": "Late quotes"})).ok

    assert ana.view is None
    await world.at("10:05", ASKED)
    assert message(world, "Ana", "November: all your numbers are in.")


async def test_a_number_sent_before_the_form_could_ask_is_kept_and_then_asked_about(morning: World) -> None:
    world = morning
    await owned(world)
    await world.at("10:00", ASKED)
    ana, shown = world.hand("Ana"), message(world, "Ana", "November")
    assert (await ana.click(shown, collect_views.ENTER, block_id=f"kpi:{world.kpis['Renewals'].id}:2026-11-01")).ok
    await filled(world, "Ana")

    assert (await ana.submit(values={"value:2026-11-01": "70"})).ok
    await screen(world, "Ana", "Saved.")
    assert (await ana.submit(values={"cause:2026-11-01": "Late quotes", "proposal:2026-11-01": "Quote in a day"})).ok

    await world.at("10:05", ASKED)
    assert "_Cause and proposal are not in yet._" not in words(message(world, "Ana", "November"))


async def test_a_trigger_fires_once_and_becomes_the_action_that_was_agreed(morning: World) -> None:
    world = morning
    await owned(world)
    assert (await world.hand("Priya").command("/kpi", "trigger K-1")).ok
    await filled(world, "Priya")
    dana = world.people["Dana"].slack_id
    agreed: dict[str, Any] = {"bound": "90", "periods": "2", "action": "Freeze non-essential hiring", "owner": dana}
    assert (await world.hand("Priya").submit(values=agreed)).ok
    await world.at("10:00", ASKED)
    await enter(world, "Ana", "New bookings", "70", cause="Fair cancelled", proposal="Another fair")
    for time, day in (("08:00", REPORTED), ("08:00", date(2026, 12, 9)), ("08:00", date(2026, 12, 9))):
        await world.at(time, day, "Europe/London")

    (firing,) = await stored(world, Firing)
    assert (firing.since, firing.period) == (date(2026, 10, 1), date(2026, 11, 1))
    assert message(world, "Priya", "November: 1 red needs you, 1 trigger fired.")
    await started(world)
    view = await turned(world, "Priya", "below 90 EUR for 2 months → Freeze non-essential hiring")
    assert (await world.hand("Priya").click(view, fired_views.START_IT)).ok
    await screen(world, "Priya", "started")
    (action,) = await stored(world, Action)
    assert (action.source, action.owner_id, action.text) == (
        Source.TRIGGER,
        world.people["Dana"].id,
        "Freeze non-essential hiring",
    )
    await world.deliver()
    assert "it is yours" in world.dm("Dana")[-1]["text"]
    (answered,) = await stored(world, Firing)
    assert answered.answer is Started.STARTED


async def test_a_question_comes_back_answered_and_a_decision_opens_with_the_proposal(morning: World) -> None:
    world = morning
    await reported(world)
    await started(world)
    view = await turned(world, "Priya", "New bookings")
    priya, ana = world.hand("Priya"), world.hand("Ana")

    assert (await priya.click(view, one_views.ASK)).ok
    assert (await priya.submit(values={"question": "Which events?"})).ok
    await world.deliver()
    asked = message(world, "Ana", "Priya asks about K-1 New bookings")
    assert (await ana.click(asked, ask_views.ANSWER)).ok
    assert (await ana.submit(values={"answer": "Both fairs in Spain"})).ok
    await world.deliver()
    assert "“Both fairs in Spain”" in words(message(world, "Priya", "Ana answers about K-1 New bookings"))

    view = await screen(world, "Priya", "New bookings")
    assert (await priya.click(view, one_views.DECIDE)).ok
    form = await screen(world, "Priya", "K-1 New bookings: 🔴 RED −30%. Cause: Two events cancelled")
    assert "Move 40 k to search" in str(form["blocks"])
    assert (await priya.submit(values={"instead": "Another fair", "because": "It is faster"})).ok
    (decision,) = await stored(world, Decision)
    assert (decision.kpi_id, decision.chosen) == (world.kpis["New bookings"].id, "Move 40 k to search")
    assert decision.context == "November, K-1 New bookings: 🔴 RED −30%. Cause: Two events cancelled"
    more = await screen(world, "Priya", "New bookings")
    assert (await priya.click(more, one_views.MORE)).ok
    await screen(world, "Priya", f"*Decisions*\n*{decision.label}* Move 40 k to search")


async def test_thanks_and_wins_name_those_who_may_be_named_in_their_teams_channel(morning: World) -> None:
    world = morning
    assert (await world.hand("Ana").command("/blockers", "new Legal has not answered")).ok
    assert (await world.hand("Ana").command("/blockers", "escalate B-1 get Legal to commit to a date")).ok
    await collected(world)
    ana, tom = (world.people[name].slack_id for name in ("Ana", "Tom"))
    assert (await world.hand("Dana").command("/cadence", f"win <@{ana}> closed Beltrán")).ok
    assert (await world.hand("Tom").command("/cadence", "win off")).ok
    assert (await world.hand("Dana").command("/cadence", f"win <@{tom}> twenty calls")).ok
    assert (await world.hand("Ana").command("/stoplight", "tell Sales")).ok
    await world.at("08:00", REPORTED, "Europe/London")
    posted = [words(one) for one in world.channel()]
    assert any("🏆 Ana Torres: closed Beltrán" in one for one in posted)
    assert not any("twenty calls" in one for one in posted)
    assert "🏆 Tom Becker: twenty calls" in words(world.dm("Tom")[-1])

    priya = world.hand("Priya")
    assert (await priya.command("/stoplight", "tell Sales")).ok
    await filled(world, "Priya")
    said = {"on_track": "Yes, by a hair", "risks": "Churn", "systemic": ""}
    assert (await priya.submit(values=said)).ok
    await started(world)
    for says in ("New bookings", "Renewals"):
        await turned(world, "Priya", says)
    view = await turned(world, "Priya", "At goal")
    assert "*Escalated early*, before the clock did\nAna Torres: B-1" in words(view)
    assert (await priya.click(view, walk_views.THANK)).ok
    await screen(world, "Priya", "Thanked.")
    await turned(world, "Priya", "_On track:_ Yes, by a hair")
    await world.deliver()
    assert not any("thank you" in words(one) for one in world.channel())  # Tom alone moved it, and wants no name
    assert "🟢 *Qualified leads*: you" in words(message(world, "Tom", "Priya Raman says thank you"))


async def test_once_a_quarter_a_number_that_informed_no_decision_is_asked_about_and_suggested_for_retirement(
    morning: World,
) -> None:
    world = morning
    await owned(world)
    ana, priya = world.people["Ana"], world.people["Priya"]
    await world.write(decisions.decision(ana.id, "Discount rule", number=9, workspace=ana.workspace))
    for name in ("New bookings", "Renewals"):
        facts = (Colour.YELLOW, None, priya.id, Answered.NONE, None, None, None, None)
        await world.write(Review(new_id(), ana.workspace, world.kpis[name].id, date(2026, 10, 1), *facts))
    for day in (date(2027, 1, 1), date(2027, 1, 4)):
        await world.at("10:00", day)

    asked = message(world, "Ana", "December: 2 numbers from you")
    assert "*Which decision did these inform this quarter?* So far none: New bookings, Renewals." in words(asked)
    hand = world.hand("Ana")
    assert (await hand.click(asked, collect_views.INFORM)).ok
    await filled(world, "Ana")
    assert "K-2" in (await hand.submit(values={"K-2": "the rule"})).errors
    assert (await hand.submit(values={"K-2": "", "K-1": "D-9"})).ok
    await world.at("10:05", date(2027, 1, 4))
    assert "So far none: Renewals." in words(message(world, "Ana", "December: 2 numbers"))

    for day in (date(2027, 1, 8), date(2027, 1, 11)):
        await world.at("08:00", day, "Europe/London")
    assert (await world.hand("Priya").click(message(world, "Priya", "December"), digest_views.START)).ok
    await screen(world, "Priya", "Last month's actions")
    await turned(world, "Priya", "No answer needed")
    shown = words(await turned(world, "Priya", "*Informed no decision this quarter*"))
    assert "K-2 Renewals · Ana Torres: `/kpi retire K-2`" in shown
    assert "K-1" not in shown
