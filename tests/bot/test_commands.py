"""`/plan` and `/cadence`: each says or does what was asked, and answers only the person who typed."""

from typing import Any

import pytest

from bot.commands import RUN
from bot.huddle import form_views
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
    assert element(form, "huddle.stuck")["initial_value"] == "Legal"
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
    [
        ("skip", form_views.EXCUSES[-1]),
        ("skip  Dentist at ten ", "Dentist at ten"),
        ("Skip " + "x" * 400, "x" * 149 + "…"),
    ],
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


async def test_a_character_that_no_database_keeps_is_left_out(morning: World) -> None:
    await morning.at("08:30")
    ana = morning.hand("Ana")

    assert (await ana.command("/plan", "skip den\x00tist")).ok
    assert (await plan_of(morning, "Ana")).excuse == "dentist"
    assert (await file(morning, "Ana", "Three re\x00newals called")).ok

    assert await texts_of(morning, "Ana") == ["Three renewals called"]


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

    assert "`/plan same` files yesterday's open results again" in words(ana.ephemerals()[-1])


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("sam", "I don't know “sam”. Did you mean `plan same`?\nRun plan same"),
        ("skp with a customer", "I don't know “skp”. Did you mean `plan skip`?\nRun plan skip with a customer"),
        ("delete", "I don't know “delete”. `/plan help` lists what there is."),
        ("<!channel>", "I don't know “@channel”. `/plan help` lists what there is."),
    ],
)
async def test_a_verb_that_is_not_known_gets_its_closest_match_and_never_a_guess(
    morning: World, typed: str, told: str
) -> None:
    await morning.at("08:30")
    before = await plan_of(morning, "Ana")
    ana = morning.hand("Ana")

    assert (await ana.command("/plan", typed)).ok

    assert words(ana.ephemerals()[-1]) == told
    assert ana.view is None
    assert await plan_of(morning, "Ana") == before


async def test_the_button_of_a_suggestion_runs_the_whole_command(morning: World) -> None:
    await morning.at("08:30")
    ana = morning.hand("Ana")
    await ana.command("/cadence", "plan skp with a customer")

    assert (await ana.click(ana.ephemerals()[-1], RUN)).ok

    plan = await plan_of(morning, "Ana")
    assert (plan.state, plan.excuse) == (PlanState.EXCUSED, "with a customer")
    assert words(ana.ephemerals()[-1]) == "You are excused for today."


UNREAD = "From when until when? For example: `/plan away 3 Dec - 7 Dec holiday`. Nothing changed."


def prompts(world: World, name: str) -> list[dict[str, Any]]:
    return [message for message in world.dm(name) if "Plan for" in words(message)]


async def test_whoever_is_away_is_not_asked_until_they_are_back(morning: World) -> None:
    ana = morning.hand("Ana")

    assert (await ana.command("/plan", "away 23 Nov - 24 Nov trade fair")).ok
    await morning.at("08:30")

    told = words(ana.ephemerals()[-1])
    assert told.startswith("You are away Mon 23 Nov to Tue 24 Nov (2 days).")
    assert prompts(morning, "Ana") == []
    await morning.at("09:00")
    assert "Ana away" in words(morning.dm("Dana")[-1])

    assert (await ana.command("/plan", "back")).ok
    await morning.at("08:30", TUESDAY)

    (prompt,) = prompts(morning, "Ana")
    assert "Plan for Tuesday 24 November" in words(prompt)


async def test_a_manager_says_it_for_a_report_and_a_colleague_may_not(morning: World) -> None:
    ana = morning.people["Ana"].slack_id

    await morning.hand("Tom").command("/plan", f"away <@{ana}> tomorrow")
    await morning.hand("Dana").command("/plan", f"away <@{ana}|ana> tomorrow sick")
    await morning.at("08:30")

    refused = words(morning.hand("Tom").ephemerals()[-1])
    assert refused == (
        "Only Ana, Dana or an admin can do this. Nothing changed. "
        "<slack://user?team=T0TEST&id=U0ANA|Ask Ana> · <slack://user?team=T0TEST&id=U0DANA|Ask Dana>"
    )
    dana = morning.hand("Dana")
    told = words(dana.ephemerals()[-1])
    assert told.startswith("Ana is away on Monday 23 November.")
    assert told.endswith("`/plan back @Ana` ends it.")
    assert prompts(morning, "Ana") == []

    await dana.command("/plan", "back soon")
    assert words(dana.ephemerals()[-1]).startswith("Who is back?")
    await dana.command("/plan", f"back <@{ana}|ana>")
    assert words(dana.ephemerals()[-1]) == "Ana is asked again from now on."
    await morning.at("08:30", TUESDAY)
    assert len(prompts(morning, "Ana")) == 1
    await dana.command("/plan", f"back <@{ana}|ana>")
    assert words(dana.ephemerals()[-1]) == "Ana was not away. Nothing changed."


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("away soon", UNREAD),
        ("away 7 Dec - 3 Dec", UNREAD),
        (
            "away 7 Dec - 3 Dec",
            "From when until when? For example: `/plan away 3 Dec - 7 Dec holiday`. Nothing changed.",
        ),
        (
            "away 2025-11-01 - 2025-11-03",
            "I read Sat 1 Nov to Mon 3 Nov (3 days). That is in the past or longer than a year. Nothing changed.",
        ),
        ("back", "You were not away. Nothing changed."),
    ],
)
async def test_an_absence_that_cannot_be_read_changes_nothing(morning: World, typed: str, told: str) -> None:
    ana = morning.hand("Ana")

    assert (await ana.command("/plan", typed)).ok

    assert words(ana.ephemerals()[-1]) == told
    await morning.at("08:30")
    assert len(prompts(morning, "Ana")) == 1
