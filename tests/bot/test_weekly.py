"""The weekly: asked once, an agenda that wrote itself, actions with owners, and a close that leaves nothing open."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from bot.ids import new_id
from bot.payloads import Who
from bot.weekly import collect_views, commands, views
from bot.weekly import running as doors
from bot.weekly.form_views import Meta
from rituals import blockers
from rituals.actions import Action, ActionState
from rituals.decisions import Decision
from rituals.meetings import Input, Kind, Line, OffTrack
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
    act,
    agenda,
    close,
    decide,
    meeting_of,
    press_close,
    running,
    set_up,
    settle,
    stuck,
)
from tests.bot.world import MONDAY, WORKSPACE, World, buttons, words

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

    for name in ("Dana", "Ana", "Tom", "Mia", "Ravi"):
        assert len(asked(morning, name)) == 1, name
    assert asked(morning, "Priya") == asked(morning, "Zoe") == []
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
    await change(morning, blockers.park(slow, morning.people["Dana"], morning.clock.now))
    assert not [message for message in morning.dm("Dana") if message["text"] == TITLE]

    shown = await agenda(morning)
    whole = words(shown)
    assert "agenda of 60 minutes" in whole
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
    await morning.write(late)
    assert "not in yet (Ana)" in words(await agenda(morning))

    (posted,) = (message for message in morning.channel() if message["text"] == TITLE)
    whole = words(posted)
    assert "*Tom* Ask Legal" in whole
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


# The running message


async def test_an_action_has_an_owner_who_is_here_and_a_date_to_come(morning: World) -> None:
    await set_up(morning)
    await agenda(morning)
    assert (await act(morning, "Ask Legal", "Tom", MONDAY)).errors["due"].startswith("It needs a date to come")
    await morning.hand("Dana").close(is_cleared=True)
    await change(morning, replace(morning.people["Zoe"], active=False))
    refused = await act(morning, "Ask Legal", "Zoe")
    assert refused.errors["owner"] == "Somebody here must own it. Pick a colleague who is on the roster."
    assert await stored(morning, Action) == []
    assert (await morning.hand("Dana").submit(values={"owner": "U0TOM"})).ok

    await morning.deliver()
    (made,) = await stored(morning, Action)
    assert (made.text, made.owner_id, made.due, made.team_id) == (
        "Ask Legal",
        morning.people["Tom"].id,
        NEXT,
        morning.team.id,
    )
    assert "*Tom* Ask Legal · by Thu 3 Dec" in words(running(morning))


async def test_a_form_delivered_three_times_makes_one_action_and_one_decision(morning: World) -> None:
    await set_up(morning)
    await agenda(morning)
    meeting = await meeting_of(morning)
    meta = Meta(about=meeting.id, new=new_id(), kind=Kind.NEEDED)
    pressed = doors._pressed(Who(WORKSPACE, "U0DANA", "test"), meta)
    write, now = morning.cadence.deps.database.write, morning.clock.now
    said = {"text": "Who pays?", "owner": "U0ANA", "due": NEXT.isoformat()}
    for _ in range(3):
        await write(doors.keep_action, meta, said, pressed, now)
        await write(doors.keep_line, meta, said, pressed, now)

    assert len(await stored(morning, Action)) == len(await stored(morning, Line)) == 1
    assert len(await stored(morning, Decision)) == 1


async def test_a_decision_needed_has_an_owner_and_begins_a_memo_whose_clock_runs(morning: World) -> None:
    await set_up(morning)
    await agenda(morning)
    assert (await decide(morning, views.NEEDED, "Discount rule for two years", "Ana")).ok
    assert (await decide(morning, views.MADE, "No samples below 10 k")).ok

    (memo,) = await stored(morning, Decision)
    assert (memo.title, memo.owner_id, memo.captured_at) == (
        "Discount rule for two years",
        morning.people["Ana"].id,
        morning.clock.now,
    )
    needed, made = await stored(morning, Line)
    assert (needed.kind, needed.memo_id, made.kind, made.owner_id) == (Kind.NEEDED, memo.id, Kind.MADE, None)
    whole = words(running(morning))
    assert "*Decisions made*\n• No samples below 10 k" in whole
    assert "*Decisions needed*\n• Discount rule for two years (Ana)" in whole


async def test_done_moved_dropped_and_given_from_the_menu_beside_an_action(morning: World) -> None:
    await set_up(morning)
    ana, tom = morning.people["Ana"].id, morning.people["Tom"].id
    first, second, third, fourth = (
        factories.action(owner, text, team_id=morning.team.id, due=THURSDAY)
        for owner, text in ((ana, "one"), (ana, "two"), (tom, "three"), (tom, "four"))
    )
    await morning.write(first, second, third, fourth)
    await agenda(morning)
    await settle(morning, first, "done", running(morning))
    moved = await settle(morning, second, "move", running(morning), due=NEXT.isoformat(), why="Legal is ill")
    dropped = await settle(morning, third, "drop", running(morning), why="client left")
    given = await settle(morning, fourth, "give", running(morning), owner="U0ANA")

    assert [one.ok for one in (moved, dropped, given) if one is not None] == [True] * 3
    found = {one.text: one for one in await stored(morning, Action)}
    assert {text: one.state for text, one in found.items()} == {
        "one": ActionState.DONE,
        "two": ActionState.MOVED,
        "three": ActionState.DROPPED,
        "four": ActionState.OPEN,
    }
    assert (found["two"].due, found["two"].promised, found["four"].owner_id) == (NEXT, THURSDAY, ana)
    whole = words(running(morning))
    assert "*Ana* two · by Thu 3 Dec, first Thu 26 Nov _(Legal is ill)_" in whole
    assert "✗ dropped _(client left)_" in whole


async def test_whoever_owes_an_action_says_so_without_the_meeting(morning: World) -> None:
    await set_up(morning)
    owed = factories.action(morning.people["Tom"].id, "Ask Legal", team_id=morning.team.id, due=THURSDAY)
    await morning.write(owed)
    await agenda(morning)
    tom = morning.hand("Tom")
    assert (await tom.command("/cadence", "actions")).ok
    shown = tom.ephemerals()[-1]
    assert "You owe 1 action" in words(shown)
    await settle(morning, owed, "done", shown, "Tom")

    assert "✓ done" in words(running(morning))
    assert "“Ask Legal” is done." in words(tom.ephemerals()[-1])
    assert (await tom.command("/cadence", "actions")).ok
    assert "You owe no action" in words(tom.ephemerals()[-1])


# Close


async def test_it_does_not_close_until_both_lists_are_filled_or_ticked_empty(morning: World) -> None:
    await set_up(morning)
    await agenda(morning)
    await morning.at("16:00", THURSDAY)
    await morning.at("16:42", THURSDAY)
    refused = await close(morning)
    assert refused.errors["made"].startswith("No decision made is written down")
    assert (await morning.hand("Dana").submit(values={"made": ["none"]})).errors.keys() == {"needed"}
    assert (await meeting_of(morning)).closed_at is None
    assert (await morning.hand("Dana").submit(values={"needed": ["none"]})).ok

    meeting = await meeting_of(morning)
    assert (meeting.minutes, meeting.made_none, meeting.needed_none) == (42, True, True)
    await morning.deliver()
    whole = words(running(morning))
    assert "closed after 42 minutes, ended early" in whole
    assert "*Decisions made:* none" in whole
    assert buttons(running(morning)) == []


async def test_it_does_not_close_while_an_action_lacks_an_owner_or_a_date(morning: World) -> None:
    await set_up(morning)
    tom, zoe = morning.people["Tom"], morning.people["Zoe"]
    late = factories.action(tom.id, "late", team_id=morning.team.id, due=THURSDAY)
    orphan = factories.action(zoe.id, "orphan", team_id=morning.team.id, due=NEXT)
    await morning.write(late, orphan)
    await change(morning, replace(zoe, active=False))
    await agenda(morning)
    told = words(await press_close(morning))
    assert "Not closed: “late”, “orphan” lacks an owner or a date to come" in told
    await morning.hand("Dana").close(is_cleared=True)

    await settle(morning, late, "move", running(morning), due=NEXT.isoformat(), why="ill")
    await settle(morning, orphan, "give", running(morning), owner="U0ANA")
    assert (await close(morning, made=["none"], needed=["none"])).ok
    assert (await meeting_of(morning)).closed_at is not None


async def test_after_the_close_the_thread_says_who_owes_what_and_nothing_more_is_taken(morning: World) -> None:
    await set_up(morning)
    await agenda(morning)
    await act(morning, "Ask Legal", "Tom")
    await decide(morning, views.MADE, "No samples below 10 k")
    before = running(morning)
    assert (await close(morning, needed=["none"])).ok

    (posted,) = (message for message in morning.channel() if message["text"] == TITLE)
    (said,) = (m for m in morning.channel() if m.get("thread_ts") == posted["ts"] and m["ts"] != posted["ts"])
    assert "<@U0TOM> Ask Legal, by Thu 3 Dec" in words(said)
    assert "No samples below 10 k" in words(said)
    assert (await forging.press(morning, "Dana", before, views.ACTION, str((await meeting_of(morning)).id))).ok
    notice = await morning.sandbox.until(lambda: morning.hand("Dana").view)
    assert "This weekly is closed" in words(notice)


async def test_what_is_not_done_stands_right_after_the_scorecard_next_week(morning: World) -> None:
    await set_up(morning)
    await agenda(morning)
    await act(morning, "Ask Legal", "Tom")
    await act(morning, "Samples out", "Ana")
    assert (await close(morning, made=["none"], needed=["none"])).ok
    done = next(one for one in await stored(morning, Action) if one.text == "Samples out")
    assert (await morning.hand("Ana").command("/cadence", "actions")).ok
    await settle(morning, done, "done", morning.hand("Ana").ephemerals()[-1], "Ana")

    await morning.at("14:00", NEXT)
    whole = words(running(morning, title="EMEA weekly, Thu 3 Dec"))
    heading = whole.index("*Last week's actions*")
    assert whole.index("*Scorecard*") < heading < whole.index("⚠ *Tom* Ask Legal · by Thu 3 Dec")
    assert "*Ana* Samples out · ✓ done" in whole


async def test_two_who_press_close_at_once_close_it_once(morning: World) -> None:
    await set_up(morning)
    await agenda(morning)
    meeting = await meeting_of(morning)
    meta = Meta(about=meeting.id)
    write, said = morning.cadence.deps.database.write, {"made": ["none"], "needed": ["none"], "minutes": "30"}
    ends = [
        write(doors.close_meeting, meta, said, doors._pressed(Who(WORKSPACE, who, "test"), meta), morning.clock.now)
        for who in ("U0DANA", "U0PRIYA")
    ]
    found = await asyncio.gather(*ends, return_exceptions=True)

    assert sorted(type(one).__name__ for one in found) == ["AlreadyClosed", "NoneType"]
    assert (await meeting_of(morning)).minutes == 30


async def test_the_meeting_begins_by_itself_and_its_minutes_count_from_there(morning: World) -> None:
    await set_up(morning)
    await agenda(morning)
    await morning.at("16:03", THURSDAY)
    meeting = await meeting_of(morning)

    assert meeting.started_at is not None
    assert morning.clock.now - meeting.started_at == timedelta(minutes=3)
    assert "since <!date^" in words(running(morning))


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
