"""The month from collection to close: owners file, leaders answer, nothing is shown to anybody else (F52-F61, F135)."""

from dataclasses import replace
from datetime import timedelta

from bot.decisions import card_views
from bot.ids import new_id
from bot.stoplight import collect_views, digest_views, foresight, loading, one_views, walk_views
from rituals.decisions import State
from rituals.decisions_readers import Effect, Reader
from rituals.stoplight import Answered, Review
from rituals.stoplight_cycle import Slot
from rituals.stoplight_digest import Digest
from storage import outbox
from storage.outbox import State as Sent
from tests import decisions
from tests.bot.month_steps import ASKED, NOVEMBER, REMINDED, REPORTED, enter, message, owned, screen, turned
from tests.bot.steps import change, filled, stored
from tests.bot.world import World, buttons, words
from tests.factories import FUNCTION


async def unread(world: World) -> None:
    """Priya, Tom and Dana are asked to read D-9, Priya D-8 before, and only Tom's day is past."""
    first = decisions.decision(world.people["Ana"].id, "Travel rule", number=8, state=State.APPROVED)
    await world.write(first)
    facts = {"asked_at": world.clock.now - timedelta(days=1), "due_on": REPORTED, "workspace": world.team.workspace}
    await world.write(decisions.reader(first.id, world.people["Priya"].id, **facts))
    memo = decisions.decision(
        world.people["Ana"].id, "Discount rule", number=9, state=State.APPROVED, context="w " * 201
    )
    effect = Effect(new_id(), world.team.workspace, memo.id, function_id=FUNCTION.id, told_at=world.clock.now)
    await world.write(memo)
    await world.write(effect)
    for name, due in (("Priya", REPORTED), ("Tom", REMINDED), ("Dana", REPORTED)):
        facts = {"asked_at": world.clock.now, "due_on": due, "workspace": world.team.workspace}
        await world.write(decisions.reader(memo.id, world.people[name].id, **facts))


async def picture(world: World) -> str:
    """What became of the picture below Priya's digest."""
    key = loading.below_key("picture", world.people["Priya"].id, NOVEMBER)
    return str(await world.read(outbox.state_of, world.team.workspace, key))


async def ends_with_memos(world: World) -> None:
    """After the greens and the actions the digest says so, and the memos are read above it, one after another."""
    await turned(world, "Priya", "At goal")
    view = await turned(world, "Priya", "*Decided, and others are affected*")
    assert "D-9 Discount rule: Sales · `/decide show D-9`" in words(view)
    assert "D-8" not in words(view)
    await turned(world, "Priya", "Agreed for next month")
    view = await turned(world, "Priya", "Memos you owe")
    owed = words(view)
    assert "D-8 Travel rule (1 min): `/decide show D-8`\nD-9 Discount rule (2 min): `/decide show D-9`" in owed
    assert "after their three working days*\nD-9 Discount rule: Tom" in owed
    assert "Dana" not in owed
    assert "Read next (1 min)" in buttons(view)

    priya = world.hand("Priya")
    assert (await priya.click(view, walk_views.READ_NEXT)).ok
    view = await screen(world, "Priya", "D-8 Travel rule")
    assert (await priya.click(view, card_views.QUESTION)).ok
    assert (await priya.submit(values={"words": "Since when?"})).ok
    await screen(world, "Priya", "Your question on *D-8*")
    await priya.close()
    view = await screen(world, "Priya", "Memos you owe")
    assert (await priya.click(view, walk_views.READ_NEXT)).ok
    view = await screen(world, "Priya", "D-9 Discount rule")
    assert (await priya.click(view, walk_views.READ)).ok
    await screen(world, "Priya", "You owe no memo an answer.")
    await priya.close()
    assert "Memos you owe" not in words(await screen(world, "Priya", "Memos unread"))
    mine = [one for one in await stored(world, Reader) if one.person_id == world.people["Priya"].id]
    assert sorted(str(one.response) for one in mine) == ["question", "read"]


async def test_a_month_from_the_first_question_to_its_close(morning: World) -> None:
    world = morning
    await owned(world)
    await world.at("10:00", ASKED)

    asked = message(world, "Ana", "November: 2 numbers from you, by the end of Mon 7 Dec")
    assert "*New bookings* (target 100 EUR; October 2026 88)" in words(asked)
    assert "Enter all" in buttons(asked)
    await enter(world, "Ana", "New bookings", "70", cause="Two events cancelled", proposal="Move 40 k to search")
    await enter(world, "Ana", "Renewals", "88")
    await enter(world, "Tom", "Qualified leads", "104")
    await world.at("10:05", ASKED)
    told = words(message(world, "Ana", "November: all your numbers are in."))
    assert "🔴 RED *New bookings* 70 / 100" in told
    assert "Cause and proposal are not in yet." in told  # of Renewals, which is yellow

    await world.at("10:00", REMINDED)
    assert "Renewals" in message(world, "Ana", "November closes at the end of Mon 7 Dec")["text"]
    assert [one for one in world.dm("Tom") if "closes" in one["text"]] == []

    await world.at("07:59", REPORTED, "Europe/London")
    assert [one for one in world.dm("Priya") if one["text"].startswith("November")] == []
    await world.at("08:00", REPORTED, "Europe/London")
    await unread(world)
    front = message(world, "Priya", "November: 1 red needs you, 1 yellow to choose. About")
    assert "🔴 1 red · 🟡 1 yellow · 🟢 1 green" in words(front)
    # Without the right to send files it comes as it is.
    assert (buttons(front), await picture(world)) == (["Start", "Open the whole report"], Sent.SKIPPED)

    priya = world.hand("Priya")
    assert (await priya.click(front, digest_views.START)).ok
    await screen(world, "Priya", "Last month's actions")
    view = await turned(world, "Priya", "New bookings")
    assert "*Cause:* Two events cancelled\n*Proposal:* Move 40 k to search" in words(view)
    assert (await priya.click(view, one_views.ACK)).ok
    view = await screen(world, "Priya", "acked")
    assert (await priya.click(view, one_views.AGREE)).ok
    helper = {"helper": world.people["Dana"].slack_id}
    assert (await priya.submit(values=helper)).ok
    await screen(world, "Priya", "→ Move 40 k to search · Ana, with Dana, by Tue 22 Dec")
    view = await turned(world, "Priya", "Renewals")
    assert "Cause and proposal not in yet (Ana, reminded twice)" in words(view)
    assert (await priya.click(view, one_views.WATCH)).ok
    await screen(world, "Priya", "watching")
    await ends_with_memos(world)
    view = await turned(world, "Priya", "Each red has an agreed action")
    assert (await priya.click(view, walk_views.CLOSE)).ok
    assert (await priya.submit(values={"guardrails": "Discount 10 % → 15 %"})).ok
    await screen(world, "Priya", "*Guardrails changed*\nDiscount 10 % → 15 %")

    (digest,) = await stored(world, Digest)
    assert (digest.closed_at, digest.guardrails) == (world.clock.now, "Discount 10 % → 15 %")
    assert {one.answer for one in await stored(world, Review)} == {Answered.ACK, Answered.WATCH, Answered.NONE}
    await world.at("08:10", REPORTED, "Europe/London")
    assert "agreed on this for K-1 New bookings; it is yours with Dana." in world.dm("Ana")[-1]["text"]
    assert "it needs your help with Ana." in world.dm("Dana")[-1]["text"]
    assert message(world, "Priya", "November is closed: 1 action agreed.")


async def test_a_head_who_owns_no_number_is_asked_how_the_month_went(morning: World) -> None:
    world, dana = morning, morning.hand("Dana")
    await change(world, replace(FUNCTION, head_id=world.people["Dana"].id))
    await owned(world)
    coming = await world.read(foresight.foresee, world.clock.now, world.clock.now + timedelta(days=7))
    assert [one.slot for one in coming if one.to == "Dana Weiss"] == [Slot.ASK, Slot.REMIND]
    await world.at("10:00", ASKED)

    asked = message(world, "Dana", "November: how did it go for Sales? By the end of Mon 7 Dec")
    assert buttons(asked) == ["Tell Sales's month…"]
    assert (await dana.click(asked, collect_views.NARRATE, block_id="month")).ok
    await filled(world, "Dana")
    assert (await dana.submit(values={"on_track": "By a hair", "risks": "", "systemic": ""})).ok
    await world.at("10:05", ASKED)
    assert message(world, "Dana", "November")["text"] == "November is told."
    await world.at("10:00", REMINDED)
    assert [one for one in world.dm("Dana") if one["text"].startswith("November closes")] == []


async def test_a_teams_name_alone_is_its_stoplight_and_another_word_is_none(morning: World) -> None:
    dana = morning.hand("Dana")
    await change(morning, replace(morning.kpis["Renewals"], team_id=morning.team.id))

    assert (await dana.command("/stoplight", "emea")).ok
    shown = words(dana.ephemerals()[-1])
    assert "Renewals" in shown
    assert "New bookings" not in shown
    assert (await dana.command("/stoplight", "emeas")).ok
    assert "I don't know “emeas”." in words(dana.ephemerals()[-1])
