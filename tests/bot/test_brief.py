"""Before a 1:1: the brief that both read alike (F139), and whom the manager has not spoken to for two weeks (W11)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.huddle import talk_views
from bot.ids import new_id
from rituals.actions import Source
from rituals.plans import Redirect
from rituals.stoplight_words import Win
from rituals.talks import Talk
from tests import factories
from tests.bot.steps import Json, card, carded, change, redirected, stored
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
        "*Last words*\nMon 23 Nov",
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
    for nobody in ("<@U0GONE|gone>", "Anna"):
        assert "About whom?" in words(await asked(morning, "Tom", nobody))


def silent(shown: Json) -> str:
    """Whom a card names as not spoken to."""
    return next((words({"blocks": [b]}) for b in shown["blocks"] if b.get("block_id") == "unspoken"), "")


async def test_a_card_names_whom_its_manager_has_not_spoken_to_until_they_have_words(morning: World) -> None:
    who = {name: morning.people[name] for name in ("Ana", "Tom", "Mia", "Ravi")}
    for name, days in {"Ana": 14, "Tom": 20, "Mia": 13, "Ravi": 20}.items():
        day = MONDAY - timedelta(days=days)
        await morning.write(factories.plan(who[name].id, morning.team.id, day=day))
    await morning.write(factories.absence(who["Ravi"].id, MONDAY, MONDAY))
    dana, priya = morning.hand("Dana"), morning.people["Priya"].id
    await morning.write(Talk(new_id(), WORKSPACE, who["Tom"].id, priya, priya, morning.clock.now))
    shown = await carded(morning)
    assert "*Not spoken to for two weeks:* Tom, Ana · " in silent(shown)

    assert (await redirected(morning, shown, "Ana", "Slides for Friday", "Call the renewals")).ok
    await morning.deliver()
    assert "*Not spoken to for two weeks:* Tom · " in silent(card(morning))
    options = next(block for block in card(morning)["blocks"] if block.get("block_id") == "unspoken")["accessory"]
    (choice,) = options["options"]
    assert choice["text"]["text"] == "Talked with Tom Becker"
    assert (await dana.click(card(morning), talk_views.TALKED, choice["value"])).ok
    await morning.deliver()
    assert silent(card(morning)) == ""
    assert "*Last words*\nMon 23 Nov" in words(await asked(morning, "Tom", "me"))

    # Whoever stands in coaches nobody; the manager is told once back.
    await change(morning, replace(morning.people["Dana"], deputy_id=morning.people["Priya"].id))
    await morning.write(factories.absence(morning.people["Dana"].id, MONDAY + timedelta(days=1), MONDAY + timedelta(1)))
    await morning.at("09:00", MONDAY + timedelta(days=1))
    assert silent(card(morning, "Priya")) == ""
    await morning.at("09:00", MONDAY + timedelta(days=2))
    (wednesday,) = (one for one in morning.dm("Dana") if one["text"] == "EMEA huddle, Wed 25 Nov")
    assert "*Not spoken to for two weeks:* Ravi, Mia · " in silent(wednesday)

    assert (await morning.hand("Mia").click(await asked(morning, "Mia", "me"), talk_views.TALKED)).ok
    assert "Noted: Dana and Mia have talked." in words(morning.hand("Mia").ephemerals()[-1])
    noted = {(one.person_id, one.with_id, one.by_id) for one in await stored(morning, Talk) if one.with_id != priya}
    dana_id = morning.people["Dana"].id
    assert noted == {(who["Tom"].id, dana_id, dana_id), (who["Mia"].id, dana_id, who["Mia"].id)}
