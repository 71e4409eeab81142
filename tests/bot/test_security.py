"""What no button offers: other people's plans and cards, forged values, other workspaces, markup in words."""

from dataclasses import replace
from datetime import date

import pytest

from bot.huddle import card_views, views
from rituals.plans import Answer, Plan, PlanState, Redirect
from storage import plans
from tests import factories
from tests.bot import forging
from tests.bot.forging import errors
from tests.bot.steps import Json, card, carded, change, file, filled, items_of, plan_of, redirected, stored, texts_of
from tests.bot.world import World, words

ONLY_ANA = "Only Ana can do this. Nothing changed; ask Ana."
ONLY_DANA = "Only Dana or an admin can do this. Nothing changed; ask Dana."
ONLY_ANA_ASK = "Only Ana can do this. Nothing changed. <slack://user?team=T0TEST&id=U0ANA|Ask Ana>"
ASK_DANA = "<slack://user?team=T0TEST&id=U0DANA|Ask Dana>"
STRANGER = (
    "I don't have you on a team yet, and nobody is an admin. "
    "Whoever runs Cadence types this there: cadence admin add U0ZOE"
)


def whispered(world: World, name: str) -> str:
    """The last thing that only this person was told."""
    return words(world.hand(name).ephemerals()[-1])


async def snapshot(world: World) -> list[object]:
    """Everything that a forged press could change."""
    return [*await stored(world, Plan), *await items_of(world, "Ana"), *await stored(world, Redirect)]


@pytest.mark.parametrize("action", [views.SAME, views.ACCEPT, views.DISCUSS])
async def test_somebody_elses_button_is_refused_with_who_can(morning: World, action: str) -> None:
    shown = await carded(morning)
    assert (await redirected(morning, shown, "Ana", "Slides for Friday", "Call the renewals")).ok
    (redirect,) = await stored(morning, Redirect)
    before = await snapshot(morning)
    value = (await plan_of(morning, "Ana")).id if action == views.SAME else redirect.id

    assert (await forging.press(morning, "Tom", morning.dm("Ana")[0], action, str(value))).ok

    assert whispered(morning, "Tom") == ONLY_ANA_ASK
    assert await snapshot(morning) == before


@pytest.mark.parametrize("action", [views.WRITE, views.SKIP, views.KPIS])
async def test_somebody_elses_form_opens_as_a_refusal_with_who_can(morning: World, action: str) -> None:
    await morning.at("08:30")
    plan = await plan_of(morning, "Ana")

    assert (await forging.press(morning, "Tom", morning.dm("Ana")[0], action, str(plan.id))).ok

    assert words(morning.hand("Tom").view or {}) == ONLY_ANA


@pytest.mark.parametrize("action", [views.WRITE, views.SKIP, views.KPIS])
async def test_somebody_elses_form_cannot_be_sent(morning: World, action: str) -> None:
    await carded(morning)
    before = await snapshot(morning)
    message, ana = morning.dm("Ana")[0], morning.hand("Ana")
    assert (await forging.press(morning, "Ana", message, action, str((await plan_of(morning, "Ana")).id))).ok
    view = dict(ana.view or {})
    if action == views.WRITE:
        values = view["state"]["values"]
        view["state"] = {"values": {**values, "today:0": {"today": {"type": "plain_text_input", "value": "Mine"}}}}

    answer = await forging.submission(morning, "Tom", view)

    assert errors(answer) == [ONLY_ANA]
    assert await snapshot(morning) == before


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("Tom", ONLY_DANA), ("Ana", ONLY_DANA), ("Zoe", ONLY_DANA)],
    ids=["colleague", "self", "no team"],
)
async def test_only_the_managers_above_answer_a_plan(morning: World, name: str, sentence: str) -> None:
    shown = await carded(morning)
    plan = await plan_of(morning, "Ana")
    before = await snapshot(morning)

    assert (await forging.press(morning, name, shown, card_views.AGREE, f"{plan.id}:{plan.revision}")).ok
    assert whispered(morning, name) == f"{sentence.partition(';')[0]}. {ASK_DANA}"
    for action in (card_views.REDIRECT, card_views.KEEP):
        assert (await forging.press(morning, name, shown, action, f"{plan.id}:{plan.revision}")).ok
        assert words(morning.hand(name).view or {}) == sentence
        assert (await morning.hand(name).close(is_cleared=True)).ok

    assert await snapshot(morning) == before


@pytest.mark.parametrize("action", [card_views.AGREE_ALL, card_views.PAGE, card_views.POST])
async def test_somebody_elses_card_is_refused_with_who_can(morning: World, action: str) -> None:
    shown = await carded(morning)
    card_id = next(
        element["value"]
        for block in shown["blocks"]
        for element in block.get("elements", ())
        if element.get("action_id") == card_views.AGREE_ALL
    )
    value = f"{card_id}:1" if action == card_views.PAGE else card_id

    assert (await forging.press(morning, "Tom", shown, action, value)).ok
    await morning.deliver()

    assert whispered(morning, "Tom") == f"{ONLY_DANA.partition(';')[0]}. {ASK_DANA}"
    assert morning.channel() == []
    assert all(item.answer is Answer.NONE for item in await items_of(morning, "Ana"))


async def test_a_stranger_is_told_how_to_get_on_a_team(morning: World) -> None:
    await morning.at("08:30")
    prompt, plan = morning.dm("Ana")[0], await plan_of(morning, "Ana")
    gone = morning.people["Zoe"]
    await change(morning, replace(gone, active=False))
    zoe = morning.hand("Zoe")

    assert (await forging.press(morning, "Zoe", prompt, views.SAME, str(plan.id))).ok
    assert whispered(morning, "Zoe") == STRANGER
    assert (await zoe.command("/plan")).ok
    assert zoe.view is None
    assert whispered(morning, "Zoe") == STRANGER
    assert (await zoe.command("/plan", "same")).ok
    assert whispered(morning, "Zoe") == STRANGER


async def test_somebody_without_a_team_is_told_so_and_not_sent_in_a_circle(morning: World) -> None:
    zoe = morning.hand("Zoe")

    assert (await zoe.command("/plan")).ok
    assert zoe.view is None
    assert whispered(morning, "Zoe") == STRANGER
    assert (await zoe.command("/plan", "skip")).ok
    assert whispered(morning, "Zoe") == STRANGER

    assert await stored(morning, Plan) == []


# Forged values


@pytest.mark.parametrize("value", ["not-an-id", "00000000-0000-7000-8000-000000000000"])
@pytest.mark.parametrize("action", [views.WRITE, views.SAME, card_views.AGREE, card_views.AGREE_ALL, card_views.PAGE])
async def test_a_value_that_is_no_id_of_ours_changes_nothing_and_is_answered(
    morning: World, action: str, value: str
) -> None:
    shown = await carded(morning)
    before = await snapshot(morning)

    assert (await forging.press(morning, "Dana", shown, action, value)).ok

    dana = morning.hand("Dana")
    assert dana.ephemerals() or dana.view
    assert await snapshot(morning) == before


async def test_a_redirect_cannot_name_another_persons_result_or_a_number_of_nobody(morning: World) -> None:
    shown = await carded(morning)
    dana = morning.hand("Dana")
    ana, tom = await plan_of(morning, "Ana"), await items_of(morning, "Tom")
    assert (await dana.click(shown, card_views.REDIRECT, block_id=f"plan:{ana.id}")).ok
    view = await filled(morning, "Dana")
    before = await snapshot(morning)

    def with_fields(**fields: str) -> Json:
        values = {**view["state"]["values"]}
        values["instead"] = {"instead": {"type": "plain_text_input", "value": "Rest"}}
        values["why"] = {"why": {"type": "plain_text_input", "value": "Because"}}
        for name, value in fields.items():
            ((action, held),) = values[name].items()
            values[name] = {action: held | {"selected_option": {"value": value}}}
        return {"values": values}

    for state in (with_fields(item=str(tom[0].id)), with_fields(kpi=str(ana.id))):
        answer = await forging.submission(morning, "Dana", view, state=state)
        assert errors(answer) == ["This is no longer there. Type /plan to open today's plan."]

    assert await snapshot(morning) == before


async def test_a_number_of_another_workspace_cannot_be_chosen(morning: World) -> None:
    foreign = factories.kpi("Their secret", workspace="T0OTHER")
    await morning.write(foreign)
    await carded(morning)
    ana = morning.hand("Ana")
    assert (await ana.click(morning.dm("Ana")[0], views.KPIS)).ok
    view = await filled(morning, "Ana")
    assert "Their secret" not in words(view)
    values = {**view["state"]["values"]}
    block = next(name for name in values if name.startswith("kpi:"))
    values[block] = {"kpi": {"type": "static_select", "selected_option": {"value": str(foreign.id)}}}
    before = await snapshot(morning)

    assert errors(await forging.submission(morning, "Ana", view, state={"values": values}))

    assert await snapshot(morning) == before


async def test_another_workspaces_plan_is_out_of_reach_even_of_somebody_with_the_same_slack_id(morning: World) -> None:
    there = factories.team("Elsewhere", workspace="T0OTHER", channel=None)
    ana = factories.person("Ana Other", workspace="T0OTHER", slack_id="U0ANA", team_id=there.id)
    plan = factories.plan(ana.id, there.id, workspace="T0OTHER", state=PlanState.OPEN, revision=0, filed_at=None)
    await morning.write(there, ana, factories.huddle(there.id, workspace="T0OTHER", paused=True), plan)
    await morning.at("08:30")
    prompt = morning.dm("Ana")[0]

    for name in ("Ana", "Dana"):
        assert (await forging.press(morning, name, prompt, views.SAME, str(plan.id))).ok
        assert whispered(morning, name) == "This is no longer there. Type /plan to open today's plan."

    found = await morning.read(plans.find, plan.id)
    assert found.state is PlanState.OPEN


async def test_a_press_that_claims_another_workspace_reaches_nothing(morning: World) -> None:
    await morning.at("08:30")
    plan = await plan_of(morning, "Ana")
    claimed = {"team": {"id": "T0OTHER", "domain": "other"}}

    await forging.press(morning, "Ana", morning.dm("Ana")[0], views.SKIP, str(plan.id), **claimed)

    assert morning.hand("Ana").view is None
    assert await plan_of(morning, "Ana") == plan


# What people write is shown as they wrote it


async def test_words_of_people_wake_nobody_wherever_they_are_shown(morning: World) -> None:
    bad = "<!channel> & <@U0DANA> <https://evil.example|click>"
    safe = "&lt;!channel&gt; &amp; &lt;@U0DANA&gt; &lt;https://evil.example|click&gt;"
    await morning.at("08:30")
    assert (await file(morning, "Ana", f"New bookings {bad}", bad, stuck=bad, note=bad, share=["yes"])).ok
    await morning.at("09:00")
    assert (await redirected(morning, card(morning), "Ana", bad, f"Rest {bad}", why=bad)).ok
    await morning.deliver()
    assert (await morning.hand("Ana").click(morning.dm("Ana")[-1], views.DISCUSS)).ok
    await morning.at("09:30")
    await morning.at("08:30", date(2026, 11, 24))

    everything = [*morning.dm("Ana"), *morning.dm("Dana"), *morning.channel()]
    assert sum(safe in words(message) for message in everything) >= 5
    for message in everything:
        for shown in (words(message), message["text"]):
            assert "<!channel>" not in shown
            assert "<@" not in shown
            assert "<https" not in shown
    assert await texts_of(morning, "Ana") == [f"New bookings {bad}", f"Rest {bad}"]


async def test_a_word_after_plan_that_is_not_known_is_given_back_and_wakes_nobody(morning: World) -> None:
    ana = morning.hand("Ana")

    assert (await ana.command("/plan", "<!channel> everybody")).ok

    said = ana.ephemerals()[-1]["text"]
    assert "“@channel”" in said
    assert "<!channel>" not in said
