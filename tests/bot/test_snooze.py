"""`Snooze` behind a prompt's ⋯: it comes back once, in place of the reminder, and never after the cut-off (F11)."""

from datetime import time
from typing import Any

from bot.huddle import views
from bot.huddle.snoozing import SNOOZED
from rituals.huddle import Slot
from rituals.plans import PlanState
from storage.occurrences import State
from tests.bot.steps import file, plan_of
from tests.bot.test_planning import becomes, huddle_becomes, outcome
from tests.bot.world import MONDAY, TUESDAY, World, behind_more, buttons, words


async def all_day(world: World) -> None:
    """The team plans until five in the afternoon and is reminded at four."""
    await huddle_becomes(world, closes_at=time(17), reminds_at=time(16), card_at=time(17), meets_at=time(17, 15))
    await world.at("08:30")


def posts(world: World) -> list[dict[str, Any]]:
    """Ana's messages from Cadence, without what only answers a press or a command."""
    answers = {message["ts"] for message in world.hand("Ana").ephemerals()}
    return [message for message in world.dm("Ana") if message["ts"] not in answers]


async def later(world: World, choice: str, message: dict[str, Any] | None = None) -> Any:
    """Ana chooses behind the ⋯ of her prompt."""
    shown = message or posts(world)[0]
    option = next(
        option
        for block in shown["blocks"]
        for element in block.get("elements", ())
        if element["type"] == "overflow"
        for option in element["options"]
        if option["text"]["text"] == choice
    )
    outcome = await world.hand("Ana").click(shown, views.MORE, option["value"])
    await world.deliver()
    return outcome


async def test_a_snoozed_prompt_says_when_it_returns_and_returns_once_in_place_of_the_reminder(morning: World) -> None:
    await all_day(morning)
    (prompt,) = posts(morning)
    assert behind_more(prompt) == ["Snooze 30 min", "Snooze 2 h", "Snooze until after lunch", "Away for longer"]

    assert (await later(morning, "Snooze 2 h")).ok
    (prompt,) = posts(morning)
    assert "Snoozed until" in words(prompt)
    assert "10:30 Europe/Berlin" in words(prompt)
    assert "instead of the reminder" in words(prompt)
    assert "Sorry" not in words(prompt)
    assert buttons(prompt) == ["Write plan", "Skip today"]

    await morning.at("10:29")
    assert len(posts(morning)) == 1
    for wall in ("10:30", "10:31", "16:00", "16:30", "17:00"):
        await morning.at(wall)
    _, back = posts(morning)
    assert "Plan for Monday 23 November" in words(back)
    assert "Back, as you asked." in words(back)
    assert "Sorry" not in words(back)
    assert buttons(back) == ["Write plan", "Skip today"]
    assert behind_more(back) == ["Away for longer"]
    assert await outcome(morning, "Ana", slot=Slot.SNOOZED) == (State.OPENED, None)
    assert await outcome(morning, "Ana", slot=Slot.REMINDER) == (State.SKIPPED, SNOOZED)
    # Nobody else's reminder moved.
    assert [message["text"] for message in morning.dm("Tom")][1:] == ["Your plan closes in 60 minutes."]


async def test_a_plan_written_meanwhile_keeps_the_prompt_from_coming_back(morning: World) -> None:
    await all_day(morning)
    assert (await later(morning, "Snooze 30 min")).ok
    assert (await file(morning, "Ana", "Beltrán signs the new bookings")).ok
    await morning.at("09:00")
    await morning.at("16:00")

    (receipt,) = posts(morning)
    assert "Saved" in words(receipt)
    assert await outcome(morning, "Ana", slot=Slot.SNOOZED) == (State.SKIPPED, "answered already")


async def test_the_prompt_that_came_back_says_that_nothing_is_left_once_the_plan_is_there(morning: World) -> None:
    await all_day(morning)
    assert (await later(morning, "Snooze 30 min")).ok
    await morning.at("09:00")
    assert (await morning.hand("Ana").click(posts(morning)[1], views.WRITE)).ok
    assert (await morning.hand("Ana").submit(values={"today": "Beltrán signs"})).ok
    await morning.deliver()

    receipt, back = posts(morning)
    assert "Saved" in words(receipt)
    assert words(back) == "Answered. Nothing more to do here."


async def test_a_snooze_can_be_changed_until_it_ends_and_survives_the_planner(morning: World) -> None:
    await all_day(morning)
    assert (await later(morning, "Snooze 30 min")).ok
    assert (await later(morning, "Snooze until after lunch")).ok
    await huddle_becomes(morning, meets_at=time(17, 30))  # planned anew, at once
    await morning.at("09:00")
    await morning.at("12:59")
    assert len(posts(morning)) == 1
    await morning.at("13:00")
    assert len(posts(morning)) == 2

    assert (await later(morning, "Snooze 2 h", posts(morning)[0])).ok
    (refusal,) = morning.hand("Ana").ephemerals()
    assert words(refusal).startswith("I asked again already today")
    await morning.at("15:00")
    await morning.at("16:00")
    assert len(posts(morning)) == 2


async def test_a_snooze_never_passes_the_cut_off_and_says_why_it_is_shorter(morning: World) -> None:
    await morning.at("08:30")
    assert behind_more(posts(morning)[0]) == ["Snooze 30 min", "Snooze 2 h", "Away for longer"]
    assert (await later(morning, "Snooze 2 h")).ok
    said = words(posts(morning)[0])
    assert "08:50 Europe/Berlin" in said
    assert "no later, because your plan closes" in said

    await morning.at("08:50")
    assert len(posts(morning)) == 2
    await morning.at("09:00")
    await morning.at("11:00")
    assert len(posts(morning)) == 2


async def test_in_the_last_ten_minutes_a_snooze_is_refused_with_what_to_do(morning: World) -> None:
    await morning.at("08:30")
    prompt = posts(morning)[0]
    await morning.at("08:49")
    assert (await later(morning, "Snooze 30 min", prompt)).ok
    await morning.at("08:51")
    assert (await later(morning, "Snooze 30 min", prompt)).ok

    (refusal,) = morning.hand("Ana").ephemerals()
    assert words(refusal).startswith("Your plan closes at 09:00, which leaves no time to ask again. Write it now")


async def test_an_answered_day_is_not_snoozed(morning: World) -> None:
    await all_day(morning)
    (prompt,) = posts(morning)
    assert (await morning.hand("Ana").command("/plan", "skip dentist")).ok
    # Pressed on a screen that had not heard of it yet.
    assert (await later(morning, "Snooze 2 h", prompt)).ok
    await morning.at("10:30")

    (receipt,) = posts(morning)
    assert "Excused for Monday 23 November" in words(receipt)
    assert (await plan_of(morning, "Ana")).state is PlanState.EXCUSED


async def test_who_goes_away_meanwhile_is_not_asked_again(morning: World) -> None:
    await all_day(morning)
    assert (await later(morning, "Snooze until after lunch")).ok
    assert (await morning.hand("Ana").command("/plan", "away today afternoon dentist")).ok
    await morning.at("13:00")

    assert len(posts(morning)) == 1
    assert await outcome(morning, "Ana", slot=Slot.SNOOZED) == (State.SKIPPED, "away: dentist")


async def test_who_is_asked_the_evening_before_may_wait_until_the_morning(morning: World) -> None:
    await becomes(morning, "Ana", ask_at=time(17, 30), ask_before=True, works_from=time(8), works_to=time(18))
    await morning.at("17:30", MONDAY)
    prompt = posts(morning)[-1]
    assert "Plan for Tuesday 24 November" in words(prompt)
    assert (await later(morning, "Snooze 2 h", prompt)).ok
    await morning.at("19:30", MONDAY)
    before = len(posts(morning))
    await morning.at("08:00", TUESDAY)

    assert len(posts(morning)) == before + 1
    assert "Plan for Tuesday 24 November" in words(posts(morning)[-1])


async def test_away_for_longer_opens_the_form_of_days_away(morning: World) -> None:
    await morning.at("08:30")
    assert (await later(morning, "Away for longer")).ok
    await morning.sandbox.until(lambda: morning.hand("Ana").view)
    outcome = await morning.hand("Ana").submit(values={"reason": "fever"})

    assert outcome.ok
    assert any("You are away on Monday 23 November" in words(one) for one in morning.hand("Ana").ephemerals())
