"""The plan form: what is in it, what it refuses, editing, the same plan again."""

from datetime import date

import pytest

from bot.huddle import views
from rituals.blockers import Blocker, BlockerState
from rituals.plans import Outcome, PlanState
from tests import factories
from tests.bot import forging
from tests.bot.steps import block_for, element, file, inputs, items_of, plan_of, stored, texts_of
from tests.bot.world import MONDAY, TUESDAY, World, buttons, words


@pytest.fixture
async def tuesday(morning: World) -> World:
    """Ana planned two results on Monday; it is Tuesday, half past eight."""
    await morning.at("08:30")
    assert (await file(morning, "Ana", "Beltrán signs the new bookings", "Slides for Friday")).ok
    await morning.at("08:30", TUESDAY)
    return morning


async def outcomes(world: World) -> dict[str, tuple[Outcome, str | None]]:
    """What became of Monday's results."""
    found = await items_of(world, "Ana", MONDAY)
    return {item.text: (item.outcome, item.dropped_because) for item in found}


# What the form is filled with


async def test_the_form_asks_about_each_open_result_and_has_carried_ones_in_todays_box(tuesday: World) -> None:
    ana = tuesday.hand("Ana")
    prompt = tuesday.dm("Ana")[-1]
    assert "Yesterday you planned 2 things. Still open: _Beltrán signs the new bookings_" in words(prompt)

    assert (await ana.click(prompt, views.WRITE)).ok

    form = ana.view
    assert form is not None
    assert inputs(form) == ["settle", "settle", "today", "stuck", "note", "share"]
    assert element(form, "today")["initial_value"] == "Beltrán signs the new bookings\nSlides for Friday"
    assert element(form, views.SETTLE)["initial_option"]["value"] == Outcome.CARRIED

    assert (await ana.submit()).ok
    assert await outcomes(tuesday) == {
        "Beltrán signs the new bookings": (Outcome.CARRIED, None),
        "Slides for Friday": (Outcome.CARRIED, None),
    }
    assert await texts_of(tuesday, "Ana", TUESDAY) == ["Beltrán signs the new bookings", "Slides for Friday"]


async def test_done_and_dropped_results_leave_todays_box_and_carried_ones_come_back(tuesday: World) -> None:
    ana, sandbox = tuesday.hand("Ana"), tuesday.sandbox
    assert (await ana.click(tuesday.dm("Ana")[-1], views.WRITE)).ok
    slides = block_for(ana.view or {}, "settle", "Slides")

    def box() -> str | None:
        return str(element(ana.view or {}, "today").get("initial_value", ""))

    assert (await ana.click(ana.view or {}, views.SETTLE, Outcome.DONE, slides)).ok
    await sandbox.until(lambda: box() == "Beltrán signs the new bookings")
    assert (await ana.click(ana.view or {}, views.SETTLE, Outcome.CARRIED, slides)).ok
    await sandbox.until(lambda: box() == "Beltrán signs the new bookings\nSlides for Friday")
    assert (await ana.click(ana.view or {}, views.SETTLE, Outcome.DONE, slides)).ok
    await sandbox.until(lambda: box() == "Beltrán signs the new bookings")
    assert (await ana.submit()).ok

    assert (await outcomes(tuesday))["Slides for Friday"] == (Outcome.DONE, None)
    assert await texts_of(tuesday, "Ana", TUESDAY) == ["Beltrán signs the new bookings"]


async def test_dropping_asks_why_in_the_same_form_and_refuses_without_on_its_own_field(tuesday: World) -> None:
    ana, sandbox = tuesday.hand("Ana"), tuesday.sandbox
    assert (await ana.click(tuesday.dm("Ana")[-1], views.WRITE)).ok
    first = ana.view or {}
    slides = block_for(first, "settle", "Slides")

    assert (await ana.click(first, views.SETTLE, Outcome.DROPPED, slides)).ok
    await sandbox.until(lambda: "why" in inputs(ana.view or {}))
    why = slides.replace("settle", "why")
    assert (ana.view or {})["id"] == first["id"]

    refused = await ana.submit()
    assert list(refused.errors) == [why]
    assert (await plan_of(tuesday, "Ana", TUESDAY)).state == PlanState.OPEN

    assert (await ana.submit(values={why: "The client left"})).ok
    assert (await outcomes(tuesday))["Slides for Friday"] == (Outcome.DROPPED, "The client left")
    assert await texts_of(tuesday, "Ana", TUESDAY) == ["Beltrán signs the new bookings"]


async def test_a_drop_that_was_sent_before_the_line_for_why_came_gets_that_line_and_loses_nothing(
    tuesday: World,
) -> None:
    ana = tuesday.hand("Ana")
    assert (await ana.click(tuesday.dm("Ana")[-1], views.WRITE)).ok
    slides = block_for(ana.view or {}, "settle", "Slides")

    answer = await ana.submit(values={slides: Outcome.DROPPED, "note": "Back at noon"})

    assert answer.response is not None
    assert answer.response["response_action"] == "update"
    assert "why" in inputs(ana.view or {})
    assert element(ana.view or {}, "note")["initial_value"] == "Back at noon"
    assert (await plan_of(tuesday, "Ana", TUESDAY)).state == PlanState.OPEN


async def test_a_drop_whose_why_is_only_spaces_is_refused_on_that_field(tuesday: World) -> None:
    ana, sandbox = tuesday.hand("Ana"), tuesday.sandbox
    assert (await ana.click(tuesday.dm("Ana")[-1], views.WRITE)).ok
    slides = block_for(ana.view or {}, "settle", "Slides")
    assert (await ana.click(ana.view or {}, views.SETTLE, Outcome.DROPPED, slides)).ok
    await sandbox.until(lambda: "why" in inputs(ana.view or {}))
    why = slides.replace("settle", "why")
    view = ana.view or {}
    state = {"values": view["state"]["values"] | {why: {"why": {"type": "plain_text_input", "value": "  "}}}}

    answer = await forging.submission(tuesday, "Ana", view, state=state)

    assert (answer.payload or {})["errors"] == {why: "Say in one line why you drop it."}
    assert (await plan_of(tuesday, "Ana", TUESDAY)).state == PlanState.OPEN


# The same plan in one press (F9)


async def test_the_same_plan_is_filed_by_one_press(tuesday: World) -> None:
    prompt = tuesday.dm("Ana")[-1]
    assert buttons(prompt) == ["Write plan", "Same plan, nothing stuck", "Skip today"]

    assert (await tuesday.hand("Ana").click(prompt, views.SAME)).ok
    await tuesday.deliver()

    assert "Saved" in words(tuesday.dm("Ana")[-1])
    plan = await plan_of(tuesday, "Ana", TUESDAY)
    assert (plan.state, plan.revision) == (PlanState.FILED, 1)
    assert await texts_of(tuesday, "Ana", TUESDAY) == ["Beltrán signs the new bookings", "Slides for Friday"]


async def test_a_double_press_on_the_same_plan_files_one_revision(tuesday: World) -> None:
    prompt, ana = tuesday.dm("Ana")[-1], tuesday.hand("Ana")

    assert (await ana.click(prompt, views.SAME)).ok
    assert (await ana.click(prompt, views.SAME)).ok
    await tuesday.deliver()

    plan = await plan_of(tuesday, "Ana", TUESDAY)
    assert plan.revision == 1
    assert len(await items_of(tuesday, "Ana", TUESDAY)) == 2


async def test_with_a_blocker_the_button_names_it_and_the_press_restates_it(morning: World) -> None:
    await morning.at("08:30")
    assert (await file(morning, "Ana", "Beltrán signs", stuck="Legal has not returned the NDA")).ok
    await morning.at("08:30", TUESDAY)
    prompt = morning.dm("Ana")[-1]
    assert "Same plan, B-1 still stuck" in buttons(prompt)
    assert "Yours and stuck: *B-1* Legal has not returned the NDA · 1 working day" in words(prompt)

    assert (await morning.hand("Ana").click(prompt, views.SAME)).ok

    (blocker,) = await stored(morning, Blocker)
    assert (blocker.state, blocker.restated) == (BlockerState.OPEN, 1)


async def test_the_button_is_absent_when_everything_is_done(morning: World) -> None:
    friday = factories.plan(morning.people["Ana"].id, morning.team.id, day=date(2026, 11, 20))
    await morning.write(friday, factories.item(friday.id, outcome=Outcome.DONE))

    await morning.at("08:30")

    assert buttons(morning.dm("Ana")[0]) == ["Write plan", "Skip today"]
    assert "Still open" not in words(morning.dm("Ana")[0])
