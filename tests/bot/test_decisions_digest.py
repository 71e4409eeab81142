"""The leader's month names the memos that are owed a reading, and what affects others (F72, F73)."""

from dataclasses import replace

from bot.decisions import card_views
from bot.stoplight import digest_views, walk_views
from tests.bot.decision_steps import pressed, proposed
from tests.bot.month_steps import REPORTED, collected, message, screen
from tests.bot.steps import change
from tests.bot.world import World, words
from tests.factories import FUNCTION


async def test_a_leader_sees_what_they_owe_what_is_overdue_and_what_affects_others(morning: World) -> None:
    await change(morning, replace(FUNCTION, head_id=morning.people["Zoe"].id))
    await proposed(morning, readers=["U0PRIYA", "U0TOM", "U0DANA"], approver="U0DANA", affects=[str(FUNCTION.id)])
    assert (await pressed(morning, "Tom", card_views.READ)).ok
    await collected(morning)
    await morning.at("08:00", REPORTED, zone="Europe/London")
    priya = morning.hand("Priya")

    assert (await priya.click(message(morning, "Priya", "November"), digest_views.START)).ok
    await screen(morning, "Priya", "Last month's actions")
    for _ in range(10):
        if "Memos you owe a reading" in words(priya.view or {}):
            break
        assert (await priya.click(priya.view or {}, walk_views.NEXT)).ok
        await morning.cadence.deps.background.drained(10)

    shown = words(priya.view or {})
    assert "*Memos you owe a reading*\n*D-1* Two-year discount rule · since Wed 25 Nov · `/decide show D-1`" in shown
    assert "*Overdue readings of others*\n*D-1* Two-year discount rule: " in shown
    assert "Dana" in shown
    assert "Zoe" in shown
    assert "Tom" not in shown
    assert "*Decisions that affect others*\n*D-1* Two-year discount rule affects Sales" in shown
