"""Slack's three seconds, a slow database, a click that comes too late, faults that nobody foresaw."""

import asyncio
import re
import time

from sqlalchemy import text
from sqlalchemy.orm import Session

from bot import blocks
from bot.catalogue import say
from bot.huddle import card_views, views
from bot.modals import draw_again
from rituals.plans import PlanState
from tests.bot.slowness import busy
from tests.bot.steps import carded, file, filled, inputs, plan_of, revisions, submitted, texts_of
from tests.bot.world import World, buttons, words

REFERENCE = re.compile(r"That did not work and nothing was saved twice\. Reference [0-9A-F]{4}\. Try again\.")


async def drop(world: World, table: str) -> None:
    """Break the database for real."""

    def broken(tx: Session) -> None:
        tx.execute(text("PRAGMA defer_foreign_keys=ON" if world.cadence.deps.database.is_sqlite else "SELECT 1"))
        tx.execute(text(f"ALTER TABLE {table} RENAME TO lost"))

    await world.cadence.deps.database.write(broken)


# A slow database


async def test_with_a_database_that_takes_five_seconds_a_loading_form_comes_in_about_one_and_then_the_real_one(
    morning: World,
) -> None:
    await morning.at("08:30")
    ana = morning.hand("Ana")
    with busy(morning, seconds=5):
        began = time.monotonic()
        assert (await ana.command("/plan")).ok
        assert time.monotonic() - began < 2
        assert "One moment, fetching your form…" in words(ana.view or {})

        await morning.sandbox.until(lambda: (ana.view or {}).get("submit"), timeout=15)

        assert time.monotonic() - began > 4
    assert inputs(ana.view or {}) == ["today", "stuck", "note", "share"]
    assert (await ana.submit(values={"today": "Three renewals called"})).ok
    assert await texts_of(morning, "Ana") == ["Three renewals called"]


async def test_a_submission_to_a_slow_database_says_so_on_its_field_and_is_kept_exactly_once(morning: World) -> None:
    await morning.at("08:30")
    ana = morning.hand("Ana")
    assert (await ana.click(morning.dm("Ana")[0], views.WRITE)).ok
    with busy(morning):
        refused = await ana.submit(values={"today": "Three renewals called", "stuck": "Legal is silent"})
    assert list(refused.errors.values()) == [
        "The database is slow right now. Your text is still here: press the button again in a moment."
    ]
    assert (ana.view or {})["state"]["values"]["today:0"]["today"]["value"] == "Three renewals called"
    await morning.cadence.deps.background.drained(5)
    assert (await plan_of(morning, "Ana")).state == PlanState.FILED

    assert (await ana.submit()).ok
    await morning.deliver()

    plan = await plan_of(morning, "Ana")
    assert plan.revision == 1
    assert await revisions(morning, plan.id) == []
    assert await texts_of(morning, "Ana") == ["Three renewals called"]
    assert "Saved" in words(morning.dm("Ana")[0])


async def test_a_press_on_a_slow_database_says_that_it_is_on_its_way_and_then_happens(morning: World) -> None:
    shown = await carded(morning)
    dana = morning.hand("Dana")
    with busy(morning):
        assert (await dana.click(shown, card_views.AGREE_ALL)).ok
    assert words(dana.ephemerals()[-1]) == "The database is slow right now. What you pressed is on its way."

    await morning.cadence.deps.background.drained(5)
    await morning.deliver()

    assert "Dana answered 1 result." in words(morning.dm("Tom")[0])


# A trigger that expired


async def test_a_form_whose_trigger_has_expired_says_so_with_a_button_that_works(morning: World) -> None:
    await morning.at("08:30")
    ana, sandbox = morning.hand("Ana"), morning.sandbox
    with busy(morning):
        typed = asyncio.create_task(ana.command("/plan"))
        sandbox.faults.add("views.open", "fail", error="expired_trigger_id")
        assert (await typed).ok
    assert ana.view is None
    (said,) = ana.ephemerals()
    assert words(said) == "Slack gave up waiting for the form. Nothing is lost.\nOpen the form again"

    assert (await ana.click(said, views.WRITE)).ok

    assert inputs(await filled(morning, "Ana")) == ["today", "stuck", "note", "share"]
    assert (await submitted(morning, "Ana", {"today": "Three renewals called"})).ok
    await morning.deliver()
    (receipt, _) = morning.dm("Ana")
    assert "Saved" in words(receipt)


async def test_a_trigger_that_expires_while_the_database_is_slow_opens_nothing_and_breaks_nothing(
    morning: World,
) -> None:
    await morning.at("08:30")
    ana = morning.hand("Ana")
    with busy(morning):
        typed = asyncio.create_task(ana.command("/plan"))
        await asyncio.wait({typed}, timeout=0.2)
        morning.sandbox.expire_triggers()
        assert (await typed).ok
    assert ana.view is None

    assert (await ana.command("/plan")).ok
    assert (await ana.submit(values={"today": "Three renewals called"})).ok


async def test_every_form_that_does_not_open_says_how_to_go_on(morning: World) -> None:
    shown = await carded(morning)
    dana, ana = morning.hand("Dana"), morning.hand("Ana")
    for hand, where, action in (
        (dana, shown, card_views.REDIRECT),
        (dana, shown, card_views.KEEP),
        (ana, morning.dm("Ana")[0], views.KPIS),
    ):
        morning.sandbox.faults.add("views.open", "fail", error="expired_trigger_id")
        assert (await hand.click(where, action)).ok
        assert hand.view is None
        assert words(hand.ephemerals()[-1]) == (
            "Slack gave up waiting for the form. Nothing is lost. Press the button again."
        )


# Late answers


async def test_a_plan_after_the_cut_off_is_kept_and_only_the_manager_sees_that_it_is_late(morning: World) -> None:
    await morning.at("08:30")
    await morning.at("09:00")
    ana = morning.hand("Ana")
    assert (await ana.click(morning.dm("Ana")[0], views.WRITE)).ok
    await morning.at("12:00")

    assert (await ana.submit(values={"today": "Three renewals called"})).ok
    await morning.at("12:01")

    plan = await plan_of(morning, "Ana")
    assert (plan.state, plan.late) == (PlanState.FILED, True)
    receipt = words(morning.dm("Ana")[0])
    assert "The huddle has run. Dana gets this now." in receipt
    assert "late" not in receipt.lower()
    assert "_late_" in words(morning.dm("Dana")[0])


async def test_an_edit_after_the_cut_off_does_not_make_a_plan_late(morning: World) -> None:
    await carded(morning)
    await morning.at("12:00")

    assert (await file(morning, "Tom", "Four renewals called")).ok
    await morning.at("12:01")

    assert not (await plan_of(morning, "Tom")).late
    assert "_late_" not in words(morning.dm("Dana")[0])


# Unknown faults


async def test_an_unknown_fault_in_a_form_has_a_reference_and_the_text_stays(morning: World) -> None:
    await morning.at("08:30")
    ana = morning.hand("Ana")
    assert (await ana.click(morning.dm("Ana")[0], views.WRITE)).ok
    await drop(morning, "plan_items")

    refused = await ana.submit(values={"today": "Three renewals called"})

    ((block, said),) = refused.errors.items()
    assert REFERENCE.fullmatch(said)
    assert (ana.view or {})["state"]["values"][block]["today"]["value"] == "Three renewals called"
    assert (await plan_of(morning, "Ana")).state == PlanState.OPEN


async def test_an_unknown_fault_behind_a_press_or_a_command_has_a_reference(morning: World) -> None:
    shown = await carded(morning)
    dana, tom = morning.hand("Dana"), morning.hand("Tom")
    await drop(morning, "plan_items")

    assert (await dana.click(shown, card_views.AGREE_ALL)).ok
    assert (await tom.command("/plan", "week")).ok

    for hand in (dana, tom):
        assert REFERENCE.fullmatch(words(hand.ephemerals()[-1]))


async def test_an_unknown_fault_while_a_form_is_filled_has_a_reference(morning: World) -> None:
    await morning.at("08:30")
    await drop(morning, "plan_items")
    ana = morning.hand("Ana")

    assert (await ana.click(morning.dm("Ana")[0], views.WRITE)).ok

    shown = await morning.sandbox.until(lambda: next((v for v in [ana.view] if v and "Reference " in words(v)), None))
    assert buttons(shown) == []


# A view that changed or went away before it could be drawn again


async def test_a_view_is_drawn_again_unless_it_changed_or_was_closed_in_the_meantime(morning: World) -> None:
    await morning.at("08:30")
    deps, ana = morning.cadence.deps, morning.hand("Ana")
    assert (await ana.command("/plan")).ok
    form = await filled(morning, "Ana")

    async def drawn(shown: str, seen: str | None) -> str:
        await draw_again(deps, form["id"], blocks.notice("Plan", say(shown)), seen)
        return "" if ana.view is None else words(ana.view)

    assert "first" in await drawn("first", form["hash"])
    assert "second" not in await drawn("second", form["hash"])
    assert "third" in await drawn("third", None)
    assert (await ana.close()).ok
    assert await drawn("fourth", None) == ""
