"""The weekly: set by one form, asked once, an agenda that wrote itself two hours before."""

from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from bot.weekly import collect_views, commands, views
from rituals import blockers_life as life
from rituals.meetings import Input, OffTrack
from rituals.people import Role
from rituals.weekly import Slot, Weekly
from storage import occurrences
from storage.occurrences import Occurrence, State
from tests import factories
from tests.bot import forging
from tests.bot.steps import change, filled, stored, submitted
from tests.bot.weekly_steps import (
    NEXT,
    THURSDAY,
    TITLE,
    agenda,
    meeting_of,
    running,
    set_up,
    stuck,
)
from tests.bot.world import MONDAY, World, buttons, words

ASKED = f"{TITLE}: what should we talk about?"


def asked(world: World, name: str) -> list[dict[str, Any]]:
    return [message for message in world.dm(name) if message["text"] in {ASKED, "Saved for the weekly"}]


async def entry(world: World, weekly: Weekly, who: str, slot: Slot) -> Occurrence:
    subject = world.team.id if who == "team" else world.people[who].id

    def look(tx: Session) -> Occurrence | None:
        return occurrences.find(tx, weekly.id, subject, THURSDAY, slot)

    found = await world.read(look)
    assert isinstance(found, Occurrence)
    return found


async def answer(world: World, name: str, **values: Any) -> Any:
    hand = world.hand(name)
    (shown,) = asked(world, name)
    assert (await hand.click(shown, collect_views.WRITE)).ok
    await filled(world, name)
    outcome = await submitted(world, name, values)
    await world.deliver()
    return outcome


# Setting


async def test_a_manager_sets_the_weekly_by_one_form(morning: World) -> None:
    dana = morning.hand("Dana")
    assert (await dana.command("/cadence", "weekly")).ok
    await filled(morning, "Dana")
    wrong = await submitted(morning, "Dana", {"meets_at": "15:00"})
    assert wrong.errors["meets_at"].startswith("The agenda comes two hours before")
    again = await dana.submit(values={"meets_at": "16:30", "minutes": "61"})
    assert again.errors == {"minutes": "Whole minutes, from 15 to 60."}
    await change(morning, replace(morning.people["Dana"], manager_id=None))
    alone = await dana.submit(values={"minutes": "45"})
    assert alone.errors["state"].startswith("Nobody stands above Dana Weiss. Say whom they answer to first")
    await change(morning, morning.people["Dana"])
    assert (await dana.submit(values={"minutes": "45"})).ok

    (weekly,) = await stored(morning, Weekly)
    assert (weekly.team_id, weekly.meets_on, f"{weekly.meets_at:%H:%M}", weekly.minutes) == (
        morning.team.id,
        4,
        "16:30",
        45,
    )


async def test_two_who_change_it_at_once_hear_of_each_other(morning: World) -> None:
    weekly = await set_up(morning)
    dana = morning.hand("Dana")
    assert (await dana.command("/cadence", "weekly")).ok
    await filled(morning, "Dana")
    await change(morning, replace(weekly, minutes=30, version=1))

    refused = await submitted(morning, "Dana", {"minutes": "40"})
    assert "changed this in the meantime" in refused.errors["state"]


# Collecting


async def test_who_is_not_on_the_team_neither_answers_nor_sees_what_was_said(morning: World) -> None:
    await set_up(morning)
    await morning.at("10:00", THURSDAY)
    (shown,) = asked(morning, "Ana")
    value = str((await meeting_of(morning)).id)
    assert (await answer(morning, "Ana", text="Why is Legal slow?")).ok
    kept = await stored(morning, Input)

    priya = morning.hand("Priya")
    assert (await forging.press(morning, "Priya", shown, collect_views.NOTHING, value)).ok
    assert "Only Dana" in words(priya.ephemerals()[-1])
    assert (await forging.press(morning, "Priya", shown, collect_views.WRITE, value)).ok
    notice = await morning.sandbox.until(lambda: None if _loading(priya.view) else priya.view)
    assert "Only Dana" in words(notice)
    assert "Why is Legal slow?" not in words(notice)
    assert await stored(morning, Input) == kept


def _loading(view: Any) -> bool:
    return view is None or "One moment" in str(view)


async def test_thursday_at_ten_asks_each_once_and_closes_at_two_in_the_teams_zone(morning: World) -> None:
    weekly = await set_up(morning)
    await morning.at("09:59", THURSDAY)
    assert asked(morning, "Ana") == []
    for _ in range(2):
        await morning.at("10:00", THURSDAY)

    for name in ("Ana", "Tom", "Mia", "Ravi"):
        assert len(asked(morning, name)) == 1, name
    assert asked(morning, "Priya") == asked(morning, "Zoe") == asked(morning, "Dana") == []
    assert (await entry(morning, weekly, "Dana", Slot.COLLECT)).reason == "leads it, and has the agenda"
    assert (await entry(morning, weekly, "Ana", Slot.COLLECT)).state == State.OPENED
    assert (await answer(morning, "Ana", text="Why is <Legal> slow?")).ok
    assert (await answer(morning, "Ana", text="Legal again")).ok
    (shown,) = asked(morning, "Ana")
    assert "Legal again" in words(shown)
    assert [one.text for one in await stored(morning, Input)] == ["Legal again"]

    assert (await morning.hand("Tom").click(asked(morning, "Tom")[0], collect_views.NOTHING)).ok
    await morning.deliver()
    assert "Nothing from you this week" in words(asked(morning, "Tom")[0])
    await morning.at("14:00", THURSDAY)
    assert (await morning.hand("Ravi").click(asked(morning, "Ravi")[0], collect_views.NOTHING)).ok
    assert "nothing more is collected" in words(morning.hand("Ravi").ephemerals()[-1])
    assert len(await stored(morning, Input)) == 2


async def test_whoever_owns_what_is_off_track_says_why_and_what_changes_by_next_week(morning: World) -> None:
    await change(morning, replace(morning.kpis["Renewals"], owner_id=morning.people["Ana"].id))
    await set_up(morning)
    await morning.at("10:00", THURSDAY)
    (shown,) = asked(morning, "Ana")
    assert "Renewals 🟡 YELLOW −12 %: why, and what changes by next week?" in words(shown)
    assert buttons(shown) == ["Write"]

    kpi = morning.kpis["Renewals"]
    assert (await answer(morning, "Ana", **{f"why:{kpi.id}": "three slipped", f"next:{kpi.id}": "two signed"})).ok
    (said,) = await stored(morning, OffTrack)
    assert (said.why, said.next_week, said.by_id) == ("three slipped", "two signed", morning.people["Ana"].id)
    whole = words(await agenda(morning))
    assert "_Why (Ana):_ three slipped _By next week:_ two signed" in whole
    assert whole.index("*Scorecard*") < whole.index("slipped")


async def test_somebody_away_is_skipped_with_the_reason_and_a_team_that_is_off_has_no_weekly(morning: World) -> None:
    weekly = await set_up(morning)
    await morning.write(factories.absence(morning.people["Tom"].id, THURSDAY, THURSDAY))
    await morning.at("10:00", THURSDAY)
    assert asked(morning, "Tom") == []
    assert (await entry(morning, weekly, "Tom", Slot.COLLECT)).reason == "away: holiday"

    await morning.write(factories.company_day(NEXT, "summer party"))
    await morning.at("14:00", NEXT)
    assert not [message for message in morning.dm("Dana") if message["text"] == "EMEA weekly, Thu 3 Dec"]


async def test_a_pause_sends_nothing_and_a_resumed_weekly_makes_up_for_nothing(morning: World) -> None:
    weekly = await set_up(morning, paused=True)
    await morning.at("10:00", THURSDAY)
    assert asked(morning, "Ana") == []
    assert (await entry(morning, weekly, "Ana", Slot.COLLECT)).reason == "the weekly is paused"
    assert (await morning.hand("Dana").command("/cadence", "weekly")).ok
    await filled(morning, "Dana")
    assert (await submitted(morning, "Dana", {"state": "on"})).ok
    await morning.at("10:05", THURSDAY)

    assert asked(morning, "Ana") == []


# The agenda


async def test_two_hours_before_the_agenda_is_there_with_the_scorecard_first(morning: World) -> None:
    await set_up(morning)
    tom = morning.people["Tom"]
    owed = factories.action(tom.id, "Two-day answer from Legal", team_id=morning.team.id, due=THURSDAY)
    other = factories.team("Finance", channel=None)
    await morning.write(owed, other)
    (needs,) = await stuck(morning, "Invoice wrong", needs_team_id=other.id)
    await morning.at("13:59", THURSDAY)
    (slow,) = await stuck(morning, "Tool is slow", first=51)
    await change(morning, life.park(slow, morning.people["Dana"], morning.clock.now))
    assert not [message for message in morning.dm("Dana") if message["text"] == TITLE]

    shown = await agenda(morning)
    whole = words(shown)
    assert "agenda of 60 minutes" in whole
    assert "_Why and by next week: not in yet (no owner)_" in whole
    (posted,) = (message for message in morning.channel() if message["text"] == TITLE)
    assert "not in yet" not in words(posted)
    assert "15 scorecard · 5 last week's actions · 25 themes · 10 dependencies · 5 close" in whole
    assert "*Parked for this weekly*\n*B-51* Tool is slow · Ana" in whole
    order = [whole.index(one) for one in ("*Scorecard*", "*Last week's actions*", "*Dependencies*")]
    assert order == sorted(order)
    assert "⚠ *Tom* Two-day answer from Legal · by Thu 26 Nov · *done, moved or dropped?*" in whole
    assert f"*{needs.label}* Invoice wrong · Ana needs Finance" in whole
    assert buttons(shown)[-4:] == ["+ Action", "+ Decision made", "+ Decision needed", "Close"]


async def test_the_channel_sees_the_agenda_and_nobody_is_shown_up(morning: World) -> None:
    await set_up(morning)
    await change(morning, replace(morning.kpis["Renewals"], owner_id=morning.people["Ana"].id))
    late = factories.action(morning.people["Tom"].id, "Ask Legal", team_id=morning.team.id, due=MONDAY)
    finance = factories.team("Finance", channel=None)
    await morning.write(late, finance)
    await stuck(morning, "Invoice wrong", needs_team_id=finance.id)
    await morning.at("10:00", THURSDAY)
    kpi = morning.kpis["Renewals"]
    assert (await answer(morning, "Ana", **{f"why:{kpi.id}": "three slipped", f"next:{kpi.id}": "two signed"})).ok
    lead = words(await agenda(morning))
    assert "_Why (Ana):_ three slipped" in lead
    assert "Invoice wrong · Ana needs Finance" in lead

    (posted,) = (message for message in morning.channel() if message["text"] == TITLE)
    whole = words(posted)
    assert "*Tom* Ask Legal" in whole
    assert "_Why:_ three slipped _By next week:_ two signed" in whole
    assert "*B-31* needs Finance" in whole
    assert "Invoice" not in whole
    assert "⚠" not in whole
    assert "Mon" not in whole
    assert "Ana" not in whole
    assert "<@" not in whole


async def test_while_the_manager_is_away_their_deputy_leads(morning: World) -> None:
    await change(morning, replace(morning.people["Dana"], deputy_id=morning.people["Ravi"].id))
    await set_up(morning)
    await morning.write(factories.absence(morning.people["Dana"].id, THURSDAY, THURSDAY))
    await morning.at("14:00", THURSDAY)
    shown = running(morning, "Ravi")

    assert (await morning.hand("Ravi").click(shown, views.CLOSE, block_id="running")).ok
    assert (await filled(morning, "Ravi"))["callback_id"] == "weekly.close_submit"
    assert not [message for message in morning.dm("Dana") if message["text"] == TITLE]


# Who is asked


async def test_a_member_who_joins_after_the_planner_looked_is_asked_and_a_leaver_is_not(morning: World) -> None:
    weekly = await set_up(morning)
    await morning.at("09:00", MONDAY)
    await change(morning, replace(morning.people["Zoe"], team_id=morning.team.id))
    await change(morning, replace(morning.people["Tom"], team_id=None))
    await morning.at("10:00", THURSDAY)

    assert len(asked(morning, "Zoe")) == 1
    assert asked(morning, "Tom") == []
    assert (await entry(morning, weekly, "Tom", Slot.COLLECT)).state == State.CANCELLED


async def test_an_observer_is_never_asked(morning: World) -> None:
    await change(morning, replace(morning.people["Tom"], role=Role.OBSERVER))
    await set_up(morning)
    await morning.at("10:00", THURSDAY)

    assert asked(morning, "Tom") == []


def test_the_help_names_both_commands() -> None:
    assert "/cadence weekly" in commands.WEEKLY.help()
    assert "/cadence actions" in commands.ACTIONS.help()
