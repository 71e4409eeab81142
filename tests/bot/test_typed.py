"""A plan typed into the DM: read, shown, and kept only after `Save` (F4)."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.huddle import typed_views as views
from rituals.blockers import Blocker, BlockerState
from rituals.plans import PlanState
from sandbox.events import message_event
from tests.bot.steps import card as card_of
from tests.bot.steps import (
    carded,
    element,
    file,
    filled,
    plan_of,
    redirected,
    revisions,
    said,
    stored,
    submitted,
    texts_of,
)
from tests.bot.world import TUESDAY, World, buttons, words

TYPED = "plan: call Acme; demo Beta / blocked: legal"


def echo(world: World, name: str = "Ana") -> dict[str, Any]:
    """The last that Cadence wrote to somebody of its own."""
    mine = {message["ts"] for message in world.hand(name).ephemerals()}
    return [m for m in world.dm(name) if m.get("bot_id") and m["ts"] not in mine][-1]


async def press(world: World, action_id: str, name: str = "Ana") -> None:
    """Press a button of the echo."""
    assert (await world.hand(name).click(echo(world, name), action_id)).ok
    await world.deliver()


async def test_a_typed_plan_is_shown_as_it_was_read_and_stored_only_after_save(morning: World) -> None:
    await morning.at("08:30")
    await said(morning, "Ana", TYPED)

    shown = echo(morning)
    assert words(shown).splitlines()[:4] == [
        "*Plan for Monday 23 November*, as I read it. Nothing is saved yet.",
        "1  call Acme",
        "2  demo Beta",
        "Stuck on: legal",
    ]
    assert buttons(shown) == ["Save", "Edit", "Discard"]
    assert (await plan_of(morning, "Ana")).state is PlanState.OPEN
    assert await stored(morning, Blocker) == []

    await press(morning, views.SAVE)
    assert await texts_of(morning, "Ana") == ["call Acme", "demo Beta"]
    assert [blocker.text for blocker in await stored(morning, Blocker)] == ["legal"]
    assert words(echo(morning)) == "✅ Saved. The receipt for Monday 23 November shows it."
    receipt = next(message for message in morning.dm("Ana") if message["text"].startswith("Saved"))
    assert "2 results, 1 blocker (B-1, on the huddle card)" in words(receipt)


async def test_save_pressed_twice_and_a_message_told_three_times_are_one_plan_and_one_echo(morning: World) -> None:
    await morning.at("08:30")
    await said(morning, "Ana", TYPED)
    before = len(morning.dm("Ana"))
    workspace = morning.hand("Ana")._workspace
    conversation = workspace.conversation(morning.hand("Ana").dm_id)
    assert conversation is not None
    message = next(one for one in conversation.messages.values() if one.get("text") == TYPED)
    heard = sum(one.kind == "events_api" and one.ok for one in morning.sandbox.deliveries)
    for _ in range(2):
        message_event(workspace, conversation, message)
    await morning.sandbox.until(
        lambda: sum(one.kind == "events_api" and one.ok for one in morning.sandbox.deliveries) >= heard + 2
    )
    await morning.deliver()
    assert len(morning.dm("Ana")) == before

    shown = echo(morning)
    for _ in range(3):
        assert (await morning.hand("Ana").click(shown, views.SAVE)).ok
    await morning.deliver()
    plan = await plan_of(morning, "Ana")
    assert plan.revision == 1
    assert await revisions(morning, plan.id) == []


async def test_edit_opens_the_form_with_the_words_and_discard_leaves_the_plan_alone(morning: World) -> None:
    await morning.at("08:30")
    await said(morning, "Ana", TYPED)
    assert (await morning.hand("Ana").click(echo(morning), views.EDIT)).ok
    form = await filled(morning, "Ana")
    assert element(form, "today")["initial_value"] == "call Acme\ndemo Beta"
    assert element(form, "huddle.stuck")["initial_value"] == "legal"
    assert (await submitted(morning, "Ana", {"today": "call Acme today"})).ok
    await morning.deliver()
    assert await texts_of(morning, "Ana") == ["call Acme today"]

    await said(morning, "Ana", "plan: something else")
    assert "`Save` replaces what is saved for that day: call Acme today" in words(echo(morning))
    await press(morning, views.DISCARD)
    assert words(echo(morning)) == "Discarded; your plan is as it was. `/plan` opens the form."
    assert buttons(echo(morning)) == []
    assert await texts_of(morning, "Ana") == ["call Acme today"]


async def test_save_over_a_plan_that_changed_since_shows_what_it_would_replace_now(morning: World) -> None:
    await morning.at("08:30")
    await said(morning, "Ana", "plan: call Acme")
    assert (await file(morning, "Ana", "Beltrán signs", stuck="Legal is silent", note="Cake at four")).ok
    await press(morning, views.SAVE)

    shown = echo(morning)
    assert "`Save` replaces what is saved for that day: Beltrán signs" in words(shown)
    assert await texts_of(morning, "Ana") == ["Beltrán signs"]

    await press(morning, views.SAVE)
    assert await texts_of(morning, "Ana") == ["call Acme"]
    plan = await plan_of(morning, "Ana")
    assert plan.note == "Cake at four"
    assert [said["items"][0]["text"] for said in await revisions(morning, plan.id)] == ["Beltrán signs"]
    (blocker,) = await stored(morning, Blocker)
    assert (blocker.text, blocker.state) == ("Legal is silent", BlockerState.OPEN)


async def test_a_redirect_stands_when_the_old_line_is_typed_again(morning: World) -> None:
    await carded(morning)
    assert (await redirected(morning, card_of(morning), "Ana", "Slides for Friday", "Call the renewals")).ok
    await said(morning, "Ana", "plan: Slides for Friday; demo Beta")
    await press(morning, views.SAVE)

    assert await texts_of(morning, "Ana") == ["Call the renewals", "demo Beta"]


async def test_what_is_still_open_and_not_typed_is_named(morning: World) -> None:
    await morning.at("08:30")
    assert (await file(morning, "Ana", "Beltrán signs", "Slides for Friday")).ok
    await morning.at("08:30", TUESDAY)
    await said(morning, "Ana", "plan: Beltrán signs; demo Beta")

    assert "Still open and not in it: Slides for Friday. `Edit` says what became of it." in words(echo(morning))


async def test_too_many_results_are_refused_with_the_words_kept(morning: World) -> None:
    await morning.at("08:30")
    await said(morning, "Ana", "plan: " + "; ".join("abcdef"))

    shown = echo(morning)
    assert "6 results are more than a day holds." in words(shown)
    assert buttons(shown) == ["Edit", "Discard"]
    assert (await morning.hand("Ana").click(shown, views.EDIT)).ok
    assert element(await filled(morning, "Ana"), "today")["initial_value"] == "a\nb\nc\nd\ne\nf"


async def test_typed_words_reach_the_plan_as_they_were_typed(morning: World) -> None:
    dana = morning.people["Dana"].slack_id
    await morning.at("08:30")
    await said(morning, "Ana", f"plan: Q&A <b>with</b> <@{dana}>; see https://acme.example/?a=1&b=2 <!channel>")
    assert "<!channel>" not in words(echo(morning))
    assert f"<@{dana}>" not in words(echo(morning))
    await press(morning, views.SAVE)

    assert await texts_of(morning, "Ana") == ["Q&A <b>with</b> @Dana", "see https://acme.example/?a=1&b=2 @channel"]


async def test_a_message_that_is_no_plan_gets_one_line_that_says_how(morning: World) -> None:
    await said(morning, "Ana", "good morning")
    assert words(echo(morning)).startswith("To plan by typing, begin with `plan:`")
    await said(morning, "Ana", "plan someday: call Acme")
    assert words(echo(morning)).startswith("I don't know the day “someday”.")
    await said(morning, "Dana", "plan: call Acme")
    assert words(echo(morning, "Dana")).startswith("Plans are written by reps.")
    await said(morning, "Zoe", "plan: call Acme")
    assert words(echo(morning, "Zoe")).startswith("I don't have you on a team yet")


async def test_edits_and_replies_in_threads_are_left_alone(morning: World) -> None:
    await said(morning, "Ana", "good morning")
    first = next(message for message in morning.dm("Ana") if not message.get("bot_id"))
    before = len(morning.dm("Ana"))
    await said(morning, "Ana", "plan: call Acme", thread_ts=first["ts"])
    workspace = morning.hand("Ana")._workspace
    conversation = workspace.conversation(morning.hand("Ana").dm_id)
    assert conversation is not None
    edited = {**conversation.messages[first["ts"]], "text": "plan: call Acme"}
    heard = sum(one.kind == "events_api" and one.ok for one in morning.sandbox.deliveries)
    message_event(workspace, conversation, edited, before=conversation.messages[first["ts"]])
    await morning.sandbox.until(
        lambda: sum(one.kind == "events_api" and one.ok for one in morning.sandbox.deliveries) > heard
    )
    await morning.deliver()

    assert len(morning.dm("Ana")) == before


async def test_tomorrow_can_be_typed_today(morning: World) -> None:
    await morning.at("18:00")
    await said(morning, "Ana", "plan tomorrow: call Acme")
    await press(morning, views.SAVE)

    assert await texts_of(morning, "Ana", TUESDAY) == ["call Acme"]


@pytest.mark.parametrize(("hours", "kept"), [(23, True), (25, False)])
async def test_an_echo_can_be_saved_for_a_day_and_then_says_what_to_do(morning: World, hours: int, kept: bool) -> None:
    await said(morning, "Ana", TYPED)
    morning.clock.now += timedelta(hours=hours)
    shown = echo(morning)
    assert (await morning.hand("Ana").click(shown, views.SAVE)).ok
    await morning.deliver()

    refused = [words(one) for one in morning.hand("Ana").ephemerals()]
    assert refused == ([] if kept else ["This is no longer there. Type /plan to open today's plan."])


async def test_a_plan_that_was_skipped_can_still_be_typed(morning: World) -> None:
    await morning.at("08:30")
    assert (await morning.hand("Ana").command("/plan", "skip dentist")).ok
    await said(morning, "Ana", TYPED)
    await press(morning, views.SAVE)

    plan = await plan_of(morning, "Ana")
    assert replace(plan, late=False).state is PlanState.FILED
    assert plan.excuse is None
