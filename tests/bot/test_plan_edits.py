"""Plans sent twice, edited, too long; what the manager said stays where the words stayed."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.huddle import card_views, views
from rituals.blockers import Blocker, BlockerState
from rituals.plans import Answer, Outcome, PlanState
from tests.bot import forging
from tests.bot.steps import (
    block_for,
    card,
    carded,
    element,
    file,
    filled,
    items_of,
    plan_of,
    redirected,
    revisions,
    stored,
    texts_of,
)
from tests.bot.world import MONDAY, TUESDAY, World, buttons, words

# Refusals, each on its field, with the text still on screen


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("\n".join(["One more call"] * 6), "6 results are more than a day holds. Keep the 5 that matter"),
        ("- \n- \n", "Write at least one result for today, one a line."),
        ("Short\n" + "x" * 600, "Line 2 has 600 characters. Shorten it to 280"),
        ("\n".join(["x" * 590] * 5), "Line 1 has 590 characters. Shorten it to 280"),
        ("\n".join(["x" * 600] * 5), "Must be at most 3000 characters."),
        (" ", "Please complete this required field."),
    ],
    ids=["six lines", "no lines", "a long line", "five lines of 590", "five lines of 600", "blank"],
)
async def test_a_plan_that_cannot_be_is_refused_on_its_field_and_nothing_is_kept(
    morning: World, typed: str, sentence: str
) -> None:
    await morning.at("08:30")
    ana = morning.hand("Ana")
    assert (await ana.click(morning.dm("Ana")[0], views.WRITE)).ok

    refused = await ana.submit(values={"today": typed})

    ((block, said),) = refused.errors.items()
    assert block.startswith("today:")
    assert said.startswith(sentence)
    assert (ana.view or {})["state"]["values"][block]["today"]["value"] == typed
    plan = await plan_of(morning, "Ana")
    assert (plan.state, plan.revision) == (PlanState.OPEN, 0)
    assert (await ana.submit(values={"today": "Three renewals called"})).ok


async def test_five_lines_of_the_longest_length_are_kept_whole(morning: World) -> None:
    await morning.at("08:30")
    results = [f"{number} {'&<ü' * 92}"[:280] for number in range(5)]

    assert (await file(morning, "Ana", *results)).ok
    await morning.deliver()

    assert await texts_of(morning, "Ana") == results
    assert "Saved" in words(morning.dm("Ana")[0])


# The same submission again (F106)


async def test_the_same_submission_three_times_is_one_plan_and_one_revision(morning: World) -> None:
    await morning.at("08:30")
    ana = morning.hand("Ana")
    assert (await ana.command("/plan")).ok
    view = dict(ana.view or {})
    assert (await ana.submit(values={"today": "Three renewals called", "stuck": "Legal", "note": "Hi"})).ok
    sent = {**view, "state": {"values": {**view["state"]["values"]}}}
    for block, field, value in (("today:0", "today", "Three renewals called"), ("stuck", "stuck", "Legal")):
        sent["state"]["values"][block] = {field: {"type": "plain_text_input", "value": value}}
    sent["state"]["values"]["note"] = {"note": {"type": "plain_text_input", "value": "Hi"}}

    for _ in range(2):
        assert (await forging.submission(morning, "Ana", sent)).payload is None
    await morning.deliver()

    plan = await plan_of(morning, "Ana")
    assert plan.revision == 1
    assert await revisions(morning, plan.id) == []
    assert await texts_of(morning, "Ana") == ["Three renewals called"]
    assert len(await stored(morning, Blocker)) == 1
    assert len(morning.dm("Ana")) == 1


async def test_a_submission_that_settles_yesterday_is_one_revision_too_when_it_comes_again(morning: World) -> None:
    await morning.at("08:30")
    assert (await file(morning, "Ana", "Slides for Friday", "Beltrán signs", stuck="Legal is silent")).ok
    await morning.at("08:30", TUESDAY)
    ana = morning.hand("Ana")
    assert (await ana.command("/plan")).ok
    view = dict(ana.view or {})
    values = {**view["state"]["values"]}
    for block, value in (
        (block_for(view, "settle", "Slides"), Outcome.DONE),
        (block_for(view, "blocker", "B-1"), "solved"),
    ):
        ((field, held),) = values[block].items()
        values[block] = {field: held | {"selected_option": {"value": value}}}

    for _ in range(3):
        answer = await forging.submission(morning, "Ana", view, state={"values": values})
        assert answer.ok
        assert answer.payload is None

    assert (await plan_of(morning, "Ana", TUESDAY)).revision == 1
    assert await texts_of(morning, "Ana", TUESDAY) == ["Beltrán signs"]
    (blocker,) = await stored(morning, Blocker)
    assert blocker.state == BlockerState.RESOLVED
    outcomes = {item.text: item.outcome for item in await items_of(morning, "Ana", MONDAY)}
    assert outcomes == {"Slides for Friday": Outcome.DONE, "Beltrán signs": Outcome.CARRIED}


# Editing


async def test_an_edit_keeps_what_was_said_before_and_updates_the_receipt_in_place(morning: World) -> None:
    await morning.at("08:30")
    assert (await file(morning, "Ana", "Three renewals called", "Slides for Friday")).ok
    await morning.deliver()

    ana = morning.hand("Ana")
    assert (await ana.click(morning.dm("Ana")[0], views.WRITE)).ok
    assert (await ana.submit(values={"today": "Slides for Friday\nBeltrán signs"})).ok
    await morning.deliver()

    plan = await plan_of(morning, "Ana")
    assert plan.revision == 2
    (before,) = await revisions(morning, plan.id)
    assert [item["text"] for item in before["items"]] == ["Three renewals called", "Slides for Friday"]
    assert await texts_of(morning, "Ana") == ["Slides for Friday", "Beltrán signs"]
    (receipt,) = morning.dm("Ana")
    assert "1  Slides for Friday · _Which number does this move? None is fine; say why._" in words(receipt)
    assert "⚠" not in words(receipt)
    assert "Three renewals called" not in words(receipt)


async def test_an_edit_updates_the_card_in_place_and_only_the_card_says_edited(morning: World) -> None:
    shown = await carded(morning)
    assert "edited" not in words(shown)

    assert (await file(morning, "Ana", "Beltrán signs the new bookings", "Renewals letter written")).ok
    morning.clock.now += timedelta(seconds=5)
    await morning.deliver()
    await morning.at("09:30")

    (after,) = morning.dm("Dana")
    assert after["ts"] == shown["ts"]
    assert "_edited_" in words(after)
    assert "Renewals letter written" in words(after)
    assert "Slides for Friday" not in words(after)
    for message in (*morning.dm("Ana"), *morning.dm("Tom"), *morning.channel()):
        assert "edited" not in words(message).lower().replace("edits", "")


async def test_add_puts_one_result_below_the_others_and_leaves_everything_else(morning: World) -> None:
    await morning.at("08:30")
    assert (await file(morning, "Ana", "Beltrán signs", stuck="Legal is silent", note="Cake at four")).ok
    await morning.deliver()
    ana = morning.hand("Ana")
    receipt = morning.dm("Ana")[0]
    assert buttons(receipt) == ["Edit", "Change KPIs", "Add"]
    assert (await ana.click(receipt, views.ADD)).ok
    view = dict(await filled(morning, "Ana"))
    assert (await ana.submit(values={"result": "Three renewals called"})).ok
    again = {"result": {"result": {"type": "plain_text_input", "value": "Three renewals called "}}}
    for _ in range(2):
        assert (await forging.submission(morning, "Ana", view, state={"values": again})).payload is None
    await morning.deliver()

    plan = await plan_of(morning, "Ana")
    assert (plan.revision, plan.note) == (2, "Cake at four")
    assert await texts_of(morning, "Ana") == ["Beltrán signs", "Three renewals called"]
    assert [(one.text, one.live) for one in await stored(morning, Blocker)] == [("Legal is silent", True)]
    (receipt,) = morning.dm("Ana")
    assert "2  Three renewals called _(Renewals)_" in words(receipt)


async def test_five_results_leave_nothing_to_add(morning: World) -> None:
    await morning.at("08:30")
    assert (await file(morning, "Ana", *"abcd")).ok
    await morning.deliver()
    ana = morning.hand("Ana")
    assert (await ana.click(morning.dm("Ana")[0], views.ADD)).ok
    await filled(morning, "Ana")
    assert (await ana.submit(values={"result": "e"})).ok
    await morning.deliver()
    assert buttons(morning.dm("Ana")[0]) == ["Edit", "Change KPIs"]


async def test_lines_that_stay_as_they_were_keep_the_managers_answer(morning: World) -> None:
    shown = await carded(morning)
    plan = await plan_of(morning, "Ana")
    assert (await morning.hand("Dana").click(shown, card_views.AGREE, block_id=f"plan:{plan.id}")).ok

    assert (await file(morning, "Ana", "Renewals letter written", "Beltrán signs the new bookings")).ok

    answers = [(item.text, item.answer) for item in await items_of(morning, "Ana")]
    assert answers == [
        ("Renewals letter written", Answer.NONE),
        ("Beltrán signs the new bookings", Answer.AGREED),
    ]
    morning.clock.now += timedelta(seconds=5)
    await morning.deliver()
    assert "✓ 2 Beltrán signs the new bookings" in words(card(morning))


async def test_filling_stuck_makes_one_blocker_and_sending_again_edits_it(morning: World) -> None:
    await morning.at("08:30")
    assert (await file(morning, "Ana", "Beltrán signs", stuck="Legal has not returned the NDA")).ok
    assert (await file(morning, "Ana", "Beltrán signs", stuck="Legal wants the NDA in French")).ok

    (blocker,) = await stored(morning, Blocker)
    assert (blocker.number, blocker.text) == (1, "Legal wants the NDA in French")
    assert (await plan_of(morning, "Ana")).revision == 2


# Two windows


async def windows(world: World) -> dict[str, Any]:
    """Ana opens today's form twice; the first one, as it then stands below the second."""
    assert (await world.hand("Ana").command("/plan")).ok
    first = dict(await filled(world, "Ana"))
    assert (await world.hand("Ana").close(is_cleared=True)).ok
    assert (await world.hand("Ana").command("/plan")).ok
    await filled(world, "Ana")
    return first


async def test_of_two_windows_the_second_sees_what_the_first_saved_and_decides(morning: World) -> None:
    await morning.at("08:30")
    ana = morning.hand("Ana")
    first = await windows(morning)
    values = {**first["state"]["values"], "today:0": {"today": {"type": "plain_text_input", "value": "Beltrán signs"}}}
    assert (await forging.submission(morning, "Ana", first, state={"values": values})).payload is None
    assert (await ana.submit(values={"today": "Three renewals called", "note": "Cake at four"})).ok

    above, below = (ana.view or {}), ana.stack[0]
    assert above["title"]["text"] == "Saved meanwhile"
    assert "in another window:\n1  Beltrán signs\n" in words(above)
    assert below["state"]["values"]["today:0"]["today"]["value"] == "Three renewals called"
    assert await texts_of(morning, "Ana") == ["Beltrán signs"]

    assert (await ana.submit(above, {})).ok
    assert ana.view is None
    plan = await plan_of(morning, "Ana")
    assert await texts_of(morning, "Ana") == ["Three renewals called"]
    assert (plan.note, plan.revision) == ("Cake at four", 2)
    assert [item["text"] for said in await revisions(morning, plan.id) for item in said["items"]] == ["Beltrán signs"]


async def test_whoever_goes_back_keeps_what_is_saved_and_finds_their_text_again(morning: World) -> None:
    await morning.at("08:30")
    ana = morning.hand("Ana")
    below = await windows(morning)
    assert (await ana.submit(values={"today": "Beltrán signs"})).ok

    held = {**below["state"]["values"], "today:0": {"today": {"type": "plain_text_input", "value": "Renewals called"}}}
    answer = await forging.submission(morning, "Ana", below, state={"values": held})
    assert (answer.payload or {})["response_action"] == "push"
    assert await texts_of(morning, "Ana") == ["Beltrán signs"]
    assert (await ana.command("/plan")).ok
    assert element(await filled(morning, "Ana"), "today")["initial_value"] == "Renewals called"
    # Opened on what stands, it is an edit like any other.
    assert (await ana.submit()).ok
    assert await texts_of(morning, "Ana") == ["Renewals called"]


async def test_a_plan_that_changed_again_before_it_is_replaced_is_shown_again(morning: World) -> None:
    await morning.at("08:30")
    ana = morning.hand("Ana")
    first = await windows(morning)

    def said(text: str) -> dict[str, Any]:
        return {**first["state"]["values"], "today:0": {"today": {"type": "plain_text_input", "value": text}}}

    assert (await forging.submission(morning, "Ana", first, state={"values": said("First")})).payload is None
    assert (await ana.submit(values={"today": "Second"})).ok
    push = dict(ana.view or {})
    again = {**first, "private_metadata": push["private_metadata"]}
    assert (await forging.submission(morning, "Ana", again, state={"values": said("Third")})).payload is None
    # What the third window filed took the draft with it; the form below still has the words.
    assert (await ana.submit(push, {})).ok
    assert "no longer there" in words(ana.view or {})
    assert await texts_of(morning, "Ana") == ["Third"]
    assert ana.stack[0]["state"]["values"]["today:0"]["today"]["value"] == "Second"


async def test_of_two_windows_sent_in_one_moment_one_is_saved_and_the_other_is_asked(morning: World) -> None:
    await morning.at("08:30")
    view = await windows(morning)

    async def send(text: str) -> tuple[str, Any]:
        values = {**view["state"]["values"], "today:0": {"today": {"type": "plain_text_input", "value": text}}}
        answer = await forging.submission(morning, "Ana", view, state={"values": values})
        while any(said.startswith("The database is slow") for said in forging.errors(answer)):
            await morning.cadence.deps.background.drained(10)
            answer = await forging.submission(morning, "Ana", view, state={"values": values})
        return text, answer.payload

    answers = dict(await asyncio.gather(*(send(text) for text in ("Beltrán signs", "Renewals called", "NDA back"))))

    (saved,) = (text for text, payload in answers.items() if payload is None)
    assert [payload["response_action"] for payload in answers.values() if payload] == ["push", "push"]
    assert await texts_of(morning, "Ana") == [saved]
    assert (await plan_of(morning, "Ana")).revision == 1


async def test_an_edit_while_the_manager_agrees_is_seen_by_both(morning: World) -> None:
    shown = await carded(morning)
    plan = await plan_of(morning, "Ana")
    assert (await file(morning, "Ana", "Renewals letter written")).ok
    dana = morning.hand("Dana")
    assert (await dana.click(shown, card_views.AGREE, block_id=f"plan:{plan.id}")).ok

    assert "Here is the current card." in words(dana.ephemerals()[-1])
    assert [item.answer for item in await items_of(morning, "Ana")] == [Answer.NONE]


# KPIs (F6, F7 as far as the card needs them)


async def test_one_press_shows_the_proposed_numbers_and_a_choice_is_kept(morning: World) -> None:
    shown = await carded(morning)
    assert "⚠ 2 Slides for Friday _(no number: no reason yet)_" in words(shown)
    ana = morning.hand("Ana")
    assert (await ana.click(morning.dm("Ana")[0], views.KPIS)).ok
    slides = block_for(ana.view or {}, "kpi", "Slides")

    assert (await ana.submit(values={slides.replace("kpi", "why"): "Investor visit"})).ok
    morning.clock.now += timedelta(seconds=5)
    await morning.deliver()

    assert "⚠ 2 Slides for Friday _(no number: Investor visit)_" in words(card(morning))
    assert not any(item.guessed for item in await items_of(morning, "Ana"))
    assert "Which number does this move?" not in words(morning.dm("Ana")[0])


async def test_a_form_from_before_a_redirect_does_not_undo_it(morning: World) -> None:
    shown = await carded(morning)
    ana = morning.hand("Ana")
    await ana.command("/plan", "edit")
    await filled(morning, "Ana")
    assert (await redirected(morning, shown, "Ana", "Slides for Friday", "Three renewals called")).ok

    assert (await ana.submit(values={"note": "Back at four"})).ok

    assert await texts_of(morning, "Ana") == ["Beltrán signs the new bookings", "Three renewals called"]


async def test_a_prompt_that_still_waits_is_not_sent_to_whoever_has_answered(morning: World) -> None:
    morning.clock.now = datetime(2026, 11, 23, 7, 30, tzinfo=UTC)
    await morning.cadence.scheduler.tick()
    assert (await file(morning, "Ana", "Beltrán signs")).ok
    await morning.deliver()

    (receipt,) = morning.dm("Ana")
    assert "Saved" in words(receipt)


async def test_a_manager_is_told_whose_part_plans_are(morning: World) -> None:
    dana = morning.hand("Dana")

    assert (await dana.command("/plan", "same")).ok

    assert words(dana.ephemerals()[-1]) == (
        "Plans are written by reps. Your part is to answer theirs: the huddle card brings them to you."
    )
