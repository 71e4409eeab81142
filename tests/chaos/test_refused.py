"""What Slack refuses for good: told to whoever can mend it, and nothing is lost (F104)."""

from collections import Counter
from datetime import timedelta

import pytest

from bot.clock import machine_clock
from bot.delivery import Delivery
from bot.run import assembled
from bot.settings import Settings
from bot.troubles import views
from rituals.people import Team
from sandbox import Channel
from storage import outbox, recipients
from storage.outbox import State
from tests.bot.steps import carded, outbox_row, stored
from tests.bot.test_delivery import message, sent, state, write
from tests.bot.world import TUESDAY, WORKSPACE, World, words

NEW = Channel("C0NEW", "emea-new", ("U0CADENCE", "U0DANA"))


def trouble(world: World) -> dict[str, object]:
    """The newest message about something undelivered that Dana has."""
    return [one for one in world.dm("Dana") if one["text"] == "A post could not be delivered"][-1]


def line_key(world: World) -> str:
    return f"post:{world.team.id}:2026-11-23"


async def archived(world: World) -> None:
    """The team's channel is archived before the line is due."""
    await carded(world)
    world.sandbox.admin.archive("C0EMEA", "U0DANA")
    world.sandbox.admin.create_channel(NEW, "U0DANA")
    await world.at("09:30")


def in_channel(world: World, channel: str) -> list[str]:
    return [words(one) for one in world.sandbox.messages(channel) if one.get("bot_id") and "thread_ts" not in one]


async def test_an_archived_channel_is_told_to_the_owner_with_the_line_itself_and_three_ways_out(morning: World) -> None:
    await archived(morning)

    told = trouble(morning)
    assert "<#C0EMEA> is archived, so I could not post there. Here is what it would have said." in words(told)
    assert "*EMEA huddle, Mon 23 Nov* · 2 planned" in words(told)
    assert words(told).endswith("Pick a channel\nTry again\nSend it to me instead")


async def test_a_picked_channel_gets_the_line_today_and_every_day_from_then_on(morning: World) -> None:
    await archived(morning)
    assert (await morning.hand("Dana").click(trouble(morning), views.PICK, "C0NEW")).ok
    await morning.deliver()
    assert len(in_channel(morning, "C0NEW")) == 1
    assert "It goes to the channel that you picked" in words(morning.dm("Dana")[-1])

    await morning.at("09:30", TUESDAY)

    assert len(in_channel(morning, "C0NEW")) == 2
    assert [team.channel for team in await stored(morning, Team)] == ["C0NEW"]
    assert max(sent(morning).values()) == 1


async def test_sent_to_me_instead_comes_once_and_leaves_the_channel_as_it_is(morning: World) -> None:
    await archived(morning)
    told = trouble(morning)
    for _ in range(3):
        await morning.hand("Dana").click(told, views.TO_ME)
    await morning.deliver()

    lines = [one for one in morning.dm("Dana") if words(one).startswith("*EMEA huddle, Mon 23 Nov* · 2 planned")]
    assert len(lines) == 1
    assert [team.channel for team in await stored(morning, Team)] == ["C0EMEA"]
    assert sent(morning)[line_key(morning)] == 1


async def test_whoever_is_not_in_a_channel_is_told_each_time_until_they_are(morning: World) -> None:
    await carded(morning)
    for again in range(2):
        morning.sandbox.faults.add("chat.postMessage", "fail", error="not_in_channel")
        if again:
            assert (await morning.hand("Dana").click(trouble(morning), views.AGAIN)).ok
            await morning.deliver()
        else:
            await morning.at("09:30")
        assert "I am not in <#C0EMEA>. Type `/invite @Cadence` there, then press `Try again`." in words(
            trouble(morning)
        )

    assert (await morning.hand("Dana").click(trouble(morning), views.AGAIN)).ok
    await morning.deliver()

    assert len(in_channel(morning, "C0EMEA")) == 1
    assert sent(morning)[line_key(morning)] == 1


async def test_whoever_cannot_be_reached_costs_one_call_and_holds_up_nobody(morning: World) -> None:
    morning.sandbox.faults.add("chat.postMessage", "fail", error="user_disabled")
    await write(morning, outbox.post, message(morning, "first"), "U0ANA")
    await morning.deliver()
    for number in range(3):
        await write(morning, outbox.post, message(morning, f"ana:{number}"), "U0ANA")
    await write(morning, outbox.post, message(morning, "tom"), "U0TOM")
    await morning.deliver()

    assert sent(morning) == Counter({"tom": 1})
    assert await state(morning, "ana:0") == State.DEAD
    assert [call.method for call in morning.sandbox.calls].count("chat.postMessage") == 2
    assert await morning.read(recipients.unreachable, WORKSPACE) == {"U0ANA": "user_disabled"}


async def test_a_removed_app_stops_everything_and_a_new_token_resumes_it_at_once(morning: World) -> None:
    keys = [f"line:{number}" for number in range(30)]
    for key in keys:
        await write(morning, outbox.post, message(morning, key), "U0ANA")
    morning.sandbox.faults.add("*", "fail", error="account_inactive", count=None)
    for _ in range(5):
        await morning.cadence.delivery.drain()
    calls = [call.method for call in morning.sandbox.calls].count("chat.postMessage")
    assert calls <= 30
    assert sent(morning) == Counter()
    assert (await outbox_row(morning, "line:0"))["attempt"] == 0

    morning.sandbox.faults.clear()
    assert await morning.cadence.delivery.drain() == 0
    settings = Settings(
        database_url=morning.cadence.deps.database.url,
        slack_bot_token="xoxb-test",
        slack_app_token="xapp-test",
        slack_api_url=morning.sandbox.api_url,
    )
    async with assembled(settings, morning.clock):
        await morning.deliver()

    assert sent(morning) == Counter(keys)


async def test_a_removed_app_is_asked_again_after_an_hour(morning: World) -> None:
    deps = morning.cadence.deps
    morning.sandbox.faults.add("*", "fail", error="token_revoked", count=2)
    await write(morning, outbox.post, message(morning, "line"), "U0ANA")
    await morning.deliver()
    assert sent(morning) == Counter()

    def in_an_hour() -> object:
        return machine_clock() + timedelta(hours=1, seconds=1)

    later = Delivery(deps.database, deps.slack, morning.clock, paced=False, machine=in_an_hour)  # type: ignore[arg-type]
    await later.drain()

    assert sent(morning) == Counter(["line"])


async def test_one_wrong_word_of_a_dead_token_stops_nothing(morning: World) -> None:
    morning.sandbox.faults.add("chat.postMessage", "fail", error="invalid_auth")
    await write(morning, outbox.post, message(morning, "line"), "U0ANA")
    await morning.deliver()
    morning.clock.now += timedelta(minutes=1)
    await morning.deliver()

    assert sent(morning) == Counter(["line"])


async def test_an_uncertain_message_waits_while_the_app_is_removed_and_is_not_sent_twice(morning: World) -> None:
    await write(morning, outbox.post, message(morning, "before"), "U0ANA")
    await morning.deliver()
    morning.sandbox.faults.add("chat.postMessage", "drop_reply")
    await write(morning, outbox.post, message(morning, "prompt"), "U0ANA")
    await morning.deliver()
    assert await state(morning, "prompt") == State.UNKNOWN
    deps = morning.cadence.deps
    ahead = [timedelta(0)]
    eager = Delivery(deps.database, deps.slack, morning.clock, paced=False, machine=lambda: machine_clock() + ahead[0])
    morning.sandbox.faults.add("*", "fail", error="account_inactive")
    ahead[0] += timedelta(minutes=1)
    await eager.look()
    await eager.drain()

    ahead[0] += timedelta(minutes=1)
    await eager.look()
    await eager.drain()

    assert await state(morning, "prompt") == State.SENT
    assert sent(morning)["prompt"] == 1


@pytest.mark.parametrize("error", ["invalid_blocks", "msg_too_long"])
async def test_content_that_slack_refuses_goes_once_as_plain_text_and_then_never(morning: World, error: str) -> None:
    body = {"text": "Plain words", "blocks": [{"type": "divider"}]}
    for times, key in ((1, "saved"), (2, "lost")):
        morning.sandbox.faults.add("chat.postMessage", "fail", error=error, count=times)
        await write(morning, outbox.post, message(morning, key, body=body), "U0ANA")
        await morning.deliver()
        await morning.deliver()

    assert (await state(morning, "saved"), await state(morning, "lost")) == (State.SENT, State.DEAD)
    (found,) = morning.dm("Ana")
    assert found["text"] == "Plain words"
    assert not [block for block in found.get("blocks", []) if block["type"] == "divider"]
    assert [call.method for call in morning.sandbox.calls].count("chat.postMessage") == 4


async def test_down_past_the_cut_off_the_managers_card_says_who_was_not_asked(morning: World) -> None:
    await morning.at("09:01")

    assert morning.dm("Ana") == []
    card = next(one for one in morning.dm("Dana") if one["text"].startswith("EMEA huddle"))
    assert "not asked" in words(card)
