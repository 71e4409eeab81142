"""Before a 1:1: what is owed, what is stuck, the numbers, the last redirect and win; both read the same (F139)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.ids import new_id
from rituals.actions import Source
from rituals.plans import Redirect
from rituals.stoplight_words import Win
from tests import factories
from tests.bot.steps import Json, card, change, redirected, stored
from tests.bot.test_blockers import stuck
from tests.bot.world import MONDAY, WORKSPACE, World, words


async def asked(world: World, name: str, text: str) -> Json:
    assert (await world.hand(name).command("/cadence", f"brief {text}")).ok
    return world.hand(name).ephemerals()[-1]


async def test_manager_and_report_read_the_identical_brief(morning: World) -> None:
    ana = morning.people["Ana"]
    await change(morning, replace(morning.kpis["Renewals"], owner_id=ana.id))
    now: datetime = morning.clock.now
    await morning.write(Win(new_id(), WORKSPACE, ana.id, "Castello signed", morning.people["Tom"].id, MONDAY, now))
    await stuck(morning)
    assert (await redirected(morning, card(morning), "Ana", "Beltrán signs", "Call the renewals")).ok
    (redirect,) = await stored(morning, Redirect)
    await change(morning, replace(redirect, at=datetime(2026, 11, 22, 23, 30, tzinfo=UTC)))  # Monday in Berlin
    mine, hers = await asked(morning, "Ana", "me"), await asked(morning, "Dana", "<@U0ANA|ana>")

    assert words(mine) == words(hers)
    for part in (
        "*Dana owes Ana*\nan ack of B-1",
        "*Oldest blocker*\n🟠 *B-1* Legal has not returned the NDA",
        "*KPIs*\n🟡 YELLOW *Renewals*",
        "*Last redirect*\nMon 23 Nov: ~Beltrán signs~ → *Call the renewals* “Slides can wait”",
        "*Last win*\nMon 23 Nov: Castello signed",
    ):
        assert part in words(mine)


async def test_a_plan_without_an_answer_and_what_a_manager_took_on_are_owed(morning: World) -> None:
    one, dana = await stuck(morning), morning.people["Dana"]
    due = MONDAY + timedelta(days=7)
    await morning.write(
        factories.action(dana.id, "Ask the vendor", source=Source.BLOCKER, subject_id=one.id, due=due),
        factories.action(morning.people["Tom"].id, "Ask Legal", source=Source.BLOCKER, subject_id=one.id, due=due),
    )
    assert (await morning.hand("Dana").command("/blockers", "ack 1")).ok

    owed = ["an answer to the plan of Mon 23 Nov", "B-1, which Dana has", "Ask the vendor, by Mon 30 Nov"]
    told = words(await asked(morning, "Priya", "<@U0ANA|ana>")).splitlines()
    assert told[1:6] == ["*Dana owes Ana*", *owed, "*Oldest blocker*"]


async def test_a_colleague_does_not_read_it_and_without_a_name_it_is_ones_own(morning: World) -> None:
    await stuck(morning)
    assert "Only Ana, Dana or an admin" in words(await asked(morning, "Tom", "<@U0ANA|ana>"))
    assert "Before the talk with Tom Becker" in words(await asked(morning, "Tom", ""))
    assert "About whom?" in words(await asked(morning, "Tom", "<@U0GONE|gone>"))
