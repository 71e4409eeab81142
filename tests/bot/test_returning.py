"""The first day back: welcome, and what moved meanwhile."""

from dataclasses import replace
from datetime import date, timedelta

from bot.ids import new_id
from rituals.blockers import Blocker, Said, Update
from tests import factories
from tests.bot.steps import change, file, stored
from tests.bot.world import MONDAY, TUESDAY, World, words

WEDNESDAY, THURSDAY = date(2026, 11, 25), date(2026, 11, 26)


def prompt(world: World, name: str, day: str) -> str:
    return words(next(one for one in world.dm(name) if one["text"].startswith(f"Your plan for {day}")))


async def test_the_first_prompt_after_an_absence_says_what_moved_meanwhile_and_the_next_one_nothing(
    morning: World,
) -> None:
    await morning.at("08:30")
    assert (await file(morning, "Ana", "Beltrán signs", stuck="Legal is silent")).ok
    assert (await file(morning, "Tom", "Renewals called", stuck="IT is silent")).ok
    assert (await morning.hand("Ana").command("/plan", "away tomorrow holiday")).ok
    await morning.at("08:30", TUESDAY)
    for blocker in await stored(morning, Blocker):
        said = Update(
            new_id(), blocker.workspace, blocker.id, morning.people["Dana"].id, Said.NEWS, "x", morning.clock.now
        )
        await morning.write(said)
    assert not [one for one in morning.dm("Ana") if one["text"].startswith("Your plan for Tuesday")]

    await morning.at("08:30", WEDNESDAY)
    assert prompt(morning, "Ana", "Wednesday").startswith("Welcome back. 1 blocker moved while you were away.\n*Plan")
    assert "Welcome" not in prompt(morning, "Tom", "Wednesday")
    await morning.at("08:30", THURSDAY)
    assert "Welcome" not in prompt(morning, "Ana", "Thursday")


async def test_a_weekend_after_an_absence_belongs_to_it_and_one_alone_is_none(morning: World) -> None:
    friday = MONDAY - timedelta(days=3)
    await morning.write(factories.absence(morning.people["Ana"].id, friday, friday))
    await morning.at("08:30")

    assert prompt(morning, "Ana", "Monday").startswith("Welcome back.\n*Plan")
    assert "Welcome" not in prompt(morning, "Tom", "Monday")


async def test_what_was_solved_meanwhile_counts_as_moved(morning: World) -> None:
    await morning.at("08:30")
    assert (await file(morning, "Ana", "Beltrán signs", stuck="Legal is silent")).ok
    assert (await morning.hand("Ana").command("/plan", "away tomorrow")).ok
    (blocker,) = await stored(morning, Blocker)
    await morning.at("10:00", TUESDAY)
    await change(morning, replace(blocker, moved_at=morning.clock.now))
    await morning.at("08:30", WEDNESDAY)

    assert "1 blocker moved while you were away." in prompt(morning, "Ana", "Wednesday")
