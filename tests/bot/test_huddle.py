"""The clock's side of the huddle: who is asked when, once; the one reminder; days off."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date

from pydantic import SecretStr

from bot import keys
from bot.huddle import views
from bot.run import Running, assembled
from bot.settings import Settings
from rituals import calendar
from rituals.plans import Plan, PlanState
from storage import occurrences, outbox
from storage.occurrences import State
from tests import factories
from tests.bot.steps import file, outbox_row, plan_of, stored, texts_of
from tests.bot.world import MONDAY, TUESDAY, World, buttons, words

REPS = ("Ana", "Tom", "Mia", "Ravi")
ZONES = (("Mia", "Pacific/Auckland"), ("Ana", "Europe/Berlin"), ("Ravi", "America/Los_Angeles"))


@asynccontextmanager
async def second_process(world: World) -> AsyncIterator[Running]:
    """Another Cadence on the same database and workspace."""
    settings = Settings(
        database_url=world.cadence.deps.database.url,
        slack_bot_token=SecretStr("xoxb-test"),
        slack_app_token=SecretStr("xapp-test"),
        slack_api_url=world.sandbox.api_url,
    )
    async with assembled(settings, world.clock) as running:
        yield running


def asked(world: World) -> Counter[str]:
    """How many prompts went to whom."""
    names = {person.slack_id: name for name, person in world.people.items()}
    prompts = (post for post in world.sandbox.posts if post.text.startswith("Your plan for"))
    members = {world.hand(name).dm_id: name for name in names.values()}
    return Counter(members[post.channel] for post in prompts)


async def test_a_rep_is_asked_once_writes_a_plan_in_two_presses_and_sees_the_receipt(morning: World) -> None:
    await morning.at("08:30")
    await morning.at("08:31")

    (prompt,) = morning.dm("Ana")
    assert "Plan for Monday 23 November" in words(prompt)
    assert buttons(prompt) == ["Write plan", "Skip today"]

    ana = morning.hand("Ana")
    assert (await ana.click(prompt, views.WRITE)).ok
    assert (await ana.submit(values={"today": "Beltrán signs the new bookings\nSlides for Friday"})).ok
    await morning.deliver()

    (receipt,) = morning.dm("Ana")
    assert "Saved" in words(receipt)
    assert "Beltrán signs the new bookings _(New bookings)_" in words(receipt)
    assert await texts_of(morning, "Ana") == ["Beltrán signs the new bookings", "Slides for Friday"]


async def test_everybody_on_the_roster_is_asked_exactly_once_however_often_the_clock_ticks(morning: World) -> None:
    for name, zone in (*ZONES, ("Tom", "Europe/Berlin")):
        for wall in ("08:30", "08:30", "08:45"):
            await morning.at(wall, zone=zone)
        assert asked(morning)[name] == 1

    assert asked(morning) == Counter(REPS)
    assert morning.dm("Zoe") == []
    assert morning.dm("Priya") == []


async def test_two_schedulers_that_race_ask_nobody_twice(morning: World) -> None:
    moment = calendar.instant(MONDAY, factories.huddle(morning.team.id).asks_at, "Europe/Berlin")
    assert moment is not None
    morning.clock.now = moment
    async with second_process(morning) as other:
        both = (morning.cadence, other)
        await asyncio.gather(*(one.scheduler.tick() for one in both for _ in range(3)))
        await asyncio.gather(*(one.delivery.drain() for one in both for _ in range(3)))
        await morning.deliver()

    assert asked(morning) == Counter(("Ana", "Tom"))
    assert len(await stored(morning, Plan)) == 2


async def test_a_process_that_dies_between_deciding_and_sending_leaves_the_prompts_to_the_next(morning: World) -> None:
    moment = calendar.instant(MONDAY, factories.huddle(morning.team.id).asks_at, "Europe/Berlin")
    assert moment is not None
    morning.clock.now = moment
    await morning.cadence.scheduler.tick()
    assert asked(morning) == Counter()

    async with second_process(morning) as restarted:
        await restarted.scheduler.tick()
        while await restarted.delivery.drain():
            pass
        await restarted.scheduler.tick()
        while await restarted.delivery.drain():
            pass

    assert asked(morning) == Counter(("Ana", "Tom"))


async def test_everybody_is_asked_at_half_past_eight_of_their_own_same_date_the_easternmost_first(
    morning: World,
) -> None:
    for name, zone in ZONES:
        await morning.at("08:29", zone=zone)
        assert morning.dm(name) == []
        await morning.at("08:30", zone=zone)
        assert "Plan for Monday 23 November" in words(morning.dm(name)[0])
        assert {plan.day for plan in await stored(morning, Plan)} == {MONDAY}

    first = [post.channel for post in morning.sandbox.posts if post.text.startswith("Your plan for")]
    order = [morning.hand(name).dm_id for name, _ in ZONES]
    assert [channel for channel in first if channel in order] == order


async def test_nobody_is_asked_on_a_saturday(morning: World) -> None:
    await morning.at("08:30", date(2026, 11, 28))

    assert asked(morning) == Counter()


async def test_whoever_is_away_is_not_asked_and_the_ledger_says_why(morning: World) -> None:
    await morning.write(factories.absence(morning.people["Ana"].id, MONDAY, TUESDAY, "honeymoon"))

    await morning.at("08:30")
    await morning.at("08:50")

    assert morning.dm("Ana") == []
    (huddle,) = await stored(morning, type(factories.huddle(morning.team.id)))
    entry = await morning.read(occurrences.find, huddle.id, morning.people["Ana"].id, MONDAY, "huddle.prompt")
    assert (entry.state, entry.reason) == (State.SKIPPED, "away: honeymoon")


async def test_a_prompt_that_is_late_apologises_and_one_whose_time_has_passed_is_not_sent(morning: World) -> None:
    await morning.at("08:42")
    assert "Sorry, 12 minutes late." in words(morning.dm("Ana")[0])

    await morning.at("09:00", TUESDAY)

    assert asked(morning) == Counter(("Ana", "Tom"))
    (huddle,) = await stored(morning, type(factories.huddle(morning.team.id)))
    entry = await morning.read(occurrences.find, huddle.id, morning.people["Ana"].id, TUESDAY, "huddle.prompt")
    assert entry.state == State.EXPIRED


async def test_a_plan_filed_before_the_prompt_means_no_prompt_and_no_reminder(morning: World) -> None:
    await morning.at("08:00")
    assert (await file(morning, "Ana", "Three renewals called")).ok

    for wall in ("08:30", "08:50"):
        await morning.at(wall)

    (receipt,) = morning.dm("Ana")
    assert "Saved" in words(receipt)


# The reminder (F18)


async def test_whoever_is_still_open_gets_one_reminder_with_the_same_buttons(morning: World) -> None:
    for wall in ("08:30", "08:50", "08:51", "08:55"):
        await morning.at(wall)

    prompt, reminder = morning.dm("Ana")
    assert "Your plan closes in 10 minutes." in words(reminder)
    assert buttons(reminder) == buttons(prompt)


async def test_whoever_has_answered_gets_no_reminder(morning: World) -> None:
    await morning.at("08:30")
    assert (await file(morning, "Ana", "Three renewals called")).ok
    await morning.at("08:50")

    assert len(morning.dm("Ana")) == 1
    assert len(morning.dm("Tom")) == 2


async def test_a_plan_filed_between_enqueueing_and_sending_takes_the_reminder_back(morning: World) -> None:
    await morning.at("08:30")
    moment = calendar.instant(MONDAY, factories.huddle(morning.team.id).reminds_at, "Europe/Berlin")
    assert moment is not None
    morning.clock.now = moment
    await morning.cadence.scheduler.tick()
    key = keys.reminder_key((await plan_of(morning, "Ana")).id)
    assert (await outbox_row(morning, key))["state"] == outbox.State.READY

    assert (await file(morning, "Ana", "Three renewals called")).ok
    await morning.deliver()

    assert len(morning.dm("Ana")) == 1
    assert (await outbox_row(morning, key))["state"] == outbox.State.EXPIRED
    assert len(morning.dm("Tom")) == 2


async def test_a_reminder_that_is_answered_says_so_in_place(morning: World) -> None:
    await morning.at("08:30")
    await morning.at("08:50")

    ana = morning.hand("Ana")
    assert (await ana.click(morning.dm("Ana")[1], views.WRITE)).ok
    assert (await ana.submit(values={"today": "Three renewals called"})).ok
    await morning.deliver()

    receipt, reminder = morning.dm("Ana")
    assert "Saved" in words(receipt)
    assert words(reminder) == "Answered. Nothing more to do here."


# A day off (F10)


async def test_skipping_asks_one_reason_excuses_and_sends_no_reminder(morning: World) -> None:
    await morning.at("08:30")
    ana = morning.hand("Ana")

    assert (await ana.click(morning.dm("Ana")[0], views.SKIP)).ok
    assert (await ana.submit(values={"excuse": "Sick"})).ok
    for wall in ("08:40", "08:50"):
        await morning.at(wall)

    (message,) = morning.dm("Ana")
    assert "Excused for Monday 23 November*: Sick." in words(message)
    plan = await plan_of(morning, "Ana")
    assert (plan.state, plan.excuse) == (PlanState.EXCUSED, "Sick")
    await morning.at("09:00")
    head = words(morning.dm("Dana")[0]).splitlines()[0]
    assert "Ana away" in head
    assert "Ana" not in head.split("away")[1]


async def test_whoever_was_excused_can_still_write_a_plan(morning: World) -> None:
    await morning.at("08:30")
    ana = morning.hand("Ana")
    assert (await ana.click(morning.dm("Ana")[0], views.SKIP)).ok
    assert (await ana.submit(values={"excuse": "Something else", "words": "Dentist"})).ok
    await morning.deliver()
    assert "Dentist" in words(morning.dm("Ana")[0])

    assert (await ana.click(morning.dm("Ana")[0], views.WRITE)).ok
    assert (await ana.submit(values={"today": "Three renewals called"})).ok
    await morning.deliver()

    plan = await plan_of(morning, "Ana")
    assert (plan.state, plan.excuse) == (PlanState.FILED, None)
    assert "Saved" in words(morning.dm("Ana")[0])
