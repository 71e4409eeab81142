"""The running message of a weekly: actions with owners, decisions, and a close that leaves nothing open."""

import asyncio
from dataclasses import replace
from datetime import timedelta

from bot.ids import new_id
from bot.payloads import Who
from bot.weekly import running as doors
from bot.weekly import views
from bot.weekly.form_views import Meta
from rituals.actions import Action, ActionState, Source
from rituals.blockers import Blocker, BlockerState
from rituals.decisions import Decision
from rituals.meetings import Kind, Line
from tests import factories
from tests.bot import forging
from tests.bot.steps import Json, change, stored
from tests.bot.test_blockers import thread
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
    (told,) = (one for one in morning.dm("Ana") if one["text"].startswith("Dana gave you an action"))
    assert words(told).startswith("Dana gave you an action: four, by Thu 26 Nov")
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


async def test_what_was_parked_is_somebodys_by_the_close_or_waits_again(morning: World) -> None:
    await set_up(morning)
    one, _ = await stuck(morning, "Tool is slow", "No NDA yet")
    await stuck(morning, "Invoice wrong", first=41)
    for number in (31, 32):
        assert (await morning.hand("Dana").command("/blockers", f"park {number}")).ok
    whole = words(await agenda(morning))
    assert "*Parked for this weekly*\n*B-31* Tool is slow · Ana\n*B-32* No NDA yet · Tom" in whole
    assert "*Nobody has answered*\n*B-41* Invoice wrong · Ana" in whole

    assert (await act(morning, "Ask the vendor", "Ravi", theme=str(one.id))).ok
    assert (await close(morning, made=["none"], needed=["none"])).ok
    found = {blocker.number: blocker for blocker in await stored(morning, Blocker)}
    assert (found[31].state, found[31].owner_id) == (BlockerState.ACKED, morning.people["Ravi"].id)
    assert (found[31].due_on, found[32].state, found[32].climb) == (NEXT, BlockerState.OPEN, 2)
    assert (found[41].state, found[41].version) == (BlockerState.OPEN, 0)
    whole = words(running(morning))
    assert "*B-31* Tool is slow · Ana → Ravi, by Thu 3 Dec" in whole
    assert "*B-32* No NDA yet · Tom → open again" in whole
    told = {
        name: [words(said) for top in morning.dm(name) for said in thread(morning, name, top)]
        for name in ("Ana", "Tom")
    }
    assert "The weekly gave *B-31* to Ravi, by Thu 3 Dec." in told["Ana"]
    assert "The weekly is over and *B-32* is open again." in told["Tom"]
    (action,) = await stored(morning, Action)
    assert (action.source, action.subject_id) == (Source.BLOCKER, one.id)


async def test_after_the_close_the_thread_says_who_owes_what_and_nothing_more_is_taken(morning: World) -> None:
    await set_up(morning)
    await agenda(morning)
    await act(morning, "Ask Legal", "Tom")
    await decide(morning, views.MADE, "No samples below 10 k")
    await decide(morning, views.NEEDED, "Who pays?", "Priya")
    before = running(morning)
    assert (await close(morning)).ok

    (posted,) = (message for message in morning.channel() if message["text"] == TITLE)
    (said,) = (m for m in morning.channel() if m.get("thread_ts") == posted["ts"] and m["ts"] != posted["ts"])
    assert "<@U0TOM> Ask Legal, by Thu 3 Dec" in words(said)
    assert "No samples below 10 k" in words(said)
    assert "Who pays? (<@U0PRIYA>)" in words(said)
    assert left(morning, "Tom") == []  # the thread mentions them
    (told,) = left(morning, "Priya")
    assert words(told).startswith(f"*{TITLE}* left you:\n• to decide: Who pays?")
    assert (await forging.press(morning, "Dana", before, views.ACTION, str((await meeting_of(morning)).id))).ok
    notice = await morning.sandbox.until(lambda: morning.hand("Dana").view)
    assert "This weekly is closed" in words(notice)


def left(world: World, name: str) -> list[Json]:
    """What somebody was told that a weekly left them."""
    return [one for one in world.dm(name) if one["text"] == f"{TITLE} left you something"]


async def test_without_a_channel_each_is_told_what_a_weekly_left_them(morning: World) -> None:
    await change(morning, replace(morning.team, channel=None))
    await set_up(morning)
    await agenda(morning)
    await act(morning, "Ask Legal", "Tom")
    await act(morning, "Call the vendor", "Dana")
    await decide(morning, views.NEEDED, "Who pays?", "Tom")
    assert (await close(morning, made=["none"])).ok

    (told,) = left(morning, "Tom")
    assert words(told).splitlines()[1:3] == ["• Ask Legal, by Thu 3 Dec", "• to decide: Who pays?"]
    assert left(morning, "Dana") == []


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
