"""The same event, press, command and submission delivered three times: one row, one reply (F106)."""

import asyncio
from collections import Counter
from dataclasses import replace
from typing import Any

from bot.huddle import card_views, receipt_views, views
from rituals.blockers import Blocker
from rituals.people import Role
from rituals.plans import Item, Plan, Redirect
from sandbox.delivery import Envelope
from sandbox.events import wrap
from tests import factories
from tests.bot.steps import card, carded, change, file, plan_of, redirected, revisions, stored
from tests.bot.world import TUESDAY, World, words


async def repeat(world: World, kind: str, *, at_once: bool = False) -> None:
    """Deliver the newest delivery of a kind twice more, as it was."""
    payload = next(
        one.payload for one in reversed(world.sandbox.deliveries) if kind in {one.kind, one.payload.get("type")}
    )
    delivery = next(one.kind for one in world.sandbox.deliveries if one.payload is payload)
    envelope = Envelope(delivery, payload, accepts_response=True)  # type: ignore[arg-type] # a kind that came out of it
    copies = [world.sandbox._workspace.transport.deliver(envelope) for _ in range(2)]
    if at_once:
        await asyncio.gather(*copies)
    else:
        for copy in copies:
            await copy
    await world.cadence.deps.background.drained(5)
    await world.deliver()


def receipts(world: World, name: str) -> list[str]:
    return [words(one) for one in world.dm(name) if "Saved" in words(one)]


async def test_a_plan_submitted_three_times_is_one_plan_and_one_receipt(morning: World) -> None:
    await morning.at("08:30")
    for at_once, name in ((False, "Ana"), (True, "Tom")):
        assert (await file(morning, name, "Three renewals called", stuck="Legal is silent")).ok
        await repeat(morning, "view_submission", at_once=at_once)

        plan = await plan_of(morning, name)
        assert (plan.revision, await revisions(morning, plan.id)) == (1, [])
        assert len(receipts(morning, name)) == 1
    assert len(await stored(morning, Item)) == 2
    assert [blocker.restated for blocker in await stored(morning, Blocker)] == [0, 0]


async def test_the_same_plan_pressed_three_times_is_one_plan(morning: World) -> None:
    await morning.at("08:30")
    ana = morning.hand("Ana")
    await file(morning, "Ana", "Three renewals called")
    await morning.deliver()
    await morning.at("08:30", day=TUESDAY)
    assert (await ana.click(morning.dm("Ana")[-1], views.SAME)).ok
    await repeat(morning, "block_actions", at_once=True)

    assert [plan.revision for plan in await stored(morning, Plan) if plan.person_id == morning.people["Ana"].id] == [
        1,
        1,
    ]
    assert len(await stored(morning, Item)) == 2
    assert len(receipts(morning, "Ana")) == 2


async def test_a_command_delivered_three_times_files_once(morning: World) -> None:
    await morning.at("08:30")
    assert (await morning.hand("Ana").command("/plan", "skip Dentist")).ok
    await repeat(morning, "slash_commands", at_once=True)

    assert (await plan_of(morning, "Ana")).excuse == "Dentist"
    assert len([one for one in morning.dm("Ana") if words(one).startswith("*Excused")]) == 1


async def test_a_redirect_submitted_three_times_is_one_redirect_and_one_message(morning: World) -> None:
    shown = await carded(morning)
    assert (await redirected(morning, shown, "Ana", "Slides for Friday", "Call the renewals")).ok
    await repeat(morning, "view_submission", at_once=True)

    assert len(await stored(morning, Redirect)) == 1
    (message,) = [one for one in morning.dm("Ana") if words(one).startswith("Dana redirected 1")]

    before = len(morning.dm("Dana"))
    assert (await morning.hand("Ana").click(message, views.DISCUSS)).ok
    await repeat(morning, "block_actions", at_once=True)

    assert len(morning.dm("Dana")) == before + 1
    assert [one.reply for one in await stored(morning, Redirect)] == [receipt_views.DISCUSSED]


async def test_a_card_pressed_three_times_agrees_once(morning: World) -> None:
    shown = await carded(morning)
    assert (await morning.hand("Dana").click(shown, card_views.AGREE_ALL)).ok
    await repeat(morning, "block_actions", at_once=True)

    assert card(morning)
    assert max(Counter(morning.sandbox.count_posts("key")).values()) == 1
    assert len(morning.dm("Ana")) == 1


async def test_what_is_done_to_a_blocker_three_times_is_done_and_said_once(morning: World) -> None:
    await carded(morning)
    await morning.at("11:00")
    leo = factories.person("Leo Marsh", role=Role.LEADER)
    await morning.write(leo)
    await change(morning, replace(morning.people["Priya"], manager_id=leo.id))
    for name, text in (
        ("Ana", "new Legal is silent"),
        ("Dana", "update 1 <@U0TOM|tom> Legal called"),
        ("Dana", "assign 1 <@U0TOM|tom> by friday"),
        ("Dana", "snooze 1 until friday audit"),
        ("Dana", "escalate 1 Call Legal"),
    ):
        assert (await morning.hand(name).command("/blockers", text)).ok
        await repeat(morning, "slash_commands", at_once=True)

    (blocker,) = await stored(morning, Blocker)
    assert (blocker.level, blocker.version) == (1, 3)
    (about,) = [one for one in morning.dm("Tom") if one["text"].startswith("B-1")]
    under = [words(one) for one in morning.hand("Tom").messages(morning.hand("Tom").dm_id, about["ts"])[1:]]
    assert [" ".join(said.split()[:3]) for said in under] == ["Dana gave you", "Dana snoozed *B-1*", "*B-1* went to"]
    assert len([one for one in morning.dm("Priya") if one["text"].startswith("For your help")]) == 1


async def test_an_event_three_times_leaves_no_trace_that_one_would_not(morning: World) -> None:
    event: dict[str, Any] = {
        "type": "app_home_opened",
        "user": "U0ANA",
        "channel": "D0",
        "tab": "home",
        "event_ts": "1.0",
    }
    payload = wrap(morning.sandbox._workspace, event)
    answers = [
        await morning.sandbox._workspace.transport.deliver(Envelope("events_api", payload, retry_attempt=number))
        for number in range(3)
    ]
    await morning.deliver()

    assert all(answer.ok for answer in answers)
    assert morning.dm("Ana") == []


async def test_without_the_unique_key_the_same_words_would_come_three_times(morning: World) -> None:
    """The oracle's negative control: three posts with keys of their own are seen as three."""
    for number in range(3):
        await morning.cadence.deps.slack.call(
            "chat.postMessage",
            {
                "channel": "U0ANA",
                "text": "Saved",
                "metadata": {"event_type": "cadence_message", "event_payload": {"key": "plan:1", "n": number}},
            },
        )

    assert len(receipts(morning, "Ana")) == 3
    assert morning.sandbox.count_posts("key")["plan:1"] == 3
