"""`/plan` and `/cadence`: each says or does what was asked, and answers only the person who typed."""

import pytest

from bot.huddle import views
from rituals.plans import PlanState
from tests.bot.steps import element, file, filled, inputs, plan_of, texts_of
from tests.bot.world import TUESDAY, World, words


@pytest.mark.parametrize(
    ("command", "text"),
    [("/plan", ""), ("/plan", "today"), ("/plan", "EDIT"), ("/cadence", "plan"), ("/cadence", "Plan edit")],
)
async def test_the_command_opens_todays_form(morning: World, command: str, text: str) -> None:
    await morning.at("08:30")
    ana = morning.hand("Ana")

    assert (await ana.command(command, text, channel="C0EMEA")).ok

    assert inputs(await filled(morning, "Ana")) == ["today", "stuck", "note", "share"]
    assert ana.ephemerals("C0EMEA") == []


async def test_the_form_of_a_plan_that_is_filed_holds_what_it_says(morning: World) -> None:
    await morning.at("08:30")
    assert (await file(morning, "Ana", "Beltrán signs", stuck="Legal", note="Hi", share=["yes"])).ok

    assert (await morning.hand("Ana").command("/plan", "edit")).ok

    form = await filled(morning, "Ana")
    assert element(form, "today")["initial_value"] == "Beltrán signs"
    assert element(form, "stuck")["initial_value"] == "Legal"
    assert element(form, "note")["initial_value"] == "Hi"
    assert element(form, "share")["initial_options"][0]["value"] == "yes"


async def test_plan_before_the_prompt_opens_a_form_and_files(morning: World) -> None:
    await morning.at("07:00")

    assert (await file(morning, "Ana", "Beltrán signs")).ok
    await morning.deliver()

    (receipt,) = morning.dm("Ana")
    assert "Saved" in words(receipt)


async def test_plan_same_files_yesterdays_open_results_again(morning: World) -> None:
    await morning.at("08:30")
    assert (await file(morning, "Ana", "Beltrán signs", "Slides")).ok
    await morning.at("08:30", TUESDAY)
    ana = morning.hand("Ana")

    assert (await ana.command("/plan", "same", channel="C0EMEA")).ok
    await morning.deliver()

    (said,) = ana.ephemerals("C0EMEA")
    assert words(said) == "Saved. The receipt is in our DM."
    assert await texts_of(morning, "Ana", TUESDAY) == ["Beltrán signs", "Slides"]
    assert "Saved" in words(morning.dm("Ana")[-1])


async def test_plan_same_without_anything_open_says_what_to_write(morning: World) -> None:
    await morning.at("08:30")
    ana = morning.hand("Ana")

    assert (await ana.command("/plan", "same")).ok

    assert words(ana.ephemerals()[-1]) == "Write at least one result for today, one a line."
    assert (await plan_of(morning, "Ana")).state == PlanState.OPEN


@pytest.mark.parametrize(
    ("text", "excuse"),
    [("skip", views.EXCUSES[-1]), ("skip  Dentist at ten ", "Dentist at ten"), ("Skip " + "x" * 400, "x" * 149 + "…")],
    ids=["no reason", "a reason", "a long reason"],
)
async def test_plan_skip_excuses_for_the_day(morning: World, text: str, excuse: str) -> None:
    await morning.at("08:30")
    ana = morning.hand("Ana")

    assert (await ana.command("/plan", text, channel="C0EMEA")).ok
    await morning.at("08:50")

    assert words(ana.ephemerals("C0EMEA")[-1]) == "You are excused for today."
    plan = await plan_of(morning, "Ana")
    assert (plan.state, plan.excuse) == (PlanState.EXCUSED, excuse)
    assert len(morning.dm("Ana")) == 1


async def test_plan_skip_after_filing_keeps_the_plan_and_does_not_claim_otherwise(morning: World) -> None:
    await morning.at("08:30")
    assert (await file(morning, "Ana", "Beltrán signs")).ok
    ana = morning.hand("Ana")

    assert (await ana.command("/plan", "skip")).ok

    assert words(ana.ephemerals()[-1]) == (
        "Your plan for today is saved already, so nobody asks again. Nothing changed; /plan edits it."
    )
    assert (await plan_of(morning, "Ana")).state == PlanState.FILED


@pytest.mark.parametrize(("command", "text"), [("/plan", "help"), ("/cadence", ""), ("/cadence", "help")])
async def test_help_names_the_verbs(morning: World, command: str, text: str) -> None:
    ana = morning.hand("Ana")

    assert (await ana.command(command, text)).ok

    assert "*/plan same* files yesterday's open results again" in words(ana.ephemerals()[-1])


@pytest.mark.parametrize("verb", ["sme", "tomorow", "delete"])
async def test_a_verb_that_is_not_known_gets_the_help_and_never_a_guess(morning: World, verb: str) -> None:
    await morning.at("08:30")
    before = await plan_of(morning, "Ana")
    ana = morning.hand("Ana")

    assert (await ana.command("/plan", verb)).ok

    said = words(ana.ephemerals()[-1])
    assert said.startswith(f"I don't know “{verb}”. ")
    assert "*/plan*" in said
    assert ana.view is None
    assert await plan_of(morning, "Ana") == before
