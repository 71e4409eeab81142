"""A plan written the evening before, or for any day soon (F12)."""

from datetime import date, timedelta

import pytest

from bot.huddle import foresight, views
from rituals.plans import PlanState
from tests import factories
from tests.bot.steps import filled, plan_of, submitted
from tests.bot.world import MONDAY, World, words

FRIDAY = date(2026, 11, 27)
NEXT_MONDAY = date(2026, 11, 30)


async def planned(world: World, text: str, *results: str) -> None:
    """Ana types `/plan` with a day and sends the form."""
    assert (await world.hand("Ana").command("/plan", text)).ok
    await filled(world, "Ana")
    assert (await submitted(world, "Ana", {"today": "\n".join(results)})).ok
    await world.deliver()


async def test_on_friday_evening_tomorrow_is_monday(morning: World) -> None:
    await morning.at("18:00", FRIDAY)

    await planned(morning, "tomorrow", "Beltrán signs")

    plan = await plan_of(morning, "Ana", NEXT_MONDAY)
    assert (plan.state, plan.late) == (PlanState.FILED, False)
    assert "Mon 30 Nov" in words(morning.dm("Ana")[-1])
    await morning.at("09:00", NEXT_MONDAY)
    assert "1 of" in words(morning.dm("Dana")[-1]).splitlines()[0]


async def test_tomorrow_is_the_next_day_that_one_works(morning: World) -> None:
    absence = factories.absence(morning.people["Ana"].id, date(2026, 11, 24), date(2026, 11, 25))
    await morning.write(absence)
    await morning.at("17:00")

    await planned(morning, "Tomorrow", "Beltrán signs")

    assert (await plan_of(morning, "Ana", date(2026, 11, 26))).state is PlanState.FILED


@pytest.mark.parametrize(
    ("text", "day"), [("friday", FRIDAY), ("27 Nov", FRIDAY), ("2026-11-27", FRIDAY), ("today", MONDAY)]
)
async def test_a_day_may_be_named(morning: World, text: str, day: date) -> None:
    await morning.at("08:30")

    await planned(morning, text, "Beltrán signs")

    assert (await plan_of(morning, "Ana", day)).state is PlanState.FILED


async def test_whoever_filed_the_evening_before_hears_that_it_is_filed_and_is_not_asked(morning: World) -> None:
    await morning.at("18:00", FRIDAY)
    await planned(morning, "tomorrow", "Beltrán signs")
    before = len(morning.dm("Ana"))

    for wall in ("08:30", "08:50", "09:00"):
        await morning.at(wall, NEXT_MONDAY)

    (line,) = morning.dm("Ana")[before:]
    assert words(line).splitlines() == ["Monday's plan is filed.", "Edit"]
    assert (await morning.hand("Ana").click(line, views.WRITE)).ok
    form = await filled(morning, "Ana")
    assert "Beltrán signs" in str(form["blocks"])


async def test_whoever_filed_the_same_morning_hears_nothing_more(morning: World) -> None:
    await morning.at("07:00")
    await planned(morning, "today", "Beltrán signs")
    before = len(morning.dm("Ana"))

    for wall in ("08:30", "08:50", "09:00"):
        await morning.at(wall)

    assert morning.dm("Ana")[before:] == []


async def test_the_preview_tells_of_the_line_instead_of_the_prompt(morning: World) -> None:
    await morning.at("18:00", FRIDAY)
    await planned(morning, "tomorrow", "Beltrán signs")

    now = morning.clock.now
    told = await morning.read(foresight.foresee, now, now + timedelta(days=4))

    anas = [one for one in told if one.to == "Ana Torres" and one.at.date() == NEXT_MONDAY]
    assert next((one.what, one.skipped) for one in anas) == ("a line that the plan is filed already", None)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("friday afternoon", "I don't know the day “friday afternoon”."),
        ("24 Dec", "Thu 24 Dec 2026 is over or more than two weeks off."),
        ("2026-11-20", "Fri 20 Nov 2026 is over or more than two weeks off."),
    ],
)
async def test_a_day_that_nobody_can_plan_for_is_said_and_nothing_opens(morning: World, text: str, said: str) -> None:
    await morning.at("08:30")

    assert (await morning.hand("Ana").command("/plan", text)).ok

    assert morning.hand("Ana").view is None
    assert words(morning.hand("Ana").ephemerals()[-1]).startswith(said)


async def test_the_shortcut_opens_todays_form_from_anywhere(morning: World) -> None:
    await morning.at("08:30")

    assert (await morning.hand("Ana").shortcut(views.SHORTCUT)).ok
    await filled(morning, "Ana")
    assert (await submitted(morning, "Ana", {"today": "Beltrán signs"})).ok

    assert (await plan_of(morning, "Ana")).state is PlanState.FILED


async def test_the_shortcut_tells_whoever_writes_no_plans_what_is_theirs(morning: World) -> None:
    assert (await morning.hand("Dana").shortcut(views.SHORTCUT)).ok

    assert words(morning.hand("Dana").view or {}).startswith("Plans are written by reps.")
