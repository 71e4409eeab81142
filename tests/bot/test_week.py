"""What a week came to: promised and met, asked and answered, without counting absence (F44, F114)."""

from datetime import date, timedelta

from bot.huddle import views
from rituals.plans import Outcome
from tests import factories
from tests.bot.steps import block_for, element, file, filled
from tests.bot.world import MONDAY, TUESDAY, World, words

FRIDAY = date(2026, 11, 27)


async def told(world: World, name: str, text: str = "week") -> str:
    """What `/plan week` answers."""
    assert (await world.hand(name).command("/plan", text)).ok
    return words(world.hand(name).ephemerals()[-1])


async def week_of_ana(world: World) -> None:
    """Away from Monday to Wednesday, plans on Thursday and Friday of the week before: 3 done, 1 dropped, 1 open."""
    ana = world.people["Ana"]
    monday = MONDAY - timedelta(weeks=1)
    await world.write(factories.absence(ana.id, monday, monday + timedelta(days=2)))
    outcomes = {3: (Outcome.DONE, Outcome.DONE, Outcome.DROPPED), 4: (Outcome.DONE, Outcome.OPEN)}
    for ahead, results in outcomes.items():
        plan = factories.plan(ana.id, world.team.id, day=monday + timedelta(days=ahead))
        why = {Outcome.DROPPED: "the customer is gone"}
        items = [factories.item(plan.id, outcome=one, dropped_because=why.get(one)) for one in results]
        await world.write(plan, *items)


async def test_away_three_days_and_two_answers_is_all_and_the_ratio_leaves_out_what_was_dropped(morning: World) -> None:
    await week_of_ana(morning)
    await morning.at("08:00")

    said = await told(morning, "Ana", "week last week")

    assert said.splitlines() == [
        "*Your Mon 16 Nov to Sun 22 Nov*",
        "3 of 4 results met (75 %)",
        "answered on 2 of 2 days; days off don't count",
        "dropped: Beltrán says yes or no _(the customer is gone)_",
    ]


async def test_a_week_that_began_today_is_named_by_its_one_day(morning: World) -> None:
    await morning.at("08:30")

    assert (await told(morning, "Ana")).startswith("*Your Mon 23 Nov*")


async def test_what_was_moved_and_what_was_dropped_and_why_is_between_a_person_and_their_line(morning: World) -> None:
    await morning.at("08:30")
    assert (await file(morning, "Ana", "Beltrán signs", "Slides for Friday", "Renewals called")).ok
    await morning.at("08:30", TUESDAY)
    ana = morning.hand("Ana")
    assert (await ana.command("/plan")).ok
    form = await filled(morning, "Ana")
    assert "I commit to" in str(element(form, "today")["placeholder"])
    slides, renewals = (block_for(form, "settle", label) for label in ("Slides", "Renewals"))
    assert (await ana.click(form, views.SETTLE, Outcome.DROPPED, block_id=slides)).ok
    await morning.cadence.deps.background.drained(10)
    why = slides.replace("settle", "why")
    assert (await ana.submit(values={why: "They <moved> it", renewals: Outcome.DONE})).ok
    await morning.deliver()

    expected = ["1 result moved to a later plan", "dropped: Slides for Friday _(They &lt;moved&gt; it)_"]
    slack_id = morning.people["Ana"].slack_id
    for name, text in (("Ana", "week"), ("Dana", f"week <@{slack_id}|ana>")):
        assert (await told(morning, name, text)).splitlines()[-2:] == expected
    assert (await told(morning, "Tom", f"week <@{slack_id}|ana>")).startswith("Only Ana")
    everybody = [*morning.channel(), *morning.dm("Tom"), *morning.dm("Mia")]
    assert not [one for one in everybody if "moved" in words(one)]


async def test_a_manager_reads_it_of_a_report(morning: World) -> None:
    await week_of_ana(morning)
    await morning.at("08:00")
    ana = morning.people["Ana"].slack_id

    assert (await told(morning, "Dana", f"week <@{ana}|ana> last week")).startswith("*Ana's Mon 16 Nov")


async def test_today_counts_once_its_cut_off_has_passed_and_a_skipped_day_never(morning: World) -> None:
    await morning.at("08:30")
    assert "nothing was asked" in await told(morning, "Ana")
    assert (await morning.hand("Tom").command("/plan", "skip sick")).ok

    await morning.at("09:00")

    assert "answered on 0 of 1 day;" in await told(morning, "Ana")
    assert "nothing was asked" in await told(morning, "Tom")
    assert (await file(morning, "Ana", "Beltrán signs")).ok
    assert "answered on 1 of 1 day;" in await told(morning, "Ana")


async def test_words_that_name_no_week_are_asked_for(morning: World) -> None:
    assert (await told(morning, "Ana", "week someday")).startswith("Which week?")
