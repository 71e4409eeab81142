"""Partners and leaders who go first: asked on Monday, asked back on Friday, seen by whom it is for (F45, F138)."""

from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

from bot.partners import opening, views
from rituals.partners import Pair, Promise, PromiseState, Slot, Wish
from rituals.people import Role
from sandbox import Channel
from storage import occurrences, people
from tests import factories
from tests.bot import forging
from tests.bot.steps import change, filled, stored, submitted
from tests.bot.world import MONDAY, WORKSPACE, World, buttons, words

FRIDAY = MONDAY + timedelta(days=4)
DECEMBER = MONDAY + timedelta(days=14)


async def wished(world: World, *names: str) -> None:
    for name in names:
        assert (await world.hand(name).command("/cadence", "partner on")).ok


def shown(world: World, name: str, text: str = "Your commitment for the week") -> dict[str, Any]:
    return [message for message in world.dm(name) if message["text"] == text][-1]


async def write(world: World, name: str, text: str, title: str = "Your commitment for the week") -> None:
    assert (await world.hand(name).click(shown(world, name, title), views.WRITE)).ok
    await filled(world, name)
    assert (await submitted(world, name, {"text": text})).ok
    await world.deliver()


async def test_two_who_opted_in_write_on_monday_answer_on_friday_and_only_they_see_it(morning: World) -> None:
    await wished(morning, "Ana", "Tom")
    await morning.at("09:30")
    first = shown(morning, "Ana")
    assert "You and Tom are partners until Mon 30 Nov" in words(first)
    assert "This week I commit to …" in words(first)
    assert buttons(first) == ["Write"]
    await write(morning, "Ana", "three <calls> a day")
    # Each writes before they read.
    assert "calls" not in words(shown(morning, "Tom"))
    await write(morning, "Tom", "no meetings before ten")
    assert "*Ana:* “three &lt;calls&gt; a day”" in words(shown(morning, "Tom"))
    assert "*Tom:* “no meetings before ten”" in words(shown(morning, "Ana"))

    await morning.at("15:00", FRIDAY)
    assert (await morning.hand("Ana").click(shown(morning, "Ana", "Did you keep it?"), views.YES)).ok
    assert (await morning.hand("Tom").click(shown(morning, "Tom", "Did you keep it?"), views.NO)).ok
    await morning.deliver()
    assert "✓ kept" in words(shown(morning, "Tom"))
    assert "*Tom:* “no meetings before ten” · not kept" in words(shown(morning, "Ana"))
    for name in ("Dana", "Priya", "Mia", "Zoe"):
        assert not [one for one in morning.dm(name) if "calls" in words(one) or "meetings" in words(one)]
    assert not [one for one in morning.channel() if "calls" in words(one)]


async def test_nobody_else_reads_or_writes_it_whoever_they_are(morning: World) -> None:
    await wished(morning, "Ana", "Tom")
    await change(morning, replace(morning.people["Zoe"], role=Role.ADMIN))
    await morning.at("09:30")
    await write(morning, "Ana", "secret words")
    mine = next(one for one in await stored(morning, Promise) if one.text)

    for name in ("Tom", "Dana", "Priya", "Zoe"):
        hand = morning.hand(name)
        assert (await forging.press(morning, name, shown(morning, "Ana"), views.WRITE, str(mine.id))).ok
        view = await morning.sandbox.until(partial(getattr, hand, "view"))
        assert "secret words" not in str(view)
        assert "Only Ana" in words(view)
        await hand.close(is_cleared=True)
    assert (await morning.hand("Zoe").command("/cadence", "audit")).ok
    assert "secret" not in words(morning.hand("Zoe").ephemerals()[-1])


async def test_a_manager_and_a_report_are_never_partners_and_a_leader_comes_first(morning: World) -> None:
    await wished(morning, "Dana", "Ana")
    await morning.at("09:30")
    assert await stored(morning, Pair) == []
    row = await morning.read(
        occurrences.find, opening.ritual_of(WORKSPACE), morning.people["Ana"].id, MONDAY, Slot.MONDAY
    )
    assert row.reason == "nobody is left to be paired with this month"

    lena = factories.person("Zoe Hart", id=morning.people["Zoe"].id, role=Role.LEADER, zone="Europe/Berlin")
    await change(morning, lena)
    await wished(morning, "Priya", "Zoe", "Tom")
    await morning.at("09:30", MONDAY + timedelta(days=7))
    known = await morning.read(people.everybody, WORKSPACE)
    names = [{known[one.one_id].given_name, known[one.other_id].given_name} for one in await stored(morning, Pair)]
    assert {"Priya", "Zoe"} in names
    assert {"Dana", "Ana"} not in names


async def test_pairs_change_monthly_and_whoever_opts_out_is_not_asked(morning: World) -> None:
    await wished(morning, "Ana", "Tom", "Zoe", "Ravi")
    await morning.at("09:30")
    await morning.at("09:30", zone="America/Los_Angeles")
    november = {frozenset((one.one_id, one.other_id)) for one in await stored(morning, Pair)}
    await morning.at("09:30", DECEMBER)
    both = {frozenset((one.one_id, one.other_id)) for one in await stored(morning, Pair)}
    assert (len(november), len(both)) == (2, 4)

    before = len(morning.dm("Ana"))
    assert (await morning.hand("Ana").command("/cadence", "partner off")).ok
    await morning.at("09:30", DECEMBER + timedelta(days=7))
    assert not [m for m in morning.dm("Ana")[before:] if m["text"] == "Your commitment for the week"]


def week(world: World, name: str) -> str:
    """What somebody's newest Monday message says."""
    return words(shown(world, name))


async def test_partners_part_within_the_month_when_one_opts_out_or_comes_to_manage_the_other(morning: World) -> None:
    await wished(morning, "Ana", "Tom", "Zoe")
    await morning.at("09:30")
    await write(morning, "Ana", "three calls")
    await write(morning, "Tom", "no meetings")
    assert "no meetings" in week(morning, "Ana")

    assert (await morning.hand("Tom").command("/cadence", "partner off")).ok
    await morning.deliver()
    for name, other in (("Ana", "Tom"), ("Tom", "Ana")):
        assert f"*You and {other} are partners no longer.*" in week(morning, name)
        assert "Only you see this now." in week(morning, name)
    assert "no meetings" not in week(morning, "Ana")
    ana = morning.hand("Ana")
    assert (await ana.command("/cadence", "partner")).ok
    assert "From Monday on you have a partner" in words(ana.ephemerals()[-1])

    await morning.at("09:30", MONDAY + timedelta(days=7))
    assert "*You and Zoe are partners until Mon 30 Nov.*" in week(morning, "Ana")
    await change(morning, replace(morning.people["Ana"], manager_id=morning.people["Zoe"].id))
    assert (await ana.command("/cadence", "partner")).ok
    assert "From Monday on you have a partner" in words(ana.ephemerals()[-1])
    await write(morning, "Ana", "four calls")
    assert "*You and Ana are partners no longer.*" in week(morning, "Zoe")
    assert "four calls" not in week(morning, "Zoe")
    assert "“four calls”" in week(morning, "Ana")
    assert [one.ended_at is None for one in await stored(morning, Pair)] == [False, False]


async def test_a_partner_who_is_away_is_said_to_be_and_replaced_for_the_rest_of_the_month(morning: World) -> None:
    zoe, tom = morning.people["Zoe"], morning.people["Tom"]
    await wished(morning, "Ana", "Zoe")
    await morning.at("09:30", DECEMBER)
    await morning.write(factories.absence(zoe.id, DECEMBER + timedelta(days=7), DECEMBER + timedelta(days=8)))
    await morning.at("09:30", DECEMBER + timedelta(days=7))
    assert "Zoe is away, and is asked again on the Monday after." in week(morning, "Ana")
    await write(morning, "Ana", "three calls")
    assert "Zoe is away" in week(morning, "Ana")

    # Tom takes part meanwhile and leaves again: a leaver is nobody's partner.
    await wished(morning, "Tom", "Ravi")
    await change(morning, replace(tom, active=False))
    await morning.write(factories.absence(zoe.id, DECEMBER + timedelta(days=12), DECEMBER + timedelta(days=30)))
    await morning.at("09:30", DECEMBER + timedelta(days=14))
    assert "*You and Ravi are partners until Thu 31 Dec.*" in week(morning, "Ana")
    first, second = await stored(morning, Pair)
    assert (first.ended_at is None, second.ended_at is None) == (False, True)


async def leaders(world: World) -> list[dict[str, Any]]:
    return [message for message in world.sandbox.messages("C0LEAD") if message.get("bot_id")]


async def test_a_leader_goes_first_where_the_leaders_are_and_friday_says_what_became_of_it(morning: World) -> None:
    morning.sandbox.admin.create_channel(Channel("C0LEAD", "leadership", ("U0CADENCE", "U0PRIYA")), "U0PRIYA")
    priya = morning.hand("Priya")
    assert (await priya.command("/cadence", "first on <#C0LEAD|leadership>")).ok
    await morning.at("09:30", zone="Europe/London")
    await write(morning, "Priya", "Legal gives a two-day NDA answer", "You go first")
    (posted,) = await leaders(morning)
    assert words(posted) == "*Priya commits:* Legal gives a two-day NDA answer, by Friday."

    await morning.at("15:00", FRIDAY, zone="Europe/London")
    friday = shown(morning, "Priya", "Did you keep it?")
    assert buttons(friday) == ["Done", "Moved", "Dropped, because…"]
    assert (await priya.click(friday, views.DROP)).ok
    await filled(morning, "Priya")
    assert (await submitted(morning, "Priya", {"why": "Legal is ill"})).ok
    await morning.deliver()
    (posted,) = await leaders(morning)
    assert "✗ dropped, because Legal is ill" in words(posted)
    assert [one.state for one in await stored(morning, Promise)] == [PromiseState.DROPPED]
    assert buttons(shown(morning, "Priya", "Did you keep it?")) == []


async def test_a_leader_goes_first_only_where_it_can_be_posted(morning: World) -> None:
    sandbox, priya = morning.sandbox, morning.hand("Priya")
    sandbox.admin.create_channel(Channel("C0DESK", "desk", ("U0CADENCE",)), "U0PRIYA")
    sandbox.admin.create_channel(Channel("C0BOARD", "board", ("U0PRIYA",), is_private=True), "U0PRIYA")
    sandbox.admin.create_channel(Channel("C0OLD", "old", ("U0CADENCE", "U0PRIYA")), "U0PRIYA")
    sandbox.admin.archive("C0OLD", "U0PRIYA")

    async def answered(channel: str) -> str:
        assert (await priya.command("/cadence", f"first on {channel}")).ok
        return words(priya.ephemerals()[-1])

    assert "Where are the leaders?" in await answered("")
    assert "I know no channel “#nowhere”" in await answered("#nowhere")
    assert "You are not in <#C0DESK>. Join it" in await answered("<#C0DESK|desk>")
    assert "private and I am not in it, or it is gone" in await answered("<#C0BOARD|board>")
    assert "<#C0OLD> is archived. Pick another" in await answered("<#C0OLD|old>")
    refusals = {
        "not_in_channel": "I am not in <#C0EMEA>. Type `/invite @Cadence` there",
        "restricted_action": "I may not post in <#C0EMEA> (restricted_action). Ask whoever manages it",
        "internal_error": "try again in a minute",
    }
    for error, said in refusals.items():
        sandbox.faults.add("chat.postEphemeral", "fail", error=error)
        assert said in await answered("<#C0EMEA|emea>")
    assert await stored(morning, Wish) == []

    sandbox.admin.add_member("C0BOARD", "U0CADENCE")
    assert "post it in <#C0BOARD>" in await answered("<#C0BOARD|board>")
    assert [words(one)[:17] for one in priya.ephemerals("C0BOARD")] == ["Only you see this"]
    assert [(one.channel, one.ended_at) for one in await stored(morning, Wish)] == [("C0BOARD", None)]


async def test_only_a_leader_goes_first(morning: World) -> None:
    ana = morning.hand("Ana")
    assert (await ana.command("/cadence", "first on <#C0EMEA|emea>")).ok
    assert "Only a leader can do this" in words(ana.ephemerals()[-1])
    assert ana.ephemerals("C0EMEA") == []
