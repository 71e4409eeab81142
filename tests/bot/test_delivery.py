"""The only sender: waiting, refusals, lost answers, lost senders, two senders at once."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from bot import keys, slack
from bot.clock import machine_clock
from bot.delivery import Delivery
from bot.huddle import views
from bot.ids import new_id
from rituals import calendar
from storage import aftermath, outbox, sending
from storage.database import Database
from storage.outbox import Message, Policy, Rank, State
from storage.tables import Outbox
from tests.bot.steps import change, file, outbox_row, plan_of
from tests.bot.wire import Wire
from tests.bot.world import MONDAY, WORKSPACE, World, words

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
LATER = timedelta(days=1)


def message(world: World, key: str, text: str = "Hello", policy: Policy = Policy.RESEND, **facts: Any) -> Message:
    """Something to say, due at once."""
    given: dict[str, Any] = {"body": {"text": text}, "not_before": world.clock.now} | facts
    return Message(id=new_id(), workspace=WORKSPACE, key=key, policy=policy, rank=Rank.PROMPT, **given)


async def write(world: World, fn: Any, *args: Any, **more: Any) -> Any:
    """One transaction."""
    return await world.cadence.deps.database.write(fn, *args, **more)


async def state(world: World, key: str) -> str:
    """The state of a message."""
    return str((await outbox_row(world, key))["state"])


def shown(world: World, channel: str = "C0EMEA") -> list[str]:
    """What stands in a conversation."""
    return [one["text"] for one in world.sandbox.messages(channel)]


def sent(world: World) -> Counter[str]:
    """How often each message was accepted, by its key."""
    return world.sandbox.count_posts("key")


async def age(world: World) -> None:
    """Let whatever waits for a look be due for one."""

    def back(tx: Session) -> None:
        tx.execute(update(Outbox).where(Outbox.lease_until.is_not(None)).values(lease_until=LONG_AGO))

    await write(world, back)


@asynccontextmanager
async def wired(world: World) -> AsyncIterator[tuple[Wire, Delivery]]:
    """A sender behind a wire."""
    deps = world.cadence.deps
    async with Wire(world.sandbox.api_url) as wire, slack.connect("xoxb-test", wire.url) as client:
        yield wire, Delivery(deps.database, client, world.clock, paced=False)


# Waiting


async def test_an_edit_waits_for_the_message_that_it_edits(morning: World) -> None:
    first = message(morning, "line", "First", not_before=morning.clock.now + timedelta(hours=1))
    await write(morning, outbox.post, first, "C0EMEA")
    await write(morning, outbox.edit, message(morning, "edit:line", "Second"), "line")
    await write(morning, outbox.reply, message(morning, "line:thread", "In the thread"), "line")
    await morning.deliver()
    assert shown(morning) == []

    morning.clock.now += timedelta(hours=1)
    await morning.deliver()

    assert shown(morning) == ["Second", "In the thread"]
    assert sent(morning) == Counter({"line": 1, "line:thread": 1})


async def test_a_message_is_sent_once_however_often_it_is_asked_for(morning: World) -> None:
    for _ in range(3):
        await write(morning, outbox.post, message(morning, "line"), "C0EMEA")
        await morning.deliver()

    assert sent(morning) == Counter({"line": 1})


async def test_what_is_not_out_by_its_end_expires(morning: World) -> None:
    ends = morning.clock.now + timedelta(minutes=10)
    await write(morning, outbox.post, message(morning, "line", expires_at=ends), "C0EMEA")
    morning.clock.now = ends
    await morning.deliver()

    assert shown(morning) == []
    assert await state(morning, "line") == State.EXPIRED


async def test_an_edit_that_is_overtaken_on_the_wire_ends_with_the_newer_words(morning: World) -> None:
    await write(morning, outbox.post, message(morning, "line", "First"), "C0EMEA")
    await morning.deliver()
    async with wired(morning) as (wire, delivery):
        held = wire.hold("chat.update")
        await write(morning, outbox.edit, message(morning, "edit:line", "Second"), "line")
        draining = asyncio.create_task(delivery.drain())
        await held.arrived.wait()
        await write(morning, outbox.edit, message(morning, "edit:line", "Third"), "line")
        await morning.deliver()
        assert shown(morning) == ["First"]

        held.go.set()
        await draining
        await morning.deliver()

    assert shown(morning) == ["Third"]
    assert await state(morning, "edit:line") == State.SENT


# Refusals


async def test_too_many_requests_hold_a_message_and_are_no_attempt(morning: World) -> None:
    morning.sandbox.faults.add("chat.postMessage", "rate_limit", seconds=1)
    await write(morning, outbox.post, message(morning, "line"), "C0EMEA")
    await morning.cadence.delivery.drain()

    row = await outbox_row(morning, "line")
    assert (row["state"], row["attempt"]) == (State.READY, 0)
    assert row["not_before"] == morning.clock.now + timedelta(seconds=1)
    assert await morning.cadence.delivery.drain() == 0
    assert shown(morning) == []

    morning.clock.now += timedelta(seconds=1)
    await morning.deliver()

    assert sent(morning) == Counter({"line": 1})
    assert (await outbox_row(morning, "line"))["attempt"] == 1


async def test_a_channel_that_is_gone_is_written_down_and_not_tried_again(morning: World) -> None:
    await change(morning, replace(morning.team, channel="C0NOWHERE"))
    await morning.at("09:30")
    key = f"post:{morning.team.id}:2026-11-23"
    calls = sum(call.arguments.get("channel") == "C0NOWHERE" for call in morning.sandbox.calls)

    await morning.at("09:31")

    row = await outbox_row(morning, key)
    assert (row["state"], row["last_error"]) == (State.DEAD, "channel_not_found")
    assert calls == sum(call.arguments.get("channel") == "C0NOWHERE" for call in morning.sandbox.calls) == 1


async def test_one_refused_message_holds_up_no_other(morning: World) -> None:
    await write(morning, outbox.post, message(morning, "a"), "C0NOWHERE")
    await write(morning, outbox.post, message(morning, "b"), "C0EMEA")
    await morning.deliver()

    assert sent(morning) == Counter({"b": 1})


async def test_a_response_url_that_is_over_gives_way_to_an_ordinary_edit(morning: World) -> None:
    await morning.at("08:30")
    ana = morning.hand("Ana")
    assert (await ana.click(morning.dm("Ana")[0], views.WRITE)).ok
    morning.sandbox.expire_triggers()

    assert (await ana.submit(values={"today": "Three renewals called"})).ok
    await morning.deliver()

    (receipt,) = morning.dm("Ana")
    assert "Saved" in words(receipt)
    assert [call.method for call in morning.sandbox.calls].count("chat.update") == 1


async def test_a_response_url_that_lives_edits_without_the_quota_for_edits(morning: World) -> None:
    await morning.at("08:30")
    ana = morning.hand("Ana")
    assert (await ana.click(morning.dm("Ana")[0], views.WRITE)).ok
    assert (await ana.submit(values={"today": "Three renewals called"})).ok
    await morning.deliver()

    assert "Saved" in words(morning.dm("Ana")[0])
    assert "chat.update" not in [call.method for call in morning.sandbox.calls]


# Lost answers


@pytest.mark.parametrize("fault", ["drop_reply", "error_after"])
async def test_a_prompt_whose_answer_was_lost_is_looked_for_and_not_sent_again(morning: World, fault: Any) -> None:
    await write(morning, outbox.post, message(morning, "before"), "U0ANA")
    await morning.deliver()
    morning.sandbox.faults.add("chat.postMessage", fault)
    await write(morning, outbox.post, message(morning, "prompt"), "U0ANA")
    await morning.deliver()
    assert await state(morning, "prompt") == State.UNKNOWN

    await age(morning)
    await morning.cadence.scheduler.sweep()
    await morning.deliver()

    assert await state(morning, "prompt") == State.SENT
    assert sent(morning) == Counter({"before": 1, "prompt": 1})


async def test_a_prompt_that_never_arrived_is_sent_again_after_two_looks(morning: World) -> None:
    await write(morning, outbox.post, message(morning, "before"), "U0ANA")
    await morning.deliver()
    morning.sandbox.faults.add("chat.postMessage", "refuse")
    await write(morning, outbox.post, message(morning, "prompt"), "U0ANA")
    await morning.deliver()
    assert await state(morning, "prompt") == State.UNKNOWN

    for _ in range(2):
        assert sent(morning) == Counter({"before": 1})
        await age(morning)
        await morning.cadence.scheduler.sweep()
        await morning.deliver()

    assert sent(morning) == Counter({"before": 1, "prompt": 1})


async def test_an_edit_whose_answer_was_lost_just_goes_again(morning: World) -> None:
    await write(morning, outbox.post, message(morning, "line", "First"), "C0EMEA")
    await morning.deliver()
    morning.sandbox.faults.add("chat.update", "drop_reply")
    await write(morning, outbox.edit, message(morning, "edit:line", "Second"), "line")
    await morning.deliver()
    morning.clock.now += timedelta(minutes=1)
    await morning.deliver()

    assert shown(morning) == ["Second"]
    assert await state(morning, "edit:line") == State.SENT


@pytest.mark.parametrize("answer", ['{"ok": tr', "", "[]", '{"ok": true}'])
async def test_an_answer_that_nobody_can_read_loses_no_record_of_the_others(morning: World, answer: str) -> None:
    async with wired(morning) as (wire, delivery):
        wire.spoil("chat.postMessage", answer)
        for key in ("a", "b", "c"):
            await write(morning, outbox.post, message(morning, key, policy=Policy.HOLD), "C0EMEA")
        await delivery.drain()
        await delivery.drain()

    states = sorted([await state(morning, key) for key in ("a", "b", "c")])
    assert states == [State.SENT, State.SENT, State.UNKNOWN]
    assert sent(morning) == Counter("abc")


# Lost senders


@pytest.mark.parametrize(
    ("policy", "settled", "times"),
    [(Policy.RESEND, State.SENT, 1), (Policy.DROP, State.DEAD, 0), (Policy.HOLD, State.UNKNOWN, 0)],
)
async def test_what_a_lost_sender_held_for_a_channel_is_settled_by_its_policy(
    morning: World, policy: Policy, settled: State, times: int
) -> None:
    await write(morning, outbox.post, message(morning, "line", policy=policy), "C0EMEA")
    now = morning.clock.now
    lease = timedelta(seconds=30)
    taken = await write(morning, sending.claim, WORKSPACE, now, machine_clock(), token=new_id(), lease=lease, limit=10)
    assert [one.key for one in taken] == ["line"]
    assert await write(morning, aftermath.reap, machine_clock()) == 0
    await morning.deliver()
    assert await state(morning, "line") == State.SENDING

    assert await write(morning, aftermath.reap, machine_clock() + lease) == 1
    await morning.deliver()

    assert await state(morning, "line") == settled
    assert sent(morning)["line"] == times


async def test_whoever_files_while_the_sender_of_their_prompt_is_lost_gets_the_receipt_after_the_cut_off(
    morning: World,
) -> None:
    berlin = calendar.instant(MONDAY, time(8, 30), "Europe/Berlin")
    assert berlin is not None
    morning.clock.now = berlin
    await morning.cadence.scheduler.tick()
    held: Any = {"token": new_id(), "lease": timedelta(seconds=30), "limit": 10}
    assert await write(morning, sending.claim, WORKSPACE, berlin, machine_clock(), **held)
    assert (await file(morning, "Tom", "Slides")).ok
    morning.clock.now = berlin + timedelta(minutes=31)
    await age(morning)

    for _ in range(2):
        await morning.cadence.scheduler.sweep()
        await morning.deliver()

    (receipt,) = morning.dm("Tom")
    assert "Slides" in words(receipt)
    assert morning.dm("Ana") == []
    prompt = keys.plan_key((await plan_of(morning, "Tom")).id)
    assert await state(morning, keys.edit_key(prompt)) == State.SKIPPED
    assert await write(morning, sending.ready_workspaces, morning.clock.now) == []


async def test_a_sender_that_comes_back_after_its_lease_changes_nothing_any_more(morning: World) -> None:
    await write(morning, outbox.post, message(morning, "line", policy=Policy.DROP), "C0EMEA")
    (late,) = await write(
        morning, sending.claim, WORKSPACE, morning.clock.now, machine_clock(), token=new_id(), lease=LATER, limit=10
    )
    await write(morning, aftermath.reap, machine_clock() + LATER)

    ours = await write(morning, sending.record, [sending.Result(late, State.READY, again_at=morning.clock.now)])

    assert ours == set()
    assert await state(morning, "line") == State.DEAD


async def test_a_sender_killed_between_sending_and_recording_doubles_no_dm(morning: World) -> None:
    await write(morning, outbox.post, message(morning, "before"), "U0ANA")
    await morning.deliver()
    async with wired(morning) as (wire, delivery):
        held = wire.hold("chat.postMessage")
        await write(morning, outbox.post, message(morning, "prompt"), "U0ANA")
        draining = asyncio.create_task(delivery.drain())
        await held.arrived.wait()
        draining.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await draining
        held.go.set()
        await morning.sandbox.until(lambda: sent(morning)["prompt"])
    assert await state(morning, "prompt") == State.SENDING

    await age(morning)
    await morning.cadence.scheduler.sweep()
    await morning.deliver()

    assert await state(morning, "prompt") == State.SENT
    assert sent(morning)["prompt"] == 1


# Two senders


async def test_two_senders_at_once_send_nothing_twice_and_forget_nothing(morning: World) -> None:
    deps = morning.cadence.deps
    other_database = Database(deps.database.url)
    other = Delivery(other_database, deps.slack, morning.clock, paced=False)
    keys = [f"line:{number}" for number in range(60)]
    try:
        for key in keys:
            await write(morning, outbox.post, message(morning, key), "C0EMEA")
        await asyncio.gather(*(one.drain() for one in (morning.cadence.delivery, other) for _ in range(2)))
        await morning.deliver()
    finally:
        await other_database.close()

    assert sent(morning) == Counter(keys)


async def test_a_reply_to_somebody_overtakes_a_fan_out(morning: World) -> None:
    for number in range(3):
        await write(morning, outbox.post, message(morning, f"prompt:{number}"), "C0EMEA")
    answer = replace(message(morning, "answer"), rank=Rank.REPLY)
    await write(morning, outbox.post, answer, "C0EMEA")
    await morning.deliver()

    assert morning.sandbox.posts[0].metadata["event_payload"] == {"key": "answer"}


async def test_a_plan_whose_prompt_never_got_out_has_a_receipt_of_its_own(morning: World) -> None:
    morning.sandbox.faults.add("chat.postMessage", "fail", count=None, error="msg_too_long")
    await morning.at("08:30")
    assert morning.dm("Ana") == []
    morning.sandbox.faults.clear()

    assert (await file(morning, "Ana", "Three renewals called")).ok
    await morning.deliver()

    (receipt,) = morning.dm("Ana")
    assert "Saved" in words(receipt)
