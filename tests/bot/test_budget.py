"""Three messages a day that nobody asked for; what can't wait goes into a thread, the rest is named next day (F109)."""

from collections.abc import Sequence
from datetime import timedelta

from bot import keys
from bot.held_back import views as held_back
from bot.huddle import ask_views, card_views, good_week_views, views
from bot.ids import new_id
from bot.weekly import views as weekly
from rituals.budget import Turn
from rituals.good_week import GoodWeek
from sandbox import Outcome
from storage import outbox
from storage.outbox import Message, Policy, Rank, State
from tests.bot.steps import Json, card, carded, file, filled, plan_of, redirected, stored, submitted
from tests.bot.test_good_weeks import FRIDAY
from tests.bot.weekly_steps import LEGAL, NEXT, THURSDAY, TITLE, WEDNESDAY, set_up, stuck
from tests.bot.world import MONDAY, WORKSPACE, World, buttons, words

TUESDAY = MONDAY + timedelta(days=1)


def replies(world: World, name: str) -> list[Json]:
    """What stands in the threads of somebody's DM, oldest first."""
    hand = world.hand(name)
    found = [one for above in hand.dm() for one in hand.messages(thread=above["ts"]) if one["ts"] != above["ts"]]
    return sorted(found, key=lambda one: str(one["ts"]))


def prompt(world: World) -> Json:
    """The last prompt that Ana got."""
    return [message for message in world.dm("Ana") if message["text"].startswith("Your plan for")][-1]


def note(world: World, line: str, turn: Turn) -> Message:
    """A line that some part of Cadence has to say."""
    body = {"text": line}
    return Message(new_id(), WORKSPACE, f"note:{line}", Policy.RESEND, Rank.DIGEST, body, world.clock(), turn=turn)


async def told(world: World, name: str, *lines: str, turn: Turn = Turn.REST) -> None:
    """Parts of Cadence have something to say to somebody that can wait."""
    messages = [note(world, line, turn) for line in lines]
    who = world.people[name].slack_id
    await world.cadence.deps.database.write(outbox.post_many, [(message, who) for message in messages])
    await world.deliver()


def shown(world: World, name: str, *lines: str) -> Sequence[str]:
    """Which of these lines somebody has a message of."""
    return [line for line in lines if any(message["text"] == line for message in world.dm(name))]


async def test_what_is_more_than_three_waits_for_the_next_days_prompt(morning: World) -> None:
    await carded(morning)

    await told(morning, "Ana", "one", "two", "three &lt;b&gt;", "four")

    assert shown(morning, "Ana", "one", "two", "three &lt;b&gt;", "four") == ["one", "two"]
    await morning.at("08:30", TUESDAY)
    assert "Also for you; I write to you 3 times a day at most.\n• three &lt;b&gt;\n• four" in words(prompt(morning))
    assert buttons(prompt(morning))[-1] == "Show all 2"

    assert (await morning.hand("Ana").click(prompt(morning), held_back.SHOW)).ok
    await morning.deliver()
    assert shown(morning, "Ana", "one", "two", "three &lt;b&gt;", "four") == ["one", "two", "three &lt;b&gt;", "four"]
    assert words(morning.hand("Ana").ephemerals()[-1]) == "2 messages are on the way."
    assert (await morning.hand("Ana").click(prompt(morning), held_back.SHOW)).ok
    assert words(morning.hand("Ana").ephemerals()[-1]) == "Nothing is held back any more."

    await told(morning, "Ana", "five", "six", "seven")
    assert shown(morning, "Ana", "five", "six", "seven") == ["five", "six"]  # what she asked for did not count


async def test_before_the_prompt_a_place_is_kept_for_it(morning: World) -> None:
    await morning.at("07:00")

    await told(morning, "Ana", "one", "two", "three")
    await morning.at("08:30")

    assert shown(morning, "Ana", "one", "two", "three") == ["one", "two"]
    assert "• three" in words(prompt(morning))


async def test_what_cannot_wait_is_a_reply_and_its_buttons_work_there(morning: World) -> None:
    await morning.at("08:30", FRIDAY)
    await morning.at("08:50", FRIDAY)
    assert (await file(morning, "Ana", "Slides", "More slides", "Renewals called")).ok
    await morning.at("09:00", FRIDAY)
    for item, instead in (("Slides", "Call Acme"), ("More slides", "Call Beta")):
        assert (await redirected_on_friday(morning, item, instead)).ok
        await morning.deliver()
    await morning.at("16:00", FRIDAY)

    assert len(morning.dm("Ana")) == 3
    second, *_ = replies(morning, "Ana")
    assert "*Call Beta*" in words(second)
    assert buttons(second) == ["Accept", "Discuss"]
    assert (await morning.hand("Ana").click(second, views.ACCEPT)).ok
    await morning.deliver()
    assert "✅ You accepted." in words(replies(morning, "Ana")[0])
    week = replies(morning, "Ana")[1]
    assert (await morning.hand("Ana").click(week, good_week_views.YES)).ok
    await morning.deliver()
    assert [one.good for one in await stored(morning, GoodWeek) if one.good is not None] == [True]


async def redirected_on_friday(world: World, item: str, instead: str) -> Outcome:
    dana, plan = world.hand("Dana"), await plan_of(world, "Ana", FRIDAY)
    assert (await dana.click(card(world), card_views.REDIRECT, block_id=f"plan:{plan.id}")).ok
    view = dana.view
    assert view is not None
    choices = next(block for block in view["blocks"] if block["block_id"] == "item")["element"]["options"]
    chosen = next(one["value"] for one in choices if one["text"]["text"] == item)
    filled = {"item": chosen, "instead": instead, "kpi": "none", "why": "It can wait", "how": "send"}
    return await dana.submit(values=filled)


async def test_many_questions_at_once_cost_one_day_no_more_than_three_messages(morning: World) -> None:
    await carded(morning)
    dana = morning.hand("Dana")
    block = f"plan:{(await plan_of(morning, 'Ana')).id}"
    asked = ["Who decides?", "By when?", "At what price?", "With whom?"]
    for question in asked:
        assert (await dana.click(card(morning), ask_views.ASK, block_id=block)).ok
        await filled(morning, "Dana")
        assert (await dana.submit(values={"question": question})).ok
    await morning.deliver()

    assert len(morning.dm("Ana")) == 3
    found = "\n".join(map(words, (*morning.dm("Ana"), *replies(morning, "Ana"))))
    assert [found.count(question) for question in asked] == [1, 1, 1, 1]


async def test_whoever_leads_has_three_a_day_with_themes_that_wait_and_an_agenda_that_does_not(morning: World) -> None:
    await set_up(morning)
    await stuck(morning, *LEGAL)
    for day, wall in ((WEDNESDAY, "15:00"), (THURSDAY, "14:00")):
        before = len(morning.dm("Dana"))
        await morning.at("08:30", day)
        await morning.at("09:00", day)
        await told(morning, "Dana", f"one on {day}", f"two on {day}")
        await morning.at(wall, day)
        assert len(morning.dm("Dana")) == before + 3

    assert "Also for you; I write to you 3 times a day at most.\n• Themes I see" in words(morning.dm("Dana")[-1])
    (agenda,) = (one for one in replies(morning, "Dana") if one["text"] == TITLE)
    assert (await morning.hand("Dana").click(agenda, weekly.ACTION, block_id="running")).ok
    await filled(morning, "Dana")
    values = {"text": "Two-day answer agreed", "owner": "U0TOM", "due": NEXT.isoformat()}
    assert (await submitted(morning, "Dana", values)).ok
    await morning.deliver()
    assert any("Two-day answer agreed" in words(one) for one in replies(morning, "Dana") if one["ts"] == agenda["ts"])


async def test_what_answers_a_message_that_became_a_reply_stands_in_the_same_thread(morning: World) -> None:
    await carded(morning)
    await told(morning, "Ana", "one", "two", "three", turn=Turn.REDIRECT)
    answer = note(morning, "four", Turn.FREE)

    await morning.cadence.deps.database.write(outbox.reply, answer, "note:three")
    await morning.deliver()

    third, fourth = replies(morning, "Ana")
    assert (third["text"], fourth["text"]) == ("three", "four")
    assert third["thread_ts"] == fourth["thread_ts"] == morning.dm("Ana")[-1]["ts"]


async def test_a_message_that_waits_is_taken_back_like_any_other(morning: World) -> None:
    await carded(morning)
    await told(morning, "Ana", "one", "two", "three")

    assert await morning.cadence.deps.database.write(outbox.withdraw, WORKSPACE, "note:three")

    assert await morning.read(outbox.state_of, WORKSPACE, "note:three") == State.EXPIRED
    await morning.at("08:30", TUESDAY)
    assert "Also for you" not in words(prompt(morning))


async def test_a_receipt_of_ones_own_press_is_no_message_that_nobody_asked_for(morning: World) -> None:
    shown = await carded(morning)
    assert (await redirected(morning, shown, "Ana", "Slides for Friday", "Call the renewals")).ok
    await morning.deliver()
    assert (await file(morning, "Tom", "Three renewals called", "Desk moved")).ok
    await morning.deliver()

    assert replies(morning, "Ana") == replies(morning, "Tom") == []
    key = keys.receipt_key((await plan_of(morning, "Tom")).id)
    assert await morning.read(outbox.state_of, WORKSPACE, key) != State.FOLDED
