"""Friday at 16:00: the week's facts, one question, one tap; and what the manager makes of it (F43, F137, W7)."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from bot.huddle import good_week_views
from bot.huddle.good_weeks import ASKED
from bot.ids import new_id
from rituals import blockers_life as life
from rituals.actions import Source
from rituals.decisions import State
from rituals.good_week import GoodWeek
from rituals.huddle import Slot
from rituals.people import Part
from rituals.plans import Outcome
from rituals.themes import Grouped, ThemeState
from storage import huddles, occurrences
from tests import factories
from tests.bot.steps import Json, change, stored
from tests.bot.world import MONDAY, World, buttons, undated, words
from tests.decisions import decision

FRIDAY = MONDAY + timedelta(days=4)


def asked(world: World, name: str) -> list[Json]:
    return [message for message in world.dm(name) if message["text"] == "Was it a good week?"]


async def planned(world: World, name: str, *days: tuple[Outcome, ...]) -> None:
    """Somebody's plans from Monday on, with what became of their results."""
    for ahead, outcomes in enumerate(days):
        plan = factories.plan(world.people[name].id, world.team.id, day=MONDAY + timedelta(days=ahead))
        await world.write(plan, *(factories.item(plan.id, outcome=one) for one in outcomes))


DONE, OPEN = Outcome.DONE, Outcome.OPEN


async def week(world: World) -> None:
    """Ana met 3 of 4, has 30 % of New bookings, and Dana resolved what she was stuck on; Tom met 1 of 2."""
    ana, dana = world.people["Ana"], world.people["Dana"]
    await planned(world, "Ana", (DONE, DONE), (DONE, OPEN), (OPEN, OPEN, OPEN))
    await planned(world, "Tom", (DONE, OPEN), (OPEN,))
    kpi = world.kpis["New bookings"]
    await world.write(factories.share(world.kpis["Renewals"].id, ana.id, percent=10))
    await world.write(factories.share(kpi.id, ana.id, percent=30))
    stuck = factories.blocker(ana.id, opened_on=date(2026, 11, 18))
    await world.write(stuck, factories.blocker(ana.id, 43), factories.blocker(world.people["Tom"].id, 44))
    await change(world, life.resolve(stuck, dana, "Legal signed", datetime(2026, 11, 25, 9, tzinfo=UTC)))


async def test_friday_tells_before_it_asks_and_one_tap_is_stored(morning: World) -> None:
    await week(morning)
    await morning.at("16:00", FRIDAY)

    (shown,) = asked(morning, "Ana")
    facts, question = words(shown).splitlines()[:2]
    met, share, moved = facts.removeprefix("*Week to Fri 27 Nov* · ").split("; ")
    assert met == "3 of 4 results met"
    assert share == "your share of New bookings is 12 % behind"
    assert moved == "B-42, yours on 18 November → resolved."
    assert question == "*Was it a good week?*"
    assert buttons(shown) == ["Yes", "No"]
    assert words(asked(morning, "Tom")[0]).splitlines()[0] == "*Week to Fri 27 Nov* · 1 of 2 results met."

    ana = morning.hand("Ana")
    assert (await ana.click(shown, good_week_views.YES)).ok
    await morning.deliver()
    (after,) = asked(morning, "Ana")
    assert "Was it a good week? *Yes*." in words(after)
    assert buttons(after) == ["Add a line", "Change to no"]
    said = {one.person_id: (one.good, one.words) for one in await stored(morning, GoodWeek)}
    assert said[morning.people["Ana"].id] == (True, None)
    assert said[morning.people["Tom"].id] == (None, None)

    assert (await ana.click(after, good_week_views.LINE)).ok
    assert (await ana.submit(values={"words": "Legal & I talked"})).ok
    await morning.deliver()
    assert "*Yes*. “Legal &amp; I talked”" in words(asked(morning, "Ana")[0])
    assert (await ana.click(asked(morning, "Ana")[0], good_week_views.NO)).ok
    await morning.deliver()
    (after,) = asked(morning, "Ana")
    assert "*No*. “Legal &amp; I talked”" in words(after)
    assert buttons(after) == ["Edit line", "Change to yes"]


async def test_what_ones_words_moved_is_followed_to_theme_decision_and_action(morning: World) -> None:
    ana, tom, dana = (morning.people[name] for name in ("Ana", "Tom", "Dana"))
    at = datetime(2026, 11, 26, 10, tzinfo=UTC)
    made = factories.theme(morning.team.id, state=ThemeState.MADE, decided_by_id=dana.id, decided_at=at)
    memo = decision(dana.id, number=19, state=State.APPROVED, proposed_at=at, settled_at=at)
    kept = decision(dana.id, number=20, state=State.DRAFT)
    stuck = factories.blocker(ana.id, opened_on=date(2026, 11, 18), decision_id=memo.id)
    others = factories.blocker(tom.id, 43, decision_id=kept.id)
    deed = factories.action(dana.id, "Legal answers in 2 days", source=Source.THEME, subject_id=made.id, made_at=at)
    await planned(morning, "Ana", (DONE,))
    await planned(morning, "Tom", (DONE,))
    await morning.write(memo, kept)
    await morning.write(stuck, others)
    await morning.write(made)
    await morning.write(Grouped(new_id(), "T0TEST", made.id, stuck.id))
    await morning.write(deed)

    await morning.at("16:00", FRIDAY)

    chain = (
        "B-42, yours on 18 November → theme Legal turnaround → D-19 → live since Thu 26 Nov → Legal answers in 2 days."
    )
    assert chain in undated(words(asked(morning, "Ana")[0]))
    assert "B-43" not in words(asked(morning, "Tom")[0])


async def test_the_manager_sees_the_trend_beside_the_results_and_nobody_below(morning: World) -> None:
    await week(morning)
    await morning.at("16:00", FRIDAY)
    for name, action in (("Ana", good_week_views.YES), ("Tom", good_week_views.NO)):
        assert (await morning.hand(name).click(asked(morning, name)[0], action)).ok
    await morning.deliver()
    tom = morning.hand("Tom")
    assert (await tom.click(asked(morning, "Tom")[0], good_week_views.LINE)).ok
    assert (await tom.submit(values={"words": "Too many meetings"})).ok
    before = FRIDAY - timedelta(weeks=1)
    ana = morning.people["Ana"].id
    await morning.write(GoodWeek(new_id(), "T0TEST", morning.team.id, ana, before, None, None, None))

    dana = morning.hand("Dana")
    assert (await dana.command("/plan", "weeks")).ok
    assert words(dana.ephemerals()[-1]).splitlines() == [
        "*EMEA, week by week*",
        "Week to Fri 27 Nov · good for 1 of 2 · 4 of 6 results met (67 %)",
        "Week to Fri 20 Nov · nobody said · no results planned",
        "*Said of the week to Fri 27 Nov*",
        "Tom no “Too many meetings”",
        "Ana yes",
        "What people say of their weeks stays with whoever they report to.",
    ]
    assert (await tom.command("/plan", "weeks --team EMEA")).ok
    assert words(tom.ephemerals()[-1]).startswith("Only ")


async def test_nobody_is_asked_on_a_day_off_or_twice_and_the_ledger_says_why(morning: World) -> None:
    ana, tom = morning.people["Ana"], morning.people["Tom"]
    await morning.write(
        factories.absence(ana.id, FRIDAY, FRIDAY, "wedding", Part.AFTERNOON),
        factories.absence(tom.id, FRIDAY, FRIDAY, "dentist", Part.MORNING),
    )
    for wall in ("16:00", "16:01", "17:00"):
        await morning.at(wall, FRIDAY)

    assert asked(morning, "Ana") == []
    (shown,) = asked(morning, "Tom")
    assert words(shown).splitlines()[0] == "*Week to Fri 27 Nov* · nothing planned."
    held = await morning.read(huddles.of_team, morning.team.id)
    row = await morning.read(occurrences.find, held.id, ana.id, FRIDAY, Slot.WEEK)
    assert row.reason == "away: wedding"


async def test_whoever_flies_west_on_friday_is_not_asked_again_by_the_new_clock(morning: World) -> None:
    await morning.at("16:00", FRIDAY)
    tom = replace(morning.people["Tom"], team_id=morning.team.id)
    other = factories.team("APAC", channel=None, manager_id=morning.people["Dana"].id)
    await morning.write(other, factories.huddle(other.id, since=morning.clock.now))
    await change(morning, replace(tom, team_id=other.id, zone="America/New_York"))
    await morning.at("16:00", FRIDAY, "America/New_York")

    assert len(asked(morning, "Tom")) == 1
    held = await morning.read(huddles.of_team, other.id)
    row = await morning.read(occurrences.find, held.id, tom.id, FRIDAY, Slot.WEEK)
    assert row.reason == ASKED
