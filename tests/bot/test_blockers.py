"""A blocker from a word in a plan to somebody who has it: cards, buttons, forms, who hears of it."""

from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

from bot.blockers import form_views, views
from bot.huddle.views import WRITE
from rituals import calendar
from rituals.blockers import Blocker, BlockerState, Update
from rituals.blockers_life import restate
from rituals.decisions import Decision
from rituals.people import Role
from sandbox import User
from storage.values import TABLES
from tests import factories
from tests.bot.steps import card, carded, change, file, filled, inputs, plan_of, stored, submitted
from tests.bot.world import MONDAY, TUESDAY, World, buttons, words

WEDNESDAY, FRIDAY = date(2026, 11, 25), date(2026, 11, 27)
Json = dict[str, Any]


async def blocker(world: World, number: int = 1) -> Blocker:
    return next(one for one in await stored(world, Blocker) if one.number == number)


async def stuck(world: World, text: str = "Legal has not returned the NDA", name: str = "Ana", **more: Any) -> Blocker:
    """Somebody's Monday plan says that they are stuck; Dana has her card at nine."""
    await world.at("08:30")
    assert (await file(world, name, "Beltrán signs", stuck=text)).ok
    await world.deliver()
    if more:
        assert (await world.hand(name).click(receipt(world, name), WRITE)).ok
        await filled(world, name)
        assert (await submitted(world, name, more)).ok
    await world.at("09:00")
    return await blocker(world)


async def press(world: World, name: str, shown: Json, action: str, number: int = 1, value: Any = None) -> None:
    one = await blocker(world, number)
    assert (await world.hand(name).click(shown, action, value, block_id=f"blocker:{one.id}")).ok
    await world.deliver()


async def redrawn(world: World) -> Json:
    """Dana's card once all that changed is shown."""
    await world.deliver()
    return card(world)


def thread(world: World, name: str, under: Json) -> list[Json]:
    """What stands in the thread of one of somebody's messages."""
    return [one for one in world.hand(name).messages(world.hand(name).dm_id, under["ts"]) if one["ts"] != under["ts"]]


def receipt(world: World, name: str = "Ana") -> Json:
    return next(message for message in world.dm(name) if "Saved" in words(message))


def of(world: World, name: str, start: str) -> list[Json]:
    return [one for one in world.dm(name) if one["text"].startswith(start)]


async def told(world: World, name: str = "Ana") -> str:
    """What somebody hears in the thread of their receipt."""
    await world.deliver()
    return "\n".join(words(one) for one in thread(world, name, receipt(world, name)))


async def test_a_word_in_a_plan_is_a_card_with_its_buttons(morning: World) -> None:
    one = await stuck(morning, needs="Legal", impact="This week")
    shown = words(card(morning))

    assert (one.reporter_id, one.state) == (morning.people["Ana"].id, BlockerState.OPEN)
    assert one.kpi_id == morning.kpis["New bookings"].id
    assert "*B-1* Legal has not returned the NDA · _open, new today_" in shown
    assert "Ana needs Legal · impact: this week · KPI: New bookings · Next: Priya (leader)" in shown
    assert [name for name in buttons(card(morning)) if name in {"Ack", "Assign…", "Resolve…", "Park to weekly"}]
    assert "1 blocker (B-1, on the huddle card)" in words(receipt(morning))


async def test_ack_is_one_press_and_everybody_sees_what_comes_next(morning: World) -> None:
    await stuck(morning)
    await press(morning, "Dana", card(morning), views.ACK)

    one = await blocker(morning)
    assert (one.state, one.owner_id) == (BlockerState.ACKED, morning.people["Dana"].id)
    shown = words(await redrawn(morning))
    assert "You acked" in shown
    assert "Reopens" in shown
    assert "if nothing moves" in shown
    assert "Ack" not in buttons(card(morning))
    assert "Update…" in buttons(card(morning))
    assert "Dana has *B-1*." in await told(morning)


async def test_it_ages_by_its_reporters_working_days_and_a_holiday_is_none(morning: World) -> None:
    ana, old, friday = morning.people["Ana"].id, date(2026, 11, 6), date(2026, 11, 20)
    climbed = factories.blocker(ana, 41, opened_on=old, opened_at=at("17:00", old), waiting_since=at("09:00", friday))
    await morning.write(factories.company_day(date(2026, 11, 9)), climbed)
    await morning.write(factories.blocker(ana, 42, opened_on=friday, opened_at=at("17:00", friday)))
    await morning.at("08:30")
    prompt = words(morning.dm("Ana")[-1])
    assert "*B-41* Legal has not returned the NDA · 10 working days" in prompt
    assert "*B-42* Legal has not returned the NDA · 1 working day" in prompt

    await morning.at("17:00")
    shown = words(card(morning))
    assert "2 blockers need you, 1 over 2 working days" in shown
    assert "*B-41* Legal has not returned the NDA · _open, 10 working days_" in shown
    assert "*B-42* Legal has not returned the NDA · _open, 1 working day_" in shown
    assert (await morning.hand("Dana").command("/blockers", "ack 41")).ok
    await morning.at("17:02")
    assert "1 blocker needs you" in words(card(morning)).splitlines()


async def test_the_second_to_ack_hears_who_has_it(morning: World) -> None:
    await stuck(morning)
    shown = card(morning)
    await morning.hand("Priya").command("/blockers", "ack 1")
    await press(morning, "Dana", shown, views.ACK)

    assert "B-1 was acked by Priya at 09:00. Nothing changed." in words(morning.hand("Dana").ephemerals()[-1])
    assert (await blocker(morning)).acked_by_id == morning.people["Priya"].id


async def test_a_press_on_a_card_that_somebody_changed_meanwhile_changes_nothing(morning: World) -> None:
    await stuck(morning)
    shown = card(morning)
    assert (await morning.hand("Priya").command("/blockers", "ack 1")).ok
    assert (await morning.hand("Priya").command("/blockers", "resolve 1")).ok
    acted = await blocker(morning)
    await change(morning, replace(acted, state=BlockerState.OPEN))
    await press(morning, "Dana", shown, views.PARK)

    now = morning.hand("Dana").ephemerals()[-1]
    assert words(now).startswith("Priya changed this 1 second ago. Here is the current card.")
    assert (await blocker(morning)).state is BlockerState.OPEN
    await press(morning, "Dana", now, views.PARK)
    assert (await blocker(morning)).state is BlockerState.PARKED


async def test_it_is_given_to_somebody_with_a_date_who_hears_of_it(morning: World) -> None:
    await stuck(morning)
    await press(morning, "Dana", card(morning), views.ASSIGN)
    assert (await submitted(morning, "Dana", {"to": "U0TOM", "by": "2026-11-27"})).ok
    await morning.deliver()

    one = await blocker(morning)
    assert (one.owner_id, one.due_on) == (morning.people["Tom"].id, FRIDAY)
    (given,) = of(morning, "Tom", "B-1")
    assert "Dana gave you *B-1*, by Fri 27 Nov 2026 (4 days)." in words(given)
    assert "Resolve…" in buttons(given)
    assert "owner: Tom, by Fri 27 Nov" in words(await redrawn(morning))
    assert "Tom has *B-1*" in await told(morning)


async def test_a_resolve_says_who_will_hear_and_they_can_say_that_it_is_still_there(morning: World) -> None:
    await stuck(morning)
    await press(morning, "Dana", card(morning), views.RESOLVE)
    assert "Ana will be told" in str(await filled(morning, "Dana"))
    assert (await submitted(morning, "Dana", {"how": "They signed"})).ok
    await morning.deliver()
    assert (await blocker(morning)).state is BlockerState.RESOLVED
    assert "B-1" not in words(await redrawn(morning))

    (closed,) = thread(morning, "Ana", receipt(morning))
    assert "*B-1* was resolved by Dana" in words(closed)
    assert "They signed" in words(closed)
    assert (await morning.hand("Ana").click(closed, views.STILL)).ok
    one = await blocker(morning)
    assert (one.state, one.climb) == (BlockerState.OPEN, 2)
    await morning.at("09:01")
    assert "B-1" in words(card(morning))
    said = [words(one) for one in thread(morning, "Dana", card(morning))]
    assert said == ["*B-1* is still there, says Ana. It is open again."]


async def test_a_resolve_is_taken_back_for_ten_minutes_by_whoever_pressed(morning: World) -> None:
    await stuck(morning)
    dana = morning.hand("Dana")
    await press(morning, "Dana", card(morning), views.ACK)
    assert (await dana.command("/blockers", "resolve 1")).ok
    answer = dana.ephemerals()[-1]
    assert "*B-1* is resolved." in words(answer)
    await morning.at("09:09")
    assert (await dana.click(answer, views.UNDO)).ok
    assert (await blocker(morning)).state is BlockerState.ACKED
    assert "took it back" in await told(morning)

    assert (await dana.command("/blockers", "resolve 1")).ok
    again = dana.ephemerals()[-1]
    await morning.at("09:21")
    assert (await dana.click(again, views.UNDO)).ok
    assert (await blocker(morning)).state is BlockerState.RESOLVED
    assert "If B-1 is still there, whoever reported it presses Still stuck" in words(dana.ephemerals()[-1])


async def test_parked_the_weekly_has_it(morning: World) -> None:
    await morning.write(factories.weekly(morning.team.id))
    await stuck(morning)
    await press(morning, "Dana", card(morning), views.PARK)

    assert (await blocker(morning)).state is BlockerState.PARKED
    assert "_parked for Thursday's weekly, new today_" in words(await redrawn(morning))
    assert "Park to weekly" not in buttons(card(morning))


async def test_a_snooze_has_a_reason_and_an_end_shows_both_and_ends_with_a_nudge(morning: World) -> None:
    await stuck(morning)
    one = await blocker(morning)
    await press(morning, "Dana", card(morning), views.MORE, value=f"snooze:{one.id}")
    refused = await submitted(morning, "Dana", {"until": "2026-12-24", "why": "waiting for audit"})
    assert refused.errors == {"until": "Pick a day after today, at most 30 days ahead."}
    assert (await submitted(morning, "Dana", {"until": "2026-11-25", "why": "waiting for audit"})).ok

    assert "_snoozed until Wed 25 Nov: waiting for audit_" in words(await redrawn(morning))
    await morning.at("08:59", WEDNESDAY)
    assert not thread(morning, "Dana", card(morning))
    await morning.at("09:00", WEDNESDAY)
    assert (await blocker(morning)).state is BlockerState.OPEN
    nudged = [words(one) for message in morning.dm("Dana") for one in thread(morning, "Dana", message)]
    assert ["The snooze of *B-1* is over: waiting for audit. Has it moved?" in said for said in nudged] == [True]


async def test_a_question_reaches_the_reporter_with_its_answer_button(morning: World) -> None:
    one = await stuck(morning)
    await press(morning, "Dana", card(morning), views.MORE, value=f"ask:{one.id}")
    assert (await submitted(morning, "Dana", {"question": "Who has it at Legal?"})).ok
    await morning.deliver()
    (asked,) = thread(morning, "Ana", receipt(morning))
    assert "Dana asks about *B-1*: Who has it at Legal?" in words(asked)

    assert (await morning.hand("Ana").click(asked, views.ANSWER)).ok
    assert "Who has it at Legal?" in str(await filled(morning, "Ana"))
    assert (await submitted(morning, "Ana", {"answer": "Jo has it"})).ok
    await morning.deliver()
    assert [words(one) for one in thread(morning, "Dana", card(morning))] == ["Ana on *B-1*: Jo has it"]
    assert not [one for one in morning.dm("Dana") if one["text"].startswith("B-1")]


async def test_an_update_reaches_everybody_once_even_when_one_is_all_three(morning: World) -> None:
    await stuck(morning)
    assert (await morning.hand("Ana").command("/blockers", "update 1 Jo is out")).ok
    await morning.deliver()
    assert [words(one) for one in thread(morning, "Dana", card(morning))] == ["Ana on *B-1*: Jo is out"]
    assert (await morning.hand("Dana").command("/blockers", "assign 1 @ana".replace("@ana", "<@U0ANA|ana>"))).ok
    assert (await morning.hand("Dana").command("/blockers", "update 1 <@U0ANA|ana> Legal called back")).ok
    await morning.deliver()

    heard = [words(one) for one in thread(morning, "Ana", receipt(morning)) if "called back" in words(one)]
    assert heard == ["Dana on *B-1*: Legal called back"]
    assert [one.text for one in await stored(morning, Update)] == ["Jo is out", "Legal called back"]
    assert not [one for one in morning.dm("Dana") if "called back" in words(one)]


async def test_two_that_are_the_same_are_one_with_the_older_clock_and_both_reporters_hear(morning: World) -> None:
    await stuck(morning)
    await morning.at("09:05")
    assert (await file(morning, "Tom", "Calls", stuck="The NDA is with Legal")).ok
    first = await blocker(morning)
    await press(morning, "Dana", await redrawn(morning), views.MORE, value=f"merge:{first.id}")
    other = await blocker(morning, 2)
    assert (await submitted(morning, "Dana", {"other": str(other.id)})).ok

    kept, gone = await blocker(morning), await blocker(morning, 2)
    assert (gone.merged_into_id, gone.state, kept.opened_at) == (kept.id, BlockerState.DROPPED, first.opened_at)
    for name in ("Ana", "Tom"):
        assert "*B-2* is the same as *B-1* and goes on there." in await told(morning, name)
    assert (await morning.hand("Dana").command("/blockers", "update 1 Legal called")).ok
    assert "Legal called" in await told(morning, "Tom")


async def test_sending_the_huddle_again_edits_its_blocker_and_an_ack_stays(morning: World) -> None:
    await stuck(morning)
    await press(morning, "Dana", card(morning), views.ACK)
    assert (await morning.hand("Ana").click(receipt(morning), WRITE)).ok
    view = await filled(morning, "Ana")
    assert "needs" in inputs(view)
    assert (await submitted(morning, "Ana", {"stuck": "Legal lost the NDA #legal", "needs": "Legal"})).ok

    (one,) = await stored(morning, Blocker)
    assert (one.text, one.tags, one.state) == ("Legal lost the NDA #legal", "legal", BlockerState.ACKED)


async def test_emptying_the_field_never_closes_silently_what_others_work_on(morning: World) -> None:
    await stuck(morning)
    await press(morning, "Dana", card(morning), views.ACK)
    assert (await morning.hand("Ana").click(receipt(morning), WRITE)).ok
    assert (await submitted(morning, "Ana", {"stuck": ""})).ok
    await morning.deliver()
    assert (await blocker(morning)).state is BlockerState.ACKED
    asked = thread(morning, "Ana", receipt(morning))[-1]
    assert "Still stuck?" in words(asked)
    assert buttons(asked) == ["Solved", "Still"]

    assert (await morning.hand("Ana").click(asked, views.SOLVED)).ok
    assert (await blocker(morning)).state is BlockerState.RESOLVED
    await morning.deliver()
    assert any("*B-1* was resolved by Ana" in words(one) for one in thread(morning, "Dana", card(morning)))


async def test_emptying_the_field_closes_what_nobody_else_has_touched(morning: World) -> None:
    await stuck(morning)
    assert (await morning.hand("Ana").click(receipt(morning), WRITE)).ok
    assert (await submitted(morning, "Ana", {"stuck": ""})).ok

    assert (await blocker(morning)).state is BlockerState.RESOLVED


async def test_the_fourth_time_somebody_must_own_it_or_it_goes_up(morning: World) -> None:
    one = await stuck(morning)
    await change(morning, replace(one, restated=3))
    await morning.at("08:30", TUESDAY)
    prompt = morning.dm("Ana")[-1]
    assert [label for label in buttons(prompt) if label.startswith("Same plan")] == []
    assert (await morning.hand("Ana").command("/plan", "same")).ok
    assert "B-1 was said 3 times and nobody has it." in words(morning.hand("Ana").ephemerals()[-1])

    assert (await morning.hand("Ana").click(prompt, WRITE)).ok
    await filled(morning, "Ana")
    field = f"blocker:{one.id}"
    assert not (await submitted(morning, "Ana", {"today": "Calls"})).ok
    assert (await submitted(morning, "Ana", {"today": "Calls", field: "up"})).ok
    up = await blocker(morning)
    assert (up.level, up.restated) == (1, 3)
    await morning.at("09:00", TUESDAY, zone="Europe/London")
    (helped,) = of(morning, "Priya", "For your help: B-1")
    assert "Ana sent it up." in words(helped)


async def test_a_blocker_is_made_of_any_message_with_its_link_in_threads_too(morning: World) -> None:
    hand = morning.hand("Ana")
    assert (await hand.say("Who has the NDA?", "C0EMEA")).ok
    parent = morning.sandbox.messages("C0EMEA")[-1]
    assert (await hand.say("Legal sits on it", "C0EMEA", parent["ts"])).ok
    reply = hand.messages("C0EMEA", parent["ts"])[-1]
    assert (await hand.shortcut(form_views.SHORTCUT, reply)).ok
    await filled(morning, "Ana")
    assert (await submitted(morning, "Ana", {"needs": "Legal"})).ok

    (one,) = await stored(morning, Blocker)
    ts = reply["ts"].replace(".", "")
    thread_of = f"?thread_ts={parent['ts']}&cid=C0EMEA"
    assert (one.text, one.needs) == ("Legal sits on it", "Legal")
    assert one.link == f"https://nordlicht.slack.com/archives/C0EMEA/p{ts}{thread_of}"
    assert one.plan_id is None


async def test_a_new_one_stands_on_the_huddle_card_at_once_and_without_a_card_whoever_must_act_hears(
    morning: World,
) -> None:
    await carded(morning)
    ana, dana, priya = (morning.hand(name) for name in ("Ana", "Dana", "Priya"))
    assert (await ana.command("/blockers", "new Tool is slow")).ok
    assert "Dana sees it on the huddle card. Next: Priya" in words(ana.ephemerals()[-1])
    await morning.at("09:02")
    assert "*B-1* Tool is slow · _open, new today_" in words(card(morning))
    assert not of(morning, "Dana", "B-1")

    assert (await dana.command("/blockers", "new No budget")).ok
    assert words(dana.ephemerals()[-1]) == "*B-2* is raised: No budget. Priya hears of it."
    await morning.at("09:00", zone="Europe/London")
    (asked,) = of(morning, "Priya", "B-2")
    assert words(asked).startswith("Dana is stuck, and *B-2* waits for you.")
    assert buttons(asked)[:2] == ["Ack", "Assign…"]
    assert (await priya.command("/blockers", "new No money")).ok
    assert "Nobody stands above you: `/blockers assign 3 @lee` gives it" in words(priya.ephemerals()[-1])
    elsewhere = replace(morning.people["Zoe"], team_id=morning.team.id, manager_id=morning.people["Priya"].id)
    await change(morning, elsewhere)
    assert (await morning.hand("Zoe").command("/blockers", "new No badge")).ok
    assert "Priya hears of it." in words(morning.hand("Zoe").ephemerals()[-1])


async def apac(world: World) -> World:
    """Lee manages APAC."""
    team = factories.team("APAC", channel=None)
    lee = factories.person("Lee Chan", role=Role.MANAGER, team_id=team.id)
    await world.write(replace(team, manager_id=None), lee)
    await change(world, replace(team, manager_id=lee.id))
    world.sandbox.admin.join(User(lee.slack_id, "lee", lee.name, tz=lee.zone))
    return replace(world, people={**world.people, "Lee": lee})


async def test_a_need_that_names_a_team_tells_its_manager_once_and_stands_on_both_agendas(morning: World) -> None:
    world = await apac(morning)
    await stuck(world, needs="@apac")
    await world.at("09:05")
    (needed,) = of(world, "Lee", "B-1")
    assert "Ana needs your team: *B-1*" in words(needed)
    assert (await world.hand("Ana").click(receipt(world), WRITE)).ok
    assert (await submitted(world, "Ana", {"stuck": "Legal lost it"})).ok
    await world.deliver()
    assert len(of(world, "Lee", "B-1")) == 1

    assert (await world.hand("Lee").command("/blockers", "team")).ok
    assert "B-1" in words(world.hand("Lee").ephemerals()[-1])
    assert (await world.hand("Lee").command("/blockers", "have 1")).ok
    assert (await blocker(world)).owner_id == world.people["Lee"].id
    assert "Lee has *B-1*." in await told(world)

    for name in ("Dana", "Lee"):
        team_id = world.people[name].team_id
        assert team_id is not None
        await world.write(factories.weekly(team_id))
    await world.at("14:00", date(2026, 11, 26))
    for name, team, needs in (("Dana", "EMEA", "needs APAC"), ("Lee", "APAC", "needs us")):
        (agenda,) = (one for one in world.dm(name) if one["text"] == f"{team} weekly, Thu 26 Nov")
        assert f"*B-1* Legal lost it · Ana {needs}" in words(agenda)


async def test_while_the_manager_of_a_needed_team_is_away_whoever_stands_in_hears_and_may_act(morning: World) -> None:
    world = await apac(morning)
    lee = replace(world.people["Lee"], deputy_id=world.people["Zoe"].id)
    await change(world, lee)
    await world.write(factories.absence(lee.id, MONDAY, FRIDAY))
    await stuck(world, needs="APAC")
    await world.deliver()

    assert not of(world, "Lee", "B-1")
    (needed,) = of(world, "Zoe", "B-1")
    assert "Ana needs your team: *B-1*" in words(needed)
    assert (await world.hand("Zoe").command("/blockers", "")).ok
    assert "B-1" in words(world.hand("Zoe").ephemerals()[-1])
    assert (await world.hand("Zoe").click(needed, views.ACK, block_id=f"blocker:{(await blocker(world)).id}")).ok
    assert (await blocker(world)).acked_by_id == world.people["Zoe"].id


async def test_nobody_is_told_outside_their_hours(morning: World) -> None:
    await change(morning, replace(morning.people["Tom"], works_from=time(14), works_to=time(18)))
    await stuck(morning)
    assert (await morning.hand("Dana").command("/blockers", "assign 1 <@U0TOM|tom>")).ok
    await morning.deliver()
    assert not of(morning, "Tom", "B-1")
    await morning.at("14:00")
    assert len(of(morning, "Tom", "B-1")) == 1


def at(wall: str, day: date, zone: str = "Europe/Berlin") -> datetime:
    moment = calendar.instant(day, time.fromisoformat(wall), zone)
    assert moment is not None
    return moment


async def test_every_change_stands_in_the_record_with_who_and_by_which_door(morning: World) -> None:
    await stuck(morning)
    await press(morning, "Dana", card(morning), views.ACK)
    await morning.at("00:30", TUESDAY)  # in London it is Monday still
    for text in ("update 1 Legal called", "ask 1 Who has it?", "snooze 1 until friday audit", "resolve 1", "show 1"):
        assert (await morning.hand("Dana").command("/blockers", text)).ok

    shown = words(morning.hand("Dana").ephemerals()[-1])
    assert "Tue 24 Nov *Dana Weiss*: Legal called" in shown
    assert "Tue 24 Nov *Dana Weiss* asked: Who has it?" in shown
    assert "Mon 23 Nov 08:30 Ana Torres: raised it" in shown
    assert "Mon 23 Nov 09:00 Dana Weiss: acked it; owner: Dana Weiss" in shown
    assert "Dana Weiss: snoozed it until Fri 27 Nov" in shown
    assert "Dana Weiss: resolved it; ended the snooze" in shown
    assert TABLES[Blocker].name == "blockers"
    assert (await plan_of(morning, "Ana")).day == MONDAY


async def test_a_blocker_becomes_a_decision_about_it_and_may_then_be_said_again(morning: World) -> None:
    one = await stuck(morning)
    await change(morning, replace(one, restated=3))
    await press(morning, "Dana", card(morning), views.MORE, value=f"decide:{one.id}")
    assert "B-1 Legal has not returned the NDA" in str(await filled(morning, "Dana"))
    said = {"chosen": "Our own paper", "instead": "Theirs", "because": "It is faster"}
    assert (await submitted(morning, "Dana", said)).ok

    (decision,) = await stored(morning, Decision)
    after = await blocker(morning)
    assert (decision.blocker_id, after.decision_id) == (one.id, decision.id)
    assert restate(after).restated == 4
