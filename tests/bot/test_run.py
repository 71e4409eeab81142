"""A manager's morning by command: who is open, any day's card, and the huddle by the clock (F16, F22)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.huddle import card_views, run_views
from rituals.run_sheet import Run
from tests import factories
from tests.bot.steps import Json, card, carded, change, file, plan_of, redirected, stored
from tests.bot.world import MONDAY, TUESDAY, World, buttons, words


def sheet(world: World, name: str = "Dana") -> Json:
    """The newest run sheet in somebody's DM."""
    return [message for message in world.dm(name) if message["text"].startswith("Run sheet")][-1]


def told(world: World, name: str) -> str:
    """The last thing that only this person was told."""
    return words(world.hand(name).ephemerals()[-1])


async def passed(world: World, **time: int) -> None:
    """Let time pass, and what it moves be drawn."""
    world.clock.now += timedelta(**time)
    await world.deliver()


async def test_missing_names_who_is_open_and_excused_people_never(morning: World) -> None:
    await morning.write(factories.absence(morning.people["Mia"].id, MONDAY, MONDAY))
    await morning.at("08:30")
    assert (await file(morning, "Ana", "Three renewals called")).ok

    assert (await morning.hand("Dana").command("/plan", "missing")).ok

    lines = told(morning, "Dana").splitlines()
    assert lines == [
        "*EMEA, Monday 23 November*",
        "Open: Tom Becker",
        "Away or excused: Mia Keller",
        "Asked later today, by their own clock: Ravi Shah",
    ]
    assert morning.channel() == []


async def test_who_is_missing_is_never_told_in_public(morning: World) -> None:
    await carded(morning)

    assert (await morning.hand("Dana").command("/plan", "missing --public")).ok

    assert told(morning, "Dana") == "`/plan missing` takes no `--public`. Nothing was done."
    assert morning.channel() == []


@pytest.mark.parametrize("text", ["team monday", "team 23 Nov", "team yesterday", "team 2026-11-23"])
async def test_the_card_of_another_day_is_shown_to_read(morning: World, text: str) -> None:
    await carded(morning)
    await morning.at("09:10", TUESDAY)

    assert (await morning.hand("Dana").command("/plan", text)).ok

    shown = morning.hand("Dana").ephemerals()[-1]
    assert words(shown).startswith("*EMEA huddle, Mon 23 Nov* · 2 of")
    assert buttons(shown) == []


async def test_a_day_that_cannot_be_read_is_asked_for(morning: World) -> None:
    assert (await morning.hand("Dana").command("/plan", "team someday")).ok

    assert told(morning, "Dana").startswith("Which day?")


async def test_the_sheet_has_redirects_then_warnings_then_blockers_then_the_rest(morning: World) -> None:
    await morning.at("08:30")
    assert (await file(morning, "Ana", "Beltrán signs the new bookings")).ok
    assert (await file(morning, "Tom", "Slides for Friday", stuck="Legal is silent")).ok
    await morning.at("09:00")
    assert (await redirected(morning, card(morning), "Ana", "Beltrán signs the new bookings", "Call Hafen")).ok

    assert (await morning.hand("Dana").command("/plan", "run")).ok
    await morning.deliver()

    text = words(sheet(morning))
    order = [text.index(mark) for mark in ("Redirected", "Call Hafen", "⚠ Moves", "Slides", "New blockers", "Legal")]
    assert order == sorted(order)
    assert "▶ *Ana* Call Hafen" in text
    assert "5 minutes for 3 points" in text
    assert "minute 1 of 5" in text
    assert buttons(sheet(morning)) == ["End"]


async def test_the_clock_runs_by_the_minute_and_moves_from_person_to_person(morning: World) -> None:
    shown = await carded(morning)
    block = f"plan:{(await plan_of(morning, 'Ana')).id}"
    assert (await morning.hand("Dana").click(shown, card_views.AGREE, block_id=block)).ok
    assert (await morning.hand("Dana").command("/plan", "run")).ok
    await morning.deliver()
    assert "▶ *Ana* Slides for Friday" in words(sheet(morning))

    await passed(morning, seconds=30)
    assert "minute 1 of 3" in words(sheet(morning))
    await passed(morning, seconds=95)

    assert "minute 3 of 3" in words(sheet(morning))
    assert "▶ *Tom* Three renewals called" in words(sheet(morning))
    await passed(morning, minutes=2)
    assert "Time is over" in words(sheet(morning))
    assert len([one for one in morning.dm("Dana") if one["text"].startswith("Run sheet")]) == 1


async def test_end_stops_the_clock_and_says_how_long_it_took(morning: World) -> None:
    await carded(morning)
    assert (await morning.hand("Dana").command("/plan", "run")).ok
    await passed(morning, minutes=14)

    assert (await morning.hand("Dana").click(sheet(morning), run_views.END)).ok
    await passed(morning, minutes=5)

    assert "held in 14 minutes" in words(sheet(morning))
    assert buttons(sheet(morning)) == []


async def test_a_huddle_that_nobody_ends_ends_itself(morning: World) -> None:
    await carded(morning)
    assert (await morning.hand("Dana").command("/plan", "run")).ok

    await passed(morning, minutes=31)

    (held,) = await stored(morning, Run)
    assert held.ended_at is not None
    assert buttons(sheet(morning)) == []


async def test_started_again_the_clock_starts_again_on_a_new_sheet(morning: World) -> None:
    await carded(morning)
    assert (await morning.hand("Dana").command("/plan", "run")).ok
    await passed(morning, minutes=14)

    assert (await morning.hand("Dana").command("/plan", "run")).ok
    await morning.deliver()

    assert "minute 1 of" in words(sheet(morning))
    assert len(await stored(morning, Run)) == 1


async def test_with_nobody_planned_the_sheet_says_so(morning: World) -> None:
    await morning.at("08:30")

    assert (await morning.hand("Dana").command("/plan", "run")).ok
    await morning.deliver()

    assert "Nobody has planned yet" in words(sheet(morning))


async def test_whoever_stands_in_needs_no_team_name(morning: World) -> None:
    await morning.write(factories.absence(morning.people["Dana"].id, MONDAY, MONDAY))
    await morning.at("09:00")

    assert (await morning.hand("Priya").command("/plan", "missing")).ok

    assert told(morning, "Priya").startswith("*EMEA, Monday 23 November*")


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("Tom", "missing", "You manage no team, and stand in for nobody today."),
        ("Dana", "missing --team Nowhere", "There is no team called Nowhere. There is EMEA."),
        ("Zoe", "run --team emea", "Only Dana, Priya or an admin can do this."),
    ],
)
async def test_a_team_that_is_not_ones_own_is_refused_with_the_way_out(
    morning: World, name: str, text: str, said: str
) -> None:
    await morning.at("08:30")

    assert (await morning.hand(name).command("/plan", text)).ok

    assert told(morning, name).startswith(said)


async def test_a_manager_of_two_teams_says_which(morning: World) -> None:
    await morning.write(factories.team("APAC", manager_id=morning.people["Dana"].id, channel=None))

    assert (await morning.hand("Dana").command("/plan", "missing")).ok

    assert told(morning, "Dana") == "You have APAC, EMEA. Say which one: add --team APAC."


async def test_a_leader_above_asks_for_any_team_below(morning: World) -> None:
    await carded(morning)
    await change(morning, replace(morning.people["Zoe"], manager_id=morning.people["Dana"].id))

    assert (await morning.hand("Priya").command("/plan", "team --team EMEA")).ok

    assert words(morning.hand("Priya").ephemerals()[-1]).startswith("*EMEA huddle, Mon 23 Nov*")


async def test_the_cards_button_starts_the_same_sheet_by_one_press(morning: World) -> None:
    shown = await carded(morning)
    assert buttons(shown)[-3:] == ["Agree all without ⚠ (2 people)", "Run huddle (20 min)", "Post summary"]

    assert (await morning.hand("Dana").click(shown, card_views.RUN)).ok
    await morning.deliver()

    assert words(sheet(morning)).startswith("*EMEA huddle, Mon 23 Nov* · ")
    (held,) = await stored(morning, Run)
    assert (held.by_id, held.day) == (morning.people["Dana"].id, MONDAY)
