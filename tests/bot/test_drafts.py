"""What was typed comes back for a day (F13); being stuck asks who must move, in the same form (F20)."""

from datetime import date, timedelta

import pytest

from bot.huddle import views
from rituals.blockers import Blocker
from storage import drafts
from tests.bot.steps import Json, block_for, card, carded, element, file, filled, inputs, plan_of, stored
from tests.bot.world import MONDAY, TUESDAY, World, words


async def opened(world: World, name: str = "Ana") -> Json:
    """The plan form of today, as it stands on somebody's screen."""
    assert (await world.hand(name).command("/plan")).ok
    return await filled(world, name)


async def told(world: World, action_id: str, name: str = "Ana", **values: object) -> Json:
    """Something in the form that somebody has open tells us of itself, beside these values; the form afterwards."""
    hand = world.hand(name)
    view = hand.view or {}
    named = {next(block for block in view["state"]["values"] if block.split(":")[0] == n): v for n, v in values.items()}
    choice = values.get("stuck") if action_id == views.STUCK_ON else None
    assert (await hand.click(view, action_id, choice, values=named)).ok
    await world.cadence.deps.background.drained(10)
    return hand.view or {}


async def closed(world: World, name: str = "Ana") -> None:
    """The form is closed by hand, unsent."""
    assert (await world.hand(name).close(is_cleared=True)).ok


def in_box(view: Json, name: str) -> str | None:
    """What stands in the box called `name`."""
    block = next(b for b in view["blocks"] if b.get("block_id", "").split(":")[0] == name)
    value = block["element"].get("initial_value")
    return None if value is None else str(value)


async def test_save_draft_keeps_every_field_and_the_form_opens_with_it(morning: World) -> None:
    await morning.at("08:30")
    await opened(morning)
    view = await told(morning, views.SAVE_DRAFT, today="Half a thought", note="Cake at four", stuck="Legal is silent")
    assert "This is your draft of" in words(view)
    await closed(morning)

    view = await opened(morning)

    assert [in_box(view, name) for name in ("today", "note", "stuck")] == [
        "Half a thought",
        "Cake at four",
        "Legal is silent",
    ]
    assert (await plan_of(morning, "Ana")).filed_at is None
    assert morning.dm("Dana") == []


@pytest.mark.parametrize(("hours", "kept"), [(23, True), (25, False)])
async def test_a_draft_is_kept_for_a_day_and_no_longer(morning: World, hours: int, kept: bool) -> None:
    await morning.at("00:10")
    await opened(morning)
    await told(morning, views.SAVE_DRAFT, today="Half a thought")
    saved = morning.clock.now
    plan = await plan_of(morning, "Ana")

    found = await morning.read(drafts.find, plan.id, saved + timedelta(hours=hours))

    assert (found is not None) is kept


async def test_a_choice_in_the_form_keeps_what_stands_beside_it(morning: World) -> None:
    await carded(morning)
    await morning.at("08:30", TUESDAY)
    ana = morning.hand("Ana")
    view = await opened(morning)
    block = block_for(view, "settle", "Slides")
    today = next(name for name in view["state"]["values"] if name.startswith("today:"))
    text = "Slides for Friday\nBeltrán signs the new bookings\nAnd one more"
    assert (await ana.click(view, views.SETTLE, "dropped", block, values={today: text})).ok
    await morning.cadence.deps.background.drained(10)
    await closed(morning)

    view = await opened(morning)

    assert in_box(view, "today") == "Beltrán signs the new bookings\nAnd one more"
    assert element(view, views.SETTLE)["initial_option"]["value"] in {"dropped", "carried"}
    assert "why" in inputs(view)


async def test_what_is_refused_is_kept_even_when_the_form_is_closed_then(morning: World) -> None:
    await morning.at("08:30")
    ana = morning.hand("Ana")
    await opened(morning)
    many = "\n".join(f"Result {n}" for n in range(7))
    outcome = await ana.submit(values={"today": many})
    assert outcome.errors
    await closed(morning)

    view = await opened(morning)

    assert in_box(view, "today") == many


async def test_a_plan_that_was_sent_has_no_draft_any_more(morning: World) -> None:
    await morning.at("08:30")
    await opened(morning)
    await told(morning, views.SAVE_DRAFT, today="Half a thought")
    await closed(morning)
    assert (await file(morning, "Ana", "Three renewals called")).ok

    view = await opened(morning)

    assert in_box(view, "today") == "Three renewals called"
    assert "This is your draft" not in words(view)


async def test_a_draft_is_seen_by_nobody_else(morning: World) -> None:
    await carded(morning)
    await opened(morning)
    await told(morning, views.SAVE_DRAFT, today="A secret thought")
    await morning.at("09:30")

    everything = [*morning.dm("Dana"), *morning.channel(), *morning.dm("Tom")]
    assert all("secret" not in words(message) for message in everything)


# Stuck


async def test_enter_in_the_stuck_line_asks_who_must_move_in_the_same_form(morning: World) -> None:
    await morning.at("08:30")
    view = await opened(morning)
    assert "needs" not in inputs(view)
    before = len(morning.hand("Ana").stack)

    view = await told(morning, views.STUCK_ON, today="Beltrán signs", stuck="Legal is silent")

    assert inputs(view)[-5:] == ["needs", "impact", "since", "note", "share"]
    assert len(morning.hand("Ana").stack) == before
    assert in_box(view, "today") == "Beltrán signs"


async def test_what_is_said_of_a_blocker_stands_on_receipt_and_card(morning: World) -> None:
    await morning.at("08:30")
    await opened(morning)
    await told(morning, views.STUCK_ON, today="Beltrán signs", stuck="Legal is silent")
    said = {"needs": "Legal <counsel>", "impact": "This week", "since": "2026-11-20"}
    assert (await morning.hand("Ana").submit(values=said)).ok
    await morning.at("09:00")

    (blocker,) = await stored(morning, Blocker)
    assert (blocker.needs, blocker.impact, blocker.opened_on) == ("Legal <counsel>", "This week", date(2026, 11, 20))
    line = "*B-1* Legal is silent · needs Legal &lt;counsel&gt; · impact: this week"
    assert f"Stuck: {line}" in words(morning.dm("Ana")[0])
    shown = words(card(morning))
    assert "🟠 *B-1* Legal is silent · _open, 1 working day_" in shown
    assert "Ana needs Legal &lt;counsel&gt; · impact: this week" in shown


async def test_an_edit_changes_the_same_blocker_and_a_plain_resend_leaves_it(morning: World) -> None:
    await morning.at("08:30")
    await opened(morning)
    await told(morning, views.STUCK_ON, today="Beltrán signs", stuck="Legal is silent")
    assert (await morning.hand("Ana").submit(values={"needs": "Legal", "impact": "Today"})).ok
    view = await opened(morning)
    assert in_box(view, "needs") == "Legal"
    assert (await morning.hand("Ana").submit(values={"needs": "Priya"})).ok

    (blocker,) = await stored(morning, Blocker)
    assert (blocker.number, blocker.needs, blocker.impact, blocker.opened_on) == (1, "Priya", "Today", MONDAY)
    assert (await plan_of(morning, "Ana")).revision == 2
    await opened(morning)
    assert (await morning.hand("Ana").submit()).ok
    assert (await plan_of(morning, "Ana")).revision == 2


async def test_nobody_is_stuck_since_tomorrow(morning: World) -> None:
    await morning.at("08:30")
    await opened(morning)
    await told(morning, views.STUCK_ON, today="Beltrán signs", stuck="Legal is silent")

    outcome = await morning.hand("Ana").submit(values={"since": "2026-11-24"})

    assert outcome.errors == {"since": "That day has not come yet. Pick today or a day before."}
    assert await stored(morning, Blocker) == []
